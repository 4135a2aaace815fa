"""Use case: count what was heard in house chats, each thing once, however often it is told."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from housechats.domain.activity import Heard, Tally, day_of, fold, fold_part
from housechats.domain.errors import UnavailableError
from housechats.ports.activity import Tallies, TallyName
from housechats.ports.chats import Chats
from housechats.ports.houses import Houses

MEETINGS = 10
"""How often a tally is folded anew because another worker was faster: two work at once."""
THREADS = 4


@dataclass(frozen=True, slots=True)
class Home:
    """Where a chat belongs."""

    house_id: str
    oktmo: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What counting works with."""

    chats: Chats
    houses: Houses
    tallies: Tallies
    key: str
    """Without which nobody can tell from a mark whose it is."""
    homes: dict[tuple[int, int], Home] = field(default_factory=dict)
    """Of chats that were heard of: whose a chat is never changes, nor where a house stands."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of counting."""

    left: frozenset[str]
    """What could not be counted now."""
    failures: tuple[Exception, ...]
    """Why: what is not foreseen is for the alarm."""
    strange: int
    """Things heard in chats of no house: they are not counted."""


def count_talk(heard: Mapping[str, Heard], *, desk: Desk, now: datetime) -> Counted:
    """Count what was heard, by its names; one write for each house and day that has news.

    A house that cannot be written takes no other with it.
    """
    homes = _homes({(one.community, one.chat_id) for one in heard.values()}, desk)
    days: dict[TallyName, list[str]] = {}
    for name, one in heard.items():
        if home := homes.get((one.community, one.chat_id)):
            day = TallyName(home.house_id, day_of(one, home.oktmo))
            days.setdefault(day, []).append(name)
    oktmos = {home.house_id: home.oktmo for home in homes.values()}
    there = desk.tallies.get_many(days)

    def trouble(day: TallyName) -> Exception | None:
        some = [heard[name] for name in days[day]]
        try:
            _count(day, some, there.get(day), oktmos[day.house_id], desk, now)
        except Exception as error:  # noqa: BLE001 - it takes no other house with it
            return error
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        troubles = dict(zip(days, pool.map(trouble, days), strict=True))
    failed = {day: error for day, error in troubles.items() if error}
    return Counted(
        left=frozenset(name for day in failed for name in days[day]),
        failures=tuple(failed.values()),
        strange=len(heard) - sum(map(len, days.values())),
    )


def _homes(chats: Iterable[tuple[int, int]], desk: Desk) -> dict[tuple[int, int], Home]:
    """Return where chats belong; those of discussions, and the like, belong to no house."""
    found = {chat: home for chat in chats if (home := desk.homes.get(chat))}
    owners = {
        chat: house_id
        for chat in chats
        if chat not in found and (house_id := desk.chats.house_of(*chat))
    }
    oktmos = {house.id: house.oktmo for house in desk.houses.get_many(set(owners.values()))}
    for chat, house_id in owners.items():
        if house_id in oktmos:
            found[chat] = desk.homes[chat] = Home(house_id, oktmos[house_id])
    return found


def _count(
    name: TallyName,
    heard: Iterable[Heard],
    there: Tally | None,
    oktmo: str,
    desk: Desk,
    now: datetime,
) -> None:
    """Count what was heard of one house on one day."""
    for _ in range(MEETINGS):
        tally = there or Tally(name.house_id, name.day, oktmo)
        after, beyond = fold(tally, heard, key=desk.key, now=now)
        if after == tally or desk.tallies.save(after):
            break
        there = _read(name, desk)
    else:
        raise UnavailableError("too many count one day of a house")
    for part, some in beyond.items():
        _count_part(TallyName(name.house_id, name.day, part), some, oktmo, desk, now)


def _count_part(
    name: TallyName, heard: Iterable[Heard], oktmo: str, desk: Desk, now: datetime
) -> None:
    for _ in range(MEETINGS):
        tally = _read(name, desk) or Tally(name.house_id, name.day, oktmo, part=name.part)
        after = fold_part(tally, heard, now=now)
        if after == tally or desk.tallies.save(after):
            return
    raise UnavailableError("too many count one day of a house")


def _read(name: TallyName, desk: Desk) -> Tally | None:
    return desk.tallies.get_many([name]).get(name)
