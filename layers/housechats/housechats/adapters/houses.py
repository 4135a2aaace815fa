"""Houses: the Houses port over the table."""

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.lines import change_house, tell, tell_of_many
from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms
from housechats.domain.addresses import Address
from housechats.domain.houses import AMENDED, EDITED, ChatState, House
from housechats.domain.organisations import OrganisationKind
from housechats.domain.receipts import failure_of
from housechats.domain.territories import region_of
from housechats.ports.houses import Claim

FEW = 5
"""New houses of which lists are told one by one. Of more they are told at once: an entry for each
of a hundred rows would be half of what a row costs."""

KIND = "OPENING"
"""Houses that wait for their chat, in the index of due things."""
RENEWALS = "RENEWAL"
"""Houses whose chats do not say yet what they say."""

NOT_DUE = "REMOVE #gsi2pk, #due_at, #lease_until"
NOT_SETTLED = "attribute_exists(#pk) AND NOT #state IN (:open, :closed, :lost)"
HAVE_CHAT = {"open": ChatState.OPEN, "closed": ChatState.CLOSED, "lost": ChatState.LOST}


class DynamoHouses:
    """Keeps a house as one item; GSI1 lists a region by address, GSI2 what is due."""

    def __init__(self, table: Table, *, clock: Callable[[], float] = time.time) -> None:
        self._table = table
        self._clock = clock

    def claim_fias(self, fias_id: str, *, house_id: str, digest: str, instead_of: str = "") -> str:
        try:
            self._table.put(
                {"pk": f"ALIAS#FIAS#{fias_id}", "sk": "ALIAS", "house": house_id, "digest": digest},
                condition="attribute_not_exists(#pk) OR #digest = :digest OR #house = :instead_of",
                digest=digest,
                instead_of=instead_of,
            )
        except ConditionFailedError as failed:
            return str((failed.item or {})["house"])
        return ""

    def of_fias(self, fias_ids: Iterable[str]) -> dict[str, str]:
        items = self._table.get_many((f"ALIAS#FIAS#{fias_id}", "ALIAS") for fias_id in fias_ids)
        return {item["pk"].removeprefix("ALIAS#FIAS#"): item["house"] for item in items}

    def enrol(self, house: House) -> House | None:
        try:
            self._table.put(_item(house), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return house_of(failed.item or {})
        return None

    def announce(self, houses: Collection[House]) -> None:
        if len(houses) > FEW:
            for region in {region_of(house.oktmo) for house in houses}:
                tell_of_many(self._table, region, at=self._clock())
            return
        for house in houses:
            tell(self._table, _item(house), at=self._clock())

    def amend(self, before: House, after: House) -> House | None:
        changed = {name for name in EDITED if getattr(before, name) != getattr(after, name)}
        # What a worker makes of the chat meanwhile decides whether it is to be renewed: also one
        # that opens a chat that was not there yet when the house was read.
        is_news = after.applied < after.revision
        read = [*dict.fromkeys((*AMENDED, *changed, *(["state"] if is_news else [])))]
        values: dict[str, Any] = {
            f"was_{name}": was for name in read if (was := getattr(before, name))
        }
        as_read = [
            f"#{name} = :was_{name}"
            if f"was_{name}" in values
            else f"attribute_not_exists(#{name})"
            for name in read
        ]
        values |= {name: will for name in changed if (will := getattr(after, name))}
        sets = [f"#{name} = :{name}" for name in changed if name in values]
        removes = [f"#{name}" for name in changed if name not in values]
        if after.title != before.title:
            sets.append("#title = :title")
            values["title"] = after.title
        if after.outdated:
            sets += ["#due_at = :long_ago", "#gsi2pk = :due"]
            values |= {"long_ago": before.created_at, "due": due_key(RENEWALS, before.id)}
            removes += ["#renewing_at", "#reason", "#hand_overs"]
        expression = " ".join(
            f"{verb} {', '.join(parts)}"
            for verb, parts in (("SET", sets), ("REMOVE", removes))
            if parts
        )
        try:
            self._change(before.id, expression, condition=" AND ".join(as_read), **values)
        except ConditionFailedError as failed:
            return house_of(failed.item or {})
        return None

    def get(self, house_id: str) -> House | None:
        item = self._table.get(*house_key(house_id))
        return house_of(item) if item else None

    def get_many(self, house_ids: Iterable[str]) -> list[House]:
        return [house_of(item) for item in self._table.get_many(map(house_key, house_ids))]

    def claim_opening(self, house_id: str, *, now: datetime, lease_until: datetime) -> Claim | None:
        try:
            before = self._table.update(
                *house_key(house_id),
                "SET #state = :opening, #lease_until = :lease REMOVE #gsi2pk, #due_at, #reason",
                condition="#state = :planned "
                "OR (#state = :opening AND (attribute_not_exists(#lease_until) "
                "OR #lease_until < :now))",
                returns="ALL_OLD",
                opening=ChatState.OPENING,
                planned=ChatState.PLANNED,
                lease=lease_until,
                now=now,
            )
        except ConditionFailedError as failed:
            return self._claimed(failed.item) if failed.item else None
        return Claim(house_of(before), ours=True)

    def made(self, house_id: str, *, chat_id: int, now: datetime) -> None:
        with suppress(ConditionFailedError):
            self._table.update(
                *house_key(house_id),
                "SET #state = :state, #chat_id = :chat_id, #made_at = :now " + NOT_DUE,
                condition=NOT_SETTLED,
                state=ChatState.MADE,
                chat_id=chat_id,
                now=now,
                **HAVE_CHAT,
            )

    def opened(self, house_id: str, *, link: str, cmid: int) -> None:
        settled = "SET #state = :state, #link = :link, #welcome_cmid = :cmid"
        values: dict[str, Any] = {"state": ChatState.OPEN, "link": link, "cmid": cmid}
        try:
            self._change(
                house_id,
                f"{settled} {NOT_DUE}, #reason",
                condition=f"{NOT_SETTLED} "
                "AND (attribute_not_exists(#revision) OR #applied = #revision)",
                **HAVE_CHAT,
                **values,
            )
        except ConditionFailedError:
            # It was changed while its chat was made: what the chat says may be the former.
            self._move(
                house_id,
                f"{settled}, #due_at = #created_at, #gsi2pk = :due REMOVE #lease_until, #reason",
                due=due_key(RENEWALS, house_id),
                **values,
            )

    def refused(self, house_id: str, *, reason: str) -> None:
        self._move(
            house_id,
            "SET #state = :state, #reason = :reason " + NOT_DUE,
            state=ChatState.REFUSED,
            reason=reason,
        )

    def give_up(self, house_id: str, *, reason: str) -> bool:
        try:
            self._change(
                house_id,
                "SET #state = :state, #reason = :reason " + NOT_DUE,
                condition="#state = :planned AND attribute_not_exists(#chat_id)",
                state=ChatState.REFUSED,
                planned=ChatState.PLANNED,
                reason=reason,
            )
        except ConditionFailedError:
            return False
        return True

    def uncertain(self, house_id: str, *, reason: str) -> None:
        self._move(
            house_id,
            "SET #state = :state, #reason = :reason " + NOT_DUE,
            state=ChatState.UNCERTAIN,
            reason=reason,
        )

    def wait(
        self, house: House, *, until: datetime, reason: str, searches: int | None = None
    ) -> None:
        self._move(
            house.id,
            "SET #state = :state, #due_at = :until, #gsi2pk = :due, #reason = :reason, "
            "#searches = :searches REMOVE #lease_until",
            state=house.state,
            until=until,
            due=due_key(KIND, house.id),
            reason=reason,
            searches=house.searches if searches is None else searches,
        )

    def replan(self, house: House, *, letter_id: str, now: datetime) -> bool:
        try:
            self._change(
                house.id,
                "SET #state = :state, #searches = :none, #letter_id = :letter, "
                "#due_at = :now, #gsi2pk = :due REMOVE #reason",
                condition="#state IN (:refused, :uncertain)",
                state=ChatState.MADE if house.chat_id else ChatState.PLANNED,
                refused=ChatState.REFUSED,
                uncertain=ChatState.UNCERTAIN,
                none=0,
                letter=letter_id,
                now=now,
                due=due_key(KIND, house.id),
            )
        except ConditionFailedError:
            return False
        return True

    def lose(self, house_id: str, chat_id: int, code: str) -> None:
        with suppress(ConditionFailedError):
            self._change(
                house_id,
                "SET #state = :state, #loss = :code, #reason = :reason "
                "REMOVE #gsi2pk, #due_at, #hand_overs",
                condition="#state = :open AND #chat_id = :chat_id",
                state=ChatState.LOST,
                open=ChatState.OPEN,
                chat_id=chat_id,
                code=code,
                reason=failure_of(code).said,
            )

    def leave_chat(self, house: House, *, letter_id: str, now: datetime) -> bool:
        revision = house.revision + 1
        try:
            self._change(
                house.id,
                "SET #state = :state, #left_chats = :left, #searches = :none, "
                "#letter_id = :letter, #revision = :revision, #applied = :revision, "
                "#due_at = :now, #gsi2pk = :due "
                "REMOVE #chat_id, #link, #welcome_cmid, #made_at, #loss, #reason, #residents, "
                "#residents_at, #elder_joined_at, #lease_until, #renewing_at, #hand_overs",
                condition="#state = :lost AND #chat_id = :chat_id AND "
                + ("#revision = :was" if house.revision else "attribute_not_exists(#revision)"),
                state=ChatState.PLANNED,
                lost=ChatState.LOST,
                chat_id=house.chat_id,
                left=[*house.left_chats, house.chat_id],
                none=0,
                letter=letter_id,
                revision=revision,
                now=now,
                due=due_key(KIND, house.id),
                **({"was": house.revision} if house.revision else {}),
            )
        except ConditionFailedError:
            return False
        return True

    def poster_drawn(self, house_id: str, *, now: datetime) -> None:
        with suppress(ConditionFailedError):  # there is no such house
            self._change(
                house_id, "SET #poster_at = :now", condition="attribute_exists(#pk)", now=now
            )

    def due(self, now: datetime, *, limit: int) -> list[str]:
        found = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("HOUSE#") for pk, _ in found]

    def postpone(self, house_id: str, *, until: datetime) -> None:
        postpone(self._table, *house_key(house_id), until=until)

    def _move(self, house_id: str, expression: str, **values: Any) -> None:
        """Note how far a chat has come, unless it is open, or closed again, by now."""
        with suppress(ConditionFailedError):
            self._change(house_id, expression, condition=NOT_SETTLED, **HAVE_CHAT, **values)

    def _claimed(self, item: Item) -> Claim:
        """Return a house whose chat is not to be opened; who opened it may have told nobody."""
        house = house_of(item)
        if house.state.settled:
            tell(self._table, item, at=self._clock())
        return Claim(house, ours=False)

    def _change(self, house_id: str, expression: str, *, condition: str, **values: Any) -> None:
        change_house(
            self._table,
            house_key(house_id),
            expression,
            condition=condition,
            at=self._clock(),
            **values,
        )


