"""What staff read about lists is what the code does."""

import json
from pathlib import Path

from create_chats.check_list import check_list, document
from docs.make import FINDINGS
from housechats.domain.batches import Verdict

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")


def test_no_code_means_two_things() -> None:
    codes = [code for module in FINDINGS for code in module.FINDINGS]

    assert len(codes) == len(set(codes))


def test_the_page_explains_every_verdict() -> None:
    assert not [verdict for verdict in Verdict if f"| `{verdict}` |" not in PAGE]


def test_the_page_names_every_field_of_the_document() -> None:
    checked = check_list(ROOT / "local" / "sample" / "houses.csv", oktmo="11701000")

    told = json.loads("".join(document(checked)))

    row = next(row for row in told["rows"] if row["house"])
    fields = [
        *told["file"],
        *(f"rows[].{name}" for name in row),
        *(f"house.{name}" for name in row["house"]),
        *row["house"]["address_parts"],
        *(name for row in told["rows"] for problem in row["problems"] for name in problem),
    ]
    assert not [field for field in fields if f"`{field}`" not in PAGE]
