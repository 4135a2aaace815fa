"""Organisations and the houses they answer for: the Attachments port over the table."""

from contextlib import suppress
from datetime import datetime

from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.territories import region_of


class DynamoAttachments:
    """Keeps an item for an organisation, and beside it one for each house it answers for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def introduce(self, organisation: Organisation, *, oktmo: str) -> None:
        self._put_if(
            "attribute_not_exists(#pk)",
            {
                "pk": _pk(organisation.inn),
                "sk": "ORG",
                "name": organisation.name,
                "kind": organisation.kind,
                "oktmo": oktmo,
                "region": region_of(oktmo),
            },
        )

    def attach_first(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        item = _attachment(inn, house_id, kind, batch_id, now)
        self._put_if("attribute_not_exists(#pk)", item)

    def attach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        self._put_if(
            "attribute_not_exists(#pk) OR attribute_exists(#until) OR #kind <> :kind",
            _attachment(inn, house_id, kind, batch_id, now),
            kind=kind,
        )

    def detach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        with suppress(ConditionFailedError):  # it has ended before
            self._table.update(
                *_key(inn, house_id),
                "SET #until = :now, #batch = :batch, #kind = if_not_exists(#kind, :kind), "
                "#since = if_not_exists(#since, :now)",
                condition="attribute_not_exists(#until)",
                now=now,
                batch=batch_id,
                kind=kind,
            )

    def _put_if(self, condition: str, item: Item, **values: object) -> None:
        with suppress(ConditionFailedError):
            self._table.put(item, condition=condition, **values)


def _pk(inn: str) -> str:
    return f"ORG#{inn}"


def _key(inn: str, house_id: str) -> tuple[str, str]:
    return _pk(inn), f"HOUSE#{house_id}"


def _attachment(
    inn: str, house_id: str, kind: OrganisationKind, batch_id: str, now: datetime
) -> Item:
    pk, sk = _key(inn, house_id)
    return {"pk": pk, "sk": sk, "kind": kind, "since": now, "batch": batch_id}
