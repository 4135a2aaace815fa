"""Use case: tell an elder once about all their houses of one batch."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.batches import BatchState
from housechats.domain.communities import AWAITS_PERSON, LOOKS_AGAIN, Community
from housechats.domain.errors import (
    DisconnectedError,
    OutcomeUnknownError,
    PausedError,
    RefusedError,
    UnavailableError,
)
from housechats.domain.houses import ChatState, House
from housechats.domain.instructions import (
    Channel,
    Instruction,
    InstructionState,
    letter,
    parting,
    parting_text_message,
    text_message,
)
from housechats.domain.people import ELDER_KEPT, Elder
from housechats.domain.posters import poster_key, posters_key
from housechats.domain.random_ids import RANDOM_ID_REMEMBERED, random_id
from housechats.ports.batches import Batches
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.guides import Guides
from housechats.ports.houses import Houses
from housechats.ports.instructions import Instructions
from housechats.ports.letters import Button, Letters, TextMessages
from housechats.ports.people import Elders
from housechats.ports.queues import Queue
from housechats.ports.talks import Talk
from onboarding.begin_guide import begin_guide, leave_guide

ENROLLING_TAKES = timedelta(minutes=1)
"""When to look again at a batch that still enrols: more houses of this elder may come."""
NO_PHONE = "Мобильный телефон не указан или не прочитан."
NO_CHAT = "Ни один чат старшего не удалось открыть."
NO_LONGER_ELDER = "Сообщать не о чем: старшим назначен другой человек."
CHAT_CLOSED = "Чат дома закрыт: сообщать не о чем."
STILL_ELDER = "Сообщать не о чем: дом остался за этим старшим."
NEVER_TOLD = "Сообщать не о чем: об этом доме старшему не писали."
POSTERS = "Объявления для подъездов.pdf"
LETTER_GOES = timedelta(minutes=2)
"""When to look again at an elder to whom a letter about the house is on its way."""
SMS_AGAIN = timedelta(minutes=2)
BUSY = "another worker tells this elder"
"""That worker may be dead, and this the one message that is left: it must come again."""


class Outcome(StrEnum):
    """What came of a try to instruct an elder."""

    SENT = "sent"
    REPEATED = "repeated"
    NOT_YET = "not_yet"
    """A house or the file is not ready: whoever makes the last one ready brings us back."""
    WAITS = "waits"
    DISCONNECTED = "disconnected"
    """It waits for a person to connect its community anew: an alarm rings on this word."""
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Desk:
    """What instructing works with."""

    houses: Houses
    elders: Elders
    batches: Batches
    instructions: Instructions
    guides: Guides
    communities: Communities
    letters_of: Callable[[Community], Letters]
    talk_of: Callable[[Community], Talk]
    sms: TextMessages
    files: Files
    posters: Queue
    public_url: str
    lease: timedelta
    """Longer than a worker may live: a dead lease means a dead worker."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one elder is told, whichever way it goes."""

    text: str
    sms: str
    house_ids: frozenset[str]
    pdf: bytes | None = None
    buttons: Sequence[Button] = ()
    guided: Sequence[House] = ()
    """Through which houses the elder is guided from now on."""


def instruct(batch_id: str, elder_id: str, *, desk: Desk, now: datetime) -> Outcome:
    """Send the instruction if every house of the elder is ready; else leave it to the last one."""
    instruction = desk.instructions.get(batch_id, elder_id)
    if instruction is None or instruction.state.final:
        return Outcome.REPEATED
    if instruction.state == InstructionState.TEXTING:
        return _judge_texting(instruction, desk, now)
    if instruction.former:
        return _part(instruction, desk, now)
    batch = desk.batches.get(batch_id)
    if batch and batch.state == BatchState.ENROLLING:
        desk.instructions.wait(instruction, until=now + ENROLLING_TAKES)
        return Outcome.WAITS
    theirs = filter(instruction.still_tells_of, desk.houses.get_many(instruction.house_ids))
    houses = sorted(theirs, key=lambda house: house.title)
    closed = [house for house in houses if house.state == ChatState.CLOSED]
    houses = [house for house in houses if house not in closed]
    if not all(house.ready for house in houses):
        return Outcome.NOT_YET
    opened = [house for house in houses if house.state == ChatState.OPEN]
    pdf = _posters(instruction, opened, desk)
    if opened and pdf is None:
        desk.posters.send([{"batch_id": batch_id, "elder_id": elder_id}])
        return Outcome.NOT_YET
    claimed = desk.instructions.claim(
        instruction, community=_speaker(opened, desk), now=now, lease_until=now + desk.lease
    )
    if claimed is None:
        raise UnavailableError(BUSY)
    if pdf is None:
        reason = CHAT_CLOSED if closed else NO_LONGER_ELDER
        return _give_up(claimed, NO_CHAT if houses else reason, desk, now)
    message = Message(
        text=letter(houses, public_url=desk.public_url),
        sms=text_message(houses, public_url=desk.public_url),
        house_ids=frozenset(house.id for house in houses),
        pdf=pdf,
        buttons=[
            Button(house.title if len(houses) > 1 else "Вступить в чат", house.link)
            for house in opened
        ],
        guided=opened,
    )
    return _deliver(claimed, message, desk, now)


