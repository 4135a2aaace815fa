"""How fast lists are read and checked, what a row costs, how surely spellings meet."""

import csv
import io
import os
import random
import statistics
import subprocess
import sys
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from bench.list_work import HEADERS, OKTMO
from bench.rows import Row
from bench.surroundings import ID_KEY, ROOT, RUNS, Surroundings, surroundings
from create_chats.check_rows import check
from create_chats.enrol import Chunk, Registry, enrol
from create_chats.read_list import read
from housechats.adapters.aws import spending
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.organisations import DynamoAttachments
from housechats.adapters.people import DynamoElders
from housechats.adapters.queues import SqsQueue
from housechats.adapters.table import Table
from housechats.domain import rows_file
from housechats.domain.address_reading import parse
from housechats.domain.batches import CHUNK, Batch

LONG, MANY = 60_000, 100_000
"""A text of 100,000 such rows is larger than a list may be."""
ROUNDS = 3
MESSY = ROOT.parent / "shared" / "houses" / "addresses-messy-fias.csv"
STREETS = (
    "Ленина", "Советская", "Берёзовая", "Космонавтов", "50 лет Октября", "Щёлковская", "1-я Линия",
    "Северной Двины", "Гагарина", "Садовая", "Большая Ордынка", "академика Павлова",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took, with the processes that it started."""

    cpu: float
    peak_mb: float


def measure() -> list[Row]:
    home = RUNS / "bench-lists"
    home.mkdir(parents=True, exist_ok=True)
    return [*speed(home), *spellings(), *writes()]


def houses(number: int, seed: int = 1) -> Iterator[list[str]]:
    """Make rows of invented houses; no two are one house."""
    dice = random.Random(seed)
    for n in range(number):
        street = f"{STREETS[n % len(STREETS)]} {n // 2400}-я" if n >= 2400 else STREETS[n % 12]
        yield [
            f"г. Архангельск, ул. {street}, д. {n % 2400 // 12 + 1}",
            str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            OKTMO,
            str(n % 12 + 1),
            str(n % 200 + 1),
            f"Образцова{n % 999} Мария Петровна",
            f"+7 900 {n % 1000:03d}-{n % 97:02d}-{n % 89:02d}",
            f"vk.com/id{100_000 + n}",
            f"ООО «Управляющая компания {n // 50 % 40}»",
            INNS[n // 50 % len(INNS)],
        ]


def _inn(nine: str) -> str:
    """Add the check digit of an organisation's ИНН."""
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(w * int(d) for w, d in zip(weights, nine, strict=True)) % 11 % 10
    return f"{nine}{check}"


INNS = [_inn(f"29010{n:04d}") for n in range(40)]


def speed(home: Path) -> list[Row]:
    book, shared, text = home / "inline.xlsx", home / "shared.xlsx", home / "long.csv"
    many = home / "many.xlsx"
    _write_book(book, LONG, inline=True)
    _write_book(shared, LONG, inline=False)
    _write_book(many, MANY, inline=False)
    with text.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows([HEADERS, *houses(LONG)])
    works = [
        ("nothing", book),
        ("openpyxl_with_model", book),
        ("openpyxl_with_model", shared),
        ("ours_with_model", book),
        ("ours_with_model", shared),
        ("ours_with_model", text),
    ]
    rounds = [[_run(work, file).cpu for work, file in works] for _ in range(ROUNDS)]
    idle, *taken = (statistics.median(times) for times in zip(*rounds, strict=True))
    theirs, theirs_of_shared, ours, ours_of_shared, of_text = (time - idle for time in taken)
    alone, checked = _run("openpyxl_alone", many), _run("ours_checked", many)
    into = "into a plain model: openpyxl ÷ ours"
    return [
        Row.at_least(f"rows of xlsx, texts in their cells, {into}", theirs / ours, 8, "×"),
        Row.at_least(
            f"rows of xlsx, texts shared, {into}", theirs_of_shared / ours_of_shared, 8, "×"
        ),
        Row.at_least("rows of csv: openpyxl of xlsx ÷ ours of csv", theirs / of_text, 30, "×"),
        Row.at_most(
            f"whole check of {MANY} rows of xlsx ÷ openpyxl reading them",
            checked.cpu / alone.cpu,
            1,
            "× time",
        ),
        Row.at_most("  its peak of memory", checked.peak_mb, 200, "MB"),
    ]


def _write_book(path: Path, rows: int, *, inline: bool) -> None:
    """Write a workbook as programs do (texts in their cells) or as Excel does (texts shared)."""
    with xlsxwriter.Workbook(path, {"constant_memory": inline}) as book:
        sheet = book.add_worksheet("Дома")
        for n, cells in enumerate([HEADERS, *houses(rows)]):
            sheet.write_row(n, 0, cells)


def _run(work: str, file: Path) -> Cost:
    command = [sys.executable, "-m", "bench.list_work", work, str(file)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=dict(os.environ))
    with child.stdout as said:  # type: ignore[union-attr]
        rows, peak_kb = map(int, (said.read() or b"0 0").split())
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode or not rows:
        raise RuntimeError(f"{work} of {file.name} ended with {child.returncode}, {rows} rows")
    return Cost(used.ru_utime + used.ru_stime, peak_kb / 1024)


def spellings() -> list[Row]:
    """Read the messy addresses; nothing when they are not at hand: they are nobody's to ship."""
    if not MESSY.exists():
        return []
    by_house: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    with MESSY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            address, _ = parse(row["raw_address"])
            if address:
                by_house[row["house_fias_id"]][row["oktmo"][:8], address.key] += 1
            else:
                by_house[row["house_fias_id"]]["", ""] += 1
    spelled = sum(sum(keys.values()) for keys in by_house.values())
    common = sum(
        max((n for key, n in keys.items() if key[1]), default=0) for keys in by_house.values()
    )
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for house, keys in by_house.items():
        for key in keys:
            if key[1]:
                owners[key].add(house)
    false = sum(len(names) > 1 for names in owners.values())
    return [
        Row.at_least("spellings with their house's commonest key", 100 * common / spelled, 90, "%"),
        Row.at_most("keys that two houses share", false, 0, "keys"),
    ]


def writes() -> list[Row]:
    """Enrol chunks of a hundred rows; elders are kept apart, they are no row's."""
    with surroundings("lists") as around:
        plain = _units(around, "А", columns=[0])
        with_id = _units(around, "Б", columns=[0, 1])
        with_company = _units(around, "В", columns=[0, 1, 8, 9])
    return [
        Row.at_most("a row becomes a house: writes", plain, 2.1, "units"),
        Row.at_most("  with a ФИАС id", with_id, 3.1, "units"),
        Row.at_most("  with a ФИАС id and an organisation", with_company, 4.1, "units"),
    ]


def _units(around: Surroundings, name: str, columns: Sequence[int]) -> float:
    """Return the write units of a row, its chunk's verdicts shared among a hundred."""
    table = Table(around.table, around.emulator.client("dynamodb"))
    files = S3Files(around.lists_bucket, around.emulator.client("s3"))
    batches = DynamoBatches(table)
    batch = Batch(id=name, oktmo=OKTMO, author="bench", created_at=datetime.now(UTC))
    batches.begin(batch)
    text = io.StringIO()
    dirty = houses(CHUNK, seed=len(columns))
    # No two benches enrol one house, or the second one would find it.
    rows = ([cells[i] if i else f"{cells[0]}, лит. {name}" for i in columns] for cells in dirty)
    csv.writer(text).writerows([[HEADERS[i] for i in columns], *rows])
    checked = check(read(text.getvalue().encode()), oktmo=OKTMO)
    body, ((first, last),) = rows_file.write(checked)
    files.put(rows_file.key_of(name), body, content_type="application/x-ndjson")
    spending.take()
    made = enrol(
        Chunk(name, 0, first, last),
        registry=Registry(
            houses=DynamoHouses(table),
            elders=DynamoElders(table),
            instructions=DynamoInstructions(table),
            attachments=DynamoAttachments(table),
            communities=DynamoCommunities(table),
            elder_key=ID_KEY,
        ),
        lists=files,
        batches=batches,
        openings=SqsQueue(around.queue(f"openings-{name}"), around.emulator.client("sqs")),
        now=datetime.now(UTC),
    )
    if made.new_houses != CHUNK:
        raise AssertionError(f"{made.new_houses} new houses of {CHUNK}")
    return float(spending.take()["units_written"]) / CHUNK
