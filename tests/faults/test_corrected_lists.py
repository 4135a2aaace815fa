"""A corrected list changes what differs, once, whatever is killed and whatever comes late."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from housechats.domain.batches import BatchState
from housechats.domain.chats import said
from housechats.domain.instructions import Told
from housechats.domain.progress import Status, progress
from housechats.domain.territories import Territory
from support.clock import JANUARY
from support.killing import Wire
from support.small_list import HOUSES, PHONE, chats_of, check_chat
from support.vk_side import WILLING
from support.world import OKTMO, World

HEADER = "Адрес;Подъезды;Старший по дому;Телефон;ВКонтакте;УК;ИНН УК"
COSY, HOME = "2901000017", "2901000024"
PAGE = "https://vk.ru/marfa_v"
NEW_PHONE = "+79990000005"
FIRST = "\n".join(
    [
        HEADER,
        f"г. Архангельск, {HOUSES[0]};2;Вымыслова Марфа;;{PAGE};Уют;{COSY}",
        f"г. Архангельск, {HOUSES[1]};;Вымыслова Марфа;;{PAGE};Уют;{COSY}",
        f"г. Архангельск, {HOUSES[2]};1;Небылов Фома;{PHONE};;Уют;{COSY}",
        f"г. Архангельск, {HOUSES[3]};;;;;;",
    ]
)
CORRECTED = "\n".join(
    [
        HEADER,
        f"г. Архангельск, {HOUSES[0]};;;;;Дом;{HOME}",
        f"г. Архангельск, {HOUSES[1]};;Вымыслова Марфа;;{PAGE};Уют;{COSY}",
        f"г. Архангельск, {HOUSES[2]};1;Былов Пётр;{NEW_PHONE};;;",
        f"г. Архангельск, {HOUSES[3]};3;Вымыслова Марфа;;{PAGE};;",
    ]
)
CHANGES = [("organisations",), (), ("elder",), ("elder", "entrances")]
KEY_OF_FIRST = f"lists/{OKTMO}/дома.csv"
KEY_OF_CORRECTED = f"lists/{OKTMO}/дома исправленные.csv"


def begun(monkeypatch: pytest.MonkeyPatch, wire: Wire, *, echo: bool = False) -> World:
    """Let the first list come to its end, and the corrected one be in the bucket."""
    world = World(monkeypatch, wire=wire, echo=echo)
    world.put_list(FIRST, key=KEY_OF_FIRST)
    world.run()
    world.put_list(CORRECTED, key=KEY_OF_CORRECTED)
    return world


def count_calls() -> tuple[int, int]:
    """Return the numbers of the first and the last call that the corrected list makes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        world = begun(monkeypatch, Wire())
        first = len(world.wire.calls) + 1
        world.run()
        return first, len(world.wire.calls)


FIRST_CALL, LAST_CALL = count_calls()


def check_houses(world: World) -> None:
    """Every house has its one chat, and what the corrected list says."""
    assert world.dead == []
    for title in HOUSES:
        check_chat(world, title)
        (chat,) = chats_of(world)[title]
        house = world.house_at(title)
        assert chat.pinned
        assert chat.pinned.text == said(house, world.elders.get(house.elder_id))
    assert sorted(chats_of(world)) == sorted(HOUSES)
    houses = [world.house_at(title) for title in HOUSES]
    assert [list(house.organisations) for house in houses] == [[HOME], [COSY], [COSY], []]
    assert [house.entrances for house in houses] == [2, 0, 1, 3]
    was, now = (world.attachments.by_key[inn, houses[0].id].periods[-1] for inn in (COSY, HOME))
    assert was.since < now.since
    assert was.until is not None
    assert now.until is None
    assert was.until - now.since < timedelta(minutes=10)
    (stays,) = world.attachments.by_key[COSY, houses[1].id].periods
    assert stays.until is None
    assert stays.since < JANUARY + timedelta(hours=1)


