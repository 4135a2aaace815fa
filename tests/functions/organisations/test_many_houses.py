"""Many houses are attached as one job: once each, whatever the queue does, and all can be seen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.domain.attachments import Attachment, Carried
from housechats.domain.errors import UnavailableError
from housechats.domain.houses import House
from housechats.domain.jobs import JobStatus
from housechats.domain.zones import beginning_of, day_at
from housechats.ports.jobs import Jobs
from organisations.attach import TRIES, attach
from organisations.work_chunk import Desk, wishes_of, work_chunk
from support.fakes import FakeHouses
from support.organisation_fakes import FakeAttachments
from support.organisations_door import (
    ADMINISTRATOR,
    COMPANY,
    COSY,
    ELSEWHERE,
    HEAT,
    HOME,
    OKTMO,
    OTHER_OKTMO,
    REPRESENTATIVE,
    UTILITY,
    OrganisationsDoor,
)

NEXT_WEEK = day_at(datetime.now(UTC), OKTMO) + timedelta(days=7)


def begin(door: OrganisationsDoor, listed: Sequence[str], **said: str) -> Any:
    body = {"kind": COMPANY, "houses": list(listed), **said}
    status, job = door.ask("POST", f"/organisations/{COSY}/houses", body)
    assert status == 202, job
    return job


def jobs(door: OrganisationsDoor) -> Jobs:
    return door.doors.jobs


def test_houses_are_attached_by_codes_fias_ids_and_addresses(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    by_code, by_fias, by_address = (door.house(n) for n in (1, 2, 3))
    fias_id = "0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f"
    door.doors.houses.claim_fias(fias_id, house_id=by_fias.id, digest=by_fias.digest)
    code = f"{by_code.id[:4]}-{by_code.id[4:]}".lower()

    job = begin(door, [code, fias_id.upper(), "г. Архангельск, улица Садовая, дом 3", by_code.id])
    door.work()

    after = jobs(door).get(job["id"])
    assert after is not None
    assert (job["total"], after.done, after.failed, after.status) == (3, 3, 0, JobStatus.DONE)
    for house in (by_code, by_fias, by_address):
        assert door.carried(house) == {COSY: COMPANY}


def test_an_address_without_its_town_is_in_the_town_of_the_territory(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    house = door.house(5)
    door.doors.towns.put(OKTMO, "г. Архангельск")

    begin(door, ["Садовая ул., 5"])
    door.work()

    assert door.carried(house) == {COSY: COMPANY}


def test_what_is_no_house_of_the_territory_is_named_by_its_number_alone(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    house, outside = door.house(1), door.house(2, OTHER_OKTMO)

    job = begin(door, [house.id, "Марфа Вымыслова, +7 999 000-00-01", outside.id])
    door.work()

    after, (part,) = jobs(door).get(job["id"]), jobs(door).chunks(job["id"])
    assert after is not None
    assert (after.done, after.failed) == (1, 2)
    assert set(part.failed) == {"#2", "#3"}
    assert "Строка 2:" in part.failed["#2"]
    assert "Вымыслова" not in str(part)
    assert door.carried(outside) == {}


def test_a_part_that_comes_again_changes_nothing(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    house = door.house(1)
    job = begin(door, [house.id])
    (body,) = door.chunks.take()
    desk = Desk(jobs(door), door.doors.houses, door.doors.attachments)

    first = work_chunk(job["id"], int(body["chunk"]), desk=desk, now=datetime.now(UTC))
    there = door.doors.houses.get(house.id)
    second = work_chunk(job["id"], int(body["chunk"]), desk=desk, now=datetime.now(UTC))

    assert (first, second) == ("1 of 1", "over")
    assert door.doors.houses.get(house.id) == there


def test_a_part_whose_worker_died_before_it_said_so_is_done_again_without_harm(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    house = door.house(1)
    job = begin(door, [house.id])
    kept = jobs(door).get(job["id"])
    assert kept is not None
    wishes = wishes_of(kept, house) or []
    now = datetime.now(UTC)
    doors = door.doors
    attach(house, wishes, houses=doors.houses, attachments=doors.attachments, now=now)
    before = doors.attachments.get_many([(COSY, house.id)])

    door.work()

    after = jobs(door).get(job["id"])
    assert after is not None
    assert (after.done, after.status) == (1, JobStatus.DONE)
    assert doors.attachments.get_many([(COSY, house.id)]) == before


def test_a_job_that_is_stopped_stops_before_its_next_part_and_can_go_on(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    houses = [door.house(n) for n in (1, 2)]
    job = begin(door, [house.id for house in houses])
    kept = jobs(door).get(job["id"])
    assert kept is not None
    two = replace(kept, id="two-parts")
    jobs(door).begin(two, [[house.id] for house in houses])
    first, second = ({"job_id": two.id, "chunk": n} for n in (0, 1))
    door.chunks.take()

    door.chunks.send([first])
    door.work()
    jobs(door).cancel(two.id, now=datetime.now(UTC))
    door.chunks.send([second])
    door.work()
    stopped = [door.carried(house) for house in houses]
    again = jobs(door).retry(two.id, now=datetime.now(UTC))
    door.chunks.send({"job_id": two.id, "chunk": n} for n in again)
    door.work()

    after = jobs(door).get(two.id)
    assert after is not None
    assert stopped == [{COSY: COMPANY}, {}]
    assert again == [1]
    assert (after.done, after.status) == (2, JobStatus.DONE)
    assert door.carried(houses[1]) == {COSY: COMPANY}


def test_all_houses_of_a_company_pass_to_another(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")
    theirs = [door.house(n, organisations={COSY: COMPANY, HEAT: UTILITY}) for n in (1, 2)]
    supplied = door.house(3, organisations={COSY: UTILITY, HEAT: UTILITY})
    others = door.house(4, organisations={HEAT: COMPANY})

    status, job = door.ask("POST", f"/organisations/{COSY}/transfer", {"to": HOME})
    door.work()

    assert (status, job["total"], job["kind"]) == (202, 3, "transfer")
    for house in theirs:
        assert door.carried(house) == {HOME: COMPANY, HEAT: UTILITY}
    assert door.carried(supplied) == {HOME: UTILITY, HEAT: UTILITY}
    assert door.carried(others) == {HEAT: COMPANY}
    _, left = door.ask("GET", f"/organisations/{COSY}/houses")
    assert left["items"] == []


def test_houses_pass_to_another_company_on_the_day_that_was_said(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")
    house = door.house(1, organisations={COSY: COMPANY})

    door.ask("POST", f"/organisations/{COSY}/transfer", {"to": HOME, "since": str(NEXT_WEEK)})
    door.work()
    before = door.carried(house)
    door.sweep(beginning_of(NEXT_WEEK, OKTMO))

    assert before == {COSY: COMPANY}
    assert door.carried(house) == {HOME: COMPANY}


def test_an_organisation_of_another_town_is_told_as_one_that_nobody_knows(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»", vk_id=ELSEWHERE)
    house = door.house(1)

    def answers(inn: str) -> list[Any]:
        asked = [
            (f"/organisations/{inn}/houses", {"kind": COMPANY, "houses": [house.id]}),
            (f"/organisations/{inn}/transfer", {"to": COSY}),
            (f"/organisations/{COSY}/transfer", {"to": inn}),
            (f"/houses/{house.id}/organisations", {"inn": inn, "kind": COMPANY}),
        ]
        told = [door.ask("POST", path, body) for path, body in asked]
        said = [{k: v for k, v in body.items() if k != "request_id"} for _, body in told]
        return [*zip([status for status, _ in told], said, strict=True)]

    assert [status for status, _ in answers(HOME)] == [404, 404, 422, 422]
    assert answers(HOME) == answers(HEAT)
    assert door.carried(house) == {}


def test_houses_of_other_territories_stay_with_their_company(door: OrganisationsDoor) -> None:
    for vk_id in (ADMINISTRATOR, ELSEWHERE):
        door.add(COSY, "ООО «Уют»", vk_id=vk_id)
        door.add(HOME, "ООО «Дом»", vk_id=vk_id)
    outside = door.house(1, OTHER_OKTMO, organisations={COSY: COMPANY})

    none, _ = door.ask("POST", f"/organisations/{COSY}/transfer", {"to": HOME, "oktmo": OKTMO})
    refused, _ = door.ask(
        "POST", f"/organisations/{COSY}/transfer", {"to": HOME, "oktmo": OTHER_OKTMO}
    )
    done, _ = door.ask("POST", f"/organisations/{COSY}/transfer", {"to": HOME}, vk_id=ELSEWHERE)
    door.work()

    assert (none, refused, done) == (409, 422, 202)
    assert door.carried(outside) == {HOME: COMPANY}


def test_a_house_that_has_gone_to_a_third_company_meanwhile_is_not_passed_on(
    door: OrganisationsDoor,
) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")
    door.add(HEAT, "ООО «Тепло»")
    house = door.house(1, organisations={COSY: COMPANY})

    _, job = door.ask("POST", f"/organisations/{COSY}/transfer", {"to": HOME})
    door.attach(house, HEAT)
    door.work()

    (part,) = jobs(door).chunks(job["id"])
    assert list(part.failed) == [house.id]
    assert door.carried(house) == {HEAT: COMPANY}


@pytest.mark.parametrize(
    ("to", "status"),
    [
        pytest.param(COSY, 422, id="to itself"),
        pytest.param(HEAT, 422, id="to one that nobody knows"),
        pytest.param(HOME, 409, id="without houses"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(
    door: OrganisationsDoor, to: str, status: int
) -> None:
    door.add(COSY, "ООО «Уют»")
    door.add(HOME, "ООО «Дом»")

    answer, _ = door.ask("POST", f"/organisations/{COSY}/transfer", {"to": to})

    assert answer == status
    assert door.chunks.take() == []


def test_a_request_that_is_repeated_with_its_key_begins_one_job(door: OrganisationsDoor) -> None:
    door.add(COSY, "ООО «Уют»")
    house = door.house(1)
    body = {"kind": COMPANY, "houses": [house.id]}
    key = {"idempotency-key": "one"}

    first, second = (
        door.ask("POST", f"/organisations/{COSY}/houses", body, headers=key)[1] for _ in range(2)
    )

    assert first == second
    assert len(door.chunks.take()) == 1


def test_a_representative_asks_for_nobody_elses_houses(door: OrganisationsDoor) -> None:
    _, job = door.ask("POST", "/exports", {"kind": "companies"}, vk_id=REPRESENTATIVE)

    kept = jobs(door).get(job["id"])

    assert kept is not None
    assert kept.organisations == (COSY,)


# Others at the same house


class Busy(FakeAttachments):
    """Attachments at which somebody else is faster, as often as told."""

    def __init__(self, houses: FakeHouses, times: int) -> None:
        super().__init__(houses)
        self.times = times

    def settle(
        self, house: House, carried: Carried, changed: Sequence[Attachment], *, now: datetime
    ) -> bool:
        if self.times:
            self.times -= 1
            there = self._houses.by_id[house.id]
            more = {**there.organisations, str(self.times): UTILITY}
            super().settle(there, more, [], now=now)
        return super().settle(house, carried, changed, now=now)


@pytest.mark.parametrize("times", [0, 1, TRIES - 1])
def test_nothing_is_lost_when_others_are_faster_at_a_house(
    door: OrganisationsDoor, times: int
) -> None:
    houses = FakeHouses()
    house = door.house(1)
    houses.enrol(house)
    kept = jobs(door).get(_job_of(door, house))
    assert kept is not None
    wishes, busy = wishes_of(kept, house) or [], Busy(houses, times)

    after = attach(house, wishes, houses=houses, attachments=busy, now=datetime.now(UTC))

    assert after.organisations[COSY] == COMPANY
    assert len(after.organisations) == 1 + times


def test_a_house_that_others_never_leave_alone_is_tried_again_later(
    door: OrganisationsDoor,
) -> None:
    houses = FakeHouses()
    house = door.house(1)
    houses.enrol(house)
    kept = jobs(door).get(_job_of(door, house))
    assert kept is not None
    wishes, busy = wishes_of(kept, house) or [], Busy(houses, TRIES)

    with pytest.raises(UnavailableError):
        attach(house, wishes, houses=houses, attachments=busy, now=datetime.now(UTC))

    assert COSY not in houses.by_id[house.id].organisations


def _job_of(door: OrganisationsDoor, house: House) -> str:
    door.add(COSY, "ООО «Уют»")
    return str(begin(door, [house.id])["id"])
