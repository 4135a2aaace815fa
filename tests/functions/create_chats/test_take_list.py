"""A list that is put into the bucket becomes a batch with a verdict for every row."""

from dataclasses import dataclass, field, replace

import pytest

from create_chats.take_list import Desk, Upload, take_list
from create_chats.uploads import upload_key
from housechats.domain import rows_file
from housechats.domain.batches import Batch, BatchState, Tally
from housechats.domain.communities import Community, CommunityState
from housechats.domain.errors import PausedError, UnavailableError
from housechats.ports.people import Page
from support.clock import JANUARY
from support.fakes import (
    FakeBatches,
    FakeCommunities,
    FakeFiles,
    FakePages,
    FakeQueue,
    FakeTowns,
    etag_of,
    new_community,
)

UPLOAD = Upload("lists/11701000/дома/январь.csv", "e-1", "AROA:clerk")
LIST = "Адрес\nг. Архангельск, ул. Садовая, д. 1\nг. Архангельск, ул. Садовая\n"
AWAITED = Batch(
    "0123456789abcdef", "11701000", "vk:1", JANUARY, state=BatchState.AWAITED, name="дома.csv"
)


@dataclass
class Office:
    lists: FakeFiles = field(default_factory=FakeFiles)
    batches: FakeBatches = field(default_factory=FakeBatches)
    rows: FakeQueue = field(default_factory=FakeQueue)
    towns: FakeTowns = field(default_factory=FakeTowns)
    communities: FakeCommunities = field(default_factory=lambda: FakeCommunities(new_community(7)))
    pages: FakePages = field(default_factory=FakePages)

    def take(self, upload: Upload = UPLOAD) -> BatchState:
        """Take the file as it is in the bucket, whatever the ETag of the constant says."""
        if upload.key in self.lists.bodies and upload.etag == UPLOAD.etag:
            upload = replace(upload, etag=etag_of(self.lists.bodies[upload.key]))
        desk = Desk(
            lists=self.lists,
            batches=self.batches,
            towns=self.towns,
            communities=self.communities,
            pages=self.pages,
            rows=self.rows,
        )
        return take_list(upload, desk=desk, now=JANUARY)

    def put(self, text: str = LIST, key: str = UPLOAD.key) -> None:
        self.lists.put(key, text.encode(), content_type="")

    @property
    def batch(self) -> Batch:
        (batch,) = self.batches.by_id.values()
        return batch


def test_a_list_is_checked_and_its_rows_are_handed_on() -> None:
    office = Office()
    office.put()

    state = office.take()

    batch = office.batch
    assert state == batch.state == BatchState.ENROLLING
    assert (batch.oktmo, batch.author, batch.name) == (
        "11701000",
        "s3:AROA:clerk",
        "дома/январь.csv",
    )
    assert batch.rows == {"accepted": 1, "rejected": 1}
    assert batch.chunks == len(office.rows.bodies) == 1


def test_the_rows_handed_on_can_be_read_where_the_message_says() -> None:
    office = Office()
    office.put("Адрес\n" + "".join(f"г. Архангельск, ул. Садовая, д. {n}\n" for n in range(1, 204)))

    office.take()

    file = rows_file.key_of(office.batch.id)
    numbers = [
        row.number
        for body in office.rows.bodies
        for row in rows_file.read(
            office.lists.get_range(file, int(body["first"]), int(body["last"]))
        )
    ]
    assert [body["chunk"] for body in office.rows.bodies] == [0, 1, 2]
    assert numbers == list(range(2, 205))


def test_no_name_and_no_phone_is_in_a_message() -> None:
    office = Office()
    office.put(
        "Адрес;Старший;Телефон\nг. Архангельск, ул. Садовая, д. 1;Вымыслова Марфа;+79990000001\n"
    )

    office.take()

    assert set(office.rows.bodies[0]) == {"batch_id", "chunk", "first", "last"}


def with_elders(*pages: str) -> str:
    rows = (
        f"г. Архангельск, ул. Садовая, д. {n};Вымыслова Марфа;{p}" for n, p in enumerate(pages, 1)
    )
    return "\n".join(["Адрес;Старший;Страница ВК", *rows])


def elders_of(office: Office) -> list[tuple[int, str]]:
    """Return the number and the name of each elder's page, as the rows keep them."""
    file = office.lists.bodies[rows_file.key_of(office.batch.id)]
    elders = [row.house.elder for row in rows_file.read(file) if row.house]
    return [(elder.vk_id, elder.vk_name) for elder in elders if elder]


def test_pages_of_elders_are_looked_up_all_at_once_and_get_their_numbers() -> None:
    office = Office()
    office.pages.pages = {"marfa_v": Page(101), "102": Page(102)}
    office.put(with_elders("vk.com/Marfa_V", "id102", "https://vk.ru/marfa_v"))

    office.take()

    assert office.pages.asked == [{"marfa_v", "102"}]
    assert elders_of(office) == [(101, "marfa_v"), (102, ""), (101, "marfa_v")]
    assert office.batch.rows == {"accepted": 3}


