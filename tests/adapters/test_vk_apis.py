"""A community whose token VK takes no more is seen by staff, whichever room was told so."""

import pytest

from housechats.adapters.aws import spending
from housechats.adapters.vk_apis import VkApis
from housechats.adapters.vk_talks import VkTalk
from housechats.domain.errors import DisconnectedError, RefusedError
from housechats.ports.talks import Pressed, Saying
from local.vk.faults import Kind
from support.fakes import FakeCommunities, FakeTokens, new_community
from support.pace_fake import FakePace
from support.talk_door import COMMUNITY, TOKEN, TalkDoor
from support.vk_http import URL

RESIDENT = 601


class Office:
    """One community, and its talk as workers open it."""

    def __init__(self) -> None:
        self.door = TalkDoor()
        self.chat = self.door.chat(RESIDENT)
        self.communities = FakeCommunities(new_community(COMMUNITY))
        tokens = FakeTokens()
        tokens.put(COMMUNITY, TOKEN)
        apis = VkApis(
            URL, tokens, self.communities, lambda _: FakePace(self.door.clock), self.door.http
        )
        community = self.communities.by_id[COMMUNITY]
        self.talk = VkTalk(apis.of(community), COMMUNITY, self.door.clock.moment)


def test_whoever_is_told_that_the_token_is_dead_has_staff_see_it() -> None:
    office = Office()
    office.door.fault(Kind.ERROR, "messages.send", code=5)

    with pytest.raises(DisconnectedError) as told:
        office.talk.say(office.chat, Saying("Здравствуйте!", 7, office.door.clock.moment()))

    there = office.communities.by_id[COMMUNITY]
    assert not there.works
    assert there.reason == told.value.message


def test_what_is_said_of_one_call_of_many_is_seen_as_well() -> None:
    office = Office()
    spending.take()
    office.door.fault(Kind.ERROR, "messages.sendMessageEventAnswer", code=5)

    office.talk.answer([Pressed("0", RESIDENT, office.chat, text="Учтено.")])

    assert not office.communities.by_id[COMMUNITY].works
    assert spending.take()[f"disconnected_{COMMUNITY}"] == 1


def test_a_method_that_is_for_people_only_disconnects_nobody() -> None:
    office = Office()
    office.door.fault(Kind.ERROR, "messages.setMemberRole", code=27)

    with pytest.raises(RefusedError):
        office.talk.make_administrator(office.chat, RESIDENT)

    assert office.communities.by_id[COMMUNITY].works
