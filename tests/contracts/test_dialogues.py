"""What the bot waits to hear is kept the same way in memory and in the table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.dialogues import DynamoDialogues, DynamoSeenEvents
from housechats.domain.chat_events import ChatEvent, EventKind, Room
from housechats.domain.dialogues import Dialogue
from housechats.ports.dialogues import Dialogues, SeenEvents
from support.dialogue_fakes import FakeDialogues, FakeSeenEvents

NOW = datetime.now(UTC).replace(microsecond=0)
ASKED = Dialogue(
    community=7,
    vk_id=501,
    room=Room.COMPLAINTS,
    step="where",
    thing="",
    asked_at=NOW,
    until=NOW + timedelta(days=7),
    notes={"what": "лифт стоит"},
)
EVENT = ChatEvent(id="e-1", community=7, kind=EventKind.JOINED, at=NOW, user=501, chat_id=1)


@pytest.fixture(params=["in memory", "in the table"])
def dialogues(request: pytest.FixtureRequest) -> Dialogues:
    if request.param == "in memory":
        return FakeDialogues()
    return DynamoDialogues(request.getfixturevalue("table"))


@pytest.fixture(params=["in memory", "in the table"])
def seen_events(request: pytest.FixtureRequest) -> SeenEvents:
    if request.param == "in memory":
        return FakeSeenEvents()
    return DynamoSeenEvents(request.getfixturevalue("table"))


def test_a_dialogue_is_kept_whole_and_for_its_community_only(dialogues: Dialogues) -> None:
    dialogues.begin(ASKED)

    assert dialogues.get(7, 501) == ASKED
    assert dialogues.get(8, 501) is None
    assert dialogues.get(7, 502) is None


def test_a_new_dialogue_takes_the_place_of_any_other(dialogues: Dialogues) -> None:
    another = replace(ASKED, room=Room.QUESTIONS, step="text", thing="q-1")

    dialogues.begin(ASKED)
    dialogues.begin(another)

    assert dialogues.get(7, 501) == another


def test_a_dialogue_goes_on_from_the_step_that_was_read(dialogues: Dialogues) -> None:
    dialogues.begin(ASKED)
    next_step = replace(ASKED, step="photo", revision=2)

    tries = [dialogues.go_on(next_step), dialogues.go_on(next_step)]

    assert tries == [True, False]
    assert dialogues.get(7, 501) == next_step


def test_a_dialogue_does_not_go_on_in_the_place_of_another(dialogues: Dialogues) -> None:
    another = replace(ASKED, room=Room.QUESTIONS, thing="q-1")
    dialogues.begin(another)

    went_on = dialogues.go_on(replace(ASKED, step="photo", revision=2))

    assert not went_on
    assert dialogues.get(7, 501) == another


def test_a_dialogue_that_is_over_does_not_go_on(dialogues: Dialogues) -> None:
    dialogues.begin(ASKED)
    dialogues.end(ASKED)

    assert not dialogues.go_on(replace(ASKED, step="photo", revision=2))
    assert dialogues.get(7, 501) is None


@pytest.mark.parametrize(
    "another",
    [
        pytest.param(replace(ASKED, room=Room.QUESTIONS), id="of another room"),
        pytest.param(replace(ASKED, thing="c-2"), id="about another thing"),
        pytest.param(replace(ASKED, revision=2, step="photo"), id="a step further"),
        pytest.param(replace(ASKED, asked_at=NOW + timedelta(seconds=1)), id="begun anew"),
    ],
)
def test_the_end_of_a_dialogue_spares_the_one_in_its_place(
    dialogues: Dialogues, another: Dialogue
) -> None:
    dialogues.begin(another)

    dialogues.end(ASKED)

    assert dialogues.get(7, 501) == another


def test_a_dialogue_that_waited_too_long_is_forgotten(dialogues: Dialogues) -> None:
    dialogues.begin(replace(ASKED, until=NOW - timedelta(minutes=1)))

    assert dialogues.get(7, 501) is None


def test_an_event_is_known_when_it_was_noted(seen_events: SeenEvents) -> None:
    seen_events.note(EVENT, now=NOW)

    assert seen_events.seen(EVENT)
    assert not seen_events.seen(replace(EVENT, id="e-2"))
    assert not seen_events.seen(replace(EVENT, community=8))


def test_an_event_is_forgotten_after_a_day(seen_events: SeenEvents) -> None:
    seen_events.note(EVENT, now=NOW - timedelta(hours=24, minutes=1))

    assert not seen_events.seen(EVENT)
