"""What staff read about lists is what the code does."""

from pathlib import Path

from create_chats import check_rows, contacts
from create_chats.columns import FIELDS
from create_chats.refusals import REFUSALS
from housechats.domain import address_reading

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")


def table(title: str) -> list[str]:
    """Return the rows of the table under a title."""
    section = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def shown(message: str) -> str:
    return message.replace("{}", "…")


def test_the_page_lists_every_column() -> None:
    expected = [f"| {headers[0]} | {', '.join(headers)} |" for headers in FIELDS.values()]

    assert table("Столбцы") == expected


def test_the_page_lists_every_problem_of_a_row() -> None:
    findings = {
        **address_reading.FINDINGS,
        **{code: (False, message) for code, message in contacts.FINDINGS.items()},
        **check_rows.FINDINGS,
    }
    expected = [
        f"| `{code}` | {'да' if fatal else 'нет'} | {shown(message)} |"
        for code, (fatal, message) in findings.items()
    ]

    assert table("Замечания к строке") == expected


def test_the_page_lists_every_refusal_of_a_list() -> None:
    refusals = REFUSALS
    expected = [f"| `{code}` | {shown(message)} |" for code, message in refusals.items()]

    assert table("Отказ от всего списка") == expected


def test_no_code_means_two_things() -> None:
    tables = (address_reading.FINDINGS, contacts.FINDINGS, check_rows.FINDINGS)
    codes = [code for table in tables for code in table]

    assert len(codes) == len(set(codes))
