"""Results: where the workbook that comes back is kept, and what people call it."""

import re
from datetime import datetime, timedelta

FOLDER = "results"
KEPT = timedelta(days=2)
"""How long a written one can be fetched (the bucket's own rule deletes it then)."""
PATIENCE = timedelta(minutes=10)
"""100,000 rows take half a minute: what is not written by now has failed, or nearly."""

LONGEST_NAME = 100
_CHECKED = " — проверено"
_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_AS_CHECKED = re.compile(rf"(?:{_CHECKED}(?: ?\(\d+\))?)+$")
"""How our own workbook is called, and a second copy of it in a folder of downloads."""


def result_key(batch_id: str, asked_at: datetime) -> str:
    return f"{FOLDER}/{batch_id}/{round(asked_at.timestamp() * 1000)}.xlsx"


def result_name(list_name: str) -> str:
    """Return the file's name for people: the list's own, and that it was checked."""
    name = "".join(c for c in list_name.rpartition("/")[2] if c.isprintable())
    name = _AS_CHECKED.sub("", _ENDING.sub("", name.strip())).strip()
    name = name[: LONGEST_NAME - len(f"{_CHECKED}.xlsx")].strip()
    return f"{name or 'Список'}{_CHECKED}.xlsx"
