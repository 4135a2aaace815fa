"""Who asks to be forgotten is found, erased everywhere, and found no more."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.aws import client
from housechats.adapters.dialogues import DynamoDialogues
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.instructions import DynamoInstructions
from housechats.adapters.invitations import DynamoInvitations
from housechats.adapters.people import DynamoElders
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.requests import DynamoRequests
from housechats.domain import rows_file
from housechats.domain.addresses import Address
from housechats.domain.batches import Batch, ListedHouse, Row, RowVerdict, Tally, Verdict
from housechats.domain.chat_events import Room
from housechats.domain.dialogues import Dialogue
from housechats.domain.erasure import Erasure, Found, Person, RecordKind
from housechats.domain.guides import Guide, GuidedHouse
from housechats.domain.houses import ChatState, House, code_of, digest_of
from housechats.domain.invitations import LASTS, Invitation
from housechats.domain.jobs import JobStatus
from housechats.domain.people import Elder, Post, Role
from housechats.domain.questions import Deed, Happening, Question, QuestionState, Where
from housechats.domain.territories import Territory
from housechats.ports.people import LastAdministratorError
from housechats.ports.requests import Remembered
from people.erase import Outcome, go_on
from people.forget import Desk, search
from people.forget_everywhere import forget_everywhere, show_everywhere
from people.routes.erasures import SEARCHES_A_MINUTE
from support.killing import Killed, Wire
from support.people_door import (
    ADMINISTRATOR,
    ELSEWHERE,
    ELSEWHERE_OKTMO,
    OKTMO,
    STAFF,
    PeopleDoor,
    people_door,
)

NOW = datetime.now(UTC).replace(microsecond=0)
KEY = "a key"
PHONE, SPELLED, NATIONAL = "+79161230099", "8 (916) 123-00-99", "9161230099"
NAME = "Забываева Мария"
VK_ID = 909090
OTHER = Elder("Соседов Иван", "+79160000001", 111222)
MARKS = (NATIONAL, "916) 123-00-99", "Забываева")
FAR_FUTURE = NOW + timedelta(days=300)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        yield opened


@dataclass
class Seeded:
    """A world that knows somebody."""

    door: PeopleDoor
    house: House
    elsewhere: House
    elder_id: str
    elsewhere_id: str


def new_house(oktmo: str, number: str, elder_id: str) -> House:
    address = Address(region="", locality="Город", street="Лесная", street_type="ул.", house=number)
    digest = digest_of(oktmo, address)
    return House(
        code_of(digest), digest, oktmo, address, 7, NOW, elder_id=elder_id, state=ChatState.OPEN,
        chat_id=int(number), link="https://vk.me/join/x", welcome_cmid=1, batch_id="b" * 16,
        letter_id="b" * 16,
    )  # fmt: skip


def row_of(number: int, elder: Elder | None, **cells: str) -> Row:
    address = Address(region="", locality="Город", street="Лесная", street_type="ул.", house="5")
    house = ListedHouse(address, OKTMO, elder=elder)
    return Row(number, Verdict.ACCEPTED, house=house, cells={"address": "ул. Лесная, 5", **cells})


def keep_list(door: PeopleDoor, batch_id: str, rows: list[Row], *, oktmo: str = OKTMO) -> None:
    desk = door.doors.erasures.forgetting
    batch = Batch(batch_id, oktmo, "vk:3", NOW, name="дома.xlsx", key=f"lists/{oktmo}/{batch_id}")
    desk.batches.begin(batch)
    file, spans = rows_file.write(rows)
    desk.lists.put(batch.key, f"файл, {NAME}, {SPELLED}".encode(), content_type="text/csv")
    desk.lists.put(rows_file.key_of(batch_id), file, content_type="application/x-ndjson")
    desk.lists.put(f"results/{batch_id}/1.xlsx", NAME.encode(), content_type="text/csv")
    desk.batches.start(batch_id, chunks=len(spans), rows={"accepted": len(rows)}, first_row=2)
    for n, span in enumerate(spans):
        verdicts = [RowVerdict(row.number, row.verdict) for row in rows]
        kept = verdicts[n * 100 : n * 100 + 100]
        desk.batches.put_chunk(batch_id, n, kept, span=span, until=FAR_FUTURE)
        desk.batches.enrolled(batch_id, n, Tally({}), now=NOW)


def seed(door: PeopleDoor) -> Seeded:
    table, desk = door.table, door.doors.erasures.forgetting
    houses, elders = DynamoHouses(table), DynamoElders(table)
    elder = Elder(NAME, PHONE)
    by_page = Elder(NAME, PHONE, VK_ID)
    elder_id, elsewhere_id = elder.id(KEY, OKTMO), by_page.id(KEY, ELSEWHERE_OKTMO)
    house = new_house(OKTMO, "5", elder_id)
    elsewhere = new_house(ELSEWHERE_OKTMO, "7", elsewhere_id)
    neighbour = new_house(OKTMO, "9", OTHER.id(KEY, OKTMO))
    for one, who in ((house, elder), (elsewhere, by_page), (neighbour, OTHER)):
        houses.enrol(one)
        elders.put(one.elder_id, who, house_ids={one.id}, until=FAR_FUTURE)
    DynamoInstructions(table).expect("b" * 16, elder_id, {house.id}, until=FAR_FUTURE)
    inn = "7707083893"
    for n, oktmo in enumerate((OKTMO, ELSEWHERE_OKTMO)):
        invitation = Invitation(f"{n:016x}", inn, oktmo, PHONE, "vk:1", NOW, NOW + LASTS, NAME)
        DynamoInvitations(table).add(invitation)
    post = Post(VK_ID, Role.REPRESENTATIVE, Territory(OKTMO), NOW, "vk:1", inn, f"Мастер {NAME}")
    door.doors.gate.posts.give(post)
    requests = DynamoRequests(table)
    requests.begin("vk:1", "k", "d", now=NOW, lease_until=NOW + timedelta(minutes=1))
    answer = Remembered("", None, 201, {}, json.dumps({"phone": PHONE, "name": NAME}))
    requests.answered("vk:1", "k", answer)
    own = Dialogue(7, VK_ID, Room.COMPLAINTS, "text", "", NOW, FAR_FUTURE, {"contact": SPELLED})
    of_another = replace(own, vk_id=OTHER.vk_id, notes={"text": f"Мария не платит, {SPELLED}"})
    for dialogue in (own, of_another, replace(of_another, vk_id=OTHER.vk_id + 1, notes={})):
        DynamoDialogues(table).begin(dialogue)
    keep_questions(door)
    cells = {"elder_name": NAME, "elder_phone": SPELLED}
    keep_list(
        door,
        "b" * 16,
        [
            row_of(2, elder, **cells),
            row_of(3, OTHER, elder_name=OTHER.name, elder_phone=OTHER.phone),
            row_of(4, None, elder_name=NAME),
            row_of(5, None, address=f"ул. Лесная, 5, звонить {SPELLED}"),
        ],
    )
    (was,) = [row for row in desk.batches.chunk("b" * 16, 0) if row.number == 4]
    written = {"elder_phone": SPELLED}
    until = NOW + timedelta(minutes=1)
    desk.batches.claim_row("b" * 16, 0, was, written, now=NOW, until=until)
    desk.batches.mend("b" * 16, 0, was, replace(was, mended_at=NOW), written, now=NOW)
    refused = Batch("c" * 16, OKTMO, "vk:3", NOW, key=f"lists/{OKTMO}/refused", name="скан.xlsx")
    desk.batches.begin(refused)
    desk.batches.refuse(refused.id, code="list_unreadable", reason="Файл не прочитан.")
    desk.lists.put(refused.key, NAME.encode(), content_type="text/csv")
    keep_list(door, "e" * 16, [row_of(2, by_page, **cells)], oktmo=ELSEWHERE_OKTMO)
    return Seeded(door, house, elsewhere, elder_id, elsewhere_id)


def keep_questions(door: PeopleDoor) -> None:
    """Have the person propose one question, and the neighbour one that the person raised."""
    by_another = (Deed(NOW, Happening.RAISED, "vk:1"),)
    own = Question(
        "q" * 12, "ABCDEF01", OKTMO, 7, 5, "В подъезде нет света.", Where.ENTRANCE,
        f"vk:{VK_ID}", NOW, state=QuestionState.VOTING, deeds=by_another,
    )  # fmt: skip
    deeds = (Deed(NOW, Happening.RAISED, f"vk:{VK_ID}"),)
    raised = replace(own, id="r" * 12, raised_by=f"vk:{OTHER.vk_id}", deeds=deeds)
    for question in (own, raised):
        DynamoQuestions(door.table).add(question)


def table_text() -> str:
    """Return all that the table holds, also what has expired."""
    return json.dumps(
        client("dynamodb").scan(TableName="houses", ConsistentRead=True)["Items"],
        ensure_ascii=False, default=str,
    )  # fmt: skip


def bucket_text() -> str:
    s3 = client("s3")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket="lists").get("Contents", [])]
    bodies = [s3.get_object(Bucket="lists", Key=k)["Body"].read().decode() for k in keys]
    return "\n".join(keys + bodies)


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text}


def everything(desk: Desk, person: Person) -> list[Found]:
    return show_everywhere(person, desk=desk, key=KEY, now=NOW)


def forget(door: PeopleDoor, person: Person, *, desk: Desk | None = None) -> list[Found]:
    return forget_everywhere(
        person,
        desk=desk or door.doors.erasures.forgetting,
        ledger=door.doors.gate.ledger,
        key=KEY,
        request_id="r-1",
        now=NOW + timedelta(hours=1),
    )


def run_job(door: PeopleDoor) -> list[Outcome]:
    return [
        go_on(
            str(body["job_id"]),
            desk=door.doors.erasures,
            has_time=lambda: True,
            now=NOW + timedelta(hours=1),
        )
        for body in door.erasures.take()
    ]


# ---------------------------------------------------------------- an operator, everywhere


def test_everything_known_of_a_phone_is_shown(door: PeopleDoor) -> None:
    seed(door)

    found = everything(door.doors.erasures.forgetting, Person(phone=PHONE))

    counts = {where: sum(one.where == where for one in found) for where in RecordKind}
    assert counts == {
        RecordKind.ELDER: 2,
        RecordKind.POST: 0,
        RecordKind.INVITATION: 2,
        RecordKind.LIST: 2,
        RecordKind.REFUSED_LIST: 1,
        RecordKind.ANSWER: 1,
        RecordKind.DIALOGUE: 2,
        RecordKind.COMPLAINT: 0,
        RecordKind.REPORT: 0,
        RecordKind.QUESTION: 0,
        RecordKind.DISCUSSION: 0,
        RecordKind.INTEREST: 0,
    }
    assert any(NAME in one.what and PHONE in one.what for one in found)


def test_who_is_forgotten_by_phone_and_by_page_stands_nowhere(door: PeopleDoor) -> None:
    world = seed(door)
    assert marks_in(table_text())
    assert marks_in(bucket_text())

    left = [forget(door, Person(phone=PHONE)), forget(door, Person(VK_ID))]

    assert left == [[], []]
    assert marks_in(table_text()) == set()
    assert marks_in(bucket_text()) == set()
    assert everything(door.doors.erasures.forgetting, Person(phone=PHONE)) == []
    assert everything(door.doors.erasures.forgetting, Person(VK_ID)) == []
    assert [one.act.what for one in door.doors.gate.ledger.entries("11")] == ["forget", "forget"]
    assert world.elder_id not in table_text()


def test_questions_of_who_is_forgotten_stay_without_them(door: PeopleDoor) -> None:
    seed(door)

    left = forget(door, Person(VK_ID))

    own, raised = (DynamoQuestions(door.table).get(letter * 12) for letter in "qr")
    assert left == []
    assert own
    assert (own.raised_by, own.deeds[0].by, own.text) == ("", "vk:1", "В подъезде нет света.")
    assert raised
    assert (raised.raised_by, raised.deeds[0].by) == (f"vk:{OTHER.vk_id}", "")


def test_others_keep_what_they_have(door: PeopleDoor) -> None:
    seed(door)
    desk = door.doors.erasures.forgetting

    forget(door, Person(phone=PHONE))

    other = DynamoElders(door.table).get(OTHER.id(KEY, OKTMO))
    rows = list(rows_file.read(desk.lists.get(rows_file.key_of("b" * 16)) or b""))
    assert other == OTHER
    assert [row.number for row in rows] == [2, 3, 4, 5]
    assert (rows[1].cells["elder_name"], rows[1].house and rows[1].house.elder) == (
        OTHER.name,
        OTHER,
    )
    assert rows[0].cells == {"address": "ул. Лесная, 5"}


def test_rows_keep_their_places_in_the_file(door: PeopleDoor) -> None:
    seed(door)
    desk = door.doors.erasures.forgetting
    (kept,) = desk.batches.chunks("b" * 16)

    forget(door, Person(phone=PHONE))

    rows = rows_file.read(desk.lists.get_range(rows_file.key_of("b" * 16), *kept.span))
    assert [row.number for row in rows] == [2, 3, 4, 5]
    assert rows_file.spans(desk.lists.get(rows_file.key_of("b" * 16)) or b"") == [kept.span]


def test_a_house_whose_elder_is_forgotten_has_none_and_its_chat_is_renewed(
    door: PeopleDoor,
) -> None:
    world = seed(door)

    forget(door, Person(phone=PHONE))

    house = DynamoHouses(door.table).get(world.house.id)
    assert house
    assert (house.elder_id, house.revision, house.outdated) == ("", 1, True)
    assert house.due_at


def test_a_post_ends_and_the_history_keeps_its_number_without_a_title(door: PeopleDoor) -> None:
    seed(door)

    forget(door, Person(VK_ID))

    (post,) = door.doors.gate.posts.known(VK_ID).posts
    assert post.until
    assert (post.title, post.ended_by) == ("", "operator")
    assert door.ask("GET", "/me", vk_id=VK_ID)[1]["roles"] == []


def test_the_last_administrator_is_not_forgotten_until_another_is_named(door: PeopleDoor) -> None:
    seed(door)
    before = table_text()

    with pytest.raises(LastAdministratorError):
        forget(door, Person(ADMINISTRATOR))

    assert table_text() == before
    other = Post(VK_ID, Role.ADMINISTRATOR, Territory(OKTMO), NOW, "vk:1")
    door.doors.gate.posts.give(other)
    assert forget(door, Person(ADMINISTRATOR)) == []
    assert door.ask("GET", "/me", vk_id=ADMINISTRATOR)[1]["roles"] == []


def test_an_elder_whose_contacts_expired_loses_the_house_too(door: PeopleDoor) -> None:
    world = seed(door)
    door.table.delete(f"ELDER#{world.elsewhere_id}", "ELDER")

    forget(door, Person(VK_ID))

    house = DynamoHouses(door.table).get(world.elsewhere.id)
    assert house
    assert house.elder_id == ""


def test_an_elder_of_whom_the_house_alone_tells_loses_it_too(door: PeopleDoor) -> None:
    world = seed(door)
    door.table.delete(f"ELDER#{world.elsewhere_id}", "ELDER")
    door.table.delete(f"PERSON#VK#{VK_ID}", f"ELDER#{world.elsewhere_id}")

    left = forget(door, Person(VK_ID))

    house = DynamoHouses(door.table).get(world.elsewhere.id)
    assert left == []
    assert house
    assert house.elder_id == ""


def test_the_guide_of_an_elder_whose_contacts_expired_goes_too(door: PeopleDoor) -> None:
    world, guides = seed(door), DynamoGuides(door.table)
    door.table.delete(f"ELDER#{world.elsewhere_id}", "ELDER")
    house = GuidedHouse(world.elsewhere.id, world.elsewhere.oktmo, "letter", NOW)
    guides.save(Guide(world.elsewhere_id, 1, (house,)))

    forget(door, Person(VK_ID))

    assert guides.get(world.elsewhere_id) is None


def test_the_guide_of_an_elder_to_whom_a_page_led_before_stays(door: PeopleDoor) -> None:
    world, guides = seed(door), DynamoGuides(door.table)
    lead_to(world, 55)
    house = GuidedHouse(world.elsewhere.id, world.elsewhere.oktmo, "letter", NOW)
    guides.save(Guide(world.elsewhere_id, 1, (house,)))

    forget(door, Person(55))

    assert guides.get(world.elsewhere_id)


def test_the_records_of_all_towns_go_with_what_leads_to_them(door: PeopleDoor) -> None:
    world, elders = seed(door), DynamoElders(door.table)
    by_page = Elder(NAME, PHONE, VK_ID)
    at_home = by_page.id(KEY, OKTMO)
    elders.put(at_home, by_page, house_ids={world.house.id}, until=FAR_FUTURE)
    known = door.doors.gate.posts.known(VK_ID).elder_ids

    forget(door, Person(VK_ID))

    assert known == {at_home, world.elsewhere_id}
    assert elders.get_many(known) == {}
    assert at_home not in table_text()
    assert world.elsewhere_id not in table_text()


def test_who_is_forgotten_by_phone_is_led_to_by_no_page(door: PeopleDoor) -> None:
    world = seed(door)
    lead_to(world, 55)

    forget(door, Person(phone=PHONE))

    assert world.elsewhere_id not in table_text()


def test_who_had_an_elders_screen_name_before_is_forgotten_and_the_elder_stays(
    door: PeopleDoor,
) -> None:
    world = seed(door)
    lead_to(world, 55)
    before = DynamoHouses(door.table).get(world.elsewhere.id)

    left = forget(door, Person(55))

    assert left == []
    assert "PERSON#VK#55" not in table_text()
    assert DynamoElders(door.table).get(world.elsewhere_id) == Elder(NAME, PHONE, VK_ID)
    assert DynamoHouses(door.table).get(world.elsewhere.id) == before
    assert door.doors.gate.posts.known(VK_ID).elder_ids == {world.elsewhere_id}


def lead_to(world: Seeded, vk_id: int) -> None:
    """Have a page lead to the elder of elsewhere that is another's by now."""
    key = {"pk": f"PERSON#VK#{vk_id}", "sk": f"ELDER#{world.elsewhere_id}"}
    world.door.table.put({**key, "ttl": int(FAR_FUTURE.timestamp())})


