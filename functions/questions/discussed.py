"""Use case: hear from discussions what has become of the one on a question."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from housechats.domain import question_acts as acts
from housechats.domain.questions import NotNowError, Question
from housechats.runtime.errands import change
from questions.desk import Desk

Heard = Callable[[Question, Mapping[str, Any], datetime], Question]


def _time_named(question: Question, body: Mapping[str, Any], now: datetime) -> Question:
    at = datetime.fromtimestamp(body["starts_at"] / 1000, UTC) if "starts_at" in body else now
    by = body.get("inn")
    return acts.time_named(question, body["discussion_id"], starts_at=at, now=now, by=by)


HEARD: Mapping[str, Heard] = {
    "time_named": _time_named,
    "discussion_cancelled": lambda one, body, now: acts.discussion_cancelled(
        one, body["discussion_id"], now=now
    ),
    "discussion_over": lambda one, body, now: acts.discussion_over(
        one, body["discussion_id"], now=now, cmid=body.get("outcome_cmid", 0)
    ),
}


def hear(body: Mapping[str, Any], *, desk: Desk) -> str:
    """Note what a discussion tells; where its question is over, it is told so in turn."""
    now = desk.clock()
    what = HEARD[body["happened"]]
    try:
        question = change(body["question_id"], lambda one: what(one, body, now), desk.questions)
    except NotNowError:
        question = None
    if question is None:
        told = {"discussion_id": body["discussion_id"], "happened": "question_over"}
        desk.discussions.send([told])
        return "question over"
    return str(question.state)
