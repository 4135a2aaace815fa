"""Files of one bucket."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Download:
    """A link that opens one file for a while."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class UploadForm:
    """Where and with which fields a browser posts a file."""

    url: str
    fields: dict[str, str]
    """What to post with the file, before it; the file itself is called `file`."""
    expires_at: datetime


class Files(Protocol):
    """Keeps files of one bucket."""

    def get(self, key: str, *, etag: str = "") -> bytes | None:
        """Return a file, if it is there and, with an ETag given, still the same."""

    def get_range(self, key: str, first: int, last: int) -> bytes:
        """Return the bytes from `first` to `last`, both included."""

    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def put_once(self, key: str, body: bytes, *, content_type: str) -> bool:
        """Keep a file unless there is one already; False when there is."""

    def versioned(self, key: str) -> tuple[bytes, str] | None:
        """Return a file, if it is there, and which version of it that is."""

    def exchange(self, key: str, body: bytes, *, version: str, content_type: str) -> bool:
        """Put a file in place of a version of it; False when it is another one by now."""

    def upload(
        self, key: str, *, content_type: str
    ) -> AbstractContextManager[Callable[[bytes], None]]:
        """Keep a file that comes piece by piece: give the pieces to what is entered with.

        Nothing of it is there before the end, and nothing if it does not come to its end.
        """

    def copy(self, key: str, to: str) -> None:
        """Keep a copy of a file under another name."""

    def delete(self, key: str) -> None:
        """Delete a file, if it is there."""

    def delete_all(self, folder: str) -> None:
        """Delete all files below a folder."""

    def download(self, key: str, *, file_name: str, now: datetime) -> Download: ...

    def upload_form(self, key: str, *, max_bytes: int, now: datetime) -> UploadForm: ...
