"""The examples of the API's document: requests that follow one another, as people would send them.

`{name}` stands for what an earlier answer has told. The answers are in examples.json; a test sends
every request anew and compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ADMINISTRATOR, STAFF, NEWCOMER, INVITED = 1, 102, 103, 101
COMPANY, OTHER_COMPANY = "2901999906", "2901999913"
"""Numbers of nobody: of no inspection that there is."""
OKTMO = "11701000"
TOKEN = "vk1.a.example"  # noqa: S105 - of nothing
LIST = (
    "Адрес;Подъездов;Старший по дому;Телефон;Страница ВК\n"
    "г. Архангельск, пр-кт Морошковый, д. 1;8;Вымыслова Марфа;;vk.com/marfa_v\n"
    "г. Архангельск, пр-кт Морошковый, д. 3;4;Мечтателева Ждана;89000000005;\n"
    "г. Архангельск, ул. Тёплых Ключей;2;;;\n"
)
"""Its third row has no house number. Nobody in it exists."""


@dataclass(frozen=True)
class Step:
    """One request, and what is expected of it."""

    operation: str
    said: str
    """What the example shows, for people."""
    status: int = 200
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    person: int = ADMINISTRATOR
    keeps: Mapping[str, str] = field(default_factory=dict)
    """What later steps need of the answer: names and JSON pointers; `header:` leads to a header."""
    hurries: bool = False
    """The next request comes before the work that this one asked for is done."""


def once(number: int) -> dict[str, str]:
    return {"Idempotency-Key": f"0f0e0d0c-0000-4000-8000-{number:012}"}


BATCH = {"batch_id": "{batch}"}
HOUSE = {"house_id": "{house}"}
JOB = {"job_id": "{job}"}
OF_COMPANY = {"inn": COMPANY}
NEWS_OF_COMPANY = {"inn": COMPANY, "kind": "news"}
OF_TOWN = {"oktmo": OKTMO}
BROADCAST = {"broadcast_id": "{broadcast}"}
COMPLAINT = {"complaint_id": "{complaint}"}
REPORT = {"report_id": "{report}"}

STORY = (
    Step("me", "Администратор открыл приложение"),
    Step("me", "Посторонний открыл приложение", person=NEWCOMER),
    Step(
        "connectCommunity",
        "Подключить сообщество",
        201,
        body={"token": TOKEN, "oktmo": OKTMO},
        headers=once(1),
        keeps={"community": "/id"},
    ),
    Step("listCommunities", "Сообщества территории"),
    Step(
        "getCommunity",
        "Одно сообщество",
        path={"community_id": "{community}"},
        keeps={"community_tag": "header:etag"},
    ),
    Step(
        "nameOfficial",
        "Назначить сотрудника",
        201,
        body={"vk": "vk.com/petr_b", "role": "staff", "oktmo": OKTMO, "title": "Специалист"},
        headers=once(2),
        keeps={"post": "/id", "post_tag": "header:etag"},
    ),
    Step(
        "nameOfficial",
        "Такой страницы нет",
        422,
        body={"vk": "vk.com/nobody_here", "role": "staff"},
        headers=once(3),
    ),
    Step("listOfficials", "Все, кто работает", query={"limit": "50"}),
    Step("getOfficial", "Одна должность", path={"post_id": "{post}"}),
    Step(
        "changeOfficial",
        "Изменить должность, какой её видели",
        path={"post_id": "{post}"},
        headers={"If-Match": "{post_tag}"},
        body={"title": "Главный специалист"},
    ),
    Step(
        "changeOfficial",
        "Должность уже изменил кто-то другой",
        412,
        path={"post_id": "{post}"},
        headers={"If-Match": "{post_tag}"},
        body={"title": "Ведущий специалист"},
    ),
    Step(
        "setTerritory",
        "Город для адресов, в которых его нет",
        path={"oktmo": OKTMO},
        body={"locality": "г. Архангельск"},
    ),
    Step("getTerritory", "Настройки территории", path={"oktmo": OKTMO}, person=STAFF),
    Step("getSampleList", "Образец списка", person=STAFF),
    Step(
        "createBatch",
        "Загрузить список",
        201,
        body={"name": "дома.csv", "oktmo": OKTMO},
        headers=once(4),
        person=STAFF,
        keeps={"batch": "/id", "upload": "/upload/fields/key"},
    ),
    Step("listBatches", "Списки территории", person=STAFF),
    Step("getBatch", "Как далеко зашёл список", path=BATCH, person=STAFF),
    Step(
        "listRows",
        "Строки, которые надо исправить",
        path=BATCH,
        query={"verdict": "rejected"},
        person=STAFF,
        keeps={"row": "/items/0/number"},
    ),
    Step("getRow", "Ячейки строки", path={**BATCH, "number": "{row}"}, person=STAFF),
    Step(
        "mendRow",
        "Строка всё ещё не годится",
        422,
        path={**BATCH, "number": "{row}"},
        body={"cells": {"address": "ул. Тёплых Ключей"}},
        person=STAFF,
    ),
    Step(
        "mendRow",
        "Исправить адрес",
        path={**BATCH, "number": "{row}"},
        body={"cells": {"address": "г. Архангельск, ул. Тёплых Ключей, д. 2"}},
        person=STAFF,
    ),
    Step("confirmWarnings", "Подтвердить замечания", path=BATCH, headers=once(5), person=STAFF),
    Step("listInstructions", "Что стало с инструкциями", path=BATCH, person=STAFF),
    Step("writeResult", "Собрать таблицу", 202, path=BATCH, headers=once(6), person=STAFF),
    Step("getResult", "Таблица готова", path=BATCH, person=STAFF),
    Step("drawPosters", "Собрать объявления", 202, path=BATCH, headers=once(7), person=STAFF),
    Step("getPosters", "Объявления готовы", path=BATCH, person=STAFF),
    Step(
        "listHouses",
        "Найти дом по словам адреса",
        query={"q": "морошковый 1", "limit": "20"},
        person=STAFF,
        keeps={"house": "/items/0/id"},
    ),
    Step("getHouse", "Один дом", path=HOUSE, person=STAFF),
    Step("getPoster", "Объявление", path=HOUSE, query={"paper": "A5"}, person=STAFF),
    Step("listGuides", "Как старшие проходят шаги", query={"limit": "20"}, person=STAFF),
    Step(
        "callElder",
        "Звонка никто не ждёт",
        409,
        path=HOUSE,
        body={"done": True, "note": "Вступит вечером."},
        headers=once(60),
        person=STAFF,
    ),
    Step(
        "createHouse",
        "Создать чат дома",
        201,
        body={
            "address": "г. Архангельск, ул. Тёплых Ключей, д. 4",
            "entrances": 2,
            "elder_name": "Вымыслова Марфа",
            "elder_vk": "vk.com/marfa_v",
        },
        headers=once(8),
        person=STAFF,
        keeps={"single": "/id"},
    ),
    Step(
        "createHouse",
        "Такой дом уже есть",
        body={"address": "Архангельск, ул. Теплых Ключей, 4"},
        headers=once(9),
        person=STAFF,
    ),
    Step(
        "changeHouse",
        "Исправить число подъездов и поставить метку",
        path=HOUSE,
        body={"entrances": 6, "tags": ["капремонт"]},
        person=STAFF,
    ),
    Step(
        "handOver",
        "Передать чат другому старшему",
        path=HOUSE,
        body={"name": "Былов Пётр", "vk": "vk.com/petr_b"},
        person=STAFF,
    ),
    Step(
        "addOrganisation",
        "Завести управляющую компанию",
        201,
        body={"inn": COMPANY, "kind": "management_company", "name": "ООО «Сказка»"},
        headers=once(11),
        person=STAFF,
    ),
    Step(
        "addOrganisation",
        "Завести другую компанию",
        201,
        body={"inn": OTHER_COMPANY, "kind": "management_company", "name": "ООО «Быль»"},
        headers=once(12),
        person=STAFF,
    ),
    Step("listOrganisations", "Найти по названию", query={"q": "сказка"}, person=STAFF),
    Step(
        "getOrganisation",
        "Карточка организации",
        path=OF_COMPANY,
        person=STAFF,
        keeps={"company_tag": "header:etag"},
    ),
    Step(
        "changeOrganisation",
        "Исправить название",
        path=OF_COMPANY,
        headers={"If-Match": "{company_tag}"},
        body={"name": "ООО «Сказка севера»"},
        person=STAFF,
    ),
    Step(
        "attachOrganisation",
        "Дом под управлением компании",
        path=HOUSE,
        body={"inn": COMPANY, "kind": "management_company", "since": "2026-01-01"},
        headers=once(13),
        person=STAFF,
    ),
    Step(
        "attachHouses",
        "Закрепить дома списком",
        202,
        path=OF_COMPANY,
        body={"kind": "management_company", "houses": ["{single}"]},
        headers=once(14),
        person=STAFF,
    ),
    Step("listOrganisationHouses", "Дома организации", path=OF_COMPANY, person=STAFF),
    Step(
        "getServices",
        "Сервисы компании: пока ни одного",
        path=OF_COMPANY,
        person=STAFF,
        keeps={"services_tag": "header:etag"},
    ),
    Step(
        "setServices",
        "Ссылка ведёт не туда",
        422,
        path=OF_COMPANY,
        body={"services": [{"title": "Госуслуги", "kind": "link", "link": "https://gosus1ugi.ru"}]},
        person=STAFF,
    ),
    Step(
        "setServices",
        "Показания счётчиков и сайт — кнопками в чатах",
        path=OF_COMPANY,
        headers={"If-Match": "{services_tag}"},
        body={
            "services": [
                {"title": "Показания счётчиков", "kind": "app", "app_id": 1234567},
                {"title": "Сайт компании", "kind": "link", "link": "https://skazka.example"},
            ]
        },
        person=STAFF,
    ),
    Step(
        "transferHouses",
        "Все дома переходят к другой компании",
        202,
        path=OF_COMPANY,
        body={"to": OTHER_COMPANY},
        headers=once(15),
        person=STAFF,
    ),
    Step(
        "detachOrganisation",
        "Дом больше не под управлением компании",
        path={**HOUSE, "inn": OTHER_COMPANY},
        person=STAFF,
    ),
    Step(
        "nameRepresentative",
        "Назначить представителя по его странице",
        201,
        path=OF_COMPANY,
        body={"vk": "vk.com/petr_b", "title": "Инженер"},
        headers=once(16),
        keeps={"representative": "/representative/id"},
    ),
    Step(
        "nameRepresentative",
        "Пригласить представителя по телефону",
        202,
        path=OF_COMPANY,
        body={"phone": "+7 900 000-00-09", "title": "Диспетчер"},
        headers=once(17),
        keeps={"invitation": "/invitation/id"},
    ),
    Step("listInvitations", "Кто ещё не пришёл", path=OF_COMPANY),
    Step(
        "acceptInvitation",
        "Прийти по ссылке из СМС",
        201,
        body={"code": "{code}"},
        headers=once(18),
        person=INVITED,
    ),
    Step("listRepresentatives", "Представители организации", path=OF_COMPANY, person=INVITED),
    Step(
        "nameRepresentative",
        "Пригласить ещё одного",
        202,
        path=OF_COMPANY,
        body={"phone": "+7 900 000-00-10"},
        headers=once(19),
        keeps={"another": "/invitation/id"},
    ),
    Step(
        "resendInvitation",
        "Отправить СМС ещё раз",
        202,
        path={"invitation_id": "{another}"},
        headers=once(20),
    ),
    Step("withdrawInvitation", "Отозвать приглашение", path={"invitation_id": "{another}"}),
    Step("dismissRepresentative", "Снять представителя", path={"post_id": "{representative}"}),
    Step(
        "exportWorkbook",
        "Чаты и жители по компаниям",
        202,
        body={"kind": "companies"},
        headers=once(21),
        person=STAFF,
        keeps={"job": "/id"},
    ),
    Step("listJobs", "Вся долгая работа", query={"limit": "10"}, person=STAFF),
    Step("getJob", "Таблица готова: вот ссылка", path=JOB, person=STAFF),
    Step("listJobItems", "Что не вышло", path=JOB, query={"only": "failed"}, person=STAFF),
    Step("retryJob", "Всё вышло: повторять нечего", 409, path=JOB, person=STAFF),
    Step(
        "exportWorkbook",
        "Заказать ещё раз",
        202,
        body={"kind": "companies"},
        headers=once(26),
        person=STAFF,
        keeps={"job": "/id"},
        hurries=True,
    ),
    Step("cancelJob", "Остановить", path=JOB, headers=once(27), person=STAFF),
    Step("retryJob", "Продолжить остановленное", path=JOB, headers=once(28), person=STAFF),
    Step(
        "getBroadcastRules",
        "Правила рассылок: тихие часы и второй человек",
        path=OF_TOWN,
        keeps={"rules_tag": "header:etag"},
    ),
    Step(
        "setBroadcastRules",
        "Задать свои",
        path=OF_TOWN,
        headers={"If-Match": "{rules_tag}"},
        body={
            "quiet_hours": {
                "weekday": {"begins": "22:00", "ends": "08:00"},
                "weekend": {"begins": "22:00", "ends": "10:00"},
                "basis": "Областной закон о тишине",
            },
            "second_person_above": 2,
            "speaks_as": "Администрация города",
        },
    ),
    Step("listTemplates", "Шаблоны сообщений", person=STAFF),
    Step(
        "setTemplate",
        "У компании свой текст новости",
        path=NEWS_OF_COMPANY,
        body={"wording": "Соседи, {что}.\n\nДиспетчер: {звонить}"},
        person=STAFF,
    ),
    Step("listTemplatesOfOrganisation", "Шаблоны компании", path=OF_COMPANY, person=STAFF),
    Step("removeTemplate", "Вернуть обычный текст", path=NEWS_OF_COMPANY, person=STAFF),
    Step(
        "uploadBroadcastFile",
        "Куда загрузить картинку",
        headers=once(30),
        person=STAFF,
    ),
    Step(
        "previewBroadcast",
        "Адресата нет, текста нет",
        422,
        body={"parts": [{"kind": "tag", "tag": "нет такой"}], "lane": "planned", "text": ""},
        headers=once(31),
        person=STAFF,
    ),
    Step(
        "previewBroadcast",
        "Кто получит экстренное сообщение и когда",
        201,
        body={
            "parts": [
                {"kind": "all"},
                {"kind": "street", "street": "пр-кт Морошковый", "side": "odd", "last": 48},
            ],
            "lane": "emergency",
            "text": "Порыв трубы: нет холодной воды. {адрес} и соседние дома. Бригада на месте.",
        },
        headers=once(32),
        person=STAFF,
        keeps={"preview": "/id", "token": "/preview/token"},
    ),
    Step(
        "getBroadcastPreview",
        "Посмотреть ещё раз",
        path={"preview_id": "{preview}"},
        person=STAFF,
    ),
    Step(
        "confirmBroadcast",
        "Чатов так много, что нужна причина",
        422,
        body={"token": "{token}"},
        headers=once(33),
        person=STAFF,
    ),
    Step(
        "confirmBroadcast",
        "Отправить",
        202,
        body={"token": "{token}", "reason": "Затапливает подвалы"},
        headers=once(34),
        person=STAFF,
        keeps={"broadcast": "/id"},
        hurries=True,
    ),
    Step("stopBroadcast", "Остановить", path=BROADCAST, person=STAFF),
    Step("resumeBroadcast", "Продолжить с остатком", path=BROADCAST, person=STAFF),
    Step("getBroadcast", "Отправлено всем", path=BROADCAST, person=STAFF),
    Step(
        "listReceipts",
        "Что стало с ней в каждом чате",
        path=BROADCAST,
        query={"limit": "2"},
        person=STAFF,
    ),
    Step("retryBroadcast", "Всё дошло: повторять нечего", 409, path=BROADCAST, person=STAFF),
    Step("listBroadcasts", "Что ещё не проверено", query={"review": "due"}),
    Step(
        "reviewBroadcast",
        "Проверить за коллегой",
        path=BROADCAST,
        body={"note": "Дома те, текст верный."},
    ),
    Step(
        "correctBroadcast",
        "Исправить отправленное",
        202,
        path=BROADCAST,
        body={"text": "Порыв трубы: холодной воды не будет до 18:00. Подвоз — у дома 3."},
        headers=once(35),
        person=STAFF,
    ),
    Step(
        "closeBroadcast",
        "Сообщить тем же чатам, что вода есть",
        202,
        path=BROADCAST,
        body={"text": "Воду дали. Спасибо за терпение.", "lane": "planned"},
        headers=once(36),
        person=STAFF,
        keeps={"closing": "/id"},
    ),
    Step(
        "approveBroadcast",
        "Подтвердить вторым человеком",
        path={"broadcast_id": "{closing}"},
        headers=once(37),
    ),
    Step(
        "moveBroadcast",
        "Перенести на завтра: тому, кто подтвердил",
        path={"broadcast_id": "{closing}"},
        body={"start_at": "{tomorrow}"},
    ),
    Step(
        "cancelBroadcast",
        "Отменить, пока не началась",
        path={"broadcast_id": "{closing}"},
        headers=once(38),
        person=STAFF,
    ),
    Step(
        "reportBroadcast",
        "Собрать отчёт",
        202,
        path=BROADCAST,
        headers=once(39),
        person=STAFF,
    ),
    Step(
        "recallBroadcast",
        "Отозвать: удалить у всех",
        202,
        path=BROADCAST,
        body={"reason": "Не тот район"},
        headers=once(40),
        person=STAFF,
    ),
    Step(
        "confirmBroadcast",
        "Такой проверки нет",
        404,
        body={"token": "0123456789abcdef.0123456789abcdef"},
        headers=once(41),
        person=STAFF,
    ),
    Step(
        "closeHouse",
        "Закрыть чат",
        202,
        path={"house_id": "{single}"},
        body={"reason": "Дом расселён"},
        headers=once(22),
        person=STAFF,
    ),
    Step(
        "reopenHouse",
        "Открыть чат снова",
        202,
        path={"house_id": "{single}"},
        headers=once(23),
        person=STAFF,
    ),
    Step(
        "readActivity",
        "Как жил чат дома за неделю",
        query={"house": "{house}", "from": "2026-11-09", "to": "2026-11-15", "by": "week"},
        person=STAFF,
    ),
    Step(
        "readActivity",
        "Таких дней нет: последний раньше первого",
        422,
        query={"from": "2026-11-15", "to": "2026-11-09"},
        person=STAFF,
    ),
    Step(
        "exportActivity",
        "Собрать таблицу активности",
        202,
        body={"since": "2026-11-09", "until": "2026-11-15"},
        headers=once(51),
        person=STAFF,
    ),
    Step("listCoordinationChats", "Координационные чаты", person=STAFF),
    Step("searchPerson", "Что известно о человеке", body={"phone": "+7 900 000-00-05"}),
    Step(
        "forgetPerson",
        "Стереть всё о человеке",
        202,
        body={"phone": "+7 900 000-00-05"},
        headers=once(24),
    ),
    Step("listDeeds", "Кто что делал", query={"limit": "20"}),
    Step("exportAudit", "Выгрузить учёт", headers=once(25), body={"after": 0}),
    Step(
        "retryHouse",
        "Чат уже открыт: повторять нечего",
        409,
        path=HOUSE,
        headers=once(10),
        person=STAFF,
    ),
    Step(
        "openNewChat",
        "Чат не потерян: новый не нужен",
        409,
        path=HOUSE,
        headers=once(29),
        person=STAFF,
    ),
    Step(
        "setWebhook",
        "Адрес внутренней сети не годится",
        422,
        path=OF_COMPANY,
        body={"url": "https://10.0.0.5/complaints"},
        person=STAFF,
    ),
    Step(
        "setWebhook",
        "Жалобы пойдут в систему компании",
        path=OF_COMPANY,
        body={"url": "https://skazka.example/complaints", "events": ["complaint.changed"]},
        person=STAFF,
    ),
    Step("getWebhook", "Вебхук компании: ключа уже не видно", path=OF_COMPANY, person=STAFF),
    Step(
        "listComplaints",
        "Жалобы, которые не удалось доставить",
        query={"state": "undeliverable"},
        person=STAFF,
        keeps={"complaint": "/items/0/id"},
    ),
    Step("getComplaint", "Одна жалоба", path=COMPLAINT, person=STAFF),
    Step("replayComplaint", "Доставить жалобу ещё раз", path=COMPLAINT, person=STAFF),
    Step("replayComplaint", "Жалоба уже доставлена", 409, path=COMPLAINT, person=STAFF),
    Step(
        "replayComplaints",
        "Доставить ещё раз всё, что не доставлено компании",
        body={"inn": COMPANY},
        person=STAFF,
    ),
    Step(
        "answerComplaint",
        "Отказ без причины",
        409,
        path=COMPLAINT,
        body={"status": "rejected"},
        person=STAFF,
    ),
    Step(
        "answerComplaint",
        "Жалоба выполнена",
        path=COMPLAINT,
        body={"status": "done", "note": "Лифт запущен."},
        person=STAFF,
    ),
    Step("removeWebhook", "Убрать вебхук", path=OF_COMPANY, person=STAFF),
    Step(
        "listReports",
        "Сообщения, о которых ещё не решено",
        query={"state": "waiting"},
        person=STAFF,
        keeps={"report": "/items/0/id"},
    ),
    Step(
        "decideReport",
        "Удалить без правила нельзя",
        409,
        path=REPORT,
        body={"decision": "remove"},
        person=STAFF,
    ),
    Step(
        "decideReport", "Это ссора соседей", path=REPORT, body={"decision": "quarrel"}, person=STAFF
    ),
    Step("getHouse", "Такого дома нет", 404, path={"house_id": "AAAAAAAA"}, person=STAFF),
    Step("listHouses", "Постороннему ничего не видно", 403, person=NEWCOMER),
    Step("join", "Ссылка с объявления", 302, path={"code": "{house}-1"}),
    Step("join", "Такого кода нет", 404, path={"code": "00000000"}),
    Step(
        "changeCommunity",
        "Больше не создавать чаты в этом сообществе",
        path={"community_id": "{community}"},
        headers={"If-Match": "{community_tag}"},
        body={"state": "full"},
    ),
    Step(
        "dismissOfficial",
        "Снять с должности",
        path={"post_id": "{post}"},
    ),
)
