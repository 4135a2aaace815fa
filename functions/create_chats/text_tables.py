"""Text tables: CSV in whatever encoding and with whatever separator."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter

from create_chats.header import HEADER_WITHIN, find_header
from create_chats.refusals import refused
from create_chats.tables import Table, as_text

_SAMPLE = 64 * 1024
"""Bytes that tell the encoding and the separator."""
_LONGEST_LINE = 1024 * 1024
_MOST_LINES = 1_000
"""Lines of one record: longer ones, like longer lines, would cost more memory than there is."""
_BLOCK = 64 * 1024
_SEPARATORS = ";,\t|"
_SINGLE_BYTE = ("cp1251", "cp866", "koi8-r")

_CONTROL = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1a"})
_MOST_CONTROL = 0.01
"""Share of control bytes: a text has none, save by accident, and pictures have a tenth."""
_MARKUP = re.compile(r"\s*(?:<[!?a-z]|\{\\rtf|%PDF)", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""A first line by which Excel learns the separator; it shows the line to nobody."""

_SPACES = "\v\f\x85\xa0"
_RARE_SPACES = (
    "\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Every other space but the plain one, the tab and the ends of lines. To look for each of them is
a tenth of the time that reading takes."""
_MAY_BE_RARE = (b"\xe1", b"\xe2", b"\xe3")
"""How they begin in UTF-8. Bytes of other encodings may look the same, and do no harm."""
_LINE_END = re.compile("\r\n?|\n")
_LONE_CR = re.compile("\r(?!\n)")

_COMMONEST = "оеаинтсрвлкмдпуя"
"""Three letters of four in a Russian text are these."""
_WORD_TURNED = re.compile("[а-яё][А-ЯЁ]")
"""KOI8-R and cp1251 read as one another have their capitals swapped."""
_ASCII = re.compile("[\x00-\x7f]+")
_NO_ASCII = re.compile(rb"[\x80-\xff]")
_STRANGE = re.compile("[^\x00-\x7fа-яёА-ЯЁ«»№–—“”„…\xa0]")


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a text table was written."""

    encoding: str
    separator: str
    columns: int = 0
    """0 while the header is not known."""
    own_line: bool = False
    """Whether the first line only names the separator."""
    of_mac: bool = False
    """Whether lines end with a carriage return alone."""
    spaces: str = _SPACES
    """What is read as a plain space."""


def text_tables(data: bytes) -> list[Table]:
    data = data.rstrip(b"\x1a")  # so ended files of DOS
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1] or sample
    encodings = _encodings(data, sample)
    if _MARKUP.match(_decoded(sample, encodings[0])):
        raise refused("list_not_table")
    first = _NO_ASCII.search(data)
    letters = data[first.start() : first.start() + _SAMPLE] if first else b""
    writing = max((_sense(sample, letters, each) for each in encodings), key=itemgetter(0))[1]
    if writing.encoding.startswith("utf-16") or any(map(data.__contains__, _MAY_BE_RARE)):
        writing = replace(writing, spaces=writing.spaces + _RARE_SPACES)
    return [Table(lambda: _records(data, writing))]


