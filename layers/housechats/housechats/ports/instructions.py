"""What each elder was told."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

from housechats.domain.instructions import Channel, Instruction, InstructionState


class Instructions(Protocol):
    """Keeps what each elder was told about each batch."""

    def expect(
        self, batch_id: str, elder_id: str, house_ids: AbstractSet[str], *, until: datetime
    ) -> None:
        """Note that an elder is to be told of houses; kept until a time."""

    def part(self, parting: Instruction, *, due_at: datetime, until: datetime) -> None:
        """Note that an elder is to be told that a house is another's now; kept until a time.

        It is looked at when it is due, whether the house is another's by then or not.
        """

    def reopen(self, instruction: Instruction) -> None:
        """Let an undeliverable one be tried anew, as a person decided."""

    def get(self, batch_id: str, elder_id: str) -> Instruction | None: ...

    def of_batch(self, batch_id: str) -> list[Instruction]: ...

    def claim(
        self, instruction: Instruction, *, community: int, now: datetime, lease_until: datetime
    ) -> Instruction | None:
        """Take the instruction for sending, and return it; None when somebody else has it.

        The community that was first stays the one that writes it.
        """

    def begin_texting(self, instruction: Instruction) -> bool:
        """Note, before it goes, that an SMS goes; False when somebody else was first."""

    def finish(
        self,
        instruction: Instruction,
        state: InstructionState,
        *,
        now: datetime,
        channel: Channel | None = None,
        reason: str = "",
        told_of: AbstractSet[str] = frozenset(),
    ) -> None: ...

    def wait(self, instruction: Instruction, *, until: datetime, reason: str = "") -> None:
        """Have it tried again at a time, from the beginning.

        Only if its state is still the one told: else somebody else has it by now, or it is none.
        """

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Return (batch id, elder id) of some instructions whose time has come."""

    def postpone(self, batch_id: str, elder_id: str, *, until: datetime) -> None: ...
