"""Times of discussions: which may be named, which are proposed, when people are reminded."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from housechats.domain.discussions import LENGTH, LONGEST, Discussion
from housechats.domain.quiet_hours import LocalQuiet, next_allowed, quiet_from
from housechats.domain.working_time import is_working_day

SOONEST = timedelta(hours=1)
"""People are to hear of it before it begins."""
FARTHEST = timedelta(days=30)
APART = timedelta(hours=24)
"""Between two discussions of one house."""
SHORTEST = timedelta(minutes=15)
EVENINGS = (time(19), time(20), time(18))
"""Hours that are proposed: people are at home."""
PROPOSED = 4
REMINDED_BEFORE = (timedelta(days=1), timedelta(hours=1))

TOO_SOON = "До обсуждения должно оставаться не меньше часа: жителей надо успеть предупредить."
TOO_FAR = "Назначить обсуждение можно не дальше чем на 30 дней вперёд."
BAD_LENGTH = "Обсуждение длится от 15 минут до 4 часов."
QUIET = "Обсуждение пришлось бы на тихие часы: в это время в чаты не пишут."
HOUSE_BUSY = "В этом доме уже есть обсуждение {}: между двумя должны пройти сутки."
YOU_BUSY = "У вас в это время другое обсуждение: {}."


def fault_of_length(length: timedelta) -> str:
    return "" if SHORTEST <= length <= LONGEST else BAD_LENGTH


def fault_of_time(
    starts_at: datetime, length: timedelta, *, now: datetime, quiet: LocalQuiet
) -> str:
    """Return why a time does not do, in Russian; empty when nothing is wrong with it by itself."""
    if starts_at - now < SOONEST:
        return TOO_SOON
    if starts_at - now > FARTHEST:
        return TOO_FAR
    return QUIET if _is_quiet(starts_at, starts_at + length, quiet) else ""


def _is_quiet(begins: datetime, ends: datetime, quiet: LocalQuiet) -> bool:
    if next_allowed(begins, [quiet]) != begins:
        return True
    quiet_again = quiet_from(begins, [quiet])
    return quiet_again is not None and quiet_again < ends


def conflict(
    starts_at: datetime,
    length: timedelta,
    *,
    of_house: Iterable[Discussion],
    of_representative: Iterable[Discussion],
) -> tuple[str, Discussion] | None:
    """Return the sentence and the discussion that a time collides with; None when none."""
    for other in of_house:
        if other.state.ahead and abs(other.starts_at - starts_at) < APART:
            return HOUSE_BUSY, other
    for other in of_representative:
        if other.state.ahead and starts_at < other.ends_at and other.starts_at < starts_at + length:
            return YOU_BUSY, other
    return None


def proposed(
    *,
    now: datetime,
    quiet: LocalQuiet,
    of_house: Iterable[Discussion] = (),
    of_representative: Iterable[Discussion] = (),
    length: timedelta = LENGTH,
) -> list[datetime]:
    """Return some evenings of the next working days at which nothing is in the way."""
    house, theirs = [*of_house], [*of_representative]
    found: list[datetime] = []
    for starts_at in _evenings(now, quiet):
        collides = conflict(starts_at, length, of_house=house, of_representative=theirs)
        if not collides and not fault_of_time(starts_at, length, now=now, quiet=quiet):
            found.append(starts_at)
        if len(found) == PROPOSED:
            break
    return sorted(found)


def _evenings(now: datetime, quiet: LocalQuiet) -> Iterator[datetime]:
    """Yield one hour after another, and of each the working days of a fortnight."""
    today = now.astimezone(quiet.zone).date()
    for hour in EVENINGS:
        for later in range(14):
            day = today + timedelta(days=later)
            if is_working_day(day):
                yield datetime.combine(day, hour, quiet.zone).astimezone(UTC)


def reminders(starts_at: datetime, quiet: LocalQuiet) -> list[datetime | None]:
    """Return when people are reminded; None: not at all, for all hours before it are quiet."""
    moments = [next_allowed(starts_at - before, [quiet]) for before in REMINDED_BEFORE]
    return [moment if moment < starts_at else None for moment in moments]


def too_late_for(starts_at: datetime, *, now: datetime) -> int:
    """Return how many of the reminders are out of the question for a time that is named now."""
    return sum(starts_at - before <= now for before in REMINDED_BEFORE)