# ---------------------------------------------------------------- killed, and repeated


def watched(desk: Desk, wire: Wire) -> Desk:
    return Desk(
        memory=wire.watch("memory", desk.memory),
        posts=wire.watch("posts", desk.posts),
        houses=wire.watch("houses", desk.houses),
        batches=wire.watch("batches", desk.batches),
        lists=wire.watch("lists", desk.lists),
    )


READS = {
    "asked", "chunk", "chunks", "get", "get_many", "get_range", "known", "look", "of_territory",
    "planned", "versioned", "written",
}  # fmt: skip
"""What changes nothing: killed after it is killed after the change before it."""


def changes_of_one_erasure() -> list[int]:
    """Return the numbers of the calls that change something."""
    with pytest.MonkeyPatch.context() as patch, people_door(patch) as door:
        seed(door)
        wire = Wire()
        forget(door, Person(phone=PHONE), desk=watched(door.doors.erasures.forgetting, wire))
        calls = enumerate(wire.calls, start=1)
        return [number for number, call in calls if call.partition(".")[2] not in READS]


def test_killed_after_any_change_and_repeated_nothing_is_left() -> None:
    changes = changes_of_one_erasure()
    assert len(changes) > 10

    for number in changes:
        with pytest.MonkeyPatch.context() as patch, people_door(patch) as door:
            seed(door)
            desk = watched(door.doors.erasures.forgetting, Wire(after={number}))
            with pytest.raises(Killed):
                forget(door, Person(phone=PHONE), desk=desk)

            left = forget(door, Person(phone=PHONE))

            assert left == []
            assert marks_in(bucket_text()) == set(), number
            # The post's title names the person, who has asked by phone only.
            assert marks_in(table_text()) <= {"Забываева"}, number


