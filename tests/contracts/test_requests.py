"""A request is remembered by its key for a day; who works on it has it for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from housechats.adapters.requests import DynamoRequests
from housechats.adapters.table import Table
from housechats.ports.requests import REMEMBERED, Remembered

NOW = datetime.now(UTC).replace(microsecond=0)  # the table drops what has expired
LEASE = NOW + timedelta(seconds=40)
WHO, KEY, DIGEST = "vk:1", "form-1", "d1"
ANSWER = Remembered("", None, 201, {"location": "/houses/1"}, '{"id": "1"}')


@pytest.fixture
def requests(table: Table) -> DynamoRequests:
    return DynamoRequests(table)


def begin(
    requests: DynamoRequests, *, who: str = WHO, digest: str = DIGEST, now: datetime = NOW
) -> Remembered | None:
    return requests.begin(who, KEY, digest, now=now, lease_until=now + timedelta(seconds=40))


def test_a_key_is_taken_once_and_its_answer_is_given_to_whoever_comes_later(
    requests: DynamoRequests,
) -> None:
    first, while_it_runs = begin(requests), begin(requests)
    requests.answered(WHO, KEY, ANSWER)

    later = begin(requests)

    assert first is None
    assert while_it_runs == Remembered(DIGEST, LEASE)
    assert later == Remembered(DIGEST, None, ANSWER.status, ANSWER.headers, ANSWER.body)


def test_one_callers_key_is_not_anothers(requests: DynamoRequests) -> None:
    assert [begin(requests), begin(requests, who="vk:2")] == [None, None]


def test_a_dead_ones_key_may_be_taken_by_the_same_request_only(requests: DynamoRequests) -> None:
    begin(requests)
    after = LEASE + timedelta(seconds=1)

    other, same = begin(requests, digest="d2", now=after), begin(requests, now=after)

    assert other == Remembered(DIGEST, LEASE)
    assert same is None


def test_an_answered_key_is_not_taken_when_its_lease_is_over(requests: DynamoRequests) -> None:
    begin(requests)
    requests.answered(WHO, KEY, ANSWER)

    assert begin(requests, now=LEASE + timedelta(hours=1)) is not None


def test_after_a_day_a_key_is_new(requests: DynamoRequests) -> None:
    begin(requests)
    requests.answered(WHO, KEY, ANSWER)

    assert begin(requests, digest="d2", now=NOW + REMEMBERED + timedelta(seconds=1)) is None


def test_a_released_key_is_new_at_once(requests: DynamoRequests) -> None:
    begin(requests)
    requests.release(WHO, KEY)

    assert begin(requests, digest="d2") is None


def test_changes_are_counted_by_caller_and_minute(requests: DynamoRequests) -> None:
    minute = int(NOW.timestamp()) // 60

    counted = [requests.count(WHO, minute=minute) for _ in range(3)]

    assert counted == [1, 2, 3]
    assert requests.count("vk:2", minute=minute) == 1
    assert requests.count(WHO, minute=minute + 1) == 1


def test_what_costs_much_is_counted_apart(requests: DynamoRequests) -> None:
    minute = int(NOW.timestamp()) // 60
    requests.count(WHO, minute=minute)

    counted = [requests.count(WHO, minute=minute, of="searchPerson") for _ in range(2)]

    assert counted == [1, 2]
    assert requests.count(WHO, minute=minute, of="other") == 1
    assert requests.count(WHO, minute=minute) == 2
