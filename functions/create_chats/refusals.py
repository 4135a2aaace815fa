"""Why a list is refused as a whole: stable codes, and what its author is told."""

from housechats.domain.errors import RefusedError

REFUSALS = {
    "list_empty": "Файл пуст: в нём нет ни одной строки с домом.",
    "list_too_big": "Файл больше 20 МБ. Разделите список на части.",
    "list_too_long": "В списке больше 100 000 строк. Разделите его на части.",
    "list_packed_too_tight": "Файл распаковывается в слишком большой объём. Сохраните его заново.",
    "list_password": "Файл закрыт паролем. Снимите пароль и загрузите его снова.",
    "list_not_table": "Это не таблица. Нужен файл Excel (.xlsx) или CSV.",
    "list_broken": "Файл повреждён и не читается. Откройте его в Excel и сохраните заново.",
    "list_no_address": "Не нашли столбец с адресом. Столбцы в файле: {}. Назовите его «Адрес».",
    "list_oktmo_wrong": "Код ОКТМО списка «{}» неверен: нужно 8 или 11 цифр.",
    "list_oktmo_of_region": (
        "Список загружен для всего региона, а столбца «ОКТМО» в нём нет. Добавьте столбец "
        "с кодом муниципалитета каждого дома или загрузите список для одного муниципалитета."
    ),
}


class RefusedListError(RefusedError):
    """The list cannot be read at all; nothing of it was taken."""


def refused(code: str, *about: str) -> RefusedListError:
    return RefusedListError(code, REFUSALS[code].format(*about))
