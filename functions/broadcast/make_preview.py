"""Use case: make the preview of a broadcast to very many chats, as a job."""

from datetime import datetime

from broadcast.authority import caller_named
from broadcast.compose import FaultyError
from broadcast.kept_previews import find_preview
from broadcast.preview import Desk, make_large
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
        author = caller_named(job.created_by, posts.known)
        make_large(kept, caller=author, desk=desk, now=now)
    except FaultyError as error:
        reason = " ".join(fault.message for fault in error.faults)
        desk.jobs.fail(job.id, reason=reason, now=now)
        return "refused"
    desk.jobs.finish(job.id, file_key="", file_name="", now=now)
    return "made"
