"""Communities: whose token acts in a territory, and which of several has a house."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from housechats.domain.access import Place
from housechats.domain.territories import Territory


class CommunityState(StrEnum):
    """Whether a community takes new houses."""

    ACTIVE = "active"
    FULL = "full"
    """It takes no new houses; those that it has go on."""
    DISCONNECTED = "disconnected"
    """VK does not take its token: its houses wait until a person connects it again."""


@dataclass(frozen=True, slots=True)
class Community:
    """A VK community whose token makes the chats of a territory."""

    id: int
    name: str
    oktmo: str
    """The territory it was connected for."""
    state: CommunityState
    connected_at: datetime
    """Tells one connection from the next."""
    connected_by: str
    token_version: str
    """Of its secret: a token that was kept and not noted here never acts."""
    missing: tuple[str, ...] = ()
    """Rights that its token lacks for now: keys of USEFUL."""
    reason: str = ""
    """Why it is disconnected: a Russian sentence."""
    revision: int = 1

    @property
    def place(self) -> Place:
        return Place(self.oktmo)

    @property
    def works(self) -> bool:
        """Whether its token may be used."""
        return self.state != CommunityState.DISCONNECTED


LOOKS_AGAIN = timedelta(minutes=15)
"""When what waits for a community is tried again: a person may have connected it by then."""
AWAITS_PERSON = (
    "Сообщество ВКонтакте отключено. Подключите его заново: что случилось, сказано в списке "
    "сообществ. После этого работа продолжится сама, за четверть часа."
)

_NEW_KEY = (
    "Создайте новый ключ с правом «{}»: в сообществе «Управление» → «Дополнительно» → "
    "«Работа с API» → «Ключи доступа»."
)
NEEDED = {
    "messages": "Без права на сообщения не создать чатов. " + _NEW_KEY.format("Сообщения"),
    "docs": "Без права на документы не отправить объявлений. " + _NEW_KEY.format("Документы"),
}
"""Rights without which a community is of no use (VK's names), and what to do about each."""
USEFUL = {
    "photos": "Без права на фотографии не поставить картинок. " + _NEW_KEY.format("Фотографии"),
    "manage": "Без права на управление не настроить бота. " + _NEW_KEY.format("Управление"),
}
"""Rights that a connected community may lack for now, and what to do about each."""


def chosen(
    communities: Iterable[Community],
    house_id: str,
    oktmo: str,
    state: CommunityState = CommunityState.ACTIVE,
) -> Community | None:
    """Return the community of a new house, the same for whoever asks (rendezvous hashing).

    Each community draws a lot for the house, the highest has it: one that is added later takes
    houses from the others and moves none between them.
    """
    fit = [one for one in communities if one.state == state and _covers(one, oktmo)]
    return max(fit, key=lambda one: _lot(one.id, house_id), default=None)


def acting(communities: Iterable[Community], oktmo: str) -> list[Community]:
    """Return the active communities of a territory: those that cover it, or a part of it."""
    return [one for one in working(communities, oktmo) if one.state == CommunityState.ACTIVE]


def working(communities: Iterable[Community], oktmo: str) -> list[Community]:
    """Return those whose tokens work: a full one takes no house, but finds a page like any."""
    return [
        one
        for one in communities
        if one.works and (_covers(one, oktmo) or Territory(oktmo).covers(one.oktmo))
    ]


def _covers(community: Community, oktmo: str) -> bool:
    return Territory(community.oktmo).covers(oktmo)


def _lot(community: int, house_id: str) -> bytes:
    return sha256(f"{community}/{house_id}".encode()).digest()
