"""Use case: an operator makes somebody the administrator of a territory."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from housechats.domain.audit import Act, Outcome
from housechats.domain.errors import UnavailableError
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory, is_territory
from housechats.ports.audit import Ledger
from housechats.ports.people import Posts

OPERATOR = "operator"
TRIES = 5
"""How often people may be faster at this post before the operator has to try again."""


def appoint(
    vk_id: int, oktmo: str, *, posts: Posts, ledger: Ledger, request_id: str, now: datetime
) -> Post:
    """Give the role; whoever may invoke the function in AWS may do it, and nobody else.

    A staff member of that territory becomes its administrator, and is called as before.
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
    post = _appointed(vk_id, Territory(Territory(oktmo).code), posts, now)
    ledger.settle(act)
    return post


def _appointed(vk_id: int, territory: Territory, posts: Posts, now: datetime) -> Post:
    wanted = Post(vk_id, Role.ADMINISTRATOR, territory, since=now, given_by=OPERATOR)
    for _ in range(TRIES):
        there = posts.give(wanted)
        if there and there.role != Role.ADMINISTRATOR:
            posts.change(there, replace(wanted, revision=there.revision, title=there.title))
        # People may have changed or ended it at the same moment: what is there now decides.
        post = posts.get(wanted.id)
        if post and post.until is None and post.role == Role.ADMINISTRATOR:
            return post
    raise UnavailableError("somebody keeps changing this post")
