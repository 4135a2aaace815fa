"""Use case: hand a house's chat over to another elder."""

from dataclasses import dataclass, replace
from datetime import datetime

from create_chats.change_house import write
from create_chats.elders_letters import LOOKED_AT_AGAIN, have_told, let_go
from housechats.domain.batches import KEPT
from housechats.domain.errors import RefusedError
from housechats.domain.houses import House, own_letter
from housechats.domain.instructions import Instruction
from housechats.domain.people import ELDER_KEPT, Elder
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.people import Elders
from housechats.ports.queues import Queue
from housechats.ports.residents import Residents

PAGE_TAKEN = (
    "Эта страница ВКонтакте уже записана за другим человеком. Проверьте, чья она, и имя старшего."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What handing over works with."""

    houses: Houses
    elders: Elders
    instructions: Instructions
    residents: Residents
    renewals: Queue
    elder_key: str
    """The secret with which ids of elders are made."""


def hand_over(house: House, elder: Elder, *, desk: Desk, now: datetime) -> House:
    """Name an elder: the new one is instructed, the former one told, the pinned message follows.

    The same person again changes at most their contacts.
    """
    kept = desk.elders.get(house.elder_id) if house.elder_id else None
    if kept and kept.is_same_as(elder):
        return _renew_contacts(house, kept, elder, desk, now=now)
    elder_id = elder.id(desk.elder_key)
    known = desk.elders.get(elder_id)
    if known and not elder.is_named_like(known):
        raise RefusedError("elder_page_taken", PAGE_TAKEN)
    # All that must be there before the house changes hands; it may be repeated, and comes to
    # nothing if the house does not.
    contacts = known.renewed_by(elder) if known else elder
    desk.elders.put(elder_id, contacts, house_ids={house.id}, until=now + ELDER_KEPT)
    if elder_id == house.elder_id:
        return house  # only what was kept of them had expired
    letter = Instruction(own_letter(house.id, house.revision + 1), elder_id, frozenset({house.id}))
    desk.instructions.expect(letter.batch_id, elder_id, letter.house_ids, until=now + KEPT)
    desk.instructions.wait(letter, until=now + LOOKED_AT_AGAIN)
    let_go(house, instructions=desk.instructions, now=now)
    if house.chat_id:
        desk.residents.look_anew(house)  # the new elder may be in the chat already

    def named(there: House) -> House:
        return replace(there, elder_id=elder_id, letter_id=letter.batch_id, elder_joined_at=None)

    after = write(house, named, houses=desk.houses, renewals=desk.renewals)
    have_told(after, instructions=desk.instructions, now=now)
    return after


def _renew_contacts(house: House, kept: Elder, said: Elder, desk: Desk, *, now: datetime) -> House:
    renewed = kept.renewed_by(said)
    if renewed == kept:
        return house

    def note(there: House) -> House:
        return write(
            there,
            lambda one: one,
            houses=desk.houses,
            renewals=desk.renewals,
            renamed=renewed.name != kept.name,
        )

    # First: who dies in between finds it to do again when the person is named again.
    after = note(house)
    desk.elders.put(house.elder_id, renewed, house_ids={house.id}, until=now + ELDER_KEPT)
    there = desk.houses.get(house.id)
    if there and there.state.has_chat and there.applied == after.revision:
        after = note(there)  # a worker was faster: it has read the former name
    have_told(after, instructions=desk.instructions, now=now)
    return after
