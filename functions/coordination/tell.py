"""Use case: tell privately who is invited into a coordination chat, once each."""

from collections.abc import Callable

from coordination.desk import Desk
from housechats.domain.coordination import CoordinationChat, invitation, not_told
from housechats.domain.errands import Errand, next_one, without
from housechats.domain.errors import RefusedError, UnavailableError
from housechats.ports.talks import Saying
from housechats.runtime.errands import run_errands

TURNS = 20
"""How often fifty of one chat are told in an hour: twice what it can have."""


def tell(chat_id: str, *, desk: Desk, has_time: Callable[[], bool]) -> None:
    """Tell all whose time has come; who does not let us write is noted, and told again later."""

    def do(
        chat: CoordinationChat, errand: Errand
    ) -> Callable[[CoordinationChat], CoordinationChat]:
        community = desk.communities.get(int(errand.value))
        if community is None or not community.works:
            raise UnavailableError("a person must connect the community")
        begun_at = errand.begun_at or desk.clock()
        saying = Saying(invitation(chat), errand.random_id(chat.id), begun_at)
        desk.talk_of(community).tell(errand.to, saying)
        return lambda one: one

    def refused(chat: CoordinationChat, errand: Errand, _refusal: RefusedError) -> CoordinationChat:
        left = chat.with_errands(without(chat.errands, errand.id))
        return not_told(left, errand.to)

    for _ in range(TURNS):
        chat = run_errands(
            chat_id, store=desk.coordination, do=do, refused=refused, clock=desk.clock
        )
        if chat is None or not has_time() or next_one(chat.errands, now=desk.clock()) is None:
            return
