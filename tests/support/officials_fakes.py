"""What officials' rooms keep, in memory."""

from housechats.domain.answer_terms import TerritoryTerms
from housechats.domain.territories import region_of


class FakeTermbook:
    def __init__(self, *terms: TerritoryTerms) -> None:
        self.by_code: dict[str, TerritoryTerms] = {one.oktmo: one for one in terms}

    def of_region(self, region: str) -> list[TerritoryTerms]:
        return [one for code, one in sorted(self.by_code.items()) if region_of(code) == region]

    def put(self, terms: TerritoryTerms) -> bool:
        there = self.by_code.get(terms.oktmo)
        if (there.revision if there else 0) != terms.revision - 1:
            return False
        self.by_code[terms.oktmo] = terms
        return True
