"""Coordination chats: one for each municipality, for its staff and the elders of its houses.

Who has a duty there is invited; who has it no more is removed, and the invite link is another from
then on. Nobody is removed for the first hour in which we see them: somebody may have been named
whom no list says yet.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from housechats.domain.access import Place
from housechats.domain.errands import Errand, added
from housechats.domain.houses import ChatState, HouseLine, code_of
from housechats.domain.zones import zone_of

NEARLY_FULL = 450
"""People for whom a chat has room. VK tells no limit; 500 is what is believed, and some are let in
by those who are there."""
STRANGERS_STAY = timedelta(hours=1)
"""How long somebody stays whom we have not invited, and who has no duty."""
TOLD_AGAIN_AFTER = timedelta(days=7)
"""When who did not let us write is told the link anew."""
DEAD_LINK_STAYS = timedelta(days=1)
"""When who has not come is told the new link at the earliest, after they were told another."""
REMOVED_AGAIN_AFTER = timedelta(days=1)
"""When it is tried anew to remove whom VK did not let us remove."""
FIRST_HOUR, LAST_HOUR = 9, 20
"""When invitations are sent, by the clock where people live."""

INVITE = "invite"
NOT_REMOVED = "ВКонтакте не дал убрать из чата тех, кто сменился: уберите их сами."


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to whom the link was told, or is to be."""

    at: datetime
    generation: int
    """Of the link; 0: it could not be told."""
    community: int
    """Who tells it: people let those communities write to them that they know."""


@dataclass(frozen=True, slots=True)
class CoordinationChat:
    """One coordination chat of a municipality: it has more of them when the first is full."""

    oktmo: str
    """8 digits."""
    number: int
    """From 1."""
    town: str
    """How people call the municipality."""
    community: int
    created_at: datetime
    chat_id: int = 0
    link: str = ""
    """Empty until the chat is open."""
    generation: int = 0
    """How many links it has had."""
    intent_at: datetime | None = None
    """When it was first tried to make the chat: one may be there since."""
    lease_until: datetime | None = None
    wake_at: datetime | None = None
    """Until when its opening waits."""
    reason: str = ""
    """Why it is not open, or cannot be looked after: a Russian sentence."""
    members: int = 0
    """How many people were there when it was looked at last."""
    looked_at: datetime | None = None
    invited: Mapping[int, Invited] = field(default_factory=dict)
    strangers: Mapping[int, datetime] = field(default_factory=dict)
    """Who is there without a duty, and was not invited, and since when we know."""
    leaving: tuple[int, ...] = ()
    """Who is to be removed: noted before it is begun, until the link is another."""
    unremoved: Mapping[int, datetime] = field(default_factory=dict)
    """Whom VK did not let us remove, and when that was: for them alone the link is not changed."""
    errands: tuple[Errand, ...] = ()
    revision: int = 0

    @property
    def id(self) -> str:
        return f"{self.oktmo}-{self.number}"

    @property
    def code(self) -> str:
        """Stands in the title while it is being made: so a lost one is found again."""
        return code_of(f"coordination/{self.id}")

    @property
    def title(self) -> str:
        more = f" ({self.number})" if self.number > 1 else ""
        return f"Координационный чат: {self.town}{more}"

    @property
    def title_with_code(self) -> str:
        return f"{self.title} · {self.code}"

    @property
    def is_open(self) -> bool:
        return self.link != ""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)

    @property
    def line(self) -> HouseLine:
        """Return it as something to which broadcasts can be sent, as house chats are."""
        return HouseLine(
            id=self.code,
            oktmo=self.oktmo,
            title=self.title,
            state=ChatState.OPEN if self.is_open else ChatState.PLANNED,
            community=self.community,
            residents=self.members,
            position=f"{self.oktmo}#{self.number:04d}",
            chat_id=self.chat_id,
        )

    def with_errands(self, errands: tuple[Errand, ...]) -> "CoordinationChat":
        return replace(self, errands=errands)


def new_chat(
    oktmo: str, number: int, *, town: str, community: int, now: datetime
) -> CoordinationChat:
    """Return a new one, which is not made yet."""
    return CoordinationChat(oktmo, number, town or f"ОКТМО {oktmo}", community, created_at=now)


def looked_at(
    chat: CoordinationChat,
    members: Collection[int],
    duties: Collection[int],
    *,
    now: datetime,
) -> CoordinationChat:
    """Return it after a look at who is there: who has no duty any more is to leave.

    Who was invited and has lost the duty leaves at once, whether they came or not: they know the
    link. Anybody else has an hour from when we saw them first.
    """
    without = {vk_id for vk_id in {*members, *chat.invited} if vk_id not in duties}
    kept = {vk_id: at for vk_id, at in chat.unremoved.items() if vk_id in without}
    strangers = {
        vk_id: chat.strangers.get(vk_id, now)
        for vk_id in without - kept.keys()
        if vk_id not in chat.invited
    }
    gone = {vk_id for vk_id, since in strangers.items() if now - since >= STRANGERS_STAY}
    gone |= {vk_id for vk_id, at in kept.items() if now - at >= REMOVED_AGAIN_AFTER}
    gone |= without & chat.invited.keys()
    return replace(
        chat,
        members=len(members),
        looked_at=now,
        reason=NOT_REMOVED if kept else "",
        unremoved=kept,
        strangers={vk_id: at for vk_id, at in strangers.items() if vk_id not in gone},
        leaving=tuple(sorted({*chat.leaving, *gone} - set(duties))),
    )


