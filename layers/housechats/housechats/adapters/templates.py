"""Templates that organisations keep: the Templates port over the table."""

from housechats.adapters.table import Item, Table, from_ms
from housechats.domain.templates import Template, TemplateKind


class DynamoTemplates:
    """Keeps one item an organisation and kind, beside each other."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def put(self, template: Template) -> None:
        pk, sk = _key(template.region, template.inn, template.kind)
        item: Item = {
            "pk": pk,
            "sk": sk,
            "wording": template.wording,
            "changed_at": template.changed_at,
        }
        self._table.put(item)

    def get(self, region: str, inn: str, kind: TemplateKind) -> Template | None:
        item = self._table.get(*_key(region, inn, kind))
        return _template(item) if item else None

    def of_organisation(self, region: str, inn: str) -> list[Template]:
        items = self._table.query_all("pk = :pk", pk=_pk(region, inn), consistent=True)
        return [_template(item) for item in items]

    def remove(self, region: str, inn: str, kind: TemplateKind) -> None:
        self._table.delete(*_key(region, inn, kind))


def _pk(region: str, inn: str) -> str:
    return f"TEMPLATES#{region}#{inn}"


def _key(region: str, inn: str, kind: TemplateKind) -> tuple[str, str]:
    return _pk(region, inn), kind.value


def _template(item: Item) -> Template:
    _, region, inn = item["pk"].split("#")
    return Template(
        kind=TemplateKind(item["sk"]),
        wording=item["wording"],
        region=region,
        inn=inn,
        changed_at=from_ms(item["changed_at"]),
    )
