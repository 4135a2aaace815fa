"""What is heard in chats is counted once, whatever the queue and other workers do."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from activity import on_talk
from activity.close_days import Desk as ClosingDesk
from activity.close_days import close_days
from activity.count_talk import Desk, count_talk
from housechats.domain.activity import Counts, Heard, by_day_of
from housechats.domain.addresses import Address
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import House
from housechats.domain.organisations import OrganisationKind
from support.activity_fakes import FakeTallies
from support.fakes import FakeChats, FakeHouses
from support.lambda_context import CONTEXT

COMMUNITY = 7
INN = "2901000017"
# In Archangelsk it is 23:50 of the eleventh.
LATE_EVENING = datetime(2027, 1, 11, 20, 50, tzinfo=UTC)
DAY = date(2027, 1, 11)
OVER = LATE_EVENING + timedelta(hours=3)


class Counters:
    """The worker's desk, and what it has counted."""

    def __init__(self, houses: int = 1) -> None:
        self.tallies = FakeTallies()
        self.houses = FakeHouses()
        chats = FakeChats()
        for number in range(1, houses + 1):
            self.houses.enrol(house(number))
            chats.remember(COMMUNITY, number, house_id=house(number).id)
        self.desk = Desk(chats, self.houses, self.tallies, "a key")

    def count(self, heard: list[Heard], now: datetime = LATE_EVENING) -> set[str]:
        named = {f"{n}": one for n, one in enumerate(heard)}
        return set(count_talk(named, desk=self.desk, now=now).left)

    def close(self, now: datetime = OVER) -> int:
        desk = ClosingDesk(self.tallies, self.houses)
        return close_days(desk=desk, has_time=lambda: True, now=now)

    def of(self, number: int, day: date = DAY) -> Counts:
        there = self.tallies.of_house(house(number).id, day, day)
        return by_day_of(there).get(day, Counts())


def house(number: int) -> House:
    return House(
        id=f"ABCDEF{number:02d}",
        digest=f"d{number}",
        oktmo="11701000",
        address=Address(street="Ленина", house=f"{number}"),
        community=COMMUNITY,
        created_at=LATE_EVENING,
        organisations={INN: OrganisationKind.MANAGEMENT_COMPANY},
    )


def message(cmid: int, *, chat_id: int = 1, user: int = 1, later_s: int = 0) -> Heard:
    at = LATE_EVENING + timedelta(seconds=later_s)
    return Heard(COMMUNITY, chat_id, at, cmid=cmid, user=user)


def test_ten_thousand_messages_with_repeats_in_any_order_are_counted_once_each() -> None:
    counters, dice = Counters(10), random.Random(1)
    said = [
        message(cmid, chat_id=chat_id, user=cmid % 50)
        for chat_id in range(1, 11)
        for cmid in range(1, 1001)
    ]
    told = [*said, *dice.sample(said, 3000)]
    dice.shuffle(told)

    for first in range(0, len(told), 1000):
        assert counters.count(told[first : first + 1000]) == set()

    assert [counters.of(n) for n in range(1, 11)] == [Counts(messages=1000, people=50)] * 10


def test_two_workers_at_once_lose_and_double_nothing() -> None:
    counters = Counters(3)
    told = [message(n, chat_id=n % 3 + 1, user=n % 7) for n in range(1, 301)]
    parts = [told[first::4] for first in range(4)] * 2

    with ThreadPoolExecutor(4) as pool:
        left = [*pool.map(counters.count, parts)]

    assert left == [set()] * 8
    assert sum(counters.of(n).messages for n in (1, 2, 3)) == 300


def test_a_repeat_that_comes_after_midnight_belongs_to_its_own_day() -> None:
    counters = Counters()
    counters.count([message(5), message(6, later_s=1200)])
    before = counters.of(1), counters.of(1, DAY + timedelta(1))

    counters.count([message(5), message(6, later_s=1200)], now=LATE_EVENING + timedelta(hours=1))

    assert before == (Counts(messages=1, people=1), Counts(messages=1, people=1))
    assert (counters.of(1), counters.of(1, DAY + timedelta(1))) == before


def test_talk_in_a_chat_of_no_house_is_not_counted() -> None:
    counters = Counters()

    left = counters.count([message(1, chat_id=99)])

    assert left == set()
    assert counters.tallies.kept == {}


