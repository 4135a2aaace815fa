"""Use case: an operator makes somebody the administrator of a territory."""

from datetime import datetime
from hashlib import sha256

from housechats.domain.audit import Act, Outcome
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory, is_territory
from housechats.ports.audit import Ledger
from housechats.ports.people import Posts

OPERATOR = "operator"


def appoint(
    vk_id: int, oktmo: str, *, posts: Posts, ledger: Ledger, request_id: str, now: datetime
) -> Post:
    """Give the role; whoever may invoke the function in AWS may do it, and nobody else.

    A staff member of that territory becomes its administrator.
    """
    if not is_territory(oktmo):
        raise ValueError("ОКТМО: 2 или 3 цифры региона, 8 или 11 цифр муниципалитета")
    act = Act(
        id=sha256(f"{OPERATOR}/{request_id}".encode()).hexdigest()[:16],
        at=now,
        who=OPERATOR,
        role=OPERATOR,
        what="appoint",
        on=(f"vk:{vk_id}",),
        oktmo=oktmo,
        request_id=request_id,
        outcome=Outcome.DONE,
    )
    ledger.intend(act)
    wanted = Post(vk_id, Role.ADMINISTRATOR, Territory(Territory(oktmo).code), since=now, given_by=OPERATOR)
    there = posts.give(wanted)
    if there and there.role != Role.ADMINISTRATOR:
        posts.change(there, wanted)
    ledger.settle(act)
    return posts.get(wanted.id) or wanted
