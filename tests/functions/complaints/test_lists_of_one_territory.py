"""Who looks at one region sees nothing of the region inside its code, in no list."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.reports import DynamoReports
from housechats.domain.addresses import Address
from housechats.domain.complaints import Complaint, Topic, number_of
from housechats.domain.houses import House
from housechats.domain.people import Role
from housechats.domain.questions import Where
from housechats.domain.reports import Report
from support.whole_api import WholeApi, whole_api

STAFF = 12
PLACES = {"11701000": "ABCDEF01", "11851000": "ABCDEF02"}
"""A town of Архангельская область, and one of Ненецкий АО."""


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeApi]:
    with whole_api(monkeypatch) as opened:
        for oktmo, house_id in PLACES.items():
            opened.name(STAFF, Role.STAFF, oktmo)
            _kept(opened, oktmo, house_id)
        yield opened


def _kept(api: WholeApi, oktmo: str, house_id: str) -> None:
    """Keep a house with a complaint, and with a reported message."""
    now = datetime.now(UTC)
    address = Address(street="Садовая", street_type="ул", house="5")
    DynamoHouses(api.table).enrol(
        House(house_id, house_id, oktmo, address, community=7, created_at=now)
    )
    DynamoComplaints(api.table).add(
        Complaint(
            id=number_of(house_id),
            house_id=house_id,
            oktmo=oktmo,
            community=7,
            inn="",
            by=901,
            topic=Topic.LIFT,
            where=Where.HOUSE,
            sent_at=now,
            event=house_id,
            text="Лифт стоит третий день.",
        )
    )
    DynamoReports(api.table).add(
        Report(
            id=f"00000000{house_id}",
            house_id=house_id,
            oktmo=oktmo,
            community=7,
            chat_id=1,
            cmid=5,
            author=911,
            reported_at=now,
        )
    )


@pytest.mark.parametrize("path", ["/complaints", "/reports"])
@pytest.mark.parametrize(
    ("oktmo", "houses"),
    [
        pytest.param("11", {"ABCDEF01"}, id="the region"),
        pytest.param("118", {"ABCDEF02"}, id="the region inside its code"),
        pytest.param("11701000", {"ABCDEF01"}, id="a town"),
        pytest.param("", {"ABCDEF01", "ABCDEF02"}, id="all"),
    ],
)
def test_a_list_of_a_territory_holds_what_lies_there(
    api: WholeApi, path: str, oktmo: str, houses: set[str]
) -> None:
    query = {"oktmo": oktmo} if oktmo else {}

    status, page = api.ask("GET", path, vk_id=STAFF, query=query)

    assert status == 200
    assert {one["house"] for one in page["items"]} == houses


@pytest.mark.parametrize("path", ["/complaints", "/reports"])
def test_what_is_no_territory_is_named_as_the_fault(api: WholeApi, path: str) -> None:
    status, problem = api.ask("GET", path, vk_id=STAFF, query={"oktmo": "1170"})

    assert status == 422
    assert problem["errors"][0]["pointer"] == "/query/oktmo"
