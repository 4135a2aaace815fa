"""A router that knows what the routes work with, and what of it the caller may reach."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from housechats.domain.houses import House
from housechats.domain.questions import Question, QuestionState
from housechats.domain.territories import region_of
from housechats.ports.answer_terms import Termbook
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.gate import Gate
from housechats.ports.houses import Houses
from housechats.ports.organisation_cards import Cards
from housechats.ports.questions import QuestionRulebook, Questions, Voices
from housechats.ports.queues import Queue
from housechats.runtime import routes
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError
from questions.routes.cards import QuestionCard, card_of

QuestionId = Annotated[str, Path(min_length=12, max_length=12, description="Номер вопроса")]
HouseId = Annotated[str, Path(min_length=8, max_length=8, description="Код дома")]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    questions: Questions
    voices: Voices
    houses: Houses
    cards: Cards
    rulebook: QuestionRulebook
    termbook: Termbook
    quiet_hours: Rulebook
    own: Queue
    clock: Callable[[], datetime]


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def house(self, house_id: str) -> House:
        return self.reach(self.doors.houses.get(house_id.upper()))

    def question(self, question_id: str) -> Question:
        """Return a question within the caller's reach, and note it as what the act is done to."""
        question = self.doors.questions.get(question_id)
        if question is None:
            raise ProblemError("not_found")
        house = self.doors.houses.get(question.house_id)
        self.reach(question, question.place_in(house))
        self.asked.deed(question.oktmo, f"question:{question.id}")
        return question

    def name_of(self, inn: str, oktmo: str) -> str:
        """Return what an organisation is called, if anybody has said."""
        card = self.doors.cards.get(region_of(oktmo), inn) if inn else None
        return card.name if card else ""

    def shown(self, question: Question) -> QuestionCard:
        """Show a question to the caller, with the voices of this moment while people vote."""
        tally = question.tally
        if question.state == QuestionState.VOTING:
            tally = self.doors.voices.tally(question.id, "vote")
        return card_of(question, self.caller, self.name_of, tally=tally, now=this_moment())