# ---------------------------------------------------------------- an administrator, at home


def test_an_administrator_forgets_in_their_territory_and_touches_nothing_outside(
    door: PeopleDoor,
) -> None:
    world = seed(door)

    status, job = door.ask("POST", "/erasures", {"phone": SPELLED})
    outcomes = run_job(door)

    assert (status, job["kind"], job["oktmo"]) == (202, "erasure", OKTMO)
    assert outcomes == [Outcome.DONE]
    done = door.doors.erasures.jobs.get(job["id"])
    assert done
    assert (done.status, done.failed, done.done) == (JobStatus.DONE, 0, done.total)
    houses = DynamoHouses(door.table)
    inside, outside = houses.get(world.house.id), houses.get(world.elsewhere.id)
    assert (inside and inside.elder_id, outside and outside.elder_id) == ("", world.elsewhere_id)
    assert DynamoElders(door.table).get(world.elsewhere_id) == Elder(NAME, PHONE, VK_ID)
    assert DynamoInvitations(door.table).get("0" * 15 + "1")
    lists = door.doors.erasures.forgetting.lists
    assert lists.get(f"lists/{ELSEWHERE_OKTMO}/{'e' * 16}")
    assert not lists.get(f"lists/{OKTMO}/{'b' * 16}")


def test_a_search_shows_what_lies_in_the_territory_only(door: PeopleDoor) -> None:
    seed(door)

    here = door.ask("POST", "/people/search", {"phone": SPELLED})
    there = door.ask("POST", "/people/search", {"phone": SPELLED}, vk_id=ELSEWHERE)

    assert here[0] == 200
    assert here[1]["complete"]
    assert {one["oktmo"] for one in here[1]["items"]} == {OKTMO}
    assert {one["oktmo"] for one in there[1]["items"]} == {ELSEWHERE_OKTMO}
    assert [one["where"] for one in there[1]["items"]] == ["elder", "invitation", "list"]


