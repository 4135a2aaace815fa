"""Documents made from the code: docs/openapi.json, the tables of docs/api.md and docs/lists.md."""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "functions"), str(ROOT / "layers/housechats")]

from create_chats import (  # noqa: E402
    attached,
    cells,
    check_rows,
    elder_pages,
    enrol,
    read_row,
    repeats,
)
from create_chats.columns import FIELDS  # noqa: E402
from create_chats.refusals import REFUSALS  # noqa: E402
from docs import complaint_words, discussion_words, guide_words, question_words, states  # noqa: E402
from docs.dashboard import WATCH, watch  # noqa: E402
from docs.openapi import openapi  # noqa: E402
from housechats.domain import (  # noqa: E402
    address_reading,
    complaints,
    contacts,
    reports,
)
from housechats.domain import discussions as discussion_nouns  # noqa: E402
from housechats.domain import guides as guide_nouns  # noqa: E402
from housechats.domain import questions as question_nouns  # noqa: E402
from housechats.runtime.http import PROBLEMS  # noqa: E402

OPENAPI = ROOT / "docs/openapi.json"
API = ROOT / "docs/api.md"
LISTS = ROOT / "docs/lists.md"
QUESTIONS = ROOT / "docs/questions.md"
DISCUSSIONS = ROOT / "docs/discussions.md"
ELDERS = ROOT / "docs/elders.md"
WEBHOOKS = ROOT / "docs/webhooks.md"
FINDINGS = (
    address_reading,
    cells,
    contacts,
    attached,
    read_row,
    check_rows,
    elder_pages,
    enrol,
    repeats,
)
"""Where codes of a row's problems live, in the order in which people read of them."""


def problems() -> str:
    """Write the table of the API's error codes."""
    rows = ((f"`{code}`", str(status), title) for code, (status, title) in PROBLEMS.items())
    return _table(("код", "HTTP", "что сказано человеку"), rows)


def columns() -> str:
    """Write the table of a list's columns with their synonyms."""
    rows = ((headers[0], ", ".join(headers)) for headers in FIELDS.values())
    return _table(("Что", "Как можно назвать столбец"), rows)


def findings() -> str:
    """Write the table of what may be said of a row."""
    rows = (
        (f"`{code}`", "да" if fatal else "нет", _shown(message))
        for module in FINDINGS
        for code, (fatal, message) in module.FINDINGS.items()
    )
    return _table(("Код", "Мешает", "Что видит сотрудник"), rows)


def refusals() -> str:
    """Write the table of what may be said of a whole list."""
    rows = ((f"`{code}`", _shown(message)) for code, message in REFUSALS.items())
    return _table(("Код", "Что видит сотрудник"), rows)


def question_diagram() -> str:
    """Draw what may become of a question."""
    words = question_words.STATES, question_words.HAPPENINGS
    return states.diagram(question_nouns.MOVES, [question_nouns.QuestionState.PROPOSED], *words)


def question_moves() -> str:
    """Write the table of what may become of a question."""
    words = question_words.STATES, question_words.HAPPENINGS
    rows = states.rows(question_nouns.MOVES, *words)
    return _table(("Вопрос", "Что случилось", "Стал"), rows)


def complaint_moves() -> str:
    """Write the table of what may become of a complaint."""
    words = complaint_words.COMPLAINT_STATES, complaint_words.COMPLAINT_HAPPENINGS
    return _table(("Жалоба", "Что случилось", "Стала"), states.rows(complaints.MOVES, *words))


def report_moves() -> str:
    """Write the table of what may become of a reported message."""
    words = complaint_words.REPORT_STATES, complaint_words.REPORT_HAPPENINGS
    return _table(("Сообщение", "Что случилось", "Стало"), states.rows(reports.MOVES, *words))


def discussion_diagram() -> str:
    """Draw what may become of a discussion."""
    first = [discussion_nouns.DiscussionState.PLANNED]
    words = discussion_words.STATES, discussion_words.HAPPENINGS
    return states.diagram(discussion_nouns.MOVES, first, *words)


def discussion_moves() -> str:
    """Write the table of what may become of a discussion."""
    words = discussion_words.STATES, discussion_words.HAPPENINGS
    rows = states.rows(discussion_nouns.MOVES, *words)
    return _table(("Обсуждение", "Что случилось", "Стало"), rows)


def guide_diagram() -> str:
    """Draw the way of an elder's guide."""
    words = guide_words.STATES, guide_words.HAPPENINGS
    return states.diagram(guide_nouns.MOVES, [guide_nouns.GuideStep.JOIN], *words)


def guide_moves() -> str:
    """Write the table of the steps of an elder's guide."""
    rows = states.rows(guide_nouns.MOVES, guide_words.STATES, guide_words.HAPPENINGS)
    return _table(("Шаг", "Что случилось", "Следующий шаг"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(message: str) -> str:
    return message.replace("{}", "…").replace("|", "\\|")


def documents() -> dict[Path, str]:
    """Return each document with its text as it should be."""
    return {
        OPENAPI: json.dumps(openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        API: _with_tables(API, problems=problems()),
        LISTS: _with_tables(LISTS, columns=columns(), findings=findings(), refusals=refusals()),
        QUESTIONS: _with_tables(QUESTIONS, diagram=question_diagram(), moves=question_moves()),
        DISCUSSIONS: _with_tables(
            DISCUSSIONS, diagram=discussion_diagram(), moves=discussion_moves()
        ),
        ELDERS: _with_tables(ELDERS, diagram=guide_diagram(), moves=guide_moves()),
        WEBHOOKS: _with_tables(
            WEBHOOKS, complaint_states=complaint_moves(), report_states=report_moves()
        ),
        WATCH: watch(),
    }


def _with_tables(page: Path, **tables: str) -> str:
    """Return a page with each table in its place, between two comments that name it."""
    text = page.read_text()
    for name, table in tables.items():
        begin, end = f"<!-- {name}: made by docs/make.py -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise ValueError(f"{page.name} has no place for {name}")
        text = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    return text


if __name__ == "__main__":
    for path, made in documents().items():
        path.write_text(made)
