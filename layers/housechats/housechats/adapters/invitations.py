"""Invitations: the Invitations port over the table."""

from contextlib import suppress
from datetime import datetime

from housechats.adapters.due import due_items, due_key, postpone
from housechats.adapters.table import ConditionFailedError, Item, Table, at_ms, from_ms, to_seconds
from housechats.domain.invitations import Invitation, InvitationState
from housechats.domain.territories import Territory, region_of

KIND = "INVITATION"
NOT_DUE = "#gsi2pk, #due_at, #lease_until"


class DynamoInvitations:
    """Keeps one item an invitation; GSI1 lists a region's, GSI2 those whose SMS is to go."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, invitation: Invitation) -> None:
        with suppress(ConditionFailedError):  # an earlier try of the same request
            self._table.put(_item(invitation), condition="attribute_not_exists(#pk)")

    def get(self, invitation_id: str) -> Invitation | None:
        item = self._table.get(*invitation_key(invitation_id))
        return read_invitation(item) if item else None

    def of_territory(self, territory: Territory) -> list[Invitation]:
        keys = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :prefix)",
            index="GSI1",
            region=f"INVITATIONS#{territory.region}",
            prefix=territory.prefix,
        )
        items = self._table.get_many((item["pk"], item["sk"]) for item in keys)
        return sorted(map(read_invitation, items), key=lambda one: (one.created_at, one.id))[::-1]

    def claim(
        self, invitation_id: str, *, now: datetime, lease_until: datetime
    ) -> Invitation | None:
        try:
            item = self._table.update(
                *invitation_key(invitation_id),
                # It stays due: if its sender dies, the sweep finds it when the lease is dead.
                "SET #state = :texting, #lease_until = :lease, #due_at = :lease",
                condition="#state = :waiting AND #ttl > :now",
                returns="ALL_NEW",
                texting=InvitationState.TEXTING,
                waiting=InvitationState.WAITING,
                lease=lease_until,
                now=to_seconds(now),
            )
        except ConditionFailedError:
            return None
        return read_invitation(item)

    def finish(self, invitation: Invitation, *, now: datetime, reason: str = "") -> None:
        with suppress(ConditionFailedError):  # it is accepted, or forgotten, by now
            self._table.update(
                *invitation_key(invitation.id),
                f"SET #state = :state, #sent_at = :now, #reason = :reason REMOVE {NOT_DUE}",
                condition="#state = :texting",
                texting=InvitationState.TEXTING,
                state=invitation.state,
                now=now,
                reason=reason,
            )

    def wait(self, invitation: Invitation, *, until: datetime) -> None:
        with suppress(ConditionFailedError):
            self._table.update(
                *invitation_key(invitation.id),
                "SET #state = :waiting, #due_at = :until REMOVE #lease_until",
                condition="#state = :texting",
                waiting=InvitationState.WAITING,
                texting=InvitationState.TEXTING,
                until=until,
            )

    def again(
        self, invitation: Invitation, *, by: str, now: datetime, expires_at: datetime
    ) -> bool:
        try:
            self._table.update(
                *invitation_key(invitation.id),
                "SET #state = :waiting, #due_at = :now, #gsi2pk = :due, #expires_at = :expires, "
                "#ttl = :ttl, #invited_by = :by REMOVE #reason",
                condition="#state = :was",
                waiting=InvitationState.WAITING,
                was=invitation.state,
                by=by,
                now=now,
                due=due_key(KIND, invitation.id),
                expires=expires_at,
                ttl=to_seconds(expires_at),
            )
        except ConditionFailedError:
            return False
        return True

    def accept(self, invitation_id: str, *, vk_id: int, now: datetime) -> Invitation | None:
        try:
            item = self._table.update(
                *invitation_key(invitation_id),
                "SET #state = :accepted, #accepted_by = :who, "
                f"#accepted_at = if_not_exists(#accepted_at, :now) REMOVE #phone, {NOT_DUE}",
                condition="attribute_exists(#pk) AND #ttl > :today "
                "AND (attribute_not_exists(#accepted_by) OR #accepted_by = :who)",
                returns="ALL_NEW",
                accepted=InvitationState.ACCEPTED,
                who=vk_id,
                now=now,
                today=to_seconds(now),
            )
        except ConditionFailedError:
            return None
        return read_invitation(item)

    def remove(self, invitation_id: str) -> bool:
        try:
            self._table.delete(
                *invitation_key(invitation_id),
                condition="attribute_exists(#pk) AND attribute_not_exists(#accepted_by)",
            )
        except ConditionFailedError:
            return False
        return True

    def due(self, now: datetime, *, limit: int) -> list[str]:
        keys = due_items(self._table, KIND, now, limit=limit)
        return [pk.removeprefix("INVITATION#") for pk, _ in keys]

    def postpone(self, invitation_id: str, *, until: datetime) -> None:
        postpone(self._table, *invitation_key(invitation_id), until=until)


def invitation_key(invitation_id: str) -> tuple[str, str]:
    return f"INVITATION#{invitation_id}", "INVITATION"


def _item(invitation: Invitation) -> Item:
    pk, sk = invitation_key(invitation.id)
    return {
        "pk": pk,
        "sk": sk,
        "inn": invitation.inn,
        "oktmo": invitation.oktmo,
        "phone": invitation.phone,
        "invited_by": invitation.invited_by,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
        "title": invitation.title,
        "state": invitation.state,
        "gsi1pk": f"INVITATIONS#{region_of(invitation.oktmo)}",
        "gsi1sk": f"{invitation.oktmo}#{invitation.inn}#{invitation.id}",
        "gsi2pk": due_key(KIND, invitation.id),
        "due_at": invitation.created_at,
        "ttl": to_seconds(invitation.expires_at),
    }


def read_invitation(item: Item) -> Invitation:
    return Invitation(
        id=item["pk"].removeprefix("INVITATION#"),
        inn=item["inn"],
        oktmo=item["oktmo"],
        phone=item.get("phone", ""),
        invited_by=item["invited_by"],
        created_at=at_ms(item["created_at"]),
        expires_at=at_ms(item["expires_at"]),
        title=item["title"],
        state=InvitationState(item["state"]),
        reason=item.get("reason", ""),
        sent_at=from_ms(item.get("sent_at")),
        lease_until=from_ms(item.get("lease_until")),
        accepted_by=item.get("accepted_by", 0),
        accepted_at=from_ms(item.get("accepted_at")),
    )
