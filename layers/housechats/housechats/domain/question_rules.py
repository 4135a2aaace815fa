"""Rules of votes: how long one lasts and how many voices are enough, as territories set them."""

from collections.abc import Iterable
from dataclasses import dataclass

from housechats.domain.access import Place
from housechats.domain.territories import Territory

VOTE_DAYS = 7
SHARE_PERCENT = 10
AT_LEAST = 3
AT_MOST = 50
LONGEST_VOTE_DAYS = 30
MOST_VOICES = 10_000
"""More than a chat has members."""


@dataclass(frozen=True, slots=True)
class TerritoryQuestionRules:
    """What a territory has set; 0: as around it."""

    oktmo: str
    """Its code, in its one spelling."""
    vote_days: int = 0
    share_percent: int = 0
    """Of the members of the house's chat."""
    at_least: int = 0
    """Voices that are needed however few members there are."""
    at_most: int = 0
    """Voices that are enough however many members there are."""
    revision: int = 0
    """0: nothing was set yet."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """What counts at a place."""

    vote_days: int = VOTE_DAYS
    share_percent: int = SHARE_PERCENT
    at_least: int = AT_LEAST
    at_most: int = AT_MOST

    def enough(self, residents: int) -> int:
        """Return how many voices for a question are enough in a chat of so many members."""
        share = -(-residents * self.share_percent // 100)
        return min(max(share, self.at_least), max(self.at_most, self.at_least))


def rules_at(oktmo: str, kept: Iterable[TerritoryQuestionRules]) -> QuestionRules:
    """Return what counts at a place: of each number what the nearest territory around it says.

    `kept`: all that was set in its region.
    """
    around = sorted(
        (one for one in kept if Territory(one.oktmo).covers(Territory(oktmo).code)),
        key=lambda one: len(Territory(one.oktmo).prefix),
        reverse=True,
    )
    usual = QuestionRules()
    return QuestionRules(
        vote_days=_nearest((one.vote_days for one in around), usual.vote_days),
        share_percent=_nearest((one.share_percent for one in around), usual.share_percent),
        at_least=_nearest((one.at_least for one in around), usual.at_least),
        at_most=_nearest((one.at_most for one in around), usual.at_most),
    )


def _nearest(numbers: Iterable[int], usual: int) -> int:
    return next((number for number in numbers if number), usual)