def check_told(world: World, *, former_may_miss: bool = False) -> None:
    """Every elder was told once of each house; nobody's instruction is left behind.

    A killed worker's SMS may be unknown: then a person is told so.
    """
    assert all(one.state.final for one in world.instructions.by_key.values())
    letters = [message.text for message in world.sandbox.journal.messages(WILLING)]
    about = Counter(title for title in HOUSES for text in letters if f"• {title}: http" in text)
    assert about == Counter([HOUSES[0], HOUSES[1], HOUSES[3]])
    told = Counter(phone for phone, text in world.sms.sent if "передан" not in text)
    partings = [phone for phone, text in world.sms.sent if "передан" in text]
    unknown = [one for one in world.instructions.by_key.values() if one.state == "unknown"]
    assert all(times == 1 for times in told.values())
    assert set(told) <= {PHONE, NEW_PHONE}
    assert len(partings) <= told[PHONE]
    if not unknown:
        assert NEW_PHONE in told
        assert PHONE in told or former_may_miss
        # Who was told that the house is theirs is told that it is another's.
        assert partings == [PHONE] * told[PHONE]


def check_said(world: World) -> None:
    """Staff see what the list has changed, and that it is done."""
    assert {batch.state for batch in world.batches.by_id.values()} == {BatchState.ENROLLED}
    (corrected,) = (one for one in world.batches.by_id.values() if "исправленные" in one.name)
    verdicts = world.batches.chunk(corrected.id, 0)
    assert [verdict.changes for verdict in verdicts] == CHANGES
    assert corrected.existing == len(HOUSES)
    lines = world.houses.lines(Territory(OKTMO))
    letters = world.instructions.of_batch(corrected.id)
    told = progress(corrected, lines, Told.of(letters), now=world.clock.moment())
    assert (told.status, told.elders) == (Status.DONE, 2)


def test_a_corrected_list_changes_what_differs_and_has_new_elders_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = begun(monkeypatch, Wire())
    chats = [world.house_at(title).chat_id for title in HOUSES]
    calls = len(world.sandbox.journal.created_chats())

    world.run()

    check_houses(world)
    check_told(world)
    check_said(world)
    assert [world.house_at(title).chat_id for title in HOUSES] == chats
    assert len(world.sandbox.journal.created_chats()) == calls


def test_a_corrected_list_that_comes_again_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = begun(monkeypatch, Wire())
    world.run()
    before = dict(world.houses.by_id), dict(world.attachments.by_key)
    told = len(world.sms.sent), len(world.sandbox.journal.messages(WILLING))

    world.put_list(CORRECTED, key=f"lists/{OKTMO}/ещё раз.csv")
    world.run()

    assert (world.houses.by_id, world.attachments.by_key) == before
    assert (len(world.sms.sent), len(world.sandbox.journal.messages(WILLING))) == told


@pytest.mark.parametrize("echo", [False, True], ids=["", "and delivered again at once"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", range(FIRST_CALL, LAST_CALL + 1))
def test_a_worker_killed_at_a_corrected_list(
    monkeypatch: pytest.MonkeyPatch, number: int, moment: str, *, echo: bool
) -> None:
    world = begun(monkeypatch, Wire(**{moment: {number}}), echo=echo)

    world.run()

    assert world.wire.kills == 1
    check_houses(world)
    check_told(world)
    check_said(world)


@pytest.mark.parametrize("calls", range(5, FIRST_CALL, 6))
def test_a_list_that_is_corrected_while_its_chats_open(
    monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    world = World(monkeypatch)
    world.put_list(FIRST, key=KEY_OF_FIRST)
    world.run_until(lambda: len(world.wire.calls) >= calls and len(world.houses.by_id) == 4)
    world.clock.sleep(1)

    world.put_list(CORRECTED, key=KEY_OF_CORRECTED)
    world.run()

    check_houses(world)
    check_told(world, former_may_miss=True)
    check_said(world)


@pytest.mark.parametrize("seed", range(20))
def test_workers_are_killed_while_a_list_is_corrected_and_all_comes_twice(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    first = chance.randrange(20, FIRST_CALL)
    wire = Wire(before={first + chance.randint(5, 40)}, after={first + chance.randint(41, 80)})
    world = World(monkeypatch, wire=wire, shuffle=chance, echo=True)
    world.put_list(FIRST, key=KEY_OF_FIRST)
    world.run_until(lambda: len(world.wire.calls) >= first and len(world.houses.by_id) == 4)
    world.clock.sleep(1)

    world.put_list(CORRECTED, key=KEY_OF_CORRECTED)
    world.run()

    check_houses(world)
    check_told(world, former_may_miss=True)
    check_said(world)
