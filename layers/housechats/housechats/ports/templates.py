"""Templates that organisations keep."""

from typing import Protocol

from housechats.domain.templates import Template, TemplateKind


class Templates(Protocol):
    """Keeps organisations' own wordings, each for a region: one of an organisation and a kind."""

    def put(self, template: Template) -> None:
        """Keep a wording in place of the one before."""

    def get(self, region: str, inn: str, kind: TemplateKind) -> Template | None: ...

    def of_organisation(self, region: str, inn: str) -> list[Template]:
        """Return those that it has, in the order of the kinds' names."""

    def remove(self, region: str, inn: str, kind: TemplateKind) -> None:
        """Keep it no more, if it is there: ours counts again."""
