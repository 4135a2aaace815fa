"""Services: what may be kept, and what a house is shown."""

import pytest

from housechats.domain.organisations import OrganisationKind
from housechats.domain.services import (
    BAD_HASH,
    LOOKALIKE,
    NO_APP,
    NO_LINK_HERE,
    SHOWN,
    TWICE,
    Service,
    ServiceKind,
    ServiceList,
    faults_of,
    services_of,
)

COMPANY, TOWN = "2901000017", "2901000025"
ORGANISATIONS = {
    TOWN: OrganisationKind.ADMINISTRATION,
    COMPANY: OrganisationKind.MANAGEMENT_COMPANY,
}


def link(title: str, to: str = "https://dvor.example", **changes: object) -> Service:
    return Service(title, ServiceKind.LINK, link=to, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("service", "pointer", "said"),
    [
        pytest.param(link("Сайт", "http://dvor.example"), "/0/link", "https", id="no https"),
        pytest.param(link("Сайт", "https://gosus1ugi.ru"), "/0/link", LOOKALIKE, id="lookalike"),
        pytest.param(link("а" * 41), "/0/title", "40", id="long title"),
        pytest.param(link(" "), "/0/title", "Напишите", id="no title"),
        pytest.param(Service("Счётчики", ServiceKind.APP), "/0/app_id", NO_APP, id="no app"),
        pytest.param(
            Service("Счётчики", ServiceKind.APP, app_id=7, link="https://dvor.example"),
            "/0/link",
            NO_LINK_HERE,
            id="app with a link",
        ),
        pytest.param(
            Service("Счётчики", ServiceKind.APP, app_id=7, hash="а б"),
            "/0/hash",
            BAD_HASH,
            id="odd hash",
        ),
    ],
)
def test_what_might_mislead_residents_is_not_kept(
    service: Service, pointer: str, said: str
) -> None:
    faults = faults_of([service])

    assert [fault.pointer for fault in faults] == [pointer]
    assert said in faults[0].message


def test_two_services_are_not_called_the_same() -> None:
    faults = faults_of([link("Сайт УК"), link("сайт  ук")])

    assert [(fault.pointer, fault.message) for fault in faults] == [("/1/title", TWICE)]


def test_a_sound_list_has_no_faults() -> None:
    apps = Service("Счётчики", ServiceKind.APP, app_id=7, hash="meters=1")

    faults = faults_of([apps, link("Госуслуги", "https://www.gosuslugi.ru/dom")])

    assert faults == []


def test_a_house_is_shown_its_companys_services_first_and_those_of_other_houses_not() -> None:
    lists = [
        ServiceList("11", TOWN, (link("Приёмная"),)),
        ServiceList("11", COMPANY, (link("Сайт"), link("Лифт", houses=("OTHER001",)))),
        ServiceList("11", "2901000033", (link("Чужой"),)),
    ]

    shown = services_of("ABCDEF01", ORGANISATIONS, lists)

    assert [service.title for service in shown] == ["Сайт", "Приёмная"]


def test_no_more_than_ten_buttons_are_shown() -> None:
    many = ServiceList("11", COMPANY, tuple(link(f"Сервис {n}") for n in range(15)))

    shown = services_of("ABCDEF01", ORGANISATIONS, [many])

    assert len(shown) == SHOWN
