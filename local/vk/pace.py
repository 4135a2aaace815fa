"""VK's pace: 20 calls in any sliding second for a token, and nobody can ask for more."""

from collections import defaultdict, deque

CALLS_A_SECOND = 20
WINDOW = 1.0


class Pace:
    def __init__(self) -> None:
        self._arrivals: dict[int, deque[float]] = defaultdict(deque)

    def admit(self, community: int, now: float) -> bool:
        """Count an arrival and say whether it is within the pace; refused ones count too."""
        recent = self._arrivals[community]
        while recent and recent[0] <= now - WINDOW:
            recent.popleft()
        recent.append(now)
        return len(recent) <= CALLS_A_SECOND


class Busiest:
    """The largest number of arrivals in any sliding second, told one by one in order."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self.most = 0

    def add(self, time: float) -> None:
        self._recent.append(time)
        while self._recent[0] <= time - WINDOW:
            self._recent.popleft()
        self.most = max(self.most, len(self._recent))
