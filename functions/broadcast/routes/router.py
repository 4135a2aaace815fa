"""A router that knows what the routes work with, and what of it the caller may reach."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from broadcast.kept_previews import KeptPreview, find_preview
from broadcast.preview import Desk
from broadcast.routes.cards import BroadcastCard, card_of
from broadcast.set_going import Seed
from broadcast.still_theirs import has_left
from broadcast.under_way import under_way
from housechats.domain.access import Place
from housechats.domain.audiences import within_reach
from housechats.domain.broadcasts import Broadcast
from housechats.domain.houses import HouseLine
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.territories import Territory
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.broadcasts import Audiences, Broadcasts, Messages, Receipts, Starts
from housechats.ports.communities import Communities
from housechats.ports.coordination import CoordinationChats
from housechats.ports.files import Files
from housechats.ports.gate import Gate
from housechats.ports.houses import Catalogue, Houses, Towns
from housechats.ports.jobs import Jobs
from housechats.ports.organisation_cards import Cards
from housechats.ports.paces import Paces
from housechats.ports.queues import Queue
from housechats.ports.requests import REMEMBERED
from housechats.ports.residents import Residents
from housechats.ports.templates import Templates
from housechats.runtime import routes
from housechats.runtime.clock import this_moment
from housechats.runtime.http import ProblemError

SOME_HAVE_LEFT = (
    "За часть домов этой рассылки ваша организация уже не отвечает: писать туда от её имени может "
    "только сотрудник территории. Остановить и отозвать рассылку можете и вы."
)

A_MINUTE = timedelta(minutes=1)
"""A key is taken a little earlier than anything is made: the gateway gives a request 30 seconds."""

PreviewId = Annotated[
    str,
    Path(pattern="^[0-9a-f]{16}$", description="Номер проверки, он же станет номером рассылки"),
]
BroadcastId = Annotated[str, Path(min_length=16, max_length=16, description="Номер рассылки")]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    broadcasts: Broadcasts
    receipts: Receipts
    audiences: Audiences
    messages: Messages
    starts: Starts
    files: Files
    """Of the bucket of broadcasts."""
    houses: Houses
    catalogue: Catalogue
    towns: Towns
    coordination: CoordinationChats
    cards: Cards
    communities: Communities
    residents: Residents
    rules: Rulebook
    paces: Paces
    templates: Templates
    jobs: Jobs
    work: Queue
    """Long work beside the sending: previews of many chats, reports."""
    seed: Seed

    @property
    def preview_desk(self) -> Desk:
        return Desk(**{one.name: getattr(self, one.name) for one in fields(Desk)})


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def broadcast(self, broadcast_id: str) -> Broadcast:
        """Return a broadcast within the caller's reach, and note it as what the act is done to."""
        one = self.reach(self.doors.broadcasts.get(broadcast_id))
        self.asked.deed(one.oktmo, f"broadcast:{one.id}")
        return one

    def require_theirs(self, one: Broadcast) -> None:
        """Refuse who only represents an organisation to write to houses that it has left.

        Staff of the territory may: the chats that got a message are to learn how it ends.
        """
        territory = Territory(one.oktmo)
        if self._is_all_theirs(territory):
            return
        audience = self.doors.audiences.get(one.audience_folder)
        if audience is None:
            raise ProblemError("not_found")
        lines = self.doors.catalogue.lines(territory)
        theirs = within_reach(lines, self.caller, territory=territory, inn=one.inn)
        if has_left(audience, theirs, audiences=self.doors.audiences):
            raise ProblemError("conflict", SOME_HAVE_LEFT)

    def preview(self, preview_id: str) -> KeptPreview:
        """Return a preview that the caller has made, and may still make."""
        kept = find_preview(preview_id, files=self.doors.files)
        if kept is None or kept.wish.by != self.caller.name:
            raise ProblemError("not_found")
        self.reach(kept.wish)
        return kept

    def card(self, one: Broadcast) -> BroadcastCard:
        """Return how a broadcast is shown to the caller, with the numbers of this moment."""
        doors = self.doors
        found = under_way(one, audiences=doors.audiences, receipts=doors.receipts)
        return card_of(found.one, self.caller, now=this_moment(), sending=found.sending)

    def new_id(self) -> str:
        """Return the id of what is made now, or of what this very request has begun to make.

        What is there from before keys were forgotten was another request's: nobody is to believe
        that it was done anew.
        """
        new_id = self.asked.new_id()
        there = self.doors.broadcasts.get(new_id) or self.doors.jobs.get(new_id)
        if there and this_moment() - there.created_at >= REMEMBERED - A_MINUTE:
            raise ProblemError("key_reused")
        return new_id

    def places_of(self, card: OrganisationCard) -> Iterator[Place]:
        """Yield where an organisation is known: also where its houses are, though not named there.

        Houses are looked for only by who wants more than the card's own places.
        """
        yield from card.places
        yield from (line.place for line in self.lines() if card.inn in line.organisations)

    def lines(self) -> Iterator[HouseLine]:
        """Yield the lines of all houses where the caller may do this."""
        return self.lines_of(self.doors.catalogue)
