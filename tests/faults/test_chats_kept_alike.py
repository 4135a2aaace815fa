"""What people change of a house comes to its chat, once, whoever is killed on the way."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from create_chats.change_house import Changes, WrongStateError, change_house, close, reopen
from create_chats.hand_over import hand_over
from housechats.domain.chats import said
from housechats.domain.houses import ChatState, House
from housechats.domain.people import Elder
from join.lead import lead
from local.vk.conversations import Chat
from local.vk.errors import PersonError
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches, every_position
from support.fakes import FakeScans
from support.killing import Killed, Wire
from support.small_list import HOUSES, LIST, PHONE
from support.vk_side import COMMUNITY, WILLING
from support.world import World

TITLE = HOUSES[2]
"""A house whose elder was reached by SMS."""
NAME = "ЖК «Север»"
HEIR = Elder("Вымыслова Марфа", vk_id=WILLING)
"""She has two houses already."""
TEXTED_HEIR = Elder("Новиков Пров", phone="+79990000009")
REASON = "Дом расселён."

Act = Callable[[World], object]


def opened(monkeypatch: pytest.MonkeyPatch, wire: Wire, switches: Switches | None = None) -> World:
    world = World(monkeypatch, switches=switches or Switches(), wire=wire)
    world.put_list(LIST)
    world.run()
    world.house_id = world.house_at(TITLE).id  # type: ignore[attr-defined]
    return world


def house_of(world: World) -> House:
    return world.houses.by_id[world.house_id]  # type: ignore[attr-defined]


def chat_of(world: World) -> Chat:
    return world.sandbox.communities[COMMUNITY].chats[house_of(world).chat_id]


def by_person(world: World, act: Act) -> None:
    """Do what a person does, who tries again when the request dies."""
    while True:
        try:
            act(world)
        except Killed:
            continue
        except WrongStateError:
            assert world.wire.kills, "it was done by a request that died"
        return


def rename(world: World) -> object:
    house, desk = house_of(world), world.handing
    return change_house(
        house,
        Changes(name=NAME),
        houses=desk.houses,
        renewals=desk.renewals,
    )


def name_heir(world: World, elder: Elder = HEIR) -> object:
    house, now = house_of(world), world.clock.moment()
    return hand_over(house, elder, desk=world.handing, now=now)


def shut(world: World) -> object:
    house, desk = house_of(world), world.handing
    return close(
        house,
        REASON,
        houses=desk.houses,
        renewals=desk.renewals,
        now=world.clock.moment(),
    )


def open_again(world: World) -> object:
    house, desk = house_of(world), world.handing
    return reopen(
        house,
        houses=desk.houses,
        instructions=desk.instructions,
        renewals=desk.renewals,
        now=world.clock.moment(),
    )


ACTS: dict[str, list[Act]] = {
    "a new title": [rename],
    "a new elder": [name_heir],
    "a closing": [shut],
    "a closing and an opening": [shut, open_again],
}


def do(world: World, name: str) -> None:
    """Have it done, and all that comes of it."""
    for act in ACTS[name]:
        by_person(world, act)
        world.run()


def check_alike(world: World) -> None:
    """The chat says what the table says, and the table says no more than what is there."""
    assert world.dead == []
    house, chat = house_of(world), chat_of(world)
    elder = world.elders.get(house.elder_id)
    assert not house.outdated
    assert chat.title == house.title
    assert chat.pinned
    assert chat.pinned.text == said(house, elder)
    assert chat.pinned.cmid == house.welcome_cmid
    links = {True: f"{world.sandbox.invite_base}{chat.link}", False: ""}
    assert house.link == links[house.state == ChatState.OPEN]


def check_said_once(world: World, name: str) -> None:
    """Nothing was said twice in the chat: what could be edited is still one message."""
    written = {"a closing": 2, "a closing and an opening": 3}.get(name, 1)
    assert len(world.sandbox.journal.messages(chat_of(world).peer_id)) == written


def check_parted(world: World) -> None:
    """The former elder was told once, or a person knows that nobody can tell."""
    partings = [text for phone, text in world.sms.sent if phone == PHONE and "передан" in text]
    (parting,) = [one for one in world.instructions.by_key.values() if one.former]
    if parting.state == "unknown":
        assert len(partings) <= 1
    else:
        assert (parting.state, len(partings)) == ("sent", 1)
        assert TITLE in partings[0]
    told = [m.text for m in world.sandbox.journal.messages(WILLING) if TITLE in m.text]
    assert len(told) == 1


def count_calls(name: str) -> tuple[int, int]:
    """Return the numbers of the first and the last call that an act makes."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        world = opened(monkeypatch, Wire())
        first = len(world.wire.calls) + 1
        do(world, name)
        return first, len(world.wire.calls)


SPANS = {name: count_calls(name) for name in ACTS}
KILLS = [
    pytest.param(name, number, moment, id=f"{name}, {moment} call {number - first + 1}")
    for name, (first, last) in SPANS.items()
    for number in range(first, last + 1)
    for moment in ("before", "after")
]


