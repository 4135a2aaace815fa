"""Use case: hand a house's chat over to another elder."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from create_chats.change_house import TRIES, ChangedMeanwhileError, write
from create_chats.elders_letters import LOOKED_AT_AGAIN, have_told, let_go
from housechats.domain.batches import KEPT
from housechats.domain.errors import RefusedError, UnavailableError
from housechats.domain.houses import House, own_letter, parting_letter
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
    elder_id = elder.id(desk.elder_key, house.oktmo)
    known = desk.elders.get(elder_id)
    if known and not elder.is_named_like(known):
        raise RefusedError("elder_page_taken", PAGE_TAKEN)
    # All that must be there before the house changes hands; it may be repeated, and comes to
    # nothing if the house does not. Contacts with which other houses live wait until it has.
    if known:
        desk.elders.name_for(elder_id, {house.id})
    else:
        desk.elders.put(elder_id, elder, house_ids={house.id}, until=now + ELDER_KEPT)
    if elder_id == house.elder_id:
        return house  # only what was kept of them had expired
    letter = Instruction(own_letter(house.id, house.revision + 1), elder_id, frozenset({house.id}))
    desk.instructions.expect(letter.batch_id, elder_id, letter.house_ids, until=now + KEPT)
    desk.instructions.wait(letter, until=now + LOOKED_AT_AGAIN)
    let_go(house, instructions=desk.instructions, now=now)
    if house.chat_id:
        desk.residents.look_anew(house)  # the new elder may be in the chat already

    def named(there: House) -> House:
        return replace(
            there,
            elder_id=elder_id,
            letter_id=letter.batch_id,
            parting_id=parting_letter(there),
            elder_joined_at=None,
        )

    try:
        after = write(house, named, houses=desk.houses, renewals=desk.renewals)
    except ChangedMeanwhileError:
        if known is None:
            _forget(elder_id, elder, house, desk, now=now)
        raise
    if known:
        after = _renew(after, known, known.renewed_by(elder), desk, now=now)
    have_told(after, instructions=desk.instructions, now=now)
    return after


def _renew_contacts(house: House, kept: Elder, said: Elder, desk: Desk, *, now: datetime) -> House:
    renewed = kept.renewed_by(said)
    if renewed == kept:
        return house

    # First: who dies in between finds it to do again when the person is named again.
    after = _note(house, desk, renamed=renewed.name != kept.name)
    after = _renew(after, kept, renewed, desk, now=now)
    have_told(after, instructions=desk.instructions, now=now)
    return after


def _renew(house: House, kept: Elder, renewed: Elder, desk: Desk, *, now: datetime) -> House:
    """Keep what was said of the elder of a house, and return the house as it is then."""
    desk.elders.put(house.elder_id, renewed, house_ids={house.id}, until=now + ELDER_KEPT)
    for _ in range(TRIES):
        there = desk.houses.get(house.id)
        is_said = there and there.state.has_chat and there.applied >= house.revision
        if not there or not is_said or there.elder_id != house.elder_id:
            return house
        # A worker was faster: it has read the former name. So may a person be: it is done anyway.
        with suppress(ChangedMeanwhileError):
            return _note(there, desk, renamed=renewed.name != kept.name)
    raise UnavailableError("people keep changing this house")


def _note(house: House, desk: Desk, *, renamed: bool) -> House:
    """Have the chat say the elder's name anew."""
    return write(
        house, lambda one: one, houses=desk.houses, renewals=desk.renewals, renamed=renamed
    )


def _forget(elder_id: str, elder: Elder, house: House, desk: Desk, *, now: datetime) -> None:
    """Keep nothing of somebody whom no house has come to name."""
    there = desk.houses.get(house.id)
    named_here = there is not None and there.elder_id == elder_id
    if not named_here and desk.elders.houses_of([elder_id]) == {house.id}:
        desk.elders.put(elder_id, elder, until=now)