@pytest.mark.parametrize(
    ("steps", "found", "complete"),
    [
        pytest.param(0, set(), False, id="the table takes too long"),
        pytest.param(1, {"elder", "invitation"}, False, id="lists take too long"),
        pytest.param(9, {"elder", "invitation", "list", "refused_list"}, True, id="there is time"),
    ],
)
def test_a_search_ends_in_time_and_says_whether_it_is_complete(
    door: PeopleDoor, steps: int, found: set[str], complete: bool
) -> None:
    seed(door)
    erasure = Erasure("e" * 16, Person(phone=PHONE), OKTMO, "vk:1", NOW)
    there_is_time = iter([True] * steps + [False])

    known, is_complete = search(
        erasure,
        desk=door.doors.erasures.forgetting,
        go_on=lambda: next(there_is_time),
    )

    assert {one.where for one in known} == found
    assert is_complete == complete


def test_who_searches_too_often_waits_for_the_next_minute(door: PeopleDoor) -> None:
    asked = ("POST", "/people/search", {"phone": PHONE})
    answers = [door.answer(*asked) for _ in range(2 * SEARCHES_A_MINUTE + 1)]  # a minute may end

    refused = [one for one in answers if one["statusCode"] != 200]
    assert {one["statusCode"] for one in answers[:SEARCHES_A_MINUTE]} == {200}
    assert {json.loads(one["body"])["code"] for one in refused} == {"too_many_requests"}
    assert all(1 <= int(one["headers"]["Retry-After"]) <= 60 for one in refused)


