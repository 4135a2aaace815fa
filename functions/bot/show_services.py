"""Use case: show residents the services of their house; only what staff keep gets into a chat."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from bot.desk import Desk, house_of, number_of, talk_as
from housechats.domain import service_texts as texts
from housechats.domain.chat_events import ChatEvent
from housechats.domain.houses import House
from housechats.domain.services import Service, ServiceKind, services_of
from housechats.domain.territories import region_of
from housechats.ports.letters import Button
from housechats.ports.talks import AppButton, Row, Saying

EVERY = timedelta(minutes=10)
"""How often a chat, or a person, is shown the same."""
IN_A_ROW = 2
"""Ten buttons fit into VK's six rows."""


def show_services(event: ChatEvent, desk: Desk) -> str:
    """Show them in the chat, once in a while; privately to an elder, of their own houses."""
    if event.chat_id:
        house = house_of(event, desk)
        return _show(event, house, desk) if house else texts.ONLY_IN_HOUSE_CHAT
    houses = _own_houses(event, desk)
    if not houses:
        return _tell(event, texts.ASK_IN_HOUSE_CHAT, [], desk)
    for house in houses:
        services = _services(house, desk)
        text = texts.shown(house) if services else texts.none_of(house)
        _tell(event, text, _rows(services), desk, part=house.id)
    return ""


def _show(event: ChatEvent, house: House, desk: Desk) -> str:
    services = _services(house, desk)
    if not services:
        return texts.NONE
    # What was changed since is shown at once: it is another thing to show.
    what = f"SERVICES#{event.community}#{event.chat_id}#{_digest(services)}"
    since = desk.turns.take(what, by=event.id, every=EVERY, now=desk.clock())
    if since is None:
        return texts.SHOWN_ABOVE
    saying = Saying(texts.shown(house), number_of(event, "services"), since, rows=_rows(services))
    talk_as(event.community, desk).say(event.chat_id, saying)
    return texts.SHOWN_BELOW


def _own_houses(event: ChatEvent, desk: Desk) -> list[House]:
    """Return the first few houses whose elder it is who asks."""
    elder_ids = desk.posts.known(event.user).elder_ids
    found = desk.houses.get_many(desk.elders.houses_of(elder_ids))
    own = [house for house in found if house.elder_id in elder_ids]
    return sorted(own, key=lambda house: house.title)[: texts.MOST_HOUSES]


def _services(house: House, desk: Desk) -> list[Service]:
    lists = desk.services.of_many(region_of(house.oktmo), house.organisations)
    return services_of(house.id, house.organisations, lists)


def _tell(event: ChatEvent, text: str, rows: Sequence[Row], desk: Desk, *, part: str = "") -> str:
    what = f"SERVICES#{event.community}#{event.user}#{part}#{_digest_of(text, rows)}"
    since = desk.turns.take(what, by=event.id, every=EVERY, now=desk.clock())
    if since is None:
        return texts.SHOWN_ABOVE
    saying = Saying(text, number_of(event, f"services/{part}"), since, rows=rows)
    talk_as(event.community, desk).tell(event.user, saying)
    return ""


def _rows(services: Sequence[Service]) -> list[Row]:
    buttons = [_button(service) for service in services]
    return [buttons[first : first + IN_A_ROW] for first in range(0, len(buttons), IN_A_ROW)]


def _button(service: Service) -> Button | AppButton:
    if service.kind == ServiceKind.APP:
        return AppButton(service.title, service.app_id, service.hash)
    return Button(service.title, service.link)


def _digest(services: Sequence[Service]) -> str:
    return _digest_of("", _rows(services))


def _digest_of(text: str, rows: Sequence[Row]) -> str:
    return sha256(f"{text}{rows}".encode()).hexdigest()[:12]
