"""The hourly door closes what is over, on a table in this process."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from activity import on_hour, on_talk
from housechats.adapters.activity import DynamoTallies, DynamoTotals
from housechats.adapters.chats import DynamoChats
from housechats.adapters.houses import DynamoHouses
from housechats.domain.activity import Counts
from housechats.domain.addresses import Address
from housechats.domain.houses import House
from housechats.domain.zones import day_at
from support.aws_mock import aws, new_table
from support.lambda_context import CONTEXT

OKTMO = "11701000"
LATELY = datetime.now(UTC) - timedelta(days=2)
DAY = day_at(LATELY, OKTMO)


def test_what_lies_in_the_queue_comes_into_the_totals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with aws():
        table = new_table("houses")
        for name, value in {"TABLE": "houses", "ID_KEY": "a key"}.items():
            monkeypatch.setenv(name, value)
        for door in (on_talk, on_hour):
            door.wired.cache_clear()
        address = Address(street="Садовая", house="1")
        house = House("ABCDEF01", "d1", OKTMO, address, 7, LATELY)
        DynamoHouses(table).enrol(house)
        DynamoChats(table).remember(7, 5, house_id=house.id)
        body = {"community": 7, "chat_id": 5, "user": 987654321, "at": LATELY.timestamp() * 1000}
        records = [
            {"messageId": f"{n}", "body": json.dumps({**body, "cmid": n % 40 + 1})}
            for n in range(100)
        ]

        answer = on_talk.handle({"Records": records}, CONTEXT)
        # What was heard late is closed two hours after it was heard.
        table.update("ACTIVITY#ABCDEF01", DAY.isoformat(), "SET #due_at = :at", at=LATELY)
        on_hour.handle({}, CONTEXT)

        (tally,) = DynamoTallies(table).of_house(house.id, DAY, DAY)
        totals = DynamoTotals(table).of("11701000", DAY, DAY)
        assert answer == {"batchItemFailures": []}
        assert (tally.people, tally.due_at) == (b"", None)
        assert totals == {DAY: Counts(messages=40, people=1)}
        assert "987654321" not in capsys.readouterr().out
        for door in (on_talk, on_hour):
            door.wired.cache_clear()
