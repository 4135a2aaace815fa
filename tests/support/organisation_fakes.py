"""Organisations in memory: their cards, and what they are to houses."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from housechats.domain.attachments import Attachment, Carried, Period
from housechats.domain.houses import House, edited
from housechats.domain.organisation_cards import OrganisationCard, introduced
from housechats.domain.organisations import Organisation, OrganisationKind
from housechats.domain.territories import region_of
from support.fakes import FakeHouses


class FakeCards:
    def __init__(self) -> None:
        self.by_key: dict[tuple[str, str], OrganisationCard] = {}

    def add(self, card: OrganisationCard) -> OrganisationCard | None:
        key = region_of(card.oktmo), card.inn
        there = self.by_key.get(key)
        if there is None:
            self.by_key[key] = card
        return there

    def get(self, region: str, inn: str) -> OrganisationCard | None:
        return self.by_key.get((region, inn))

    def of_region(self, region: str) -> list[OrganisationCard]:
        return [card for (of, _), card in sorted(self.by_key.items()) if of == region]

    def change(self, card: OrganisationCard, *, revision: int) -> bool:
        key = region_of(card.oktmo), card.inn
        if self.by_key[key].revision != revision:
            return False
        self.by_key[key] = card
        return True


class FakeAttachments:
    def __init__(self, houses: FakeHouses | None = None, cards: FakeCards | None = None) -> None:
        self.by_key: dict[tuple[str, str], Attachment] = {}
        self.cards = cards or FakeCards()
        self._houses = houses or FakeHouses()
        self._due: dict[tuple[str, str], datetime | None] = {}

    def introduce(self, organisation: Organisation, *, oktmo: str, now: datetime) -> None:
        new = OrganisationCard(
            organisation.inn,
            organisation.kind,
            organisation.name,
            oktmo,
            introduced_at=now,
            municipalities=frozenset({oktmo[:8]}),
        )
        if there := self.cards.add(new):
            key = region_of(oktmo), organisation.inn
            self.cards.by_key[key] = introduced(there, organisation.name, oktmo)

    def attach_first(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        new = Attachment(inn, house_id, (Period(kind, now),), batch_id, 1)
        self.by_key.setdefault(new.key, new)

    def attach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        there = self.by_key.get((inn, house_id), Attachment(inn, house_id))
        period = there.at(now)
        if period is None or period.kind != kind:
            self._keep(replace(there.begun(kind, now), source=batch_id), now)

    def detach(
        self, inn: str, house_id: str, kind: OrganisationKind, *, batch_id: str, now: datetime
    ) -> None:
        there = self.by_key.get((inn, house_id), Attachment(inn, house_id))
        after = there.ended(now)
        if after != there or not there.revision:
            self._keep(replace(after, source=batch_id), now)

    def get_many(self, keys: Iterable[tuple[str, str]]) -> list[Attachment]:
        return [self.by_key[key] for key in set(keys) if key in self.by_key]

    def of_organisation(self, inn: str) -> list[Attachment]:
        return [one for (of, _), one in sorted(self.by_key.items()) if of == inn]

    def settle(
        self, house: House, carried: Carried, changed: Sequence[Attachment], *, now: datetime
    ) -> bool:
        there = self._houses.by_id[house.id]
        if (there.organisations, there.revision) != (house.organisations, house.revision):
            return False
        if any(self._revision(one) != one.revision for one in changed):
            return False
        for one in changed:
            self._keep(one, now)
        if carried != house.organisations:
            after = edited(house, replace(house, organisations=dict(carried)))
            self._houses.by_id[house.id] = replace(
                there,
                organisations=after.organisations,
                revision=after.revision,
                applied=after.applied,
            )
        return True

    def due(self, now: datetime, *, limit: int) -> list[tuple[str, str]]:
        return [key for key, moment in self._due.items() if moment and moment <= now][:limit]

    def _revision(self, one: Attachment) -> int:
        return self.by_key.get(one.key, Attachment(*one.key)).revision

    def _keep(self, one: Attachment, now: datetime) -> None:
        self.by_key[one.key] = replace(one, revision=one.revision + 1)
        self._due[one.key] = one.next_change(now)