def _part(parting_with: Instruction, desk: Desk, now: datetime) -> Outcome:
    """Tell who was told that a house is theirs that it is another's now; nobody else.

    Whichever community told them writes again: they may have let no other write to them.
    """
    (house_id,) = parting_with.house_ids
    house = desk.houses.get(house_id)
    told = desk.instructions.get(parting_with.former, parting_with.elder_id)
    if told and told.state in {InstructionState.SENDING, InstructionState.TEXTING}:
        desk.instructions.wait(parting_with, until=now + LETTER_GOES)
        return Outcome.WAITS
    community = (told.community if told else 0) or (house.community if house else 0)
    claimed = desk.instructions.claim(
        parting_with, community=community, now=now, lease_until=now + desk.lease
    )
    if claimed is None:
        raise UnavailableError(BUSY)
    if house is None or house.elder_id == claimed.elder_id:
        return _give_up(claimed, STILL_ELDER, desk, now)
    leave_guide(claimed.elder_id, house_id, guides=desk.guides, now=now)

    def take_leave() -> Outcome:
        _take_role_back(claimed.elder_id, house, desk)
        if told is None or told.state != InstructionState.SENT or house_id not in told.told_of:
            return _give_up(claimed, NEVER_TOLD, desk, now)
        message = Message(parting(house), parting_text_message(house), claimed.house_ids)
        return _deliver(claimed, message, desk, now)

    return _waiting(claimed, take_leave, desk, now)


def _take_role_back(elder_id: str, house: House, desk: Desk) -> None:
    """Have a former elder run the chat no more, where VK lets a community say so."""
    former, elder = desk.elders.get(elder_id), desk.elders.get(house.elder_id)
    if former is None or not former.vk_id or not house.chat_id:
        return
    if elder and (elder.vk_id == former.vk_id or elder.vk_name == former.vk_name != ""):
        return  # the same person by other contacts
    community = desk.communities.get(house.community)
    if community is None or not community.works:
        raise DisconnectedError(0, "the community is disconnected")
    with suppress(RefusedError):  # VK has no such thing, or they have left
        desk.talk_of(community).make_member(house.chat_id, former.vk_id)


def _deliver(instruction: Instruction, message: Message, desk: Desk, now: datetime) -> Outcome:
    """Do what is to be done with an instruction that is ours now."""
    elder = desk.elders.get(instruction.elder_id)
    if elder is None:
        return _give_up(instruction, "Данные старшего удалены.", desk, now)
    return _waiting(instruction, lambda: _tell(instruction, elder, message, desk, now), desk, now)


def _waiting(
    instruction: Instruction, deed: Callable[[], Outcome], desk: Desk, now: datetime
) -> Outcome:
    """Do what VK may have us wait with."""
    try:
        return deed()
    except PausedError as paused:
        desk.instructions.wait(instruction, until=paused.until, reason=paused.why)
        return Outcome.WAITS
    except DisconnectedError:
        desk.instructions.wait(instruction, until=now + LOOKS_AGAIN, reason=AWAITS_PERSON)
        return Outcome.DISCONNECTED


def _speaker(opened: Sequence[House], desk: Desk) -> int:
    """Return which community writes to the elder of these houses: the one of most that works.

    0 when no house is open: then there is nothing to write of.
    """
    numbers = Counter(sorted(house.community for house in opened))
    found = {number: desk.communities.get(number) for number in numbers}
    working = Counter({n: many for n, many in numbers.items() if (one := found[n]) and one.works})
    return next((number for number, _ in (working or numbers).most_common(1)), 0)


def _posters(instruction: Instruction, opened: Sequence[House], desk: Desk) -> bytes | None:
    if not opened:
        return None
    own = posters_key(instruction.batch_id, instruction.elder_id)
    # The one house's own poster will do, unless it is older than the bucket keeps files.
    file = desk.files.get(poster_key(opened[0].id)) if len(opened) == 1 else None
    return file or desk.files.get(own)