def without_those(chat: CoordinationChat, *, link: str) -> CoordinationChat:
    """Return it when who was to leave has left, and the link is another."""
    after = _without(chat, {*chat.leaving})
    to_be_told = {one.to for one in after.errands}
    generation = chat.generation + 1
    return replace(
        after,
        link=link,
        generation=generation,
        members=max(0, chat.members - len(chat.leaving)),
        # Who is still to be told the link will be told the new one.
        invited={
            vk_id: replace(one, generation=generation) if vk_id in to_be_told else one
            for vk_id, one in after.invited.items()
        },
    )


def not_removed(
    chat: CoordinationChat, vk_ids: Collection[int], *, now: datetime
) -> CoordinationChat:
    """Return it when VK does not let us remove some of those who were to leave."""
    unremoved = {**chat.unremoved, **dict.fromkeys(vk_ids, now)}
    after = _without(chat, {*vk_ids})
    return replace(after, unremoved=unremoved, reason=NOT_REMOVED)


def _without(chat: CoordinationChat, gone: set[int]) -> CoordinationChat:
    return replace(
        chat,
        leaving=tuple(vk_id for vk_id in chat.leaving if vk_id not in gone),
        unremoved={vk_id: at for vk_id, at in chat.unremoved.items() if vk_id not in gone},
        invited={vk_id: one for vk_id, one in chat.invited.items() if vk_id not in gone},
        errands=tuple(one for one in chat.errands if one.to not in gone),
    )


def room_in(chat: CoordinationChat, members: Collection[int]) -> int:
    """Return how many more can be invited: who was, may still come."""
    return max(0, NEARLY_FULL - len({*members, *chat.invited}))


def inviting(
    chat: CoordinationChat, people: Mapping[int, int], *, now: datetime
) -> CoordinationChat:
    """Return it with people who are to be told the link, each by a community; once each."""
    told = {vk_id: Invited(now, chat.generation, community) for vk_id, community in people.items()}
    errands = [
        Errand(f"{INVITE}-{chat.generation}-{vk_id}", INVITE, to=vk_id, value=f"{community}")
        for vk_id, community in people.items()
    ]
    return replace(chat, invited={**chat.invited, **told}, errands=added(chat.errands, *errands))


def to_tell_again(
    chat: CoordinationChat, members: Collection[int], *, now: datetime
) -> dict[int, int]:
    """Return who has not come, and knows no link that still opens; each with a community.

    Who was told one that is dead by now may be about to come; however often it changes, they are
    written to once a day.
    """
    there = set(members)
    return {
        vk_id: one.community
        for vk_id, one in chat.invited.items()
        if vk_id not in there
        and one.generation != chat.generation
        and now - one.at >= (DEAD_LINK_STAYS if one.generation else TOLD_AGAIN_AFTER)
    }


def not_told(chat: CoordinationChat, vk_id: int) -> CoordinationChat:
    """Return it when somebody could not be told the link: they do not let us write to them."""
    one = chat.invited.get(vk_id)
    if one is None:
        return chat
    return replace(chat, invited={**chat.invited, vk_id: replace(one, generation=0)})


def may_invite_at(moment: datetime, oktmo: str) -> bool:
    """Tell whether it is a time of the day at which people are written to."""
    return FIRST_HOUR <= moment.astimezone(zone_of(oktmo)).hour < LAST_HOUR


def welcome(chat: CoordinationChat) -> str:
    """Write the first message of the chat, the one that is pinned."""
    return "\n".join(
        [
            f"{chat.title}.",
            "",
            "Здесь сотрудники администрации и старшие по домам: договориться и помочь.",
            "Бот сам приглашает тех, кого назначили, и убирает тех, кто сменился.",
            "Ссылку на этот чат не пересылайте: новых людей пригласит бот.",
            "",
            "Чат не заменяет экстренные службы: при угрозе жизни звоните 112.",
        ]
    )


def invitation(chat: CoordinationChat) -> str:
    """Write what who has a duty is told privately."""
    return "\n".join(
        [
            f"Вас приглашают в координационный чат: {chat.town}.",
            "В нём сотрудники администрации и старшие по домам решают общие вопросы.",
            "",
            f"Вступить: {chat.link}",
            "",
            "Ссылка для вас: пожалуйста, не пересылайте её.",
            "Когда ваши полномочия закончатся, бот уберёт вас из чата сам.",
        ]
    )
