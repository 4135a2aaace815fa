"""State machines as people read them: a diagram and a table, made from the code's own moves."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
What = TypeVar("What", bound=StrEnum)


def diagram(
    moves: Mapping[tuple[State, What], State],
    first: Sequence[State],
    states: Mapping[State, str],
    happenings: Mapping[What, str],
) -> str:
    """Draw it for mermaid; `first`: where things begin. The words are those of people."""
    leaving = {state for state, _ in moves}
    lines = ["stateDiagram-v2"]
    lines += [f"    {state}: {said}" for state, said in states.items()]
    lines += [f"    [*] --> {state}" for state in first]
    lines += [f"    {state} --> {to}: {happenings[what]}" for (state, what), to in moves.items()]
    lines += [f"    {state} --> [*]" for state in states if state not in leaving]
    return "\n".join(["```mermaid", *lines, "```"])


def rows(
    moves: Mapping[tuple[State, What], State],
    states: Mapping[State, str],
    happenings: Mapping[What, str],
) -> list[tuple[str, str, str]]:
    """Return the table's rows: what it is, what happens, what it is then."""
    return [
        (
            f"{states[state]} (`{state}`)",
            f"{happenings[what]} (`{what}`)",
            f"{states[to]} (`{to}`)",
        )
        for (state, what), to in moves.items()
    ]
