"""Guides and services: what is kept comes back, and nobody writes over another's change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.guides import DynamoGuides
from housechats.adapters.services import DynamoServices
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.domain.guides import (
    BEGINS_AFTER,
    Guide,
    GuidedHouse,
    GuideStep,
    Obstacle,
    called,
    hindered,
    joined,
    kept,
    said_done,
    told,
    wants_call,
)
from housechats.domain.people import Elder
from housechats.domain.services import Service, ServiceKind, ServiceList
from housechats.domain.territories import Territory
from housechats.ports.guides import Guides
from housechats.ports.services import Services
from housechats.ports.traces import ElderTrace
from support.guide_fakes import FakeGuides, FakeServices

NOW = datetime.now(UTC).replace(microsecond=0)
METERS = Service("Счётчики", ServiceKind.APP, app_id=7, hash="meters", houses=("ABCDEF01",))
PAGE = Service("Сайт", ServiceKind.LINK, link="https://dvor.example")


@pytest.fixture(params=["memory", "table"])
def guides(request: pytest.FixtureRequest, table: Table) -> Guides:
    return FakeGuides() if request.param == "memory" else DynamoGuides(table)


@pytest.fixture(params=["memory", "table"])
def services(request: pytest.FixtureRequest, table: Table) -> Services:
    return FakeServices() if request.param == "memory" else DynamoServices(table)


def new_guide(elder_id: str = "e-1", oktmo: str = "11701000") -> Guide:
    houses = [GuidedHouse(f"{elder_id}-house", oktmo, "b-1", NOW)]
    return told(None, elder_id, houses, community=7, reachable=True, now=NOW)


def saved(guides: Guides, guide: Guide) -> Guide:
    after = guides.save(guide)
    assert after
    return after


def test_a_guide_comes_back_as_it_was_at_each_step(guides: Guides) -> None:
    guide = saved(guides, new_guide())

    there = []
    changes: list[Callable[[Guide], Guide]] = [
        lambda one: replace(one, seen_told_at=NOW),
        lambda one: joined(one, {"e-1-house"}, at=NOW, now=NOW),
        lambda one: said_done(one, GuideStep.COPY, 1, now=NOW),
        lambda one: hindered(one, Obstacle.NO_PRINTER, GuideStep.PRINT, 1, at=NOW, now=NOW),
        lambda one: wants_call(one, at=NOW, now=NOW),
        lambda one: called(one, by="vk:12", note="Напечатает УК.", now=NOW),
    ]
    for change in changes:
        guide = saved(guides, change(guide))
        there.append((guides.get("e-1"), guide))

    assert all(found == expected for found, expected in there)
    assert guides.get("e-2") is None


def test_who_changes_what_they_have_not_seen_is_refused(guides: Guides) -> None:
    first = saved(guides, new_guide())
    saved(guides, joined(first, {"e-1-house"}, at=NOW, now=NOW))

    late = guides.save(replace(first, reminders=3))
    anew = guides.save(new_guide())

    assert (late, anew) == (None, None)


def test_a_guide_is_due_when_it_has_something_to_say(guides: Guides) -> None:
    saved(guides, new_guide())
    later = NOW + BEGINS_AFTER

    before = guides.due(NOW, limit=80)
    due = guides.due(later, limit=80)
    guides.postpone("e-1", now=later, until=later + timedelta(minutes=5))
    postponed = guides.due(later, limit=80)

    assert (before, due, postponed) == ([], ["e-1"], [])


def test_what_is_not_due_any_more_is_not_postponed(guides: Guides) -> None:
    guide = saved(guides, new_guide())
    later = NOW + timedelta(days=2)
    saved(guides, replace(guide, errands=(), remind_at=later))

    guides.postpone("e-1", now=NOW, until=NOW + timedelta(days=9))

    assert guides.due(later, limit=80) == ["e-1"]


def test_guides_are_listed_by_territory_until_they_are_over(guides: Guides) -> None:
    here = saved(guides, new_guide("e-1"))
    saved(guides, new_guide("e-2", "11730000"))
    over = saved(guides, new_guide("e-3"))
    saved(guides, kept(over, (), now=NOW))

    town = guides.of_territory(Territory("11701000"), since="", limit=9)
    region = guides.of_territory(Territory("11"), since="", limit=9)

    assert town == [here]
    assert [one.elder_id for one in region] == ["e-1", "e-2"]


def test_guides_of_a_region_are_read_some_at_a_time(guides: Guides) -> None:
    codes = ("11701000", "11701000", "11730000")
    first, second, third = (
        saved(guides, new_guide(f"e-{n}", oktmo)) for n, oktmo in enumerate(codes)
    )

    some = guides.of_territory(Territory("11"), since="", limit=2)
    rest = guides.of_territory(Territory("11"), since=second.listed_at, limit=9)
    beyond = guides.of_territory(Territory("11701000"), since=third.listed_at, limit=9)

    assert (some, rest, beyond) == ([first, second], [second, third], [])


def test_the_guide_of_who_is_forgotten_is_gone(table: Table) -> None:
    guides = DynamoGuides(table)
    saved(guides, new_guide())
    trace = ElderTrace("e-1", Elder("Вымыслова Марфа"), True, {}, frozenset())

    DynamoMemory(table, elder_key="a key").forget_guide(trace)

    assert guides.get("e-1") is None


def test_services_come_back_in_their_order(services: Services) -> None:
    new = ServiceList("11", "2901000017", (METERS, PAGE), revision=1)

    done = services.put(new)

    assert done
    assert services.get("11", "2901000017") == new
    assert services.of_many("11", ["2901000017", "2901000018"]) == [new]
    assert services.get("45", "2901000017") == ServiceList("45", "2901000017")


def test_services_changed_meanwhile_are_not_written_over(services: Services) -> None:
    services.put(ServiceList("11", "2901000017", (METERS,), revision=1))

    again = services.put(ServiceList("11", "2901000017", (), revision=1))
    skipped = services.put(ServiceList("11", "2901000017", (), revision=3))
    after = services.put(ServiceList("11", "2901000017", (), revision=2))

    assert (again, skipped, after) == (False, False, True)
