"""A router that knows what the routes work with, and what of it the caller may reach."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path

from discussions.desk import Office
from housechats.domain.discussions import Discussion
from housechats.ports.discussions import Interested
from housechats.ports.gate import Gate
from housechats.runtime import routes
from housechats.runtime.http import ProblemError

DiscussionId = Annotated[str, Path(min_length=16, max_length=16, description="Номер обсуждения")]


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    office: Office
    interested: Interested


class Router(routes.Router):
    """Routes of one resource."""

    @property
    def doors(self) -> Doors:
        doors: Doors = self.context["doors"]
        return doors

    def discussion(self, discussion_id: str) -> Discussion:
        """Return one within the caller's reach, and note it as what the act is done to."""
        office = self.doors.office
        discussion = office.discussions.get(discussion_id)
        if discussion is None:
            raise ProblemError("not_found")
        house = office.houses.get(discussion.house_id)
        self.reach(discussion, discussion.place_in(house))
        self.asked.deed(discussion.oktmo, f"discussion:{discussion.id}")
        return discussion
