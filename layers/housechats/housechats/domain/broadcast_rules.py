"""Rules of broadcasts: what a territory has set, and what counts where nobody has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time

from housechats.domain.access import Place
from housechats.domain.quiet_hours import LocalQuiet, QuietHours, Window
from housechats.domain.regions import region_at
from housechats.domain.territories import Territory
from housechats.domain.zones import zone_of

SECOND_PERSON_ABOVE = 1000
"""Chats. About the houses of a town of 100,000: a mistake that a whole town reads."""
MOST_CHATS = 1_000_000
"""More houses with flats the country has not."""
UNCHECKED = "Не сверено с актом."
LONGEST_SPEAKER = 100
"""Characters: with what it is about, who speaks is to be read on one line of a phone or two."""


@dataclass(frozen=True, slots=True)
class TerritoryRules:
    """What a territory has set; what it leaves open is as around it."""

    oktmo: str
    """Its code, in its one spelling."""
    quiet: QuietHours | None = None
    second_person_above: int = 0
    """A broadcast to more chats waits for a second person; 0: as around it."""
    speaks_as: str = ""
    """Who speaks when its own staff write, such as «Администрация города»."""
    revision: int = 0
    """0: nothing was set yet."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@dataclass(frozen=True, slots=True)
class BroadcastRules:
    """What counts at a place."""

    quiet: QuietHours
    quiet_of: str
    """The code of the territory whose quiet hours these are; empty when nobody's are known."""
    second_person_above: int
    speaks_as: str


def rules_at(oktmo: str, kept: Iterable[TerritoryRules]) -> BroadcastRules:
    """Return what counts at a place: of each thing what the nearest territory around it says.

    `kept`: all that was set in its region.
    """
    around = _around(oktmo, kept)
    quiet = next(((one.quiet, one.oktmo) for one in around if one.quiet), (CAREFUL, ""))
    limits = (one.second_person_above for one in around if one.second_person_above)
    return BroadcastRules(
        *quiet,
        second_person_above=next(limits, SECOND_PERSON_ABOVE),
        speaks_as=next((one.speaks_as for one in around if one.speaks_as), _administration(oktmo)),
    )


def needs_second_person(
    oktmo: str, chats: Mapping[str, int], kept: Iterable[TerritoryRules]
) -> bool:
    """Tell whether a broadcast to a territory is for more chats than one person may write to.

    A part of it that has set a number keeps it, whichever territory around it the sender names.
    `chats`: how many, by the code of their houses. `kept`: all that was set in its region.
    """
    there = [*kept]
    if sum(chats.values()) > rules_at(oktmo, there).second_person_above:
        return True
    return any(
        _chats_in(part.oktmo, chats) > part.second_person_above
        for part in there
        if part.second_person_above and _covers(oktmo, part.oktmo)
    )


def _chats_in(oktmo: str, chats: Mapping[str, int]) -> int:
    territory = Territory(oktmo)
    return sum(number for of, number in chats.items() if territory.covers(of))


def quiets_within(oktmo: str, kept: Iterable[TerritoryRules]) -> tuple[LocalQuiet, ...]:
    """Return all quiet hours that a broadcast to a territory keeps: its own, and of parts of it.

    `kept`: all that was set in its region.
    """
    there = [*kept]
    within = [one.oktmo for one in (*there, *KNOWN) if one.quiet and _covers(oktmo, one.oktmo)]
    hours = dict.fromkeys((rules_at(of, there).quiet, zone_of(of)) for of in (oktmo, *within))
    return tuple(LocalQuiet(quiet, zone) for quiet, zone in hours)


def _around(oktmo: str, kept: Iterable[TerritoryRules]) -> list[TerritoryRules]:
    """Return the rules of the territories around a place, the nearest first."""
    found = [one for one in (*kept, *KNOWN) if _covers(one.oktmo, oktmo)]
    # The sort is stable: what people have set stands before what we know of the same territory.
    return sorted(found, key=lambda one: len(Territory(one.oktmo).prefix), reverse=True)


def _covers(outer: str, inner: str) -> bool:
    return Territory(outer).covers(Territory(inner).code)


def _administration(oktmo: str) -> str:
    region = region_at(oktmo)
    return f"Администрация, {region.name}" if region else "Администрация"


# What is known of quiet hours: from press and reference pages, none read in the act itself. Of the
# days only those of the acts are known; later editions may have set these hours.

CAREFUL = QuietHours(
    weekday=Window(time(21), time(9)),
    weekend=Window(time(21), time(10)),
    basis="Осторожное правило: часы тишины этой территории ещё не указаны.",
)
KNOWN = (
    TerritoryRules(
        "40",
        QuietHours(
            weekday=Window(time(22), time(8)),
            weekend=Window(time(22), time(8)),
            basis="Закон Санкт-Петербурга от 31.05.2010 № 273-70",
            valid_from=date(2010, 5, 31),
        ),
    ),
    TerritoryRules(
        "45",
        QuietHours(
            weekday=Window(time(23), time(7)),
            weekend=Window(time(23), time(7)),
            basis="Закон города Москвы от 12.07.2002 № 42",
            valid_from=date(2002, 7, 12),
        ),
    ),
    TerritoryRules(
        "46",
        QuietHours(
            weekday=Window(time(21), time(8)),
            weekend=Window(time(22), time(10)),
            midday=Window(time(13), time(15)),
            basis="Закон Московской области от 07.03.2014 № 16/2014-ОЗ",
            valid_from=date(2014, 3, 7),
        ),
    ),
    TerritoryRules(
        "92701000",  # Казань
        QuietHours(
            weekday=Window(time(22), time(6)),
            weekend=Window(time(22), time(9)),
            basis="Закон Республики Татарстан от 12.01.2010 № 3-ЗРТ",
            valid_from=date(2010, 1, 12),
        ),
    ),
)
