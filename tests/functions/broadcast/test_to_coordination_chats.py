"""Staff write to coordination chats, and nobody means them who asks for houses."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from broadcast.wish import Wish
from housechats.adapters.coordination import DynamoCoordinationChats
from housechats.adapters.jobs import DynamoJobs
from housechats.domain.audiences import AllHouses, CoordinationChatsOf, MunicipalityHouses, Part
from housechats.domain.broadcasts import BroadcastLane, preview_folder
from housechats.domain.coordination import CoordinationChat, new_chat
from housechats.domain.messages import Message
from housechats.domain.organisations import OrganisationKind
from support.aws_mock import aws, new_table
from support.broadcast_door import COMMUNITY, BroadcastDoor
from support.preview_desk import COSY, FIRST, NOON, OKTMO, PreviewTown

TEXT = "Завтра в полдень собираемся в администрации."


def chat(oktmo: str = OKTMO, *, number: int = 1, is_open: bool = True) -> CoordinationChat:
    new = new_chat(oktmo, number, town="г. Архангельск", community=FIRST, now=NOON)
    link = "https://vk.me/join/9" if is_open else ""
    return replace(new, chat_id=900 + number, link=link, members=12)


def wish(*parts: Part, inn: str = "") -> Wish:
    message = Message("Администрация", TEXT)
    return Wish("a" * 16, "vk:1", OKTMO, inn, parts, BroadcastLane.NEWS, message)


@pytest.fixture
def town() -> Iterator[PreviewTown]:
    with aws():
        yield PreviewTown(DynamoJobs(new_table("houses")))


def reached(town: PreviewTown, *parts: Part, inn: str = "") -> set[int]:
    """Return the numbers of the chats that would get a message."""
    made = town.preview(wish(*parts, inn=inn))
    audience = town.audiences.get(preview_folder(made.wish.id))
    assert audience
    return {one.chat_id for chunk in town.audiences.all_chunks(audience) for one in chunk}


def test_a_part_of_its_own_reaches_the_coordination_chats_of_the_territory(
    town: PreviewTown,
) -> None:
    town.build(1)
    for one in (chat(), chat(number=2), chat(number=3, is_open=False), chat("11730000")):
        town.coordination.add(one)

    assert reached(town, CoordinationChatsOf()) == {901, 902}
    assert reached(town, CoordinationChatsOf("11730000")) == set()


def test_who_asks_for_houses_means_no_coordination_chat(town: PreviewTown) -> None:
    house = town.build(1)
    town.coordination.add(chat())

    assert reached(town, AllHouses(), MunicipalityHouses(OKTMO)) == {house.chat_id}
    assert reached(town, AllHouses(), CoordinationChatsOf()) == {house.chat_id, 901}


def test_an_organisation_writes_to_no_coordination_chat(town: PreviewTown) -> None:
    house = town.build(1, organisations={COSY: OrganisationKind.MANAGEMENT_COMPANY})
    town.coordination.add(chat())

    assert reached(town, AllHouses(), CoordinationChatsOf(), inn=COSY) == {house.chat_id}


def test_whom_it_was_asked_to_reach_is_said_in_words(town: PreviewTown) -> None:
    town.coordination.add(chat())

    made = town.preview(wish(CoordinationChatsOf(), CoordinationChatsOf(OKTMO)))

    audience = town.audiences.get(preview_folder(made.wish.id))
    assert audience
    assert audience.asked == (
        "координационные чаты — чатов: 1",
        "координационные чаты, г. Архангельск — чатов: 1",
    )
    assert made.preview
    assert made.preview.people == 12


def test_what_was_looked_at_is_confirmed_and_sent_to_the_coordination_chat(
    door: BroadcastDoor,
) -> None:
    kept = DynamoCoordinationChats(door.table)
    kept.add(replace(chat(), community=COMMUNITY))

    sent = door.confirm(parts=[{"kind": "coordination"}], text=TEXT)

    audience = door.doors.audiences.get(door.kept(sent["id"]).audience_folder)
    assert audience
    assert audience.chunks == {COMMUNITY: (0,)}
    (one,) = door.doors.audiences.chunk(audience, 0)
    assert (one.chat_id, one.title) == (901, "Координационный чат: г. Архангельск")
