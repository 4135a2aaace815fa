"""Route of confirmations: what was looked at is sent."""

from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from broadcast.confirm import Desk, confirm, difference, go_on
from broadcast.kept_previews import KeptPreview
from broadcast.preview import Recipients, look, recipients_among
from broadcast.routes.cards import BroadcastCard
from broadcast.routes.router import Router
from housechats.domain.access import Permission
from housechats.domain.broadcasts import Broadcast, preview_folder
from housechats.domain.patterns import SAID_OR_NOTHING
from housechats.domain.territories import region_of
from housechats.ports.broadcasts import Audience
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError, answers, problems

router = Router()

TOKEN = r"^[0-9a-f]{16}\.[0-9a-f]{16}$"  # noqa: S105 - what one looks like
LONGEST_REASON = 500
NO_CHATS = "Эту рассылку никто не получит: ни в одном из домов нет открытого чата."


@dataclass(frozen=True, slots=True)
class NewConfirmation:
    """That what a preview has shown is to be sent."""

    token: Annotated[str, Field(pattern=TOKEN)]
    """As the preview told it: it confirms just that text to just those chats."""
    reason: Annotated[str, Field(pattern=SAID_OR_NOTHING, max_length=LONGEST_REASON)] = ""
    """Why an emergency of very many chats goes out without a second person: only then needed."""


@router.post(
    "/broadcasts",
    operation_id="confirmBroadcast",
    summary="Отправить то, что проверено",
    tags=["broadcasts"],
    permission=Permission.BROADCASTS_SEND,
    once=True,
    rereads=True,
    responses={
        **answers("Рассылка; как она идёт, видно по Location", BroadcastCard, 202),
        **problems(
            audience_changed="Список домов стал другим: в `difference` видно, чем.",
            preview_expired="Со времени проверки прошло больше часа.",
        ),
    },
)
def confirm_broadcast(new: NewConfirmation) -> Response[BroadcastCard]:
    """Send just what the token stands for; confirmed twice, it is one broadcast."""
    doors, now = router.doors, this_moment()
    kept = _previewed(new.token)
    router.asked.deed(kept.wish.oktmo, f"broadcast:{kept.wish.id}")
    desk = Desk(
        broadcasts=doors.broadcasts,
        audiences=doors.audiences,
        messages=doors.messages,
        files=doors.files,
        starts=doors.starts,
        seed=doors.seed,
    )
    if there := doors.broadcasts.get(kept.wish.id):
        return _accepted(go_on(there, desk=desk, now=now))
    if kept.preview and kept.preview.expires_at <= now:
        raise ProblemError("preview_expired")
    audience, recipients = _unchanged(kept)
    one = confirm(
        kept.wish,
        audience,
        by_oktmo=recipients.by_oktmo,
        rules=doors.rules.of_region(region_of(kept.wish.oktmo)),
        reason=new.reason.strip(),
        desk=desk,
        now=now,
    )
    return _accepted(one)


def _previewed(token: str) -> KeptPreview:
    """Return the preview that a token confirms; a forged token is of none."""
    kept = router.preview(token.partition(".")[0])
    if kept.preview is None or kept.preview.token != token:
        raise ProblemError("not_found")
    return kept


def _unchanged(kept: KeptPreview) -> tuple[Audience, Recipients]:
    """Return the audience of a preview, if the same chats would get the message now: and those."""
    doors = router.doors
    audience = doors.audiences.get(preview_folder(kept.wish.id))
    if audience is None:
        raise ProblemError("preview_expired")
    found = look(kept.wish, caller=router.caller, desk=doors.preview_desk)
    recipients = recipients_among(found.chosen.lines, doors.communities)
    if recipients.digest != kept.digest:
        changed = difference(audience, recipients.lines, audiences=doors.audiences)
        raise ProblemError("audience_changed", more={"difference": asdict(changed)})
    if not audience.chats:
        raise ProblemError("conflict", NO_CHATS)
    return audience, recipients


def _accepted(one: Broadcast) -> Response[BroadcastCard]:
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/broadcasts/{one.id}"},
        body=router.card(one),
    )