def test_a_search_names_no_house_of_elsewhere_that_the_elder_has_too(door: PeopleDoor) -> None:
    world = seed(door)
    houses = DynamoHouses(door.table)
    second = new_house(ELSEWHERE_OKTMO, "11", world.elder_id)
    houses.enrol(second)
    DynamoElders(door.table).name_for(world.elder_id, {second.id})

    found = door.ask("POST", "/people/search", {"phone": PHONE})[1]["items"]

    assert [one["oktmo"] for one in found if one["where"] == "elder"] == [OKTMO]
    assert world.house.id in json.dumps(found)
    assert second.id not in json.dumps(found)


def test_after_the_erasure_the_search_finds_nothing(door: PeopleDoor) -> None:
    seed(door)
    for said in ({"phone": PHONE}, {"vk": f"vk.com/id{VK_ID}"}):
        door.ask("POST", "/erasures", said)
    run_job(door)

    found = [door.ask("POST", "/people/search", {"phone": PHONE})[1]["items"]]
    found.append(door.ask("POST", "/people/search", {"vk": f"id{VK_ID}"})[1]["items"])

    assert found == [[], []]


def test_nobody_but_an_administrator_looks_for_people(door: PeopleDoor) -> None:
    answers = [
        door.ask("POST", path, {"phone": PHONE}, vk_id=vk_id)[1]["code"]
        for path in ("/people/search", "/erasures")
        for vk_id in (STAFF, 5)
    ]

    assert answers == ["forbidden", "no_role"] * 2


