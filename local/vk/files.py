"""The methods and the place for uploads: documents and photos of messages."""

import hashlib
from typing import Any

from local.vk import pictures, shapes
from local.vk.call import Call
from local.vk.chats import chat_at
from local.vk.community import Community, Upload
from local.vk.conversations import CHAT_PEERS, File
from local.vk.errors import VkError, bad
from local.vk.messages import check_may_write

LARGEST_FILE = 200 * 1024 * 1024
FORBIDDEN = {"mp3", "exe", "bat", "com", "msi", "apk", "scr"}
FIRST_ID = 600_000_001
PHOTO_SERVER = 852_000
FIELDS = {"doc": "file", "photo": "photo"}


def _place(call: Call, kind: str) -> str:
    peer_id = call.get("peer_id")
    if peer_id > CHAT_PEERS:
        chat_at(call, peer_id, otherwise=901)
    else:
        try:
            check_may_write(call, peer_id)
        except VkError as error:
            raise VkError(901) from error  # the only refusal these methods have of their own
    number = len(call.community.uploads) + 1
    seed = f"{call.community.id}/{kind}/{number}/upload"
    ticket = hashlib.sha256(seed.encode()).hexdigest()[:32]
    call.community.uploads[ticket] = Upload(kind=kind, peer_id=peer_id)
    return f"{call.world.files_base}upload/{ticket}"


def get_document_server(call: Call) -> dict[str, Any]:
    return {"upload_url": _place(call, "doc")}


def get_photo_server(call: Call) -> dict[str, Any]:
    return {
        "upload_url": _place(call, "photo"),
        "album_id": -64,
        "user_id": 0,
        "group_id": call.community.id,
    }


def receive(upload: Upload, ticket: str, name: str, data: bytes, field: str = "") -> dict[str, Any]:
    """Keep an uploaded file and answer as VK's upload servers do."""
    if field and field != FIELDS[upload.kind]:
        return {
            "error": "no_file",
            "error_descr": f"a field named {FIELDS[upload.kind]} is expected",
        }
    if not data or len(data) > LARGEST_FILE:
        return {"error": "wrong_size", "error_descr": "the file is empty or too large"}
    if name.rpartition(".")[2].lower() in FORBIDDEN:
        return {"error": "wrong_type", "error_descr": "files of this type are not accepted"}
    upload.name, upload.data = name, data
    token = f"{ticket}|{_seal(ticket, data)}"
    if upload.kind == "photo":
        return {"server": PHOTO_SERVER, "photo": token, "hash": _seal(token, data)}
    return {"file": token}


def _seal(ticket: str, data: bytes) -> str:
    return hashlib.sha256(ticket.encode() + data).hexdigest()[:16]


def save_document(call: Call) -> dict[str, Any]:
    upload = _uploaded(call, call.get("file"), "doc")
    if upload is None:
        raise VkError(105)
    file = _keep(call, upload, call.get("title") or upload.name)
    return {"type": "doc", "doc": shapes.of_file(file)}


def save_photo(call: Call) -> list[dict[str, Any]]:
    if call.get("server") != PHOTO_SERVER:
        raise VkError(118)
    upload = _uploaded(call, call.get("photo"), "photo")
    if upload is None:
        raise bad("photo", "is no uploaded file")
    if call.get("hash") != _seal(call.get("photo"), upload.data or b""):
        raise VkError(121)
    return [shapes.of_file(_keep(call, upload, upload.name))]


def picture(community: Community, user_id: int, now: float, files_base: str) -> File:
    """Keep the photo that a person sends: always the same built-in picture."""
    community.pictures += 1
    number = FIRST_ID + community.pictures
    file = File(
        kind="photo",
        owner_id=user_id,
        id=number,
        title="photo.png",
        name="photo.png",
        data=pictures.crack(),
        date=int(now),
        peer_id=community.owner_id,
        url=f"{files_base}photo/{user_id}_{number}",
        access_key=hashlib.sha256(f"{community.id}/{number}".encode()).hexdigest()[:18],
    )
    community.files[file.reference] = file
    return file


def _uploaded(call: Call, token: str, kind: str) -> Upload | None:
    """Find what was uploaded and not yet saved: what an upload answered is good once."""
    ticket, _, seal = token.partition("|")
    upload = call.community.uploads.get(ticket)
    if upload is None or upload.data is None or upload.saved or upload.kind != kind:
        return None
    return upload if seal == _seal(ticket, upload.data) else None


def _keep(call: Call, upload: Upload, title: str) -> File:
    community: Community = call.community
    upload.saved = True
    number = FIRST_ID + len(community.files)
    place = f"{call.world.files_base}{upload.kind}/{community.owner_id}_{number}"
    file = File(
        kind=upload.kind,
        owner_id=community.owner_id,
        id=number,
        title=title,
        name=upload.name,
        data=upload.data or b"",
        date=int(call.now),
        peer_id=upload.peer_id,
        url=place,
    )
    community.files[file.reference] = file
    call.effect(f"сохранён файл {file.reference}")
    return file
