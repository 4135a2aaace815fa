"""Text tables: CSV in whatever encoding and with whatever separator."""

import csv
import io
import re

from create_chats.refusals import refused
from create_chats.tables import Table

_BYTES_OF_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_MARKUP = re.compile(rb"\s*(?:<|\{\\rtf|%PDF)")
_SEPARATORS = ";,\t|"


def text_tables(data: bytes) -> list[Table]:
    text = _decoded(data)
    tables = [_text_table(text, separator) for separator in _SEPARATORS]
    try:
        for table in tables:
            for _ in table.cells():
                pass
    except csv.Error as error:
        raise refused("list_broken") from error
    return tables


def _text_table(text: str, separator: str) -> Table:
    return Table(lambda: csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif _BYTES_OF_NO_TEXT.search(data) or _MARKUP.match(data):
        raise refused("list_not_table")
    else:
        encodings = ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("list_not_table")
