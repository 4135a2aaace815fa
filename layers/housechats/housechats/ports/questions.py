"""Questions and the voices of residents."""

from datetime import datetime
from typing import Protocol

from housechats.domain.question_rules import TerritoryQuestionRules
from housechats.domain.questions import Question, QuestionState, Tally, Voice
from housechats.domain.territories import Territory


class Questions(Protocol):
    """Keeps questions."""

    def add(self, question: Question) -> Question:
        """Keep a new one, and return it; the one that is there already stays."""

    def get(self, record_id: str) -> Question | None:
        """Return it as it is now (consistent)."""

    def save(self, record: Question) -> Question | None:
        """Keep a changed one and return it with its new revision; None: it changed meanwhile.

        `record.revision` is that of the one it was made from.
        """

    def of_house(self, house_id: str, *, state: QuestionState | None = None) -> list[Question]:
        """Return a house's questions, the newest first."""

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Question]:
        """Return those raised since a moment in a territory, the newest first."""

    def of_organisation(self, inn: str) -> list[Question]:
        """Return those that an organisation is to answer, by due time."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose time has come."""

    def postpone(self, question_id: str, *, until: datetime) -> None:
        """Keep a due one from being handed over again before a time."""


class Voices(Protocol):
    """Keeps who said what, until some time after the question is over.

    `about`: what they voted on, `vote` or `solved/<turn>`. People are kept as keyed hashes.
    """

    def put(
        self, question_id: str, about: str, voter: str, voice: Voice, *, at: datetime, order: str
    ) -> bool:
        """Keep what a person says; False when it was said before what is kept.

        Things said in one moment are in the order of `order`, the event's id.
        """

    def tally(self, question_id: str, about: str) -> Tally:
        """Count everybody once (consistent)."""

    def forget(self, question_id: str, *, until: datetime) -> None:
        """Let the voices of a question that is over go at a time."""


class QuestionRulebook(Protocol):
    """Keeps what territories have set for votes: a region has few, they are read together."""

    def of_region(self, region: str) -> list[TerritoryQuestionRules]:
        """Return all that was set in a region (consistent), in the order of the codes."""

    def put(self, rules: TerritoryQuestionRules) -> bool:
        """Keep changed rules; False when they have another revision by now.

        `rules.revision` is one more than that of those they were made from.
        """
