"""Replies: what a person hears of what they did."""

from dataclasses import dataclass

from housechats.ports.talks import Row


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a press or a private text."""

    shown: str = ""
    """To who has pressed a button."""
    said: str = ""
    """To them privately."""
    rows: tuple[Row, ...] = ()
    touched: str = ""
    """Id of a discussion that was changed: what follows is to be done."""
