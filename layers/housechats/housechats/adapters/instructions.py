"""Instructions: the Instructions port over the table."""

from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.table import (
    Change,
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    to_seconds,
)
from housechats.domain.instructions import Channel, Instruction, InstructionState

KIND = "INSTRUCTION"
"""Instructions that wait, in the index of due things."""


class DynamoInstructions:
    """Keeps one item for an elder and a batch, beside the batch."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def expect(
        self, batch_id: str, elder_id: str, house_ids: AbstractSet[str], *, until: datetime
    ) -> None:
        self._table.update(
            *_key(batch_id, elder_id),
            "ADD #houses :houses SET #state = if_not_exists(#state, :waiting), #ttl = :ttl",
            houses=house_ids,
            waiting=InstructionState.WAITING,
            ttl=to_seconds(until),
        )

    def part(self, parting: Instruction, *, due_at: datetime, until: datetime) -> None:
        with suppress(ConditionFailedError):  # it is on its way, or has gone
            self._table.update(
                *_key(parting.batch_id, parting.elder_id),
                "SET #houses = :houses, #former = :former, #state = :waiting, #due_at = :due_at, "
                "#gsi2pk = :due, #ttl = :ttl REMOVE #reason, #sent_at",
                condition="attribute_not_exists(#pk) OR #state IN (:waiting, :undeliverable)",
                houses=parting.house_ids,
                former=parting.former,
                waiting=InstructionState.WAITING,
                undeliverable=InstructionState.UNDELIVERABLE,
                due_at=due_at,
                due=due_key(KIND, parting.elder_id),
                ttl=to_seconds(until),
            )

    def reopen(self, instruction: Instruction) -> None:
        self._begin_anew(
            Change(
                _key(instruction.batch_id, instruction.elder_id),
                "SET #state = :waiting REMOVE #reason, #sent_at",
                "#state = :undeliverable",
                {
                    "waiting": InstructionState.WAITING,
                    "undeliverable": InstructionState.UNDELIVERABLE,
                },
            )
        )

    def get(self, batch_id: str, elder_id: str) -> Instruction | None:
        item = self._table.get(*_key(batch_id, elder_id))
        return _instruction(item) if item else None

    def of_batch(self, batch_id: str) -> list[Instruction]:
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :elder)",
            consistent=True,  # else a list could seem done before its elders are told
            pk=f"BATCH#{batch_id}",
            elder="ELDER#",
        )
        return [_instruction(item) for item in items]

    def claim(
        self, instruction: Instruction, *, community: int, now: datetime, lease_until: datetime
    ) -> Instruction | None:
        values: dict[str, Any] = {"community": community} if community else {}
        keep = "#community = if_not_exists(#community, :community), " if community else ""
        try:
            item = self._table.update(
                *_key(instruction.batch_id, instruction.elder_id),
                f"SET #state = :sending, #lease_until = :lease, {keep}"
                "#intent_at = if_not_exists(#intent_at, :now) REMOVE #gsi2pk, #due_at, #reason",
                condition="#state = :waiting OR (#state = :sending AND #lease_until < :now)",
                returns="ALL_NEW",
                sending=InstructionState.SENDING,
                waiting=InstructionState.WAITING,
                lease=lease_until,
                now=now,
                **values,
            )
        except ConditionFailedError:
            return None
        return _instruction(item)

    def begin_texting(self, instruction: Instruction) -> bool:
        try:
            self._table.update(
                *_key(instruction.batch_id, instruction.elder_id),
                "SET #state = :texting",
                condition="#state = :sending",
                texting=InstructionState.TEXTING,
                sending=InstructionState.SENDING,
            )
        except ConditionFailedError:
            return False
        return True

    def finish(
        self,
        instruction: Instruction,
        state: InstructionState,
        *,
        now: datetime,
        channel: Channel | None = None,
        reason: str = "",
        told_of: AbstractSet[str] = frozenset(),
    ) -> None:
        values: dict[str, Any] = {"state": state, "now": now, "reason": reason}
        expression = "SET #state = :state, #sent_at = :now, #reason = :reason"
        if told_of:
            expression += ", #told_of = :told_of"
            values["told_of"] = told_of
        if channel:
            expression += ", #channel = :channel"
            values["channel"] = channel
        self._table.update(
            *_key(instruction.batch_id, instruction.elder_id),
            expression + " REMOVE #lease_until, #gsi2pk, #due_at",
            **values,
        )

    def wait(self, instruction: Instruction, *, until: datetime, reason: str = "") -> None:
        waiting = Change(
            _key(instruction.batch_id, instruction.elder_id),
            "SET #state = :waiting, #due_at = :until, #gsi2pk = :due, #reason = :reason "
            "REMOVE #lease_until",
            "#state = :told",
            {
                "told": instruction.state,
                "waiting": InstructionState.WAITING,
                "until": until,
                "due": due_key(KIND, instruction.elder_id),
                "reason": reason,
            },
        )
        if instruction.state.final:
            self._begin_anew(waiting)
        else:
            self._change(waiting)

    def _begin_anew(self, change: Change) -> None:
        """Have a letter that had come to its end sent anew; its list is not settled any more."""
        batch = (change.key[0], "BATCH")
        if not self._table.get(*batch):  # one of the letters that tell of one house
            self._change(change)
            return
        with suppress(ConditionFailedError):  # as in _change
            self._table.update_together(
                [change, Change(batch, "ADD #letters_anew :one", values={"one": 1})]
            )

    def _change(self, change: Change) -> None:
        with suppress(ConditionFailedError):  # somebody else has begun it meanwhile
            self._table.update(
                *change.key, change.expression, condition=change.condition, **change.values
            )

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [(pk.removeprefix("BATCH#"), sk.removeprefix("ELDER#")) for pk, sk in found]

    def postpone(self, batch_id: str, elder_id: str, *, until: datetime) -> None:
        postpone(self._table, *_key(batch_id, elder_id), until=until)


def _key(batch_id: str, elder_id: str) -> tuple[str, str]:
    return f"BATCH#{batch_id}", f"ELDER#{elder_id}"


def _instruction(item: Item) -> Instruction:
    return Instruction(
        batch_id=item["pk"].removeprefix("BATCH#"),
        elder_id=item["sk"].removeprefix("ELDER#"),
        house_ids=frozenset(item["houses"]),
        state=InstructionState(item["state"]),
        channel=Channel(item["channel"]) if "channel" in item else None,
        community=item.get("community", 0),
        reason=item.get("reason", ""),
        intent_at=from_ms(item.get("intent_at")),
        lease_until=from_ms(item.get("lease_until")),
        due_at=from_ms(item.get("due_at")),
        sent_at=from_ms(item.get("sent_at")),
        told_of=frozenset(item.get("told_of", ())),
        former=item.get("former", ""),
    )
