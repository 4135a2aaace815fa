"""A municipality's coordination chat holds those who have a duty there, and nobody else."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coordination.open_chat import HIDDEN
from housechats.domain import coordination
from housechats.domain.communities import CommunityState
from housechats.domain.errors import RefusedError
from housechats.domain.people import Role
from local.vk.faults import Kind
from local.vk.switches import Listed, Switches
from support.coordination_town import OKTMO, CoordinationTown, coordination_town
from support.fakes import new_community
from support.talk_door import COMMUNITY

HOUR = timedelta(hours=1)
ELDER, NEXT_ELDER, CLERK, CHIEF, OF_REGION, REPRESENTATIVE, STRANGER = 501, 502, 11, 12, 13, 14, 99


@pytest.fixture
def town() -> Iterator[CoordinationTown]:
    with coordination_town() as town:
        yield town


def test_there_is_no_chat_before_the_first_elder_has_an_open_house_chat(
    town: CoordinationTown,
) -> None:
    town.official(CLERK)
    town.house(1)
    town.house(2, ELDER, is_open=False)

    town.look()

    assert town.coordination.of_region("11") == []
    assert town.door.calls("messages.createChat") == 0


def test_the_first_elder_brings_one_chat_whose_link_goes_to_who_has_a_duty_once(
    town: CoordinationTown,
) -> None:
    town.house(1, ELDER)
    town.official(CLERK)
    town.official(CHIEF, Role.ADMINISTRATOR)
    town.official(OF_REGION, Role.ADMINISTRATOR, "11")
    town.official(REPRESENTATIVE, Role.REPRESENTATIVE)

    for _ in range(3):
        town.look(after=HOUR)

    chat = town.kept()
    assert town.door.calls("messages.createChat") == 1
    assert town.door.at(chat.chat_id).title == "Координационный чат: г. Вымышленск"
    for vk_id in (ELDER, CLERK, CHIEF):
        assert [chat.link in text for text in town.invitations(vk_id)] == [True]
    assert town.invitations(OF_REGION) == town.invitations(REPRESENTATIVE) == []


def test_the_chat_is_no_house_s(town: CoordinationTown) -> None:
    town.house(1, ELDER)

    town.look()

    chat = town.kept()
    assert town.chats.house_of(COMMUNITY, chat.chat_id) is None
    assert chat.chat_id in town.chats.noted(COMMUNITY)
    assert town.coordination.coordination_of(COMMUNITY, chat.chat_id) == chat.id


def test_nobody_is_written_to_at_night(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.look(after=timedelta(hours=12))
    at_night = town.invitations(ELDER)

    town.look(after=timedelta(hours=10))

    assert at_night == []
    assert len(town.invitations(ELDER)) == 1


def test_who_was_replaced_is_removed_and_the_link_is_another(town: CoordinationTown) -> None:
    house = town.house(1, ELDER)
    town.house(2, CHIEF)
    town.look()
    for vk_id in (ELDER, CHIEF):
        town.join(vk_id)
    first_link = town.kept().link
    town.replace_elder(house, NEXT_ELDER)

    town.look(after=HOUR)

    assert town.members() == {CHIEF}
    assert town.kept().link != first_link
    assert [town.kept().link in text for text in town.invitations(NEXT_ELDER)] == [True]


def test_who_was_invited_and_replaced_before_they_came_cannot_come(town: CoordinationTown) -> None:
    house = town.house(1, ELDER)
    town.look()
    first_link = town.kept().link
    town.replace_elder(house, NEXT_ELDER)

    town.look(after=HOUR)

    assert town.kept().link != first_link
    assert set(town.kept().invited) == {NEXT_ELDER}


def test_whom_vk_keeps_in_the_chat_is_noted_and_the_link_stays_until_somebody_else_leaves(
    town: CoordinationTown,
) -> None:
    house = town.house(1, ELDER)
    town.house(2, CHIEF)
    town.look()
    for vk_id in (ELDER, STRANGER):
        town.join(vk_id)
    hard_to_remove(town, STRANGER)
    first_link = town.kept().link

    for _ in range(60):
        town.look(after=HOUR)
    after_days = town.kept()
    town.replace_elder(house, NEXT_ELDER)
    town.look(after=HOUR)

    assert after_days.link == first_link
    assert after_days.reason == coordination.NOT_REMOVED
    assert [*after_days.unremoved] == [STRANGER]
    assert town.members() == {STRANGER}
    assert town.kept().generation == after_days.generation + 1


def test_whom_vk_kept_is_removed_on_a_later_day_if_it_lets_us(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.look()
    town.join(ELDER)
    town.join(STRANGER)
    let_go = hard_to_remove(town, STRANGER)
    for _ in range(3):
        town.look(after=HOUR)
    kept_at_first = town.members()
    let_go()

    for _ in range(25):
        town.look(after=HOUR)

    assert kept_at_first == {ELDER, STRANGER}
    assert town.members() == {ELDER}
    assert (town.kept().reason, town.kept().unremoved) == ("", {})


def test_who_has_not_come_is_told_the_new_link_the_next_day_and_not_more_than_once_a_day(
    town: CoordinationTown,
) -> None:
    house = town.house(1, ELDER)
    town.house(2, CHIEF)
    town.look()
    town.join(ELDER)
    town.replace_elder(house, NEXT_ELDER)

    for _ in range(26):
        town.look(after=HOUR)
    told = town.invitations(CHIEF)
    town.replace_elder(house, ELDER)
    town.look(after=HOUR)

    assert len(told) == 2
    assert town.invitations(CHIEF) == told
    assert [town.kept().link in text for text in town.invitations(CHIEF)] == [False, False]


def hard_to_remove(town: CoordinationTown, vk_id: int) -> Callable[[], None]:
    """Have VK refuse to remove somebody; return what ends that."""
    talk_of = town.desk.talk_of

    class Stubborn:
        def __init__(self, talk: Any) -> None:
            self._talk = talk

        def remove(self, chat_id: int, vk_ids: Sequence[int]) -> None:
            self._talk.remove(chat_id, [one for one in vk_ids if one != vk_id])
            if vk_id in vk_ids:
                raise RefusedError("chat_rights", "Нельзя.")

        def __getattr__(self, name: str) -> Any:
            return getattr(self._talk, name)

    object.__setattr__(town.desk, "talk_of", lambda community: Stubborn(talk_of(community)))
    return lambda: object.__setattr__(town.desk, "talk_of", talk_of)


def test_a_clerk_who_has_left_is_removed_and_who_serves_the_region_may_stay(
    town: CoordinationTown,
) -> None:
    town.house(1, ELDER)
    post = town.official(CLERK)
    town.official(OF_REGION, Role.ADMINISTRATOR, "11")
    town.look()
    for vk_id in (ELDER, CLERK, OF_REGION):
        town.join(vk_id)
    town.posts.end(post, by="vk:1", now=town.door.clock.moment())

    for _ in range(3):
        town.look(after=HOUR)

    assert town.members() == {ELDER, OF_REGION}


def test_whom_nobody_knows_has_an_hour_to_be_named(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.look()
    town.join(STRANGER)
    town.join(NEXT_ELDER)

    town.look()
    first = town.members()
    town.house(2, NEXT_ELDER)
    town.look(after=HOUR)

    assert first == {STRANGER, NEXT_ELDER}
    assert town.members() == {NEXT_ELDER}


def test_who_does_not_let_us_write_is_noted_and_told_a_week_later(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.official(CLERK)
    town.door.sandbox.deny_messages(CLERK)
    town.look()
    not_told = {vk_id for vk_id, one in town.kept().invited.items() if one.generation == 0}
    town.door.allow(CLERK)
    town.look(after=HOUR)
    soon = town.invitations(CLERK)

    town.look(after=timedelta(days=7))

    assert not_told == {CLERK}
    assert soon == []
    assert len(town.invitations(CLERK)) == 1
    assert len(town.invitations(ELDER)) == 1


def test_a_second_chat_opens_when_the_first_has_room_for_nobody_more(
    town: CoordinationTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordination, "NEARLY_FULL", 2)
    for number in range(1, 4):
        town.house(number, 500 + number)
    town.look()

    town.look(after=HOUR)

    assert [len(town.kept(n).invited) for n in (1, 2)] == [2, 1]
    assert town.kept(2).title == "Координационный чат: г. Вымышленск (2)"
    for vk_id in (501, 502, 503):
        assert len(town.invitations(vk_id)) == 1


def test_a_second_chat_that_waits_keeps_nobody_from_the_first(
    town: CoordinationTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordination, "NEARLY_FULL", 1)
    house = town.house(1, 501)
    town.look()
    town.house(2, 502)
    for _ in range(9):
        town.door.fault(Kind.ERROR, "messages.createChat", code=10)
    town.look(after=HOUR)
    town.replace_elder(house, 503)

    town.look(after=HOUR)

    assert not town.kept(2).is_open
    assert set(town.kept(1).invited) <= {502, 503}
    assert len(town.kept(1).invited) == 1


def test_a_key_that_vk_takes_no_more_is_noted(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.look()
    town.door.fault(Kind.ERROR, "messages.getConversationMembers", code=5)

    (look,) = town.look(after=HOUR)

    assert look.trouble is not None
    assert not town.communities.by_id[COMMUNITY].works


@pytest.mark.parametrize("listed", [pytest.param(one, id=f"listed {one}") for one in Listed])
def test_a_chat_whose_maker_heard_no_answer_is_found_or_waited_for_and_never_made_twice(
    listed: Any,
) -> None:
    with coordination_town(Switches(listed=listed)) as town:
        town.house(1, ELDER)
        town.door.fault(Kind.LOST_ANSWER, "messages.createChat")

        for _ in range(3):
            town.look(after=HOUR)

        assert town.door.calls("messages.createChat") == 1
        assert town.kept().is_open or town.kept().reason == HIDDEN


def test_two_looks_at_once_make_one_chat(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    make = town.desk.maker_of

    class Slow:
        """While it makes a chat, another look begins."""

        def __init__(self, maker: Any) -> None:
            self._maker = maker

        def create_chat(self, title: str) -> int:
            object.__setattr__(town.desk, "maker_of", make)
            town.look()
            number: int = self._maker.create_chat(title)
            return number

        def __getattr__(self, name: str) -> Any:
            return getattr(self._maker, name)

    object.__setattr__(town.desk, "maker_of", lambda community: Slow(make(community)))

    town.look()
    town.look(after=HOUR)

    assert town.door.calls("messages.createChat") == 1
    assert town.kept().is_open


@pytest.mark.parametrize(
    "method",
    [
        "messages.createChat",
        "messages.removeChatUser",
        "messages.getInviteLink",
        "messages.getConversationMembers",
        "messages.send",
        "execute",
    ],
)
def test_whatever_vk_breaks_off_is_done_in_the_next_hours(
    town: CoordinationTown, method: str
) -> None:
    house = town.house(1, ELDER)
    town.house(2, CHIEF)
    town.look()
    town.join(ELDER)
    town.replace_elder(house, NEXT_ELDER)
    first_link = town.kept().link
    town.door.fault(Kind.ERROR, method, code=10)

    for _ in range(3):
        town.look(after=HOUR)

    assert town.members() == set()
    assert town.kept().link != first_link
    assert town.kept().leaving == ()
    for vk_id in (CHIEF, NEXT_ELDER):
        assert len(town.invitations(vk_id)) == 1


def test_a_community_that_is_disconnected_says_so_and_goes_on_when_it_is_back(
    town: CoordinationTown,
) -> None:
    town.house(1, ELDER)
    town.communities.by_id[COMMUNITY] = new_community(COMMUNITY, state=CommunityState.DISCONNECTED)
    (away,) = town.look()
    town.communities.by_id[COMMUNITY] = new_community(COMMUNITY)

    town.look(after=HOUR)

    assert away.trouble is not None
    assert town.kept().is_open


def test_one_town_in_trouble_takes_no_other_with_it(town: CoordinationTown) -> None:
    town.house(1, ELDER)
    town.communities.by_id = {
        COMMUNITY: new_community(COMMUNITY),
        8: new_community(8, "71", state=CommunityState.FULL),
    }

    looks = town.look()

    assert [look.oktmo for look in looks if not look.trouble] == [OKTMO]


def test_the_clock_of_people_decides_when_they_are_written_to() -> None:
    noon_in_moscow = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)

    assert coordination.may_invite_at(noon_in_moscow, "11701000")
    assert not coordination.may_invite_at(noon_in_moscow, "77701000")
