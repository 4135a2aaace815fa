"""Files are kept the same way in memory and in a bucket."""

from datetime import UTC, datetime, timedelta
from hashlib import md5
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from housechats.adapters.aws import client
from housechats.adapters.files import PART, S3Files
from housechats.ports.files import Files
from support.fakes import FakeFiles

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["in memory", "in a bucket"])
def files(request: pytest.FixtureRequest) -> Files:
    if request.param == "in memory":
        return FakeFiles()
    return S3Files(request.getfixturevalue("bucket"))


def test_a_file_comes_back_whole_and_in_part(files: Files) -> None:
    files.put("rows/b.jsonl", "дом\nдвор\n".encode(), content_type="application/x-ndjson")

    assert files.get("rows/b.jsonl") == "дом\nдвор\n".encode()
    assert files.get_range("rows/b.jsonl", 7, 15) == "двор\n".encode()


def test_the_last_file_under_a_name_counts(files: Files) -> None:
    files.put("posters/a.pdf", b"first", content_type="application/pdf")
    files.put("posters/a.pdf", b"second", content_type="application/pdf")

    assert files.get("posters/a.pdf") == b"second"


def test_of_two_who_put_a_file_once_the_first_one_counts(files: Files) -> None:
    done = [
        files.put_once("rows/b.jsonl", body, content_type="application/x-ndjson")
        for body in (b"first", b"second")
    ]

    assert done == [True, False]
    assert files.get("rows/b.jsonl") == b"first"


def test_a_file_that_nobody_put_is_not_there(files: Files) -> None:
    assert files.get("posters/nobody.pdf") is None


def test_a_file_that_was_replaced_is_not_taken_for_the_one_that_was_told(files: Files) -> None:
    files.put("lists/11/a.csv", b"first", content_type="text/csv")
    told = md5(b"first", usedforsecurity=False).hexdigest()
    as_told = files.get("lists/11/a.csv", etag=told)

    files.put("lists/11/a.csv", b"second", content_type="text/csv")

    assert as_told == b"first"
    assert files.get("lists/11/a.csv", etag=told) is None
    assert files.get("lists/11/nobody.csv", etag=told) is None


def test_a_download_lives_for_a_quarter_of_an_hour(files: Files) -> None:
    files.put("posters/a.pdf", b"pdf", content_type="application/pdf")

    download = files.download("posters/a.pdf", file_name="ул. Ленина, д. 1.pdf", now=NOW)

    assert "posters/a.pdf" in download.url
    assert download.expires_at == NOW + timedelta(minutes=15)


def test_an_upload_form_names_the_place(files: Files) -> None:
    form = files.upload_form("lists/11/b/list", max_bytes=1000, now=NOW)

    assert form.fields["key"] == "lists/11/b/list"
    assert form.expires_at == NOW + timedelta(hours=1)


def test_a_download_has_a_russian_name_for_the_browser(bucket: str) -> None:
    files = S3Files(bucket)

    url = files.download("posters/a.pdf", file_name="ул. Ленина, д. 1.pdf", now=NOW).url

    query = parse_qs(urlsplit(url).query)
    (said,) = query["response-content-disposition"]
    assert said.startswith("attachment; filename*=UTF-8''")
    assert unquote(said).endswith("''ул. Ленина, д. 1.pdf")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]


def test_a_file_is_exchanged_for_the_version_that_was_read_only(files: Files) -> None:
    files.put("rows/b.jsonl", b"first", content_type="application/x-ndjson")
    body, version = files.versioned("rows/b.jsonl") or (b"", "")

    done = [
        files.exchange("rows/b.jsonl", new, version=version, content_type="application/x-ndjson")
        for new in (b"second", b"third")
    ]

    assert (body, done) == (b"first", [True, False])
    assert files.get("rows/b.jsonl") == b"second"
    assert files.versioned("rows/c.jsonl") is None


LARGE = [bytes([n]) * 5_000_000 for n in range(5)]


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([], id="none"),
        pytest.param([b"one", b"", b"two"], id="small ones"),
        pytest.param(LARGE, id="more than a part"),
        pytest.param([*LARGE[:2], b"!"], id="a small last part"),
        pytest.param([b"x" * PART, b"y" * PART], id="parts to the byte"),
    ],
)
def test_a_file_that_comes_piece_by_piece_is_whole(files: Files, pieces: list[bytes]) -> None:
    with files.upload("broadcasts/b/chats", content_type="application/x-ndjson") as take:
        for piece in pieces:
            take(piece)
        before = files.get("broadcasts/b/chats")

    assert before is None
    assert files.get("broadcasts/b/chats") == b"".join(pieces)


@pytest.mark.parametrize("pieces", [[b"some"], LARGE])
def test_nothing_is_left_of_a_file_that_did_not_come_to_its_end(
    files: Files, pieces: list[bytes]
) -> None:
    def bring() -> None:
        with files.upload("broadcasts/b/chats", content_type="application/x-ndjson") as take:
            for piece in pieces:
                take(piece)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        bring()

    assert files.get("broadcasts/b/chats") is None


def test_parts_of_a_file_that_did_not_come_to_its_end_are_not_kept(bucket: str) -> None:
    test_nothing_is_left_of_a_file_that_did_not_come_to_its_end(S3Files(bucket), LARGE)

    assert "Uploads" not in client("s3").list_multipart_uploads(Bucket=bucket)


def test_a_copy_stays_when_the_first_file_is_deleted(files: Files) -> None:
    files.put("previews/b/chats", "дом\n".encode(), content_type="application/x-ndjson")

    files.copy("previews/b/chats", "broadcasts/b/chats")
    files.delete("previews/b/chats")

    assert files.get("broadcasts/b/chats") == "дом\n".encode()


def test_files_are_deleted_by_name_and_by_folder(files: Files) -> None:
    keys = ("results/a/1.xlsx", "results/a/2.xlsx", "results/ab/1.xlsx", "rows/b.jsonl")
    for key in keys:
        files.put(key, b"book", content_type="application/octet-stream")

    files.delete_all("results/a")
    for key in ("rows/b.jsonl", "rows/never.jsonl"):
        files.delete(key)

    assert [key for key in keys if files.get(key)] == ["results/ab/1.xlsx"]