def house_key(house_id: str) -> tuple[str, str]:
    return f"HOUSE#{house_id}", "HOUSE"


def _item(house: House) -> Item:
    pk, sk = house_key(house.id)
    item: dict[str, Any] = {
        "pk": pk,
        "sk": sk,
        "gsi1pk": f"R#{region_of(house.oktmo)}",
        "gsi1sk": house.position,
        "title": house.title,
        **{name: value for name, value in asdict(house).items() if name not in {"id", "address"}},
        "address": {name: value for name, value in asdict(house.address).items() if value},
    }
    if house.due_at:
        item["gsi2pk"] = due_key(KIND, house.id)
    return {name: value for name, value in item.items() if value}


def house_of(item: Item) -> House:
    return House(
        id=item["pk"].removeprefix("HOUSE#"),
        digest=item["digest"],
        oktmo=item["oktmo"],
        address=Address(**item["address"]),
        community=item["community"],
        created_at=_moment(item["created_at"]),
        fias_id=item.get("fias_id", ""),
        entrances=item.get("entrances", 0),
        flats=item.get("flats", 0),
        tags=tuple(item.get("tags", ())),
        organisations={
            inn: OrganisationKind(kind) for inn, kind in item.get("organisations", {}).items()
        },
        elder_id=item.get("elder_id", ""),
        batch_id=item.get("batch_id", ""),
        letter_id=item.get("letter_id", ""),
        parting_id=item.get("parting_id", ""),
        state=ChatState(item["state"]),
        chat_id=item.get("chat_id", 0),
        link=item.get("link", ""),
        welcome_cmid=item.get("welcome_cmid", 0),
        made_at=from_ms(item.get("made_at")),
        poster_at=from_ms(item.get("poster_at")),
        lease_until=from_ms(item.get("lease_until")),
        due_at=from_ms(item.get("due_at")),
        searches=item.get("searches", 0),
        reason=item.get("reason", ""),
        loss=item.get("loss", ""),
        left_chats=tuple(item.get("left_chats", ())),
        changed_by=item.get("changed_by", ""),
        changes=tuple(item.get("changes", ())),
        name=item.get("name", ""),
        revision=item.get("revision", 0),
        applied=item.get("applied", 0),
        closed_at=from_ms(item.get("closed_at")),
        closed_reason=item.get("closed_reason", ""),
        residents=item.get("residents", 0),
        residents_at=from_ms(item.get("residents_at")),
        elder_joined_at=from_ms(item.get("elder_joined_at")),
    )


def _moment(ms: int) -> datetime:
    moment = from_ms(ms)
    if moment is None:
        raise ValueError("an item without its time of creation")
    return moment
