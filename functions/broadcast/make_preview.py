"""Use case: make the preview of a broadcast to very many chats, as a job."""

from datetime import datetime

from broadcast.compose import FaultyError
from broadcast.kept_previews import find_preview
from broadcast.preview import Desk, make_large
from housechats.domain.access import Caller
from housechats.domain.jobs import Job
from housechats.ports.people import Posts

GONE = "Проверка устарела: составьте рассылку заново."


def make_preview(job: Job, *, desk: Desk, posts: Posts, now: datetime) -> str:
    """Make what a job asks for, within the reach that its author has by now.

    Killed and run again, it writes the same under the same keys.
    """
    kept = find_preview(job.id, files=desk.files)
    if kept is None:
        desk.jobs.fail(job.id, reason=GONE, now=now)
        return "gone"
    try:
        make_large(kept, caller=_author(job, posts), desk=desk, now=now)
    except FaultyError as error:
        reason = " ".join(fault.message for fault in error.faults)
        desk.jobs.fail(job.id, reason=reason, now=now)
        return "refused"
    desk.jobs.finish(job.id, file_key="", file_name="", now=now)
    return "made"


def _author(job: Job, posts: Posts) -> Caller:
    vk_id = int(job.created_by.removeprefix("vk:"))
    lasting = (post for post in posts.known(vk_id).posts if post.until is None)
    return Caller(vk_id, tuple(lasting))
