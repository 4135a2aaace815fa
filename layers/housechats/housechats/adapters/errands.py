"""Errands as the table keeps them: small maps in their record's item."""

from collections.abc import Iterable, Mapping
from typing import Any

from housechats.adapters.table import from_ms, to_ms
from housechats.domain.errands import Errand


def packed(errands: Iterable[Errand]) -> list[dict[str, Any]]:
    """Return errands as an item holds them, without what is empty."""
    return [{name: value for name, value in _whole(errand).items() if value} for errand in errands]


def unpacked(items: Iterable[Mapping[str, Any]]) -> tuple[Errand, ...]:
    return tuple(
        Errand(
            id=item["id"],
            kind=item["kind"],
            to=item.get("to", 0),
            value=item.get("value", ""),
            tries=item.get("tries", 0),
            at=from_ms(item.get("at")),
            begun_at=from_ms(item.get("begun_at")),
        )
        for item in items
    )


def _whole(errand: Errand) -> dict[str, Any]:
    return {
        "id": errand.id,
        "kind": errand.kind,
        "to": errand.to,
        "value": errand.value,
        "tries": errand.tries,
        "at": errand.at and to_ms(errand.at),
        "begun_at": errand.begun_at and to_ms(errand.begun_at),
    }
