"""Services: what an organisation offers residents by buttons in their chats; kept by staff."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from housechats.domain.broadcast_texts import TextFault, faults_of_button
from housechats.domain.lookalike_links import is_lookalike
from housechats.domain.messages import LinkButton
from housechats.domain.organisations import OrganisationKind

LONGEST_TITLE = 40
"""Characters of a button's label (VK)."""
LONGEST_HASH = 200
MOST_SERVICES = 20
"""Of one organisation."""
MOST_HOUSES = 500
"""For which one service may be, when it is not for all of them."""
SHOWN = 10
"""Buttons under one message (VK)."""
LARGEST_APP = 2**31 - 1

LOOKALIKE = "Ссылка только похожа на известный сайт, а ведёт на другой. Проверьте её по буквам."
NO_APP = "Укажите номер мини-приложения ВКонтакте."
NO_APP_HERE = "Номер мини-приложения у ссылки не нужен: уберите его."
NO_LINK_HERE = "Ссылка у мини-приложения не нужна: уберите её."
BAD_HASH = "Параметры запуска — латинские буквы, цифры и знаки без пробелов."
TWICE = "Сервис с таким названием уже есть в списке."
_HASH = re.compile(r"[\x21-\x7e]*")


class ServiceKind(StrEnum):
    """What a service's button opens."""

    APP = "app"
    """A mini app of VK."""
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Service:
    """One button that may be put into house chats."""

    title: str
    """What the button says: up to 40 characters."""
    kind: ServiceKind
    link: str = ""
    """Where it leads; empty when it opens an app."""
    app_id: int = 0
    """Which app it opens; 0 when it leads to a link."""
    hash: str = ""
    """What the app is told."""
    houses: tuple[str, ...] = ()
    """Only for these houses; none: for all that the organisation answers for."""


@dataclass(frozen=True, slots=True)
class ServiceList:
    """The services of one organisation in a region, in the order in which people see them."""

    region: str
    inn: str
    services: tuple[Service, ...] = ()
    revision: int = 0
    """0: nothing was kept yet."""


def faults_of(services: Iterable[Service]) -> list[TextFault]:
    """Return what keeps services from being kept, with pointers into their list."""
    known: set[str] = set()
    faults = []
    for number, service in enumerate(services):
        faults += [TextFault(f"/{number}/{field}", said) for field, said in _faults(service)]
        title = " ".join(service.title.casefold().split())
        if title in known:
            faults.append(TextFault(f"/{number}/title", TWICE))
        known.add(title)
    return faults


def services_of(
    house_id: str, organisations: Mapping[str, OrganisationKind], lists: Iterable[ServiceList]
) -> list[Service]:
    """Return what a house is shown: its management company's first, in the order of the lists."""
    ranks = {kind: rank for rank, kind in enumerate(OrganisationKind)}
    theirs = sorted(
        (one for one in lists if one.inn in organisations),
        key=lambda one: (ranks[organisations[one.inn]], one.inn),
    )
    found = [
        service
        for one in theirs
        for service in one.services
        if not service.houses or house_id in service.houses
    ]
    return found[:SHOWN]


def _faults(service: Service) -> Iterator[tuple[str, str]]:
    is_app = service.kind == ServiceKind.APP
    link = f"https://vk.com/app{service.app_id}" if is_app else service.link
    faults = [*faults_of_button(LinkButton(service.title, link))]
    for field, said in faults:
        yield "title" if field == "label" else field, said
    if is_app:
        if not 0 < service.app_id <= LARGEST_APP:
            yield "app_id", NO_APP
        if service.link:
            yield "link", NO_LINK_HERE
        if not _HASH.fullmatch(service.hash):
            yield "hash", BAD_HASH
        return
    if service.app_id or service.hash:
        yield "app_id", NO_APP_HERE
    if not faults and is_lookalike(urlsplit(service.link).netloc):
        yield "link", LOOKALIKE
