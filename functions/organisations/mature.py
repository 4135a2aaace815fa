"""Use case: let begin and end what was to begin or end today."""

from collections import defaultdict
from datetime import datetime

from housechats.domain.attachments import matured
from housechats.ports.houses import Houses
from housechats.ports.organisations import Attachments

A_SWEEP = 480
"""Attachments in one sweep: at some 30 ms for a house it is done long before the next one."""


def mature(*, houses: Houses, attachments: Attachments, now: datetime) -> int:
    """Return the number of houses that were brought up to date.

    A house that somebody else changes meanwhile stays due: the next sweep finds it.
    """
    due: defaultdict[str, set[str]] = defaultdict(set)
    for inn, house_id in attachments.due(now, limit=A_SWEEP):
        due[house_id].add(inn)
    done = 0
    for house in houses.get_many(due):
        inns = {*house.organisations, *due[house.id]}
        known = attachments.get_many((inn, house.id) for inn in inns)
        settlement = matured(house.organisations, known, now)
        changed = {one.inn: one for one in settlement.changed}
        # What is due is written even if nothing differs, so that it is due no more.
        for one in known:
            if one.inn in due[house.id]:
                changed.setdefault(one.inn, one)
        done += attachments.settle(house, settlement.carried, [*changed.values()], now=now)
    return done
