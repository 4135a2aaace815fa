"""Use case: an operator shows what is known of a person, and has it forgotten everywhere."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from housechats.domain.audit import Act, Outcome
from housechats.domain.erasure import Erasure, Found, Person
from housechats.domain.territories import region_of
from housechats.ports.audit import Ledger
from people.forget import Desk, check_last, erase_from_list, erase_records, prove, search

OPERATOR = "operator"


def show_everywhere(person: Person, *, desk: Desk, key: str, now: datetime) -> list[Found]:
    return search(_erasure(person, key, now), desk=desk, go_on=lambda: True)[0]


def forget_everywhere(
    person: Person, *, desk: Desk, ledger: Ledger, key: str, request_id: str, now: datetime
) -> list[Found]:
    """Erase the person everywhere; return what is left of them in the end: nothing.

    Killed anywhere it may be asked for again. LastAdministratorError before anything is erased.
    """
    erasure = _erasure(person, key, now)
    check_last(erasure, desk=desk)
    memory = desk.memory
    memory.ask(erasure)
    erasure = memory.asked(erasure.id) or erasure
    acts = [*_acts(erasure, search(erasure, desk=desk, go_on=lambda: True)[0], request_id, now)]
    for act in acts:
        ledger.intend(act)
    erase_records(erasure, desk=desk, now=now)
    erasure = memory.asked(erasure.id) or erasure
    for batch_id in memory.look(erasure.person).lists:
        erase_from_list(erasure, batch_id, desk=desk, now=now)
    left = prove(erasure, desk=desk, now=now)
    memory.end(erasure.id)
    for act in acts:
        ledger.settle(act)
    return left


def _erasure(person: Person, key: str, now: datetime) -> Erasure:
    """Return the request, the same for the same person: who is killed goes on where they were."""
    said = f"erasure/{person.vk_id}/{person.phone}".encode()
    erasure_id = hmac.digest(key.encode(), said, "sha256").hex()[:16]
    return Erasure(erasure_id, person, "", OPERATOR, now)


def _acts(
    erasure: Erasure, found: Iterable[Found], request_id: str, now: datetime
) -> Iterable[Act]:
    """Yield an act for each region that has known the person; it names the request alone."""
    for region in sorted({region_of(one.oktmo) for one in found if one.oktmo}):
        yield Act(
            id=sha256(f"{OPERATOR}/{request_id}/{region}".encode()).hexdigest()[:16],
            at=now,
            who=OPERATOR,
            role=OPERATOR,
            what="forget",
            on=(f"erasure:{erasure.id}",),
            oktmo=region,
            request_id=request_id,
            outcome=Outcome.DONE,
        )
