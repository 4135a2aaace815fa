"""Access: who calls, and what they may see. The one place where scope is decided."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from housechats.domain.people import Official
from housechats.runtime.http import ProblemError

if TYPE_CHECKING:  # every noun comes with the ports
    from housechats.ports.people import Officials

LAUNCH_LIVES = timedelta(hours=24)
"""Launch parameters do not refresh while the app stays open; VK itself sets no limit."""


def caller(app: BaseRouter, *, officials: "Officials", now: datetime) -> Official:
    """Return the official who calls, with the role that they have at this moment.

    The authorizer has checked the signature; how old it is is checked here, because its answer
    is cached.
    """
    signed = app.current_event.raw_event["requestContext"]["authorizer"]["lambda"]
    if now.timestamp() - int(signed["vk_ts"]) > LAUNCH_LIVES.total_seconds():
        raise ProblemError("launch_expired")
    official = officials.get(int(signed["vk_user_id"]))
    if official is None:
        raise ProblemError("not_an_official")
    return official


class Placed(Protocol):
    """What lies somewhere: a house, a list."""

    @property
    def oktmo(self) -> str: ...


Thing = TypeVar("Thing", bound=Placed)


def in_scope(official: Official, thing: Thing | None) -> Thing:
    """Return the thing; outside the official's territory it does not exist."""
    if thing is None or not official.territory.covers(thing.oktmo):
        raise ProblemError("not_found")
    return thing
