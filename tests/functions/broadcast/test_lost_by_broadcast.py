"""A chat that a broadcast cannot reach is lost for its house, in the table of the worker."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from broadcast import on_chunk
from broadcast.deliver import Desk
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.table import Table
from housechats.domain.addresses import Address
from housechats.domain.audiences import WhyLeftOut, why_left_out
from housechats.domain.houses import ChatState, House
from support.aws_mock import aws, new_table

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
HOUSE = House(
    id="ABCDEF01",
    digest="d1",
    oktmo="11701000",
    address=Address(locality="г. Архангельск", street_type="ул", street="Ленина", house="12"),
    community=7,
    created_at=NOW,
)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk of the worker as its own door opens it."""
    with aws():
        new_table("houses")
        for name, value in {
            "TABLE": "houses",
            "BROADCASTS_BUCKET": "broadcasts",
            "VK_API_URL": "https://vk.invalid",
            "TOKENS_PREFIX": "no/token/",
            "STARTS_QUEUE_URL": "https://sqs.invalid/starts",
            "STARTS_QUEUE_ARN": "arn:aws:sqs:eu-central-1:1:starts",
            "SCHEDULES_ROLE_ARN": "arn:aws:iam::1:role/schedules",
            "SCHEDULES_GROUP": "schedules",
            "DELIVERIES_QUEUE_URL": "https://sqs.invalid/deliveries",
            "EMERGENCIES_QUEUE_URL": "https://sqs.invalid/emergencies",
            "LEASE_SECONDS": "120",
            "WORKER_SECONDS": "60",
        }.items():
            monkeypatch.setenv(name, value)
        on_chunk.wired.cache_clear()
        delivers, _ = on_chunk.wired()
        yield delivers.keywords["desk"]
        on_chunk.wired.cache_clear()


def test_a_chat_lost_by_a_broadcast_is_left_out_until_it_is_open_again(desk: Desk) -> None:
    houses = DynamoHouses(Table("houses"))
    houses.enrol(HOUSE)
    houses.made(HOUSE.id, chat_id=5, now=NOW)
    houses.opened(HOUSE.id, link="https://vk.me/join/1", cmid=1)

    for _ in range(2):
        desk.lose(HOUSE.id, 5, "chat_lost")

    house = houses.get(HOUSE.id)
    assert house
    assert (house.state, house.loss) == (ChatState.LOST, "chat_lost")
    assert why_left_out(house.line, {7}) == WhyLeftOut.CHAT_LOST
