"""Questions, the voices of residents, and rules of votes over the table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.errands import packed, unpacked
from housechats.adapters.table import (
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    setting,
    to_ms,
    to_seconds,
)
from housechats.domain.organisations import OrganisationKind
from housechats.domain.question_rules import TerritoryQuestionRules
from housechats.domain.questions import (
    KEPT,
    Deed,
    Happening,
    OfficialAnswer,
    Question,
    QuestionState,
    Tally,
    Voice,
    Where,
)
from housechats.domain.territories import Territory, region_of

KIND = "QUESTION"
LISTED = 2 * KEPT
"""How long lists of houses and organisations have a question: no open one waits for four years."""
VOICES_AT_MOST = timedelta(days=365)
"""How long a voice is kept if nobody says that the question is over."""
AT_ONCE = datetime(2001, 1, 1, tzinfo=UTC)
"""When what is to be done at once is due: the sweep needs no clock of ours."""
OPTIONS: dict[str, Any] = {field.name: field.default for field in fields(Question)}
"""What a question has when its item does not say it."""
WRITTEN = tuple(name for name in OPTIONS if name != "id")
MOMENTS = tuple(f.name for f in fields(Question) if f.type in {datetime, datetime | None})
INDEXED = ("gsi2pk", "due_at", "ttl")


class DynamoQuestions:
    """Keeps one item a question; GSI1 lists a region's by their time, GSI2 those that are due.

    Beside them stand small items by which houses and organisations find theirs.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, question: Question) -> Question:
        question = self._listed(question)
        pk, sk = _key(question.id)
        region = region_of(question.oktmo)
        item = {
            "pk": pk,
            "sk": sk,
            "gsi1pk": f"QUESTIONS#{region}",
            "gsi1sk": f"{to_ms(question.raised_at):013d}#{question.oktmo}",
            **_written(question),
        }
        self._point(f"HOUSE_QUESTIONS#{question.house_id}", question)
        try:
            self._table.put(item, condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return _question(failed.item or {})
        return question

    def get(self, record_id: str) -> Question | None:
        item = self._table.get(*_key(record_id))
        return _question(item) if item else None

    def save(self, record: Question) -> Question | None:
        saved = replace(self._listed(record), revision=record.revision + 1)
        values = _written(saved)
        try:
            self._table.update(
                *_key(record.id),
                setting(values, among=(*WRITTEN, *INDEXED)),
                condition="#revision = :was",
                was=record.revision,
                **values,
            )
        except ConditionFailedError:
            return None
        return saved

    def of_house(self, house_id: str, *, state: QuestionState | None = None) -> list[Question]:
        found = self._pointed(f"HOUSE_QUESTIONS#{house_id}")
        return [one for one in found if state in {None, one.state}]

    def of_territory(self, territory: Territory, *, since: datetime) -> list[Question]:
        keys = self._table.query_all(
            "gsi1pk = :region AND gsi1sk >= :since",
            index="GSI1",
            region=f"QUESTIONS#{territory.region}",
            since=f"{to_ms(since):013d}",
        )
        return self._read(
            (item["pk"], item["sk"])
            for item in keys
            if territory.covers(str(item["gsi1sk"]).partition("#")[2])
        )

    def of_organisation(self, inn: str) -> list[Question]:
        asked = [
            one
            for one in self._pointed(f"ORG_QUESTIONS#{inn}")
            if one.inn == inn and one.invited_at and not one.state.over
        ]
        return sorted(asked, key=lambda one: one.answer_due_at or datetime.max.replace(tzinfo=UTC))

    def due(self, now: datetime, *, limit: int) -> list[str]:
        keys = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("QUESTION#") for pk, _ in keys]

    def postpone(self, question_id: str, *, until: datetime) -> None:
        postpone(self._table, *_key(question_id), until=until)

    def _listed(self, question: Question) -> Question:
        """Have the competent organisation find it: before it is kept that it does."""
        if not question.inn or question.inn in question.listed_for:
            return question
        self._point(f"ORG_QUESTIONS#{question.inn}", question)
        return replace(question, listed_for=(*question.listed_for, question.inn))

    def _point(self, of: str, question: Question) -> None:
        ttl = to_seconds(question.raised_at + LISTED)
        self._table.put({"pk": of, "sk": question.id, "ttl": ttl})

    def _pointed(self, of: str) -> list[Question]:
        items = self._table.query_all("pk = :pk", consistent=True, pk=of)
        return self._read(_key(item["sk"]) for item in items)

    def _read(self, keys: Iterable[tuple[str, str]]) -> list[Question]:
        found = map(_question, self._table.get_many(keys))
        return sorted(found, key=lambda one: (one.raised_at, one.id), reverse=True)


