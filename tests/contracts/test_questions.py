"""Questions, voices and rules of votes are kept alike in memory and in the table."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from housechats.adapters.questions import (
    DynamoQuestionRulebook,
    DynamoQuestions,
    DynamoVoices,
)
from housechats.adapters.table import Table
from housechats.domain.errands import Errand
from housechats.domain.official_acts import LONGEST_ANSWER, MOST_ANSWERS, REDIRECTS_KEPT
from housechats.domain.organisations import OrganisationKind
from housechats.domain.question_rules import TerritoryQuestionRules
from housechats.domain.questions import (
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_DEEDS,
    Deed,
    Happening,
    OfficialAnswer,
    Question,
    QuestionState,
    Tally,
    Voice,
    Where,
)
from housechats.domain.territories import Territory
from housechats.ports.questions import QuestionRulebook, Questions, Voices
from support.clock import JANUARY
from support.question_fakes import FakeQuestionRulebook, FakeQuestions, FakeVoices

NOW = JANUARY.replace(year=2036)
"""Far ahead: the table hides what has expired by the real clock."""
INN = "2901000017"
QUESTION = Question(
    id="0123456789ab",
    house_id="ABCDEF01",
    oktmo="11701000",
    community=5,
    chat_id=7,
    text="В подъезде нет света.",
    where=Where.ENTRANCE,
    raised_by="vk:601",
    raised_at=NOW,
)
WHOLE = replace(
    QUESTION,
    state=QuestionState.ANSWERED,
    photos=("photo1_2_key", "photo1_3"),
    inn=INN,
    kind=OrganisationKind.UTILITY,
    vote_until=NOW,
    enough=4,
    card_cmid=11,
    asked_cmid=13,
    card_at=NOW,
    card_shown_at=NOW + timedelta(milliseconds=5),
    card_number=2,
    tally=Tally(5, 1),
    round=2,
    invited_at=NOW,
    answer_due_at=NOW + timedelta(days=3),
    told=(7, 8),
    unreached="Телефона нет.",
    texting_at=NOW,
    remind_at=(NOW + timedelta(days=1), NOW + timedelta(days=3)),
    answers=(
        OfficialAnswer(INN, "vk:7", NOW, "Починим.", pin=True),
        OfficialAnswer(
            INN, "vk:7", NOW, "Да.", photos=("photo1_4",), id="e", speaker="УК", cmid=12
        ),
    ),
    solved_cmid=13,
    solved_shown_at=NOW,
    elder_objects=True,
    solved=Tally(1, 2),
    past_discussions=("d1",),
    deeds=(Deed(NOW, Happening.RAISED, "vk:601"), Deed(NOW, Happening.SILENCE, reason="нет")),
    errands=(Errand("card", "post_card", at=NOW, begun_at=NOW, tries=2, to=5, value="v"),),
    reminded=1,
    level=1,
    redirects=("2901000024: не наше",),
    discussion_id="d2",
    discussed_until=NOW + timedelta(days=7),
    discussion_cmid=14,
    turn=5,
    silence_at=NOW + timedelta(days=7),
    outcome="Решено.",
    closed_at=NOW,
    wake_at=NOW + timedelta(days=1),
)


@pytest.fixture(params=["memory", "table"])
def questions(request: pytest.FixtureRequest, table: Table) -> Questions:
    kinds: dict[str, Callable[[], Questions]] = {
        "memory": FakeQuestions,
        "table": lambda: DynamoQuestions(table),
    }
    return kinds[request.param]()


@pytest.fixture(params=["memory", "table"])
def voices(request: pytest.FixtureRequest, table: Table) -> Voices:
    kinds: dict[str, Callable[[], Voices]] = {
        "memory": FakeVoices,
        "table": lambda: DynamoVoices(table),
    }
    return kinds[request.param]()


@pytest.fixture(params=["memory", "table"])
def rulebook(request: pytest.FixtureRequest, table: Table) -> QuestionRulebook:
    kinds: dict[str, Callable[[], QuestionRulebook]] = {
        "memory": FakeQuestionRulebook,
        "table": lambda: DynamoQuestionRulebook(table),
    }
    return kinds[request.param]()


def test_a_question_comes_back_as_it_was_kept(questions: Questions) -> None:
    kept = questions.add(WHOLE)

    assert replace(kept, listed_for=()) == WHOLE
    assert questions.get(WHOLE.id) == kept


def test_nothing_of_a_question_is_left_out_of_what_is_compared() -> None:
    same = {one.name for one in fields(Question) if getattr(WHOLE, one.name) == one.default}

    assert same <= {"revision", "listed_for"}


def test_a_question_that_is_there_already_stays(questions: Questions) -> None:
    first = questions.add(QUESTION)

    second = questions.add(replace(QUESTION, text="Совсем другой вопрос."))

    assert second == first
    assert questions.get(QUESTION.id) == first


def test_of_two_who_change_a_question_only_one_does(questions: Questions) -> None:
    read = questions.add(QUESTION)

    saved = questions.save(replace(read, chat_id=8))
    late = questions.save(replace(read, chat_id=9))

    assert saved == replace(read, chat_id=8, revision=read.revision + 1)
    assert late is None
    assert questions.get(QUESTION.id) == saved


def test_what_is_gone_from_a_question_is_gone(questions: Questions) -> None:
    read = questions.add(WHOLE)

    saved = questions.save(replace(read, errands=(), wake_at=None, answer_due_at=None))

    assert saved
    assert questions.get(WHOLE.id) == saved
    assert questions.due(NOW + timedelta(days=9), limit=80) == []


def test_a_house_has_its_questions_the_newest_first(questions: Questions) -> None:
    old = questions.add(QUESTION)
    new = questions.add(replace(QUESTION, id="1" * 12, raised_at=NOW + timedelta(hours=1)))
    questions.add(replace(QUESTION, id="2" * 12, house_id="OTHER001"))
    voting = questions.save(replace(old, state=QuestionState.VOTING))

    assert questions.of_house("ABCDEF01") == [new, voting]
    assert questions.of_house("ABCDEF01", state=QuestionState.VOTING) == [voting]


def test_a_territory_has_its_questions_and_no_other_ones(questions: Questions) -> None:
    here = questions.add(QUESTION)
    questions.add(replace(QUESTION, id="1" * 12, oktmo="11730000"))
    questions.add(replace(QUESTION, id="2" * 12, oktmo="118" + "0" * 5))
    questions.add(replace(QUESTION, id="3" * 12, raised_at=NOW - timedelta(days=2)))

    assert questions.of_territory(Territory("11701000"), since=NOW) == [here]
    assert len(questions.of_territory(Territory("11"), since=NOW)) == 2


def test_an_organisation_has_what_it_was_asked_and_is_still_to_answer(
    questions: Questions,
) -> None:
    asked = replace(QUESTION, inn=INN, invited_at=NOW, state=QuestionState.INVITED)
    late = questions.add(replace(asked, id="1" * 12, answer_due_at=NOW + timedelta(days=2)))
    soon = questions.add(replace(asked, id="2" * 12, answer_due_at=NOW + timedelta(days=1)))
    questions.add(replace(QUESTION, id="3" * 12, inn=INN))
    gone = questions.add(replace(asked, id="4" * 12))
    elsewhere = questions.save(replace(gone, inn="2901000024"))

    assert questions.of_organisation(INN) == [soon, late]
    assert questions.of_organisation("2901000024") == [elsewhere]


def test_a_question_with_all_that_can_be_said_of_it_is_kept(questions: Questions) -> None:
    longest, reason = "й" * LONGEST_ANSWER, "й" * LONGEST_REASON
    full = questions.add(replace(QUESTION, text="й" * LONGEST_TEXT, state=QuestionState.ANSWERED))
    answers = tuple(
        OfficialAnswer(INN, "vk:7", NOW, longest, id=f"event/{n}", speaker="й" * 200)
        for n in range(MOST_ANSWERS)
    )
    deeds = (Deed(NOW, Happening.REDIRECTED, "vk:7", reason),) * MOST_DEEDS
    redirects = (f"{INN}: {reason}",) * REDIRECTS_KEPT

    saved = questions.save(replace(full, answers=answers, deeds=deeds, redirects=redirects))

    assert saved
    assert questions.get(QUESTION.id) == saved


def test_who_is_due_is_found_until_it_is_put_off(questions: Questions) -> None:
    questions.add(replace(QUESTION, wake_at=NOW))
    questions.add(replace(QUESTION, id="1" * 12, wake_at=NOW + timedelta(hours=1)))
    questions.add(replace(QUESTION, id="2" * 12))
    at_once = replace(QUESTION, id="3" * 12, errands=(Errand("card", "post_card"),))
    questions.add(at_once)

    due = sorted(questions.due(NOW, limit=80))
    for one in due:
        questions.postpone(one, until=NOW + timedelta(minutes=5))

    assert due == [QUESTION.id, at_once.id]
    assert questions.due(NOW + timedelta(minutes=4), limit=80) == []
    assert sorted(questions.due(NOW + timedelta(minutes=5), limit=80)) == due


def test_a_question_that_was_gone_on_with_meanwhile_is_due_at_its_own_next_term(
    questions: Questions,
) -> None:
    first = questions.add(replace(QUESTION, wake_at=NOW))
    in_a_week = NOW + timedelta(days=7)
    handed_over = questions.due(NOW, limit=80)

    questions.save(replace(first, wake_at=in_a_week))
    questions.postpone(QUESTION.id, until=NOW + timedelta(minutes=5))

    assert handed_over == [QUESTION.id]
    assert questions.due(in_a_week - timedelta(seconds=1), limit=80) == []
    assert questions.due(in_a_week, limit=80) == [QUESTION.id]


def test_a_question_whose_errands_wait_is_due_when_the_first_may_be_done(
    questions: Questions,
) -> None:
    late = Errand("edit", "edit_card", at=NOW + timedelta(seconds=5))
    questions.add(replace(QUESTION, errands=(late,)))

    assert questions.due(NOW, limit=80) == []
    assert questions.due(NOW + timedelta(seconds=5), limit=80) == [QUESTION.id]


def test_a_person_has_one_voice_and_the_last_word_counts(voices: Voices) -> None:
    def says(voter: str, voice: Voice, seconds: int, order: str = "e") -> bool:
        at = NOW + timedelta(seconds=seconds)
        return voices.put(QUESTION.id, "vote", voter, voice, at=at, order=order)

    assert says("a", Voice.FOR, 0)
    assert says("b", Voice.FOR, 0)
    assert says("a", Voice.AGAINST, 2)
    assert not says("a", Voice.FOR, 1)
    assert says("a", Voice.AGAINST, 2), "a repeat is what was said"

    assert voices.tally(QUESTION.id, "vote") == Tally(1, 1)


def test_of_two_words_of_one_moment_the_events_order_decides(voices: Voices) -> None:
    for order in ("2", "1"):
        voice = Voice.FOR if order == "2" else Voice.AGAINST
        voices.put(QUESTION.id, "vote", "a", voice, at=NOW, order=order)

    assert voices.tally(QUESTION.id, "vote") == Tally(1, 0)


def test_each_vote_is_counted_for_itself(voices: Voices) -> None:
    voices.put(QUESTION.id, "vote", "a", Voice.FOR, at=NOW, order="1")
    voices.put(QUESTION.id, "solved/1", "a", Voice.AGAINST, at=NOW, order="2")
    voices.put("another", "vote", "a", Voice.FOR, at=NOW, order="3")

    assert voices.tally(QUESTION.id, "vote") == Tally(1, 0)
    assert voices.tally(QUESTION.id, "solved/1") == Tally(0, 1)
    assert voices.tally(QUESTION.id, "solved/2") == Tally()


def test_voices_of_what_is_over_go_at_their_time(voices: Voices) -> None:
    voices.put(QUESTION.id, "vote", "a", Voice.FOR, at=NOW, order="1")

    voices.forget(QUESTION.id, until=JANUARY.replace(year=2020))

    assert voices.tally(QUESTION.id, "vote") == Tally()


def test_rules_of_a_territory_are_changed_by_who_has_seen_them(
    rulebook: QuestionRulebook,
) -> None:
    first = TerritoryQuestionRules("11701000", vote_days=3, at_least=5, revision=1)

    assert rulebook.put(first)
    assert not rulebook.put(first)
    assert rulebook.put(replace(first, vote_days=4, revision=2))
    assert rulebook.put(TerritoryQuestionRules("11", share_percent=5, revision=1))
    assert rulebook.put(TerritoryQuestionRules("71", revision=1))

    assert rulebook.of_region("11") == [
        TerritoryQuestionRules("11", share_percent=5, revision=1),
        replace(first, vote_days=4, revision=2),
    ]