def test_the_last_administrator_is_told_to_name_another_first(door: PeopleDoor) -> None:
    status, problem = door.ask("POST", "/erasures", {"vk": f"id{ADMINISTRATOR}"})

    assert (status, problem["code"]) == (409, "last_administrator")
    assert door.erasures.take() == []


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({}, id="nobody"),
        pytest.param({"vk": "id1", "phone": PHONE}, id="both"),
        pytest.param({"vk": "???"}, id="no page"),
        pytest.param({"phone": "123"}, id="no phone"),
    ],
)
def test_who_is_meant_must_be_clear(door: PeopleDoor, said: dict[str, str]) -> None:
    assert [door.ask("POST", path, said)[0] for path in ("/people/search", "/erasures")] == [
        422
    ] * 2


def test_nobody_is_named_in_the_queue_the_job_or_the_account(door: PeopleDoor) -> None:
    door.ask("POST", "/erasures", {"phone": SPELLED})
    queued = json.dumps(door.erasures.bodies)
    before = table_text()
    run_job(door)

    kept = [line for line in before.split("}}, {") if NATIONAL in line]
    assert NATIONAL not in queued
    assert len(kept) == 1
    assert "ERASURE#" in before
    assert NATIONAL not in table_text()
    assert "ERASURE#" not in table_text()