def test_the_former_chat_of_a_house_has_numbers_of_its_own() -> None:
    counters = Counters()
    counters.desk.chats.remember(COMMUNITY, 50, house_id=house(1).id)

    counters.count([message(5), message(5, chat_id=50, user=2)])
    counters.count([message(5, chat_id=50, user=2), message(5)])

    assert counters.of(1) == Counts(messages=2, people=2)


def test_a_house_that_cannot_be_written_takes_no_other_with_it() -> None:
    class Stubborn(FakeTallies):
        def save(self, tally: Any) -> bool:
            if tally.house_id == house(2).id:
                raise UnavailableError("busy")
            return super().save(tally)

    counters = Counters(3)
    tallies = Stubborn()
    counters.desk = replace(counters.desk, tallies=tallies)
    counters.tallies = tallies

    left = counters.count([message(1, chat_id=n) for n in (1, 2, 3)])

    assert left == {"1"}
    assert [counters.of(n).messages for n in (1, 2, 3)] == [1, 0, 1]


def test_the_day_after_nobody_can_tell_who_wrote_though_the_chat_is_silent() -> None:
    counters = Counters(2)
    counters.count([message(1), message(1, chat_id=2, user=5)])
    early = counters.close(LATE_EVENING + timedelta(hours=1))

    closed = counters.close()

    assert (early, closed) == (0, 2)
    assert {one.people for one in counters.tallies.kept.values()} == {b""}
    assert counters.of(1) == Counts(messages=1, people=1)


def test_closed_days_are_in_the_totals_of_their_territories_and_organisations_once() -> None:
    counters = Counters(30)
    counters.count([message(1, chat_id=n, user=n) for n in range(1, 31)])

    counters.close()
    counters.close()

    thirty = Counts(messages=30, people=30)
    totals = counters.tallies.totals
    for subject in ("11", "11701", "11701000", f"11#{INN}", f"11701000#{INN}"):
        assert totals.of(subject, DAY, DAY) == {DAY: thirty}


def test_what_was_told_late_is_added_to_the_totals_as_a_difference() -> None:
    counters = Counters()
    counters.count([message(1)])
    counters.close()
    days_later = OVER + timedelta(days=3)
    counters.count([message(1), message(2)], now=days_later)

    counters.close(days_later + timedelta(hours=3))

    assert counters.tallies.totals.of("11", DAY, DAY) == {DAY: Counts(messages=2, people=1)}


def test_a_day_that_is_counted_on_while_it_is_closed_is_closed_later_and_lost_to_nobody() -> None:
    class Late(FakeTallies):
        """Hears one more message whenever days are about to be closed."""

        def close(self, tallies: Any, totals: Any) -> bool:
            if (one := tallies[0]).seen.bit_count() == 1:
                self.save(replace(one, seen=3))
            return super().close(tallies, totals)

    counters = Counters(2)
    tallies = Late()
    counters.desk, counters.tallies = replace(counters.desk, tallies=tallies), tallies
    counters.count([message(1), message(1, chat_id=2)])

    closed = [counters.close(), counters.close(), counters.close()]

    assert sum(closed) == 2
    assert tallies.totals.of("11", DAY, DAY)[DAY].messages == 4


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Counters:
    counters = Counters()
    monkeypatch.setattr(
        on_talk,
        "wired",
        lambda: lambda heard, now: count_talk(heard, desk=counters.desk, now=now),
    )
    return counters


def test_a_body_that_cannot_be_read_takes_no_other_with_it(worker: Counters) -> None:
    at = int(LATE_EVENING.timestamp() * 1000)
    said = {"community": COMMUNITY, "chat_id": 1, "cmid": 5, "user": 1, "at": at}
    came = {"community": COMMUNITY, "chat_id": 1, "event": "e", "what": "joined", "at": at}
    odd = {"community": COMMUNITY, "chat_id": 1, "event": "e", "what": "danced", "at": at}
    bodies = [said, came, odd, "no body", {**said, "at": 10**20}]
    records = [{"messageId": f"{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]

    answer = on_talk.handle({"Records": records}, CONTEXT)

    assert answer == {"batchItemFailures": [{"itemIdentifier": f"{n}"} for n in (2, 3, 4)]}
    assert worker.of(1) == Counts(messages=1, people=1, joined=1)