def test_a_title_that_a_person_gives_comes_to_the_chat_in_one_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = opened(monkeypatch, Wire())
    calls = len(world.sandbox.journal.arrivals())

    rename(world)
    world.run()

    assert len(world.sandbox.journal.arrivals()) == calls + 1
    assert chat_of(world).title == NAME
    check_alike(world)


def test_a_chat_handed_over_names_its_new_elder_and_both_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = opened(monkeypatch, Wire())

    name_heir(world)
    world.run()

    check_alike(world)
    check_parted(world)
    pinned = chat_of(world).pinned
    assert pinned
    assert HEIR.name in pinned.text


def test_a_closed_chat_tells_why_and_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    world = opened(monkeypatch, Wire())
    old_link = house_of(world).link

    shut(world)
    way = lead(house_of(world).id, houses=world.houses, scans=FakeScans())
    world.run()

    assert (way.invite, way.closed) == ("", REASON)
    check_alike(world)
    assert REASON in world.sandbox.journal.messages(chat_of(world).peer_id)[-1].text
    with pytest.raises(PersonError, match="Ссылка не работает"):
        world.sandbox.join(old_link, 555)


def test_a_chat_opened_again_has_a_fresh_link(monkeypatch: pytest.MonkeyPatch) -> None:
    world = opened(monkeypatch, Wire())
    old_link = house_of(world).link

    do(world, "a closing and an opening")

    check_alike(world)
    assert house_of(world).link != old_link
    way = lead(house_of(world).id, houses=world.houses, scans=FakeScans())
    assert world.sandbox.join(way.invite, 555).title == TITLE


@pytest.mark.parametrize(("name", "number", "moment"), KILLS)
def test_somebody_is_killed_while_a_house_is_changed(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, moment: str
) -> None:
    world = opened(monkeypatch, Wire(**{moment: {number}}))

    do(world, name)

    assert world.wire.kills == 1
    check_alike(world)
    check_said_once(world, name)
    if name == "a new elder":
        check_parted(world)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("switches", [pytest.param(s, id=n) for n, s in every_position()])
def test_a_changed_house_comes_to_its_chat_whatever_nobody_knows_about_vk(
    monkeypatch: pytest.MonkeyPatch, name: str, switches: Switches
) -> None:
    world = opened(monkeypatch, Wire(), switches)
    if house_of(world).state == ChatState.UNCERTAIN:
        return

    do(world, name)

    check_alike(world)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("kind", [Kind.LOST_ANSWER, Kind.BAD_GATEWAY_AFTER, Kind.LOST_CALL])
def test_an_answer_of_vk_is_lost_while_a_chat_is_renewed(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: Kind
) -> None:
    world = opened(monkeypatch, Wire())
    world.sandbox.add_fault(Fault(kind, "execute"))

    do(world, name)

    check_alike(world)
    check_said_once(world, name)


def test_a_chat_whose_renewal_vk_puts_off_is_renewed_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = opened(monkeypatch, Wire())
    world.sandbox.add_fault(Fault(Kind.ERROR, "messages.editChat", code=9))
    began = world.clock.now()

    rename(world)
    world.run()

    assert world.clock.now() - began >= timedelta(minutes=5).total_seconds()
    check_alike(world)


def test_a_lost_chat_is_said_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    world = opened(monkeypatch, Wire())
    del chat_of(world).members[-COMMUNITY]

    rename(world)
    world.run()

    house = house_of(world)
    assert (house.state, house.loss) == (ChatState.LOST, "chat_lost")
    assert house.reason == "Нет доступа к чату."


def test_a_house_renamed_before_its_chat_opens_is_called_so_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for calls in range(8, 60, 4):
        world = World(monkeypatch)
        world.put_list(LIST)
        world.run_until(
            lambda world=world, calls=calls: (  # type: ignore[misc]
                len(world.wire.calls) >= calls and len(world.houses.by_id) == len(HOUSES)
            )
        )
        world.house_id = world.house_at(TITLE).id  # type: ignore[attr-defined]

        rename(world)
        world.run()

        check_alike(world)


@pytest.mark.parametrize("seed", range(20))
def test_people_change_a_house_again_and_again_and_workers_are_killed(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    wire = Wire()
    world = opened(monkeypatch, wire)
    start = len(wire.calls)
    wire.kill(before={start + chance.randint(1, 20)}, after={start + chance.randint(21, 60)})

    for _ in range(6):
        state = house_of(world).state
        acts = [rename, name_heir, lambda one: name_heir(one, TEXTED_HEIR)]
        acts.append(shut if state == ChatState.OPEN else open_again)
        by_person(world, chance.choice(acts))
        for _ in range(chance.randint(0, 3)):
            if parcel := world._next():  # noqa: SLF001 - some of the work, not all
                world._deliver(parcel)  # noqa: SLF001
    world.run()

    check_alike(world)
    assert all(one.state.final for one in world.instructions.by_key.values())