def _tell(
    instruction: Instruction,
    elder: Elder,
    message: Message,
    desk: Desk,
    now: datetime,
) -> Outcome:
    """Write in VK; where VK says no for good, send an SMS; else record why neither went."""
    reasons = []
    if elder.vk_id or elder.vk_name:
        try:
            _write(instruction, elder, message, desk, now)
        except RefusedError as refused:
            reasons.append(refused.message)
        else:
            _guide(instruction, message, desk, now, reachable=True)
            desk.instructions.finish(
                instruction,
                InstructionState.SENT,
                now=now,
                channel=Channel.VK,
                told_of=message.house_ids,
            )
            return Outcome.SENT
    else:
        reasons.append("Страница ВКонтакте не указана или не найдена.")
    if not elder.mobile:
        return _give_up(instruction, " ".join([*reasons, NO_PHONE]), desk, now)
    if not desk.instructions.begin_texting(instruction):
        raise UnavailableError(BUSY)
    instruction = replace(instruction, state=InstructionState.TEXTING)
    try:
        desk.sms.send(elder.mobile, message.sms)
    except RefusedError as refused:
        return _give_up(instruction, " ".join([*reasons, refused.message]), desk, now)
    except OutcomeUnknownError:
        raise
    except UnavailableError:
        # Surely not sent, so it may be tried again; if that never helps, the alarm must ring.
        desk.instructions.wait(instruction, until=now + SMS_AGAIN, reason="СМС пока не принимают.")
        raise
    desk.instructions.finish(
        instruction,
        InstructionState.SENT,
        now=now,
        channel=Channel.SMS,
        reason=" ".join(reasons),
        told_of=message.house_ids,
    )
    # Afterwards: an SMS that may have gone must not wait for more. Killed here, the elder is
    # guided from the moment in which they join.
    _guide(instruction, message, desk, now, reachable=False)
    return Outcome.SENT


def _guide(
    instruction: Instruction, message: Message, desk: Desk, now: datetime, *, reachable: bool
) -> None:
    begin_guide(instruction, message.guided, reachable=reachable, guides=desk.guides, now=now)


def _write(
    instruction: Instruction,
    elder: Elder,
    message: Message,
    desk: Desk,
    now: datetime,
) -> None:
    """Write as the letter's own community; DisconnectedError when it may not act."""
    community = desk.communities.get(instruction.community)
    if community is None or not community.works:
        raise DisconnectedError(0, "the community is disconnected")
    try:
        _write_as(desk.letters_of(community), instruction, elder, message, desk, now=now)
    except DisconnectedError as disconnected:
        desk.communities.disconnect(community, reason=disconnected.message)
        raise


def _write_as(
    letters: Letters,
    instruction: Instruction,
    elder: Elder,
    message: Message,
    desk: Desk,
    *,
    now: datetime,
) -> None:
    vk_id = elder.vk_id or letters.person(elder.vk_name)
    if not elder.vk_id:
        desk.elders.found_page(instruction.elder_id, vk_id, until=now + ELDER_KEPT)
    number = random_id(f"instruction/{instruction.batch_id}/{instruction.elder_id}")
    intent_at = instruction.intent_at
    if (
        intent_at
        and now - intent_at > RANDOM_ID_REMEMBERED
        and letters.was_sent(vk_id, text=message.text, random_id=number)
    ):
        return
    attachment = ""
    if message.pdf:
        attachment = letters.attach(vk_id, file_name=POSTERS, pdf=message.pdf)
    letters.send(
        vk_id, message.text, random_id=number, attachment=attachment, buttons=message.buttons
    )


def _judge_texting(instruction: Instruction, desk: Desk, now: datetime) -> Outcome:
    """Nobody can tell whether an SMS went whose sender died: a person decides."""
    if instruction.lease_until and instruction.lease_until >= now:
        raise UnavailableError(BUSY)
    desk.instructions.finish(
        instruction,
        InstructionState.UNKNOWN,
        now=now,
        channel=Channel.SMS,
        reason="Неизвестно, ушло ли СМС: спросите старшего, прежде чем отправлять снова.",
    )
    return Outcome.UNKNOWN


def _give_up(instruction: Instruction, reason: str, desk: Desk, now: datetime) -> Outcome:
    desk.instructions.finish(instruction, InstructionState.UNDELIVERABLE, now=now, reason=reason)
    return Outcome.UNDELIVERABLE
