"""What broadcasts say and when they may, in memory: templates and rules."""

from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.templates import Template, TemplateKind
from housechats.domain.territories import region_of


class FakeTemplates:
    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str, TemplateKind], Template] = {}

    def put(self, template: Template) -> None:
        self.by_key[template.region, template.inn, template.kind] = template

    def get(self, region: str, inn: str, kind: TemplateKind) -> Template | None:
        return self.by_key.get((region, inn, kind))

    def of_organisation(self, region: str, inn: str) -> list[Template]:
        return [one for key, one in sorted(self.by_key.items()) if key[:2] == (region, inn)]

    def remove(self, region: str, inn: str, kind: TemplateKind) -> None:
        self.by_key.pop((region, inn, kind), None)


class FakeRulebook:
    def __init__(self, *rules: TerritoryRules) -> None:
        self.by_code: dict[str, TerritoryRules] = {one.oktmo: one for one in rules}

    def of_region(self, region: str) -> list[TerritoryRules]:
        return [one for code, one in sorted(self.by_code.items()) if region_of(code) == region]

    def put(self, rules: TerritoryRules) -> bool:
        there = self.by_code.get(rules.oktmo)
        if (there.revision if there else 0) != rules.revision - 1:
            return False
        self.by_code[rules.oktmo] = rules
        return True
