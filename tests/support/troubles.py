"""Troubles of a whole system, by a seed: what arrives twice, late, in disorder; who is killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from support.killing import Killed

MOST_KILLS_OF_ONE = 4
"""Fewer than a queue hands a body over: it must come through."""
RACED_IN_A_CROWD = 0.2


@dataclass
class Troubles:
    """Without a seed there are none."""

    seed: int | None = None
    killed: float = 0.012
    """Share of the calls to the outside that their worker does not survive."""
    raced: float = 0.01
    """Share of the calls meanwhile another worker does all its work."""
    repeated: float = 0.15
    """Share of what is handed over once more."""
    late: float = 0.15
    unheard: float = 0.08
    """Share of events whose «ok» VK does not hear: it tells them again."""
    kills: int = 0
    races: int = 0
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed or 0)

    @property
    def are_there(self) -> bool:
        return self.seed is not None

    @contextmanager
    def of_a_crowd(self) -> Iterator[None]:
        """Have workers meet far more often; without a seed too, but then nobody is killed."""
        before = self.seed, self.killed, self.raced
        if not self.are_there:
            self.seed, self.killed = 0, 0
        self.raced = RACED_IN_A_CROWD
        try:
            yield
        finally:
            self.seed, self.killed, self.raced = before

    def end(self) -> None:
        """Let all go well from now on."""
        self.seed = None

    def may_kill(self) -> None:
        if self.are_there and self._random.random() < self.killed / 2:
            self.kills += 1
            raise Killed

    def lets_another_in(self) -> bool:
        come = self.are_there and self._random.random() < self.raced
        self.races += come
        return come

    def repeats_after(self) -> float | None:
        """Return when a body that was worked is handed over once more; None: it is not."""
        if not self.are_there or self._random.random() >= self.repeated:
            return None
        return self._random.choice((0, 1, 30, 200, 4000))

    def delay(self) -> float:
        if not self.are_there or self._random.random() >= self.late:
            return 0
        return self._random.choice((1, 5, 20, 100))

    def is_unheard(self) -> bool:
        return self.are_there and self._random.random() < self.unheard

    def picked(self, among: int) -> int:
        """Return which of what waits comes first."""
        return self._random.randrange(among) if self.are_there else 0