def test_a_page_that_is_not_there_is_a_warning_and_the_elder_keeps_the_rest() -> None:
    office = Office()
    office.pages.pages = {"102": Page(102, gone=True)}
    office.put(with_elders("vk.com/nobody_here", "id102"))

    office.take()

    file = office.lists.bodies[rows_file.key_of(office.batch.id)]
    problems = [[(p.code, p.column) for p in row.problems] for row in rows_file.read(file)]
    assert problems == [[("vk_not_found", "Страница ВК")], [("vk_gone", "Страница ВК")]]
    assert elders_of(office) == [(0, ""), (0, "")]
    assert office.batch.rows == {"accepted_with_warnings": 2}


def test_a_page_that_is_all_that_is_said_of_an_elder_and_is_not_there_names_nobody() -> None:
    office = Office()
    office.put(with_elders("vk.com/nobody_here").replace("Вымыслова Марфа", ""))

    office.take()

    assert elders_of(office) == []


@pytest.mark.parametrize(
    "trouble",
    [
        UnavailableError("VK cannot be reached"),
        PausedError(JANUARY, "ВКонтакте попросил подождать"),
        RuntimeError("VK error 5: a bad token"),
    ],
    ids=["unreachable", "paused", "a bad token"],
)
def test_a_list_does_not_wait_for_vk(trouble: Exception, caplog: pytest.LogCaptureFixture) -> None:
    office = Office()
    office.pages.trouble = trouble
    office.put(with_elders("vk.com/marfa_v"))

    state = office.take()

    assert state == BatchState.ENROLLING
    assert elders_of(office) == [(0, "marfa_v")]
    assert "pages not looked up" in caplog.text


def test_a_repeat_hands_on_the_very_rows_that_are_being_enrolled() -> None:
    office = Office()
    office.pages.pages = {"marfa_v": Page(101)}
    office.put(with_elders("vk.com/marfa_v"))
    office.take()
    first = office.rows.take()
    office.pages.pages = {"marfa_v": Page(999)}

    office.take()

    assert office.rows.bodies == first
    assert elders_of(office) == [(101, "marfa_v")]


def test_two_who_read_a_list_at_once_and_are_told_different_things_by_vk_keep_one_file() -> None:
    office = Office()
    office.pages.pages = {"marfa_v": Page(101)}
    office.put(with_elders("vk.com/marfa_v"))
    office.take()
    first, rows = office.rows.take(), dict(office.batch.rows)
    # The second one has read its batch before the first one began to enrol it.
    office.batches.by_id = {
        office.batch.id: replace(office.batch, state=BatchState.READING, rows={})
    }
    office.pages.pages = {}

    office.take()

    assert office.rows.bodies == first
    assert (office.batch.rows, elders_of(office)) == (rows, [(101, "marfa_v")])


def test_a_row_without_a_town_lies_in_the_town_of_the_territory() -> None:
    office = Office()
    office.towns.put("11701000", "г. Архангельск")
    office.put("Адрес\nул. Садовая, д. 1\n")

    office.take()

    file = office.lists.bodies[rows_file.key_of(office.batch.id)]
    (row,) = rows_file.read(file)
    assert row.house
    assert row.house.address.locality == "г. Архангельск"
    assert office.batch.locality == "г. Архангельск"


def test_what_its_author_says_of_the_town_goes_before_the_territory() -> None:
    office = Office()
    office.towns.put("11701000", "г. Архангельск")
    office.batches.begin(replace(AWAITED, locality="п. Боброво"))
    key = upload_key(AWAITED.oktmo, AWAITED.id)
    office.put("Адрес\nул. Садовая, д. 1\n", key=key)

    office.take(Upload(key, "e-1", "anonymous"))

    assert office.batch.locality == "п. Боброво"


def test_a_list_keeps_its_key_its_headers_and_what_is_said_of_it_as_a_whole() -> None:
    office = Office()
    office.put("Адрес дома\nг. Архангельск, ул. Садовая, д. 1\n")

    office.take()

    assert office.batch.key == UPLOAD.key
    assert office.batch.columns == {"address": "Адрес дома"}
    assert any("старш" in remark for remark in office.batch.remarks)


def test_the_same_event_again_is_the_same_batch() -> None:
    office = Office()
    office.put()
    office.take()
    first = office.rows.take()

    office.take()

    assert len(office.batches.by_id) == 1
    assert office.rows.bodies == first


def test_an_enrolled_list_is_not_taken_again() -> None:
    office = Office()
    office.put()
    office.take()
    office.rows.take()
    office.batches.enrolled(office.batch.id, 0, Tally({}), now=JANUARY)

    state = office.take()

    assert state == BatchState.ENROLLED
    assert office.rows.bodies == []


def test_another_file_under_the_same_name_is_another_batch() -> None:
    office = Office()
    office.put()
    office.take()

    office.put(LIST.replace("Садовая", "Полевая"))
    office.take()

    assert [batch.state for batch in office.batches.by_id.values()] == [BatchState.ENROLLING] * 2


