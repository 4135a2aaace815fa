"""A picture or a document goes with a message if it is one, and is its author's."""

from typing import Any

import pytest

from broadcast.take_file import (
    LARGEST_FILE,
    NOT_THERE,
    NOT_WHAT_IT_SAYS,
    TOO_LARGE,
    WRONG_KIND,
    upload_key,
)
from housechats.domain.broadcasts import BroadcastState, folder_of
from support.broadcast_door import COLLEAGUE, STAFF, BroadcastDoor, wished

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
PDF = b"%PDF-1.7\n" + b"0" * 100
DOCX = b"PK\x03\x04" + b"0" * 100


def upload(door: BroadcastDoor, body: bytes, *, vk_id: int = STAFF) -> str:
    """Upload a file as a browser does with the form, and return its id."""
    status, awaited = door.ask("POST", "/broadcasts/files", vk_id=vk_id)
    assert status == 200
    assert awaited["upload"]["fields"]["key"] == upload_key(vk_id, awaited["id"])
    door.doors.files.put(awaited["upload"]["fields"]["key"], body, content_type="")
    return str(awaited["id"])


def previewed(door: BroadcastDoor, file_id: str, name: str, **how: Any) -> tuple[int, Any]:
    said = wished(file={"id": file_id, "name": name})
    return door.ask("POST", "/broadcasts/previews", said, **how)


@pytest.mark.parametrize(
    ("body", "name", "image"),
    [(PNG, "схема.PNG", True), (PDF, "план.pdf", False), (DOCX, "приказ.docx", False)],
)
def test_a_file_goes_with_the_message_and_is_kept_with_it(
    door: BroadcastDoor, body: bytes, name: str, image: bool
) -> None:
    door.house(1)
    status, told = previewed(door, upload(door, body), name)

    _, card = door.ask("POST", "/broadcasts", {"token": told["preview"]["token"]})
    _, details = door.ask("GET", f"/broadcasts/{card['id']}")

    assert status == 201
    assert details["message"]["file"] == {"file_name": name, "image": image}
    message = door.doors.messages.get(folder_of(card["id"]))
    assert message
    assert message.attachment
    assert message.attachment.key.startswith(folder_of(card["id"]))
    assert door.doors.files.get(message.attachment.key) == body


def test_an_emergency_with_a_picture_starts_at_once_where_files_go_to_vk(
    door: BroadcastDoor,
) -> None:
    door.house(1)
    file = {"id": upload(door, PNG), "name": "схема.png"}

    card = door.confirm(lane="emergency", file=file)

    one = door.kept(card["id"])
    assert (one.state, one.start_at) == (BroadcastState.SCHEDULED, one.created_at)
    assert door.starts.planned == {one.id: one.start_at}
    assert not door.emergencies.bodies


@pytest.mark.parametrize(
    ("body", "name", "said"),
    [
        pytest.param(PNG, "схема.exe", WRONG_KIND, id="a program"),
        pytest.param(PNG, "схема", WRONG_KIND, id="without an ending"),
        pytest.param(b"MZ" + b"0" * 100, "схема.png", NOT_WHAT_IT_SAYS, id="a program called so"),
        pytest.param(PDF, "план.docx", NOT_WHAT_IT_SAYS, id="another kind"),
        pytest.param(b"", "план.pdf", NOT_WHAT_IT_SAYS, id="empty"),
        pytest.param(PNG + b"0" * LARGEST_FILE, "схема.png", TOO_LARGE, id="too large"),
    ],
)
def test_what_is_no_picture_and_no_document_is_not_taken(
    door: BroadcastDoor, body: bytes, name: str, said: str
) -> None:
    door.house(1)

    status, problem = previewed(door, upload(door, body), name)

    assert status == 422
    assert problem["errors"] == [{"pointer": "/file", "detail": said}]


def test_nobody_sends_the_file_of_another(door: BroadcastDoor) -> None:
    door.house(1)
    theirs = upload(door, PNG, vk_id=COLLEAGUE)

    status, problem = previewed(door, theirs, "схема.png")

    assert status == 422
    assert problem["errors"] == [{"pointer": "/file", "detail": NOT_THERE}]
