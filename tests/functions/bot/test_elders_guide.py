"""The elder's guide: what an elder does in VK brings the next step, once, and never at night."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.guide import DONE
from housechats.domain.chat_events import Press, Room
from housechats.domain.guide_texts import (
    CALL_NOTED,
    CALL_WITHOUT_PHONE,
    NEXT,
    NOT_SEEN,
    OVER,
    PASSED,
    SHOWN,
)
from housechats.domain.guides import BEGINS_AFTER, PAUSES, GuideStep, Obstacle
from housechats.domain.posters import poster_key, posters_key
from support.bot_door import ELDER, ELDER_ID
from support.guide_door import GuideDoor, pauses
from support.killing import Killed, Wire

NEIGHBOUR = 601
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> GuideDoor:
    return GuideDoor().open(monkeypatch)


def test_an_elder_is_led_from_joining_to_the_posters_and_then_left_alone(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    step_two = bot.heard()
    text = bot.last().text
    copied = bot.says("Готово")
    step_three, file = bot.last(), bot.last().attachments
    printed = bot.says("Готово")

    bot.live(60 * DAY, step=timedelta(hours=6))

    assert step_two[0] == "Шаг 2 из 3. Позовите соседей:"
    assert text.startswith("Соседи, у нашего дома")
    assert text.endswith("/j/ABCDEF01")
    assert (copied, printed) == (NEXT, NEXT)
    assert step_three.text.startswith("Шаг 3 из 3.")
    assert len(file) == 1
    assert len(bot.heard()) == 4
    assert bot.last().text.startswith("Все три шага сделаны")
    assert bot.guided.step == GuideStep.DONE


def test_the_first_step_is_said_an_hour_after_the_letter_to_who_has_not_joined(
    bot: GuideDoor,
) -> None:
    bot.instructed()

    bot.live(BEGINS_AFTER - MINUTE, step=MINUTE)
    before = bot.heard()
    bot.live(10 * MINUTE, step=MINUTE)

    assert before == []
    assert bot.heard() == ["Шаг 1 из 3. Вступите в чат дома:"]
    assert bot.labels(bot.last()) == ["Вступить в чат", "Готово", "Не получается", "Позвоните мне"]


def test_who_joins_at_once_is_not_told_to_join(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()

    bot.live(DAY)

    assert not [said for said in bot.heard() if said.startswith("Шаг 1")]


def test_an_elder_who_does_nothing_is_reminded_three_times_by_day_and_never_again(
    bot: GuideDoor,
) -> None:
    bot.wait(timedelta(hours=8))  # the letter came at eight in the evening
    bot.instructed()

    bot.live(120 * DAY)

    moments = bot.heard_at()
    waits = pauses(moments)
    assert len(moments) == 1 + len(PAUSES)
    assert all(9 <= one.hour < 21 for one in moments)
    assert all(wait >= pause - DAY for wait, pause in zip(waits, PAUSES, strict=True))
    assert "Больше напоминать не будем" in bot.last().text


def test_saying_that_one_has_joined_is_not_enough(bot: GuideDoor) -> None:
    bot.instructed()
    bot.live(2 * BEGINS_AFTER)

    shown = bot.says("Готово")

    assert shown == NOT_SEEN
    assert bot.guided.step == GuideStep.JOIN


def test_a_join_of_which_no_event_told_is_seen_when_the_button_is_pressed(bot: GuideDoor) -> None:
    bot.instructed()
    bot.live(2 * BEGINS_AFTER)
    bot.join(bot.house_chat, ELDER)
    bot.callbacks()  # lost

    shown = bot.says("Готово")

    assert shown == NEXT
    assert bot.guided.step == GuideStep.COPY


def test_who_does_not_succeed_says_why_and_is_told_what_to_do(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    bot.says("Готово")

    stuck = bot.says("Не получается")
    obstacles = bot.labels(bot.last())
    bot.says("Нет принтера")

    assert stuck == SHOWN
    assert "Нет принтера" in obstacles
    assert bot.guided.obstacle == Obstacle.NO_PRINTER
    assert "управляющую компанию" in bot.last().text
    assert bot.labels(bot.last()) == ["Готово", "Позвоните мне"]


def test_who_wants_to_be_called_hears_who_calls_and_when_and_is_not_reminded(
    bot: GuideDoor,
) -> None:
    bot.instructed()
    bot.enter()

    shown = bot.says("Позвоните мне")
    said = len(bot.heard())
    bot.live(40 * DAY, step=timedelta(hours=6))

    assert shown == CALL_NOTED
    assert bot.last().text == CALL_WITHOUT_PHONE
    assert bot.guided.wants_call
    assert len(bot.heard()) == said


def test_a_button_pressed_twice_or_under_an_older_message_does_nothing(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    older = next(one.cmid for one in bot.told(ELDER) if one.text.startswith("Шаг 2"))
    bot.says("Готово", cmid=older)
    said = bot.heard()

    shown = [bot.says("Готово", cmid=older), bot.says("Не получается", cmid=older)]

    assert shown == [PASSED, PASSED]
    assert bot.heard() == said
    assert bot.guided.step == GuideStep.PRINT


def test_a_list_of_obstacles_asked_for_thrice_comes_once(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    before = len(bot.heard())

    for _ in range(3):
        bot.says("Не получается")

    assert len(bot.heard()) == before + 1


def test_the_guide_of_who_was_replaced_is_over(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    bot.replaced()
    said = len(bot.heard())

    shown = bot.says("Готово")
    bot.live(40 * DAY, step=timedelta(hours=6))

    assert shown == OVER
    assert len(bot.heard()) == said
    assert bot.guided.over


@pytest.mark.parametrize("ends", [GuideDoor.replaced, GuideDoor.closed])
def test_nobody_is_reminded_of_a_house_that_is_theirs_no_more_or_closed(
    bot: GuideDoor, ends: Callable[[GuideDoor], None]
) -> None:
    bot.instructed()
    ends(bot)

    bot.live(40 * DAY, step=timedelta(hours=6))

    assert bot.heard() == []


def test_who_forbids_messages_hears_nothing_and_goes_on_when_they_write_again(
    bot: GuideDoor,
) -> None:
    bot.instructed()
    bot.enter()
    bot.sandbox.deny_messages(ELDER)
    bot.happen()
    said = len(bot.heard())

    bot.live(5 * DAY)
    silent = len(bot.heard())
    bot.allow(ELDER)
    bot.happen()

    assert silent == said
    assert [one for one in bot.heard()[said:] if one.startswith("Шаг 2")]


def test_an_elder_told_by_sms_is_guided_once_they_let_the_community_write(bot: GuideDoor) -> None:
    bot.instructed(reachable=False)
    bot.live(10 * DAY, step=timedelta(hours=6))
    before = bot.heard()

    bot.allow(ELDER)
    bot.happen()

    assert before == []
    assert bot.heard() == ["Шаг 1 из 3. Вступите в чат дома:"]


def test_an_elder_whose_letter_came_before_there_were_guides_begins_by_joining(
    bot: GuideDoor,
) -> None:
    bot.allow(ELDER)

    bot.enter()

    assert bot.guided.step == GuideStep.COPY
    assert bot.heard()[0].startswith("Шаг 2")


def test_a_neighbour_can_do_nothing_with_the_elders_buttons(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    bot.allow(NEIGHBOUR)
    bot.write(0, NEIGHBOUR, "Здравствуйте")
    bot.happen()

    press_id = bot.forge(0, NEIGHBOUR, Press(Room.GUIDE, DONE, ELDER_ID, "copy.1"))
    bot.happen()

    assert bot.snackbar(press_id) == OVER
    assert bot.guided.step == GuideStep.COPY


@pytest.mark.parametrize("value", ["", "copy", "copy.x", "nowhere.1", "copy.1.nothing", "copy.٣"])
def test_odd_buttons_change_nothing(bot: GuideDoor, value: str) -> None:
    bot.instructed()
    bot.enter()

    press_id = bot.forge(0, ELDER, Press(Room.GUIDE, DONE, ELDER_ID, value))
    bot.happen()

    assert bot.snackbar(press_id) in {OVER, PASSED}
    assert bot.guided.step == GuideStep.COPY


def test_one_message_names_all_houses_of_an_elder(bot: GuideDoor) -> None:
    other = bot.second_house()
    bot.instructed("ABCDEF01", "ABCDEF02")
    bot.live(2 * BEGINS_AFTER)
    first = bot.last().text
    bot.enter()
    waiting = len(bot.heard())

    bot.join(other, ELDER)
    bot.happen()

    assert "Садовая, д. 5" in first
    assert "Садовая, д. 7" in first
    assert waiting == 2
    assert [one[:5] for one in bot.heard()[1:]] == ["Видим", "Шаг 2", "Сосед"]
    assert bot.last().text.count("/j/") == 2


def test_an_elder_of_three_houses_who_joins_one_chat_hears_at_once_which_are_left(
    bot: GuideDoor,
) -> None:
    bot.second_house()
    bot.third_house()
    bot.instructed("ABCDEF01", "ABCDEF02", "ABCDEF03")

    bot.enter()
    seen = bot.last()
    bot.live(BEGINS_AFTER + 10 * MINUTE, step=10 * MINUTE)

    assert seen.text.startswith("Видим, что вы вступили: чатов 1 из 3.")
    assert "Садовая, д. 5" not in seen.text
    assert "Садовая, д. 7" in seen.text
    assert "Садовая, д. 9" in seen.text
    assert bot.labels(seen)[-3:] == ["Готово", "Не получается", "Позвоните мне"]
    assert len(bot.heard()) == 1


def test_who_joins_chat_after_chat_hears_of_it_once_an_hour(bot: GuideDoor) -> None:
    second, third = bot.second_house(), bot.third_house()
    bot.fourth_house()
    bot.instructed("ABCDEF01", "ABCDEF02", "ABCDEF03", "ABCDEF04")
    bot.enter()
    bot.wait(5 * MINUTE)

    bot.join(second, ELDER)
    bot.happen()
    soon = len(bot.heard())
    bot.wait(timedelta(hours=1))
    bot.join(third, ELDER)
    bot.happen()

    assert soon == 1
    assert bot.heard()[1].startswith("Видим, что вы вступили: чатов 3 из 4.")


def test_a_poster_that_is_kept_no_more_is_drawn_anew_before_it_is_sent(bot: GuideDoor) -> None:
    bot.instructed()
    bot.enter()
    bot.files.delete(poster_key("ABCDEF01"))

    bot.says("Готово")
    waiting = bot.heard()[-1]
    bot.files.put(posters_key("letter", ELDER_ID), b"%PDF anew", content_type="application/pdf")
    bot.live(5 * MINUTE, step=MINUTE)

    assert not waiting.startswith("Шаг 3")
    assert bot.posters.bodies[0] == {"batch_id": "letter", "elder_id": ELDER_ID}
    assert bot.heard()[-1].startswith("Шаг 3")
    assert len(bot.last().attachments) == 1


def test_an_elder_whose_poster_cannot_be_drawn_is_told_the_step_all_the_same(
    bot: GuideDoor,
) -> None:
    bot.instructed()
    bot.enter()
    bot.files.delete(poster_key("ABCDEF01"))

    bot.says("Готово")
    bot.live(DAY)

    assert "в первом письме" in bot.last().text


def test_one_guide_that_cannot_go_on_keeps_no_other_from_it(
    bot: GuideDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.instructed()
    broken = bot.guided
    bot.guides.by_elder = {"a-broken-one": broken, ELDER_ID: broken}
    bot.wait(2 * BEGINS_AFTER)
    houses_get = bot.houses.get_many

    def fail_once(_: object) -> object:
        monkeypatch.setattr(bot.houses, "get_many", houses_get)
        raise KeyError("a bug")

    monkeypatch.setattr(bot.houses, "get_many", fail_once)

    with pytest.raises(ExceptionGroup) as raised:
        bot.sweep()

    assert [type(one) for one in raised.value.exceptions] == [KeyError]
    assert len(bot.heard()) == 1


def lived_through(bot: GuideDoor) -> list[str]:
    """Lead an elder through all steps; who is killed in the sweep is called again by the next."""
    bot.instructed()
    bot.happen()  # one event at a time: so the calls have their numbers in every life
    bot.wait(BEGINS_AFTER)
    for _ in range(8):
        bot.wait(MINUTE)
        try:
            bot.sweep()
        except Killed:
            continue
    bot.enter()
    for label in ("Не получается", "Не умею копировать", "Готово", "Готово"):
        bot.press(0, ELDER, label)
        bot.happen()
    return bot.heard()


def test_a_guide_killed_at_any_call_says_the_same_once(monkeypatch: pytest.MonkeyPatch) -> None:
    undisturbed = GuideDoor().open(monkeypatch)
    said = lived_through(undisturbed)
    calls = [
        number
        for number, call in enumerate(undisturbed.wire.calls, start=1)
        if call.startswith("guides.") or call == "talk.tell"
    ]
    assert len(said) == 7

    for number in calls:
        for wire in (Wire(before=[number]), Wire(after=[number])):
            bot = GuideDoor(wire=wire).open(monkeypatch)

            came = lived_through(bot)

            assert wire.kills == 1
            assert came == said, undisturbed.wire.calls[number - 1]
