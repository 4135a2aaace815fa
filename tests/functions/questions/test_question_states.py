"""Whatever happens to a question, in any order and however often, it never leaves its table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from housechats.domain import official_acts, question_acts
from housechats.domain.organisations import OrganisationKind
from housechats.domain.question_rules import QuestionRules
from housechats.domain.questions import (
    MOST_DEEDS,
    MOVES,
    NotNowError,
    OfficialAnswer,
    Question,
    QuestionState,
    Tally,
    Voice,
    Where,
)
from questions.wake import WAKES, is_due, wake
from support.clock import JANUARY
from support.question_door import COMPANY, HEATING, QuestionDoor

QUESTION = Question(
    id="0123456789ab",
    house_id="ABCDEF01",
    oktmo="11701000",
    community=5,
    chat_id=7,
    text="В подъезде нет света.",
    where=Where.ENTRANCE,
    raised_by="vk:601",
    raised_at=JANUARY,
    inn=COMPANY,
    kind=OrganisationKind.MANAGEMENT_COMPANY,
)
SPANS = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
TALLIES = st.builds(Tally, st.integers(0, 9), st.integers(0, 9))
PEOPLE = st.sampled_from(["vk:601", "vk:502"])
DISCUSSIONS = st.sampled_from(["d1", "d2"])
MOST_TERMS = 60
"""No question waits for more terms than this until nothing is to be waited for."""


class QuestionLife(RuleBasedStateMachine):
    """Anything is tried at any moment; what is not to happen now raises NotNowError."""

    def __init__(self) -> None:
        super().__init__()
        self.door = QuestionDoor()
        self.desk = self.door.desk()
        self.question = QUESTION

    @property
    def now(self) -> datetime:
        return self.door.clock.moment()

    def tries(self, act: Callable[[Question], Question]) -> None:
        try:
            after = act(self.question)
        except NotNowError:
            return
        if after.state != self.question.state:
            assert (self.question.state, after.deeds[-1].what) in MOVES
            assert MOVES[self.question.state, after.deeds[-1].what] == after.state
        self.question = after

    @initialize(elder=st.booleans())
    def is_proposed_or_raised(self, *, elder: bool) -> None:
        if elder:
            self.is_raised("vk:601")
        else:
            self.question = question_acts.proposed(self.question, now=self.now)

    @rule(by=PEOPLE)
    def is_raised(self, by: str) -> None:
        rules = QuestionRules()
        self.tries(
            lambda one: question_acts.raised(one, by=by, rules=rules, residents=40, now=self.now)
        )

    @rule(by=PEOPLE)
    def is_declined(self, by: str) -> None:
        self.tries(lambda one: question_acts.declined(one, by=by, reason="", now=self.now))

    @rule()
    def vote_is_stopped(self) -> None:
        self.tries(lambda one: question_acts.vote_stopped(one, now=self.now))

    @rule(tally=TALLIES)
    def vote_is_counted(self, tally: Tally) -> None:
        self.tries(lambda one: question_acts.vote_counted(one, tally, now=self.now))

    @rule(by=PEOPLE, tally=TALLIES)
    def officials_are_asked(self, by: str, tally: Tally) -> None:
        self.tries(lambda one: question_acts.asked(one, by=by, now=self.now, tally=tally))

    @rule(by=PEOPLE)
    def is_withdrawn(self, by: str) -> None:
        self.tries(lambda one: question_acts.withdrawn(one, by=by, reason="", now=self.now))

    @rule(by=PEOPLE)
    def is_reopened(self, by: str) -> None:
        self.tries(lambda one: question_acts.reopened(one, by=by, reason="", now=self.now))

    @rule(number=st.integers(1, 3))
    def is_answered(self, number: int) -> None:
        answer = OfficialAnswer(COMPANY, "vk:7", self.now, "Починим.", id=f"a{number}")
        self.tries(lambda one: official_acts.answered(one, answer))

    @rule(inn=st.sampled_from([COMPANY, HEATING, ""]))
    def is_redirected(self, inn: str) -> None:
        kind = OrganisationKind.UTILITY
        self.tries(
            lambda one: official_acts.redirected(
                one, inn, kind, by="vk:7", reason="Не наше.", now=self.now
            )
        )

    @rule(discussion=DISCUSSIONS, ahead=SPANS)
    def time_is_named(self, discussion: str, ahead: timedelta) -> None:
        starts_at = self.now + ahead
        self.tries(
            lambda one: question_acts.time_named(one, discussion, starts_at=starts_at, now=self.now)
        )

    @rule(discussion=DISCUSSIONS)
    def discussion_is_cancelled(self, discussion: str) -> None:
        self.tries(lambda one: question_acts.discussion_cancelled(one, discussion, now=self.now))

    @rule(discussion=DISCUSSIONS)
    def discussion_is_over(self, discussion: str) -> None:
        self.tries(lambda one: question_acts.discussion_over(one, discussion, now=self.now))

    @rule()
    def is_solved(self) -> None:
        self.tries(
            lambda one: official_acts.solved(one, by="vk:502", outcome="Решено.", now=self.now)
        )

    @rule()
    def is_not_solved(self) -> None:
        self.tries(
            lambda one: official_acts.not_solved(one, by="vk:502", reason="Нет.", now=self.now)
        )

    @rule()
    def elder_objects(self) -> None:
        self.tries(lambda one: official_acts.objected(one, 502))

    @rule(voter=st.integers(1, 9), voice=st.sampled_from(list(Voice)), about=st.sampled_from("vs"))
    def somebody_says(self, voter: int, voice: Voice, about: str) -> None:
        of = "vote" if about == "v" else f"solved/{self.question.turn}"
        self.door.voices.put(self.question.id, of, f"{voter}", voice, at=self.now, order=f"{voter}")

    @rule(passed=SPANS)
    def time_passes(self, passed: timedelta) -> None:
        self.door.clock.sleep(passed.total_seconds())
        if is_due(self.question, self.desk):
            self.tries(wake(self.question, desk=self.desk))

    @invariant()
    def what_happened_is_told_in_order(self) -> None:
        state = QuestionState.PROPOSED
        for deed in self.question.deeds:
            state = MOVES[state, deed.what]
        assert state == self.question.state

    @invariant()
    def what_is_over_says_so_and_waits_for_nothing(self) -> None:
        assert (self.question.closed_at is not None) == self.question.state.over
        assert bool(self.question.outcome) == self.question.state.over
        if self.question.state.over:
            assert self.question.wake_at is None

    @invariant()
    def no_errand_is_there_twice(self) -> None:
        ids = [errand.id for errand in self.question.errands]
        assert len(ids) == len(set(ids))

    @invariant()
    def time_alone_leads_to_an_end_or_to_whoever_is_to_answer(self) -> None:
        began, question = self.door.clock.seconds, self.question
        for _ in range(MOST_TERMS):
            if question.wake_at is None:
                break
            self.door.clock.seconds = max(self.door.clock.now(), question.wake_at.timestamp())
            after = wake(question, desk=self.desk)(question)
            assert after != question, "a term that is over brings something"
            question = after
        self.door.clock.seconds = began

        told_above = question.state == QuestionState.INVITED and question.level > 0
        assert question.state.over or told_above, question.state


TestQuestionLife = QuestionLife.TestCase
TestQuestionLife.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


def test_every_state_that_is_not_over_has_somebody_who_ends_its_terms() -> None:
    waiting = {state for state in QuestionState if not state.over}

    assert set(WAKES) == waiting


def test_from_every_state_but_the_ends_something_may_happen() -> None:
    left = {state for state, _ in MOVES}

    ends = set(QuestionState) - left

    assert ends == {QuestionState.DECLINED, QuestionState.WITHDRAWN}


def test_a_question_is_not_opened_anew_after_thirty_days() -> None:
    now = JANUARY + timedelta(days=100)
    closed = replace(QUESTION, state=QuestionState.CLOSED, closed_at=now - timedelta(days=31))

    with pytest.raises(NotNowError, match="в течение 30 дней"):
        question_acts.reopened(closed, by="vk:502", reason="", now=now)


def test_of_however_much_happens_to_a_question_no_errand_has_the_name_of_another() -> None:
    question, names = replace(QUESTION, state=QuestionState.INVITED), list[str]()
    for number in range(MOST_DEEDS + 50):
        question = official_acts.redirected(
            replace(question, errands=()),
            (HEATING, COMPANY)[number % 2],
            OrganisationKind.UTILITY,
            by="vk:7",
            reason="Не наше.",
            now=JANUARY,
            decides=True,
        )
        names += [errand.id for errand in question.errands]

    assert len(question.deeds) == MOST_DEEDS
    assert len(names) == len(set(names)) >= 2 * MOST_DEEDS


def test_a_question_is_answered_thirty_times_at_most() -> None:
    question = replace(QUESTION, state=QuestionState.INVITED)
    for number in range(official_acts.MOST_ANSWERS):
        answer = OfficialAnswer("2901000017", "vk:7", JANUARY, "Починим.", id=f"{number}")
        question = official_acts.answered(question, answer)

    with pytest.raises(NotNowError, match="уже 30 раз"):
        official_acts.answered(question, replace(answer, id="one more"))
    assert official_acts.answered(question, answer) == question
