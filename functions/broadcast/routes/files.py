"""Route of files: a form with which a browser uploads a picture or a document for a message."""

from dataclasses import dataclass

from broadcast.routes.router import Router
from broadcast.take_file import LARGEST_FILE, upload_key
from housechats.domain.access import Permission
from housechats.ports.files import UploadForm
from housechats.runtime.clock import this_moment

router = Router()


@dataclass(frozen=True, slots=True)
class AwaitedFile:
    """A file that is going to be uploaded: a picture or a document, up to 10 MB."""

    id: str
    """How a preview names the file. It is its author's alone, and is kept for two days."""
    upload: UploadForm


@router.post(
    "/broadcasts/files",
    operation_id="uploadBroadcastFile",
    summary="Форма, которой загружают картинку или документ для рассылки",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    anew=True,
)
def upload_file() -> AwaitedFile:
    """Answer with the form with which a browser posts the file straight into the bucket."""
    file_id = router.asked.new_id()
    key = upload_key(router.caller.vk_id, file_id)
    form = router.doors.files.upload_form(key, max_bytes=LARGEST_FILE, now=this_moment())
    return AwaitedFile(file_id, form)
