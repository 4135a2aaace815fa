"""Use case: acts whose request was cut off get into their chains, as of unknown outcome."""

from datetime import datetime

from housechats.ports.audit import Ledger

A_SWEEP = 200
"""Acts in one sweep: all that a bad minute can leave behind, and seconds of work."""


def settle_due(*, ledger: Ledger, now: datetime) -> int:
    """Return the number of acts accounted for; one that is there already stays as it is."""
    cut_off = ledger.due(now, limit=A_SWEEP)
    for act in cut_off:
        ledger.settle(act)
    return len(cut_off)