def test_two_erasures_at_once_leave_nothing(door: PeopleDoor) -> None:
    seed(door)
    desk = door.doors.erasures.forgetting

    class Meanwhile:
        """Another erasure, which runs between a read of the rows and their exchange."""

        begun = False

        def __getattr__(self, name: str) -> Callable[..., Any]:
            if name == "exchange" and not self.begun:
                self.begun = True
                forget(door, Person(OTHER.vk_id))
            method: Callable[..., Any] = getattr(desk.lists, name)
            return method

    left = forget(door, Person(phone=PHONE), desk=replace(desk, lists=Meanwhile()))

    assert left == []
    assert marks_in(bucket_text()) == set()
    assert OTHER.name not in bucket_text()
    assert DynamoElders(door.table).get(OTHER.id(KEY, OKTMO)) is None


def test_a_list_that_is_being_taken_is_waited_for(door: PeopleDoor) -> None:
    desk = door.doors.erasures
    batch = Batch("d" * 16, OKTMO, "vk:3", NOW, key=f"lists/{OKTMO}/new", name="новый.xlsx")
    desk.forgetting.batches.begin(batch)
    desk.forgetting.lists.put(batch.key, b"...", content_type="text/csv")
    job = door.ask("POST", "/erasures", {"phone": PHONE})[1]
    how: dict[str, Any] = {"desk": desk, "has_time": lambda: True}

    first = go_on(job["id"], **how, now=NOW)
    due = desk.jobs.due(NOW + timedelta(minutes=6), limit=80)
    later = go_on(job["id"], **how, now=NOW + timedelta(minutes=40))

    assert (first, due, later) == (Outcome.WAITS, [job["id"]], Outcome.DONE)
    assert desk.forgetting.lists.get(batch.key) is None