def _encodings(data: bytes, sample: bytes) -> Sequence[str]:
    """Return the encodings that the file may have."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    if wide := _utf16(sample):
        return [wide]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    if control > _MOST_CONTROL * len(sample):
        raise refused("list_not_table")
    telling = data if sample.isascii() else sample
    if data.startswith(codecs.BOM_UTF8) or _is_utf8(telling):
        return ["utf-8-sig"]
    # A file that was cut in the middle of a letter is still UTF-8.
    return ["utf-8-sig", *_SINGLE_BYTE]


def _utf16(sample: bytes) -> str:
    """Tell UTF-16 without its mark: one byte of two is 00 (Latin) or 04 (Russian) there."""
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if high and high.count(0) + high.count(4) > 0.9 * len(high):
            return encoding
    return ""


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _BLOCK):
            decoder.decode(data[start : start + _BLOCK])
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace")


def _sense(sample: bytes, letters: bytes, encoding: str) -> tuple[tuple[int, float], _Writing]:
    """Return how a text is written, if it has this encoding, and how much sense that makes.

    The header that is recognised decides; texts without one are told by their letters.
    """
    text = _decoded(sample, encoding)
    named = _SEPARATOR_LINE.fullmatch(_LINE_END.split(text, maxsplit=1)[0])
    readings = []
    for separator in named[1] if named else _SEPARATORS:
        writing = _Writing(
            encoding,
            separator,
            own_line=bool(named),
            of_mac=bool(_LONE_CR.search(text)),
            spaces=_SPACES + "\t".replace(separator, ""),
        )
        rows = list(islice(_records(sample, writing), HEADER_WITHIN))
        header = find_header(rows)
        known = header.richness[0] if header else 0
        columns = len(header.fields) if header else max(map(len, rows), default=0)
        readings.append((known, columns if not header else 0, replace(writing, columns=columns)))
    known, _, writing = max(readings, key=itemgetter(0, 1))
    return (known, _russian(_decoded(letters, encoding))), writing


def _russian(text: str) -> float:
    """Return how much a text looks like Russian."""
    letters = _ASCII.sub("", text)
    common = sum(map(letters.lower().count, _COMMONEST))
    wrong = len(_WORD_TURNED.findall(text)) + len(_STRANGE.findall(letters))
    return (common - 3 * wrong) / (len(letters) or 1)


def _records(data: bytes, writing: _Writing) -> Iterator[list[str]]:
    """Yield the records, their texts as `as_text` would leave them but for spaces at the ends.

    Blocks without a quote, which most are, need no reader of CSV: that is three times quicker.
    """
    blocks = _blocks(data, writing)
    for block in blocks:
        if '"' in block:
            yield from map(_with_whole_numbers, _quoted(block, blocks, writing))
            continue
        records = (line.split(writing.separator) for line in block[:-1].split("\n"))
        yield from map(_with_whole_numbers, records) if ".0" in block else records


def _blocks(data: bytes, writing: _Writing) -> Iterator[str]:
    """Yield the text in whole lines, each ended by a line feed, with plain spaces only."""
    decoder: codecs.IncrementalDecoder | io.IncrementalNewlineDecoder
    decoder = codecs.getincrementaldecoder(writing.encoding)("replace")
    if writing.of_mac:
        decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
    rest = ""
    skip = writing.own_line
    for start in range(0, len(data), _BLOCK):
        final = start + _BLOCK >= len(data)
        text = rest + decoder.decode(data[start : start + _BLOCK], final=final)
        text += "\n" if final and not text.endswith("\n") else ""
        block, end, rest = text.rpartition("\n")
        if len(rest) > _LONGEST_LINE:
            raise refused("list_broken")
        if skip and end:
            _, _, block = block.partition("\n")
            skip = False
        for space in writing.spaces:
            block = block.replace(space, " ")
        if block or end:
            yield _with_plain_ends(block + end)


def _with_plain_ends(block: str) -> str:
    """Return a block whose lines end plainly where that matters: a space before it does not."""
    returns = block.count("\r")
    if returns and ('"' in block or ".0" in block or returns != block.count("\r\n")):
        return block.replace("\r\n", "\n").replace("\r", "\n")
    return block


def _quoted(block: str, blocks: Iterator[str], writing: _Writing) -> Iterator[list[str]]:
    """Yield the records of a block, and of those after it into which one of them goes on.

    Rows that an unbalanced quote has glued together are taken apart.
    """
    lines = deque(block[:-1].split("\n"))
    kept: list[str] = []
    while lines:
        try:
            for cells in csv.reader(_watched(lines, blocks, kept), delimiter=writing.separator):
                if _is_glued(kept, cells, writing):
                    break
                kept.clear()
                yield cells
            else:
                return
        except csv.Error as error:
            if len(kept) <= 1:
                raise refused("list_broken") from error
        lines.extendleft(reversed(kept[1:]))
        first = kept[0]
        kept.clear()
        yield _opened(first, writing.separator)


def _watched(lines: deque[str], blocks: Iterator[str], kept: list[str]) -> Iterator[str]:
    """Yield lines, and keep those of the record that is being read: it may be no one record."""
    while True:
        if not lines and kept:
            more = next(blocks, "")
            lines.extend(more[:-1].split("\n") if more else [])
        if not lines:
            return
        kept.append(lines.popleft())
        if len(kept) > _MOST_LINES:
            raise csv.Error("a quote was never closed")
        yield f"{kept[-1]}\n"


def _with_whole_numbers(cells: list[str]) -> list[str]:
    return [as_text(cell) if cell.endswith("0") else cell for cell in cells]


def _is_glued(lines: Sequence[str], cells: Sequence[str], writing: _Writing) -> bool:
    """Tell whether lines of one record are rows of their own, with a stray quote among them."""
    if len(lines) == 1:
        return bool(cells) and cells[-1].endswith("\n")  # still open at the end of the file
    if sum(line.count('"') for line in lines) % 2:
        return True
    between = writing.columns - 1
    return between > 0 and all(line.count(writing.separator) >= between for line in lines)


def _opened(line: str, separator: str) -> list[str]:
    """Return the cells of a line whose last quote is never closed."""
    try:
        *whole, last = next(csv.reader([line], delimiter=separator))
    except csv.Error as error:
        raise refused("list_broken") from error
    return [*whole, *last.rstrip("\r\n").split(separator)]
