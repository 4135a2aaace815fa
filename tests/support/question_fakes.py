"""Questions, the voices of residents, and rules of votes: in memory."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from housechats.domain.question_rules import TerritoryQuestionRules
from housechats.domain.questions import Question, QuestionState, Tally, Voice
from housechats.domain.territories import Territory, region_of
from support.fakes import real_time


class FakeQuestions:
    def __init__(self) -> None:
        self.by_id: dict[str, Question] = {}
        self.postponed: dict[str, datetime] = {}
        self._one = Lock()

    def add(self, question: Question) -> Question:
        return self.by_id.setdefault(question.id, question)

    def get(self, record_id: str) -> Question | None:
        return self.by_id.get(record_id)

    def save(self, record: Question) -> Question | None:
        with self._one:
            if self.by_id[record.id].revision != record.revision:
                return None
            self.postponed.pop(record.id, None)
            saved = replace(record, revision=record.revision + 1)
            self.by_id[record.id] = saved
            return saved

    def of_house(self, house_id: str, *, state: QuestionState | None = None) -> list[Question]:
        return self._newest(lambda one: one.house_id == house_id and state in {None, one.state})

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Question]:
        return self._newest(lambda one: territory.covers(one.oktmo) and one.raised_at >= since)

    def of_organisation(self, inn: str) -> list[Question]:
        theirs = self._newest(
            lambda one: one.inn == inn and one.invited_at is not None and not one.state.over
        )
        return sorted(theirs, key=lambda one: one.answer_due_at or datetime.max.replace(tzinfo=UTC))

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = [
            one.id
            for one in self.by_id.values()
            if (at := one.due_at(now)) and max(at, self.postponed.get(one.id, at)) <= now
        ]
        return found[:limit]

    def postpone(self, question_id: str, *, until: datetime) -> None:
        self.postponed[question_id] = until

    def _newest(self, chosen: Callable[[Question], bool]) -> list[Question]:
        found = [one for one in self.by_id.values() if chosen(one)]
        return sorted(found, key=lambda one: (one.raised_at, one.id), reverse=True)


class FakeVoices:
    def __init__(self, clock: Callable[[], datetime] = real_time) -> None:
        self.said: dict[tuple[str, str], dict[str, tuple[datetime, str, Voice]]]
        self.said = defaultdict(dict)
        self.forgotten: dict[str, datetime] = {}
        self._clock = clock
        self._one = Lock()

    def put(
        self, question_id: str, about: str, voter: str, voice: Voice, *, at: datetime, order: str
    ) -> bool:
        with self._one:
            there = self.said[question_id, about]
            if voter in there and there[voter][:2] > (at, order):
                return False
            there[voter] = (at, order, voice)
            return True

    def tally(self, question_id: str, about: str) -> Tally:
        if (until := self.forgotten.get(question_id)) and until < self._clock():
            return Tally()
        voices = [voice for _, _, voice in self.said[question_id, about].values()]
        return Tally(voices.count(Voice.FOR), voices.count(Voice.AGAINST))

    def forget(self, question_id: str, *, until: datetime) -> None:
        self.forgotten[question_id] = until


class FakeQuestionRulebook:
    def __init__(self, *rules: TerritoryQuestionRules) -> None:
        self.by_code: dict[str, TerritoryQuestionRules] = {one.oktmo: one for one in rules}

    def of_region(self, region: str) -> list[TerritoryQuestionRules]:
        return [one for code, one in sorted(self.by_code.items()) if region_of(code) == region]

    def put(self, rules: TerritoryQuestionRules) -> bool:
        there = self.by_code.get(rules.oktmo)
        if (there.revision if there else 0) != rules.revision - 1:
            return False
        self.by_code[rules.oktmo] = rules
        return True
