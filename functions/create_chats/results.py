"""Results: where the workbook that comes back is kept, and what people call it."""

FOLDER = "results"


def result_key(batch_id: str) -> str:
    return f"{FOLDER}/{batch_id}.xlsx"


def result_name(list_name: str) -> str:
    """Return the file's name for people: the list's own, and that it was checked."""
    name = list_name.rpartition("/")[2]
    return f"{name.rpartition('.')[0] or name or 'Список'} — проверено.xlsx"
