"""Use case: take a file that somebody has uploaded, if it is what a message may carry."""

from typing import Protocol

from housechats.domain.errors import HouseChatsError
from housechats.domain.messages import Attachment

LARGEST_FILE = 10_000_000
"""Bytes. VK takes more (photos 50 MB, documents 200 MB): people open these on their phones."""
KINDS = {
    b"\xff\xd8\xff": ("image/jpeg", {"jpg", "jpeg"}),
    b"\x89PNG\r\n\x1a\n": ("image/png", {"png"}),
    b"%PDF-": ("application/pdf", {"pdf"}),
    b"PK\x03\x04": ("application/zip", {"docx", "xlsx", "pptx", "odt", "ods"}),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("application/x-ole-storage", {"doc", "xls", "ppt"}),
    b"{\\rtf": ("application/rtf", {"rtf"}),
}
"""What a file begins with: what it is, and how its name may end."""
IMAGES = {"jpg", "jpeg", "png"}
NOT_THERE = "Этого файла нет: загрузите его и повторите."
TOO_LARGE = "Файл больше 10 МБ: уменьшите его."
WRONG_KIND = (
    "Такой файл не подходит. Картинка — JPG или PNG; документ — PDF, DOC, DOCX, XLS, XLSX, PPT, "
    "PPTX, ODT, ODS или RTF."
)
NOT_WHAT_IT_SAYS = "Внутри файла не то, что обещает его имя: сохраните его заново."


class FileError(HouseChatsError):
    """A file cannot go with a message; `message` is a Russian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Uploads(Protocol):
    """Where files are uploaded, and whence messages take them."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...


def upload_key(vk_id: int, file_id: str) -> str:
    """Return where a person's file is uploaded: nobody names another's, for the id is theirs."""
    return f"uploads/{vk_id}/{file_id}"


def take_file(key: str, *, file_name: str, to: str, files: Uploads) -> Attachment:
    """Check an uploaded file and keep a copy of it in a folder; FileError when it does not do."""
    extension = file_name.rpartition(".")[2].lower()
    if not any(extension in extensions for _, extensions in KINDS.values()):
        raise FileError(WRONG_KIND)
    body = files.get(key)
    if body is None:
        raise FileError(NOT_THERE)
    if len(body) > LARGEST_FILE:
        raise FileError(TOO_LARGE)
    content_type = next(
        (
            kind
            for beginning, (kind, extensions) in KINDS.items()
            if extension in extensions and body.startswith(beginning)
        ),
        None,
    )
    if content_type is None:
        raise FileError(NOT_WHAT_IT_SAYS)
    kept = Attachment(key=f"{to}/file", file_name=file_name, image=extension in IMAGES)
    files.put(kept.key, body, content_type=content_type)
    return kept