class DynamoVoices:
    """Keeps one small item a person and matter, all of a question under one key."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(
        self, question_id: str, about: str, voter: str, voice: Voice, *, at: datetime, order: str
    ) -> bool:
        try:
            self._table.update(
                _voices(question_id),
                f"{about}#{voter}",
                "SET #voice = :voice, #at = :at, #order = :order, #ttl = :ttl",
                condition="attribute_not_exists(#pk) OR #at < :at"
                " OR (#at = :at AND #order <= :order)",
                voice=voice,
                at=at,
                order=order,
                ttl=to_seconds(at + VOICES_AT_MOST),
            )
        except ConditionFailedError:
            return False
        return True

    def tally(self, question_id: str, about: str) -> Tally:
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :about)",
            consistent=True,
            pk=_voices(question_id),
            about=f"{about}#",
        )
        said = [item["voice"] for item in items]
        return Tally(said.count(Voice.FOR), said.count(Voice.AGAINST))

    def forget(self, question_id: str, *, until: datetime) -> None:
        pk, ttl = _voices(question_id), to_seconds(until)
        for item in self._table.query_all("pk = :pk", consistent=True, pk=pk):
            if item["ttl"] > ttl:
                self._table.update(pk, item["sk"], "SET #ttl = :ttl", ttl=ttl)


class DynamoQuestionRulebook:
    """Keeps one item a territory; those of a region side by side."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_region(self, region: str) -> list[TerritoryQuestionRules]:
        items = self._table.query_all("pk = :pk", pk=f"QUESTION_RULES#{region}", consistent=True)
        return [_rules(item) for item in items]

    def put(self, rules: TerritoryQuestionRules) -> bool:
        before = rules.revision - 1
        condition = "#revision = :before" if before else "attribute_not_exists(#pk)"
        key = {"pk": f"QUESTION_RULES#{region_of(rules.oktmo)}", "sk": rules.oktmo}
        values = {"before": before} if before else {}
        numbers = {name: value for name, value in asdict(rules).items() if name != "oktmo"}
        try:
            self._table.put(key | numbers, condition=condition, **values)
        except ConditionFailedError:
            return False
        return True


def _rules(item: Item) -> TerritoryQuestionRules:
    names = [field.name for field in fields(TerritoryQuestionRules) if field.name != "oktmo"]
    return TerritoryQuestionRules(item["sk"], **{name: item[name] for name in names})


def _key(question_id: str) -> tuple[str, str]:
    return f"QUESTION#{question_id}", "QUESTION"


def _voices(question_id: str) -> str:
    return f"VOICES#{question_id}"


def _written(question: Question) -> Item:
    """Return all of a question, and what makes it be found when it is due."""
    said = asdict(question)
    values = {name: said[name] for name in WRITTEN if said[name] != OPTIONS[name]}
    if question.errands:
        values["errands"] = packed(question.errands)
    values["revision"] = question.revision
    if due_at := question.due_at(AT_ONCE):
        values |= {"due_at": due_at, "gsi2pk": due_key(KIND, question.id)}
    if question.closed_at:
        values["ttl"] = to_seconds(question.closed_at + KEPT)
    return values


def _question(item: Item) -> Question:
    there = {name: item[name] for name in WRITTEN if name in item}
    return Question(
        id=item["pk"].removeprefix("QUESTION#"),
        **{name: READ[name](value) if name in READ else value for name, value in there.items()},
    )


def _each(kind: Callable[..., Any], **read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def from_list(items: Iterable[Mapping[str, Any]]) -> tuple[Any, ...]:
        return tuple(
            kind(**{name: read[name](v) if name in read else v for name, v in item.items()})
            for item in items
        )

    return from_list


READ: dict[str, Callable[[Any], Any]] = {
    "where": Where,
    "state": QuestionState,
    "kind": OrganisationKind,
    "photos": tuple,
    "redirects": tuple,
    "told": tuple,
    "remind_at": lambda moments: tuple(map(from_ms, moments)),
    "listed_for": tuple,
    "past_discussions": tuple,
    "tally": lambda item: Tally(**item),
    "solved": lambda item: Tally(**item),
    "answers": _each(OfficialAnswer, at=from_ms, photos=tuple),
    "deeds": _each(Deed, at=from_ms, what=Happening),
    "errands": unpacked,
    **dict.fromkeys(MOMENTS, from_ms),
}
