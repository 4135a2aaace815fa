"""Terms of answers that territories have set: the Termbook port over the table."""

from datetime import date

from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.answer_terms import Term, TerritoryTerms
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import region_of


class DynamoTermbook:
    """Keeps one item a territory; those of a region side by side."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of_region(self, region: str) -> list[TerritoryTerms]:
        items = self._table.query_all("pk = :pk", pk=_pk(region), consistent=True)
        return [_terms(item) for item in items]

    def put(self, terms: TerritoryTerms) -> bool:
        before = terms.revision - 1
        condition = "#revision = :before" if before else "attribute_not_exists(#pk)"
        values = {"before": before} if before else {}
        try:
            self._table.put(_item(terms), condition=condition, **values)
        except ConditionFailedError:
            return False
        return True


def _pk(region: str) -> str:
    return f"ANSWER_TERMS#{region}"


def _item(terms: TerritoryTerms) -> Item:
    return {
        "pk": _pk(region_of(terms.oktmo)),
        "sk": terms.oktmo,
        "terms": {str(kind): _kept(term) for kind, term in terms.terms.items()},
        "first_word_days": terms.first_word_days,
        "days_off": [day.isoformat() for day in sorted(terms.days_off)],
        "revision": terms.revision,
    }


def _terms(item: Item) -> TerritoryTerms:
    return TerritoryTerms(
        oktmo=item["sk"],
        terms={OrganisationKind(kind): _term(kept) for kind, kept in item["terms"].items()},
        first_word_days=item["first_word_days"],
        days_off=frozenset(map(date.fromisoformat, item["days_off"])),
        revision=item["revision"],
    )


def _kept(term: Term) -> Item:
    return {
        "days": term.days,
        "working": term.working,
        "basis": term.basis,
        "valid_from": term.valid_from.isoformat() if term.valid_from else None,
        "checked": term.checked,
    }


def _term(kept: Item) -> Term:
    return Term(
        days=kept["days"],
        working=kept["working"],
        basis=kept["basis"],
        valid_from=date.fromisoformat(kept["valid_from"]) if kept["valid_from"] else None,
        checked=kept["checked"],
    )
