"""What people read is Russian as it is spoken: numbers, days and clocks agree."""

from datetime import UTC, datetime

import pytest

from housechats.domain import discussion_texts, guide_texts, official_texts
from housechats.domain.answer_terms import Term
from housechats.domain.complaint_texts import own
from housechats.domain.complaints import Complaint, Topic
from housechats.domain.questions import Where
from questions import ask, solved, vote

ARKHANGELSK, TYUMEN = "11701000", "71701000"
LATE_IN_UTC = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
LONGEST_SNACKBAR = 90
"""Characters that VK shows to who has pressed a button."""


@pytest.mark.parametrize(
    ("days", "working", "said"),
    [
        pytest.param(1, True, "1 рабочий день", id="one"),
        pytest.param(3, True, "3 рабочих дня", id="few"),
        pytest.param(10, True, "10 рабочих дней", id="many"),
        pytest.param(11, True, "11 рабочих дней", id="eleven"),
        pytest.param(21, False, "21 день", id="twenty-one"),
        pytest.param(12, False, "12 дней", id="twelve"),
        pytest.param(30, False, "30 дней", id="calendar days"),
    ],
)
def test_representatives_read_a_term_in_words(days: int, working: bool, said: str) -> None:
    assert official_texts.days_of(Term(days, working, basis="Закон")) == said


def test_the_house_reads_for_which_day_a_discussion_was_planned() -> None:
    said = discussion_texts.planned_for(LATE_IN_UTC, ARKHANGELSK)

    assert said == "на пятницу, 27 ноября, 23:30 по местному времени"


def test_a_day_is_that_of_the_house() -> None:
    said = discussion_texts.planned_for(LATE_IN_UTC, TYUMEN)

    assert said == "на субботу, 28 ноября, 01:30 по местному времени"


def test_a_complaint_is_of_the_day_by_the_clock_of_its_house() -> None:
    complaint = Complaint(
        id="7K2M9X",
        house_id="TXE12D5N",
        oktmo=TYUMEN,
        community=1,
        inn="",
        by=1,
        topic=Topic.LIFT,
        where=Where.HOUSE,
        sent_at=LATE_IN_UTC,
        event="e-1",
    )

    said = own([complaint])

    assert said.startswith("№ 7K2-M9X от 28.11.2026, Лифт")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(said, id=f"{room.__name__}.{name}")
        for room, names in {
            guide_texts: ("NEXT", "PASSED", "NOT_SEEN", "SHOWN", "CALL_NOTED", "OVER"),
            ask: ("BEGUN", "NOT_A_HOUSE", "FORGOTTEN"),
            vote: ("NOT_THIS_CHAT", "OVER", "ENDING"),
            solved: ("NOT_THIS_CHAT", "NOT_OFFICIALS", "OVER", "ELDER_OBJECTS"),
            discussion_texts: ("WILL_TELL", "NO_MORE", "ASKED_PRIVATELY", "CANCELLED"),
        }.items()
        for name in names
        for said in [getattr(room, name)]
    ],
)
def test_who_presses_a_button_reads_the_whole_answer(said: str) -> None:
    assert len(said) <= LONGEST_SNACKBAR
