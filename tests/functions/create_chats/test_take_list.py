"""A list that is put into the bucket becomes a batch with a verdict for every row."""

from dataclasses import dataclass, field, replace

import pytest

from create_chats import rows_file
from create_chats.take_list import Upload, take_list
from create_chats.uploads import upload_key
from housechats.domain.batches import Batch, BatchState
from support.clock import JANUARY
from support.fakes import FakeBatches, FakeFiles, FakeQueue, etag_of

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

    def take(self, upload: Upload = UPLOAD) -> BatchState:
        """Take the file as it is in the bucket, whatever the ETag of the constant says."""
        if upload.key in self.lists.bodies and upload.etag == UPLOAD.etag:
            upload = replace(upload, etag=etag_of(self.lists.bodies[upload.key]))
        return take_list(
            upload, lists=self.lists, batches=self.batches, rows=self.rows, now=JANUARY
        )

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
    assert batch.rows == {"accepted_with_warnings": 1, "rejected": 1}
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
    office.batches.finish_enrolling(office.batch.id, rows={}, existing=0)

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