def test_a_file_that_was_replaced_meanwhile_is_left_to_its_own_event() -> None:
    office = Office()
    office.put()

    state = office.take(replace(UPLOAD, etag="an older one"))

    assert state == BatchState.REFUSED
    assert office.batch.code == "list_gone"
    assert office.rows.bodies == []


def test_a_mended_file_by_the_same_form_is_a_batch_of_the_same_author() -> None:
    office = Office()
    office.batches.begin(AWAITED)
    key = upload_key(AWAITED.oktmo, AWAITED.id)
    office.put("Имя;Рост\nМарфа;160\n", key=key)
    office.take(Upload(key, "e-1", "anonymous"))

    office.put(key=key)
    state = office.take(Upload(key, "e-1", "anonymous"))

    first, second = office.batches.by_id.values()
    assert (first.id, first.state) == (AWAITED.id, BatchState.REFUSED)
    assert (second.author, second.name) == (AWAITED.author, AWAITED.name)
    assert state == second.state == BatchState.ENROLLING


def test_an_awaited_file_belongs_to_the_batch_that_awaits_it() -> None:
    office = Office()
    office.batches.begin(AWAITED)
    key = upload_key(AWAITED.oktmo, AWAITED.id)
    office.put(key=key)

    office.take(Upload(key, "e-1", "anonymous"))

    assert office.batch.id == AWAITED.id
    assert office.batch.author == "vk:1"
    assert office.batch.state == BatchState.ENROLLING
    assert office.rows.bodies[0]["batch_id"] == AWAITED.id


def test_a_folder_that_is_named_like_a_batch_of_another_territory_is_none_of_it() -> None:
    office = Office()
    office.batches.begin(AWAITED)
    key = f"lists/36701000/{AWAITED.id}/list"
    office.put(key=key)

    office.take(Upload(key, "e-1", "AROA:clerk"))

    assert office.batches.by_id[AWAITED.id].state == BatchState.AWAITED
    assert len(office.batches.by_id) == 2


def test_a_file_that_is_no_list_is_refused_with_a_sentence() -> None:
    office = Office()
    office.put("Имя;Рост\nМарфа;160\n")

    state = office.take()

    assert state == BatchState.REFUSED
    assert office.batch.code == "list_no_address"
    assert "Адрес" in office.batch.reason
    assert office.rows.bodies == []


def test_a_list_for_a_whole_region_without_codes_is_refused_with_a_sentence() -> None:
    office = Office()
    office.put(key="lists/11/дома.csv")

    state = office.take(replace(UPLOAD, key="lists/11/дома.csv"))

    assert state == BatchState.REFUSED
    assert "ОКТМО" in office.batch.reason


def test_a_file_that_was_deleted_at_once_is_refused_with_a_sentence() -> None:
    office = Office()

    state = office.take()

    assert state == BatchState.REFUSED
    assert office.batch.code == "list_gone"


@pytest.mark.parametrize("text", ["Адрес\n", "Адрес;Телефон\n;\n;\n"], ids=["header", "blank"])
def test_a_list_without_a_single_house_is_refused_and_so_comes_to_an_end(text: str) -> None:
    office = Office()
    office.put(text)

    state = office.take()

    assert state == office.batch.state == BatchState.REFUSED
    assert office.batch.code == "list_empty"


def test_a_list_right_under_the_folder_of_its_territory_is_taken() -> None:
    office = Office()
    office.put(key="lists/11701000/дома.csv")

    state = office.take(replace(UPLOAD, key="lists/11701000/дома.csv"))

    assert state == BatchState.ENROLLING
    assert office.batch.name == "дома.csv"


@pytest.mark.parametrize("key", ["lists/дома.csv", "lists/Архангельск/дома.csv"])
def test_a_file_outside_any_territory_rings_the_alarm_for_nobody_would_see_it(key: str) -> None:
    office = Office()
    office.put(key=key)

    with pytest.raises(ValueError, match="ОКТМО"):
        office.take(replace(UPLOAD, key=key))

    assert office.batches.by_id == {}


@pytest.mark.parametrize(
    "communities",
    [
        (),
        (new_community(7, "11730000"),),
        (new_community(7, state=CommunityState.FULL),),
        (new_community(7, state=CommunityState.DISCONNECTED),),
    ],
    ids=["none", "elsewhere", "full", "disconnected"],
)
def test_a_list_of_a_territory_without_an_active_community_is_refused_as_a_whole(
    communities: tuple[Community, ...],
) -> None:
    office = Office(communities=FakeCommunities(*communities))
    office.put()

    state = office.take()

    assert state == BatchState.REFUSED
    assert office.batch.code == "no_community"
    assert "Подключите сообщество" in office.batch.reason
    assert office.rows.bodies == []


def test_a_list_of_a_region_is_taken_when_any_part_of_it_has_a_community() -> None:
    office = Office(communities=FakeCommunities(new_community(7, "11701000")))
    key = "lists/11/дома.csv"
    office.put("Адрес;ОКТМО\nг. Архангельск, ул. Садовая, д. 1;11701000\n", key=key)

    state = office.take(replace(UPLOAD, key=key))

    assert state == BatchState.ENROLLING
