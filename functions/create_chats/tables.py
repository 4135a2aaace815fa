"""Tables: what files of lists hold, before anything in them is understood."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells as a file has them, from row 1; read anew each time."""

    cells: Callable[[], Iterator[Sequence[object]]]
    name: str = ""
    """The sheet's own name; empty for a text table."""
    hidden: bool = False
    """Whether the sheet is hidden from people."""
    hidden_rows: frozenset[int] = frozenset()