def test_an_erasure_that_was_given_up_is_done_when_somebody_begins_it_again(
    door: PeopleDoor,
) -> None:
    seed(door)
    jobs = door.doors.erasures.jobs
    job = door.ask("POST", "/erasures", {"phone": PHONE})[1]
    jobs.fail(job["id"], reason="Работа не двигалась.", now=NOW)

    late = run_job(door)  # a dead letter that an operator puts back
    jobs.retry(job["id"], now=NOW)
    again = go_on(job["id"], desk=door.doors.erasures, has_time=lambda: True, now=NOW)

    known = door.ask("POST", "/people/search", {"phone": PHONE})[1]
    assert (late, again) == ([Outcome.REPEATED], Outcome.DONE)
    assert known == {"items": [], "complete": True}


def test_a_worker_without_time_hands_the_rest_over(door: PeopleDoor) -> None:
    seed(door)
    job = door.ask("POST", "/erasures", {"phone": PHONE})[1]
    door.erasures.take()
    times = iter([True, False])

    outcome = go_on(job["id"], desk=door.doors.erasures, has_time=lambda: next(times), now=NOW)

    assert outcome == Outcome.LATER
    assert door.erasures.bodies == [{"job_id": job["id"]}]
    assert run_job(door) == [Outcome.DONE]


def test_a_person_written_down_again_meanwhile_is_erased_by_the_proof(door: PeopleDoor) -> None:
    world = seed(door)
    desk = door.doors.erasures.forgetting
    again = Elder(NAME, PHONE)

    class Late:
        """A worker that writes the contacts down again just before the first proof."""

        looked = 0

        def __getattr__(self, name: str) -> Any:
            if name == "look":
                self.looked += 1
                if self.looked == 4:
                    elders = DynamoElders(door.table)
                    elders.put(world.elder_id, again, house_ids={world.house.id}, until=FAR_FUTURE)
            return getattr(desk.memory, name)

    memory = Late()
    left = forget(door, Person(phone=PHONE), desk=replace(desk, memory=memory))

    assert memory.looked > 4
    assert left == []
    assert NATIONAL not in table_text()


# ---------------------------------------------------------------- how a person is recognised


@pytest.mark.parametrize(
    "text",
    [
        "89161230099", "+7 916 123 00 99", "8(916)123-00-99", "9161230099", "7-916-123-00-99",
        "тел. 8 916 123‑00‑99, Мария", "7,9161230099E+10", "8 916 123 OO 99", "79161230099.0",
    ],
)  # fmt: skip
def test_a_phone_is_recognised_however_it_is_spelled(text: str) -> None:
    assert Person(phone=PHONE).is_in(text)


@pytest.mark.parametrize("text", ["89161230098", "891612300991", "1239161230099", "", "дом 99"])
def test_another_number_is_nobodys_phone(text: str) -> None:
    assert not Person(phone=PHONE).is_in(text)


def test_a_page_is_recognised_by_number_and_by_name() -> None:
    person = Person(VK_ID, frozenset({"maria_z"}))

    told = [
        person.is_told_by({"elder_vk": text})
        for text in (
            "909090",
            "https://vk.com/id909090",
            "@maria_z",
            "vk.ru/Maria_Z",
            "vk: maria_z",
        )
    ]
    others = [person.is_told_by({"elder_vk": t}) for t in ("9090901", "vk.com/maria_zz", "")]

    assert all(told)
    assert not any(others)
