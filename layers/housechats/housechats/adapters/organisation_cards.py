"""Cards of organisations: the Cards port over the table."""

from typing import Any

from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import region_of


class DynamoCards:
    """Keeps the cards of a region side by side: they are listed and searched together."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, card: OrganisationCard) -> OrganisationCard | None:
        try:
            self._table.put(card_item(card), condition="attribute_not_exists(#pk)")
        except ConditionFailedError as failed:
            return card_of(failed.item or {})
        return None

    def get(self, region: str, inn: str) -> OrganisationCard | None:
        item = self._table.get(*card_key(region, inn))
        return card_of(item) if item else None

    def of_region(self, region: str) -> list[OrganisationCard]:
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :org)", pk=_pk(region), org="ORG#"
        )
        return [card_of(item) for item in items]

    def change(self, card: OrganisationCard, *, revision: int) -> bool:
        expression = "SET #name = :name, #kind = :kind, #revision = :next"
        values: dict[str, Any] = {"spellings": set(card.spellings)} if card.spellings else {}
        values["duty_phone"] = card.duty_phone
        expression += ", #duty_phone = :duty_phone"
        expression += ", #spellings = :spellings" if card.spellings else " REMOVE #spellings"
        try:
            self._table.update(
                *card_key(region_of(card.oktmo), card.inn),
                expression,
                condition="#revision = :revision",
                name=card.name,
                kind=card.kind,
                next=card.revision,
                revision=revision,
                **values,
            )
        except ConditionFailedError:
            return False
        return True


def card_key(region: str, inn: str) -> tuple[str, str]:
    return _pk(region), f"ORG#{inn}"


def _pk(region: str) -> str:
    return f"ORGS#{region}"


def card_item(card: OrganisationCard) -> Item:
    pk, sk = card_key(region_of(card.oktmo), card.inn)
    item = {
        "pk": pk,
        "sk": sk,
        "kind": card.kind,
        "name": card.name,
        "oktmo": card.oktmo,
        "introduced_at": card.introduced_at,
        "spellings": set(card.spellings),
        "municipalities": set(card.municipalities),
        "duty_phone": card.duty_phone,
        "revision": card.revision,
    }
    return {name: value for name, value in item.items() if value}


def card_of(item: Item) -> OrganisationCard:
    return OrganisationCard(
        inn=item["sk"].removeprefix("ORG#"),
        kind=OrganisationKind(item["kind"]),
        name=item.get("name", ""),
        oktmo=item["oktmo"],
        introduced_at=from_ms(item.get("introduced_at")),
        spellings=tuple(sorted(item.get("spellings", ()))),
        municipalities=frozenset(item.get("municipalities", ())),
        duty_phone=item.get("duty_phone", ""),
        revision=item["revision"],
    )
