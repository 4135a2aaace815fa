"""Use case: lead a person from the short link on paper to the chat."""

import re
from dataclasses import dataclass

from housechats.domain.houses import ChatState, House, read_code
from housechats.ports.houses import Houses, Scans

PLACE = re.compile(r"(?P<code>.+?)-(?P<place>[0-9]{1,2}|[LS])", re.IGNORECASE)
"""What a link says after the code: an entrance, the lift, or an SMS to somebody without VK."""
PLACES = {"L": "lift", "S": "sms"}


@dataclass(frozen=True, slots=True)
class Way:
    """Where the person goes: to the chat's invite link, or to a page that explains."""

    invite: str = ""
    title: str = ""
    closed: str = ""
    """Why the chat is closed."""
    lost: bool = False
    """Whether nobody can be told anything in the chat: a resident who comes in hears nothing."""
    known: bool = True
    """Whether the code is ours."""
    explain: bool = False
    """Whether to show the page that tells how to join without a page in VK."""


def lead(code: str, *, houses: Houses, scans: Scans) -> Way:
    """Find the chat that a code leads to, and count the scan of a known house."""
    place = "other"
    code = code.strip(" .,;:!?()«»\"'/")  # what clings to a link that is copied from a text
    house_id = read_code(code)  # whole at first: people break a code by a hyphen where they like
    if not house_id and (found := PLACE.fullmatch(code)):
        house_id = read_code(found["code"])
        place = PLACES.get(found["place"].upper(), found["place"].lstrip("0"))
    house = houses.get(house_id) if house_id else None
    if house is None:
        return Way(known=False)
    if house.state == ChatState.CLOSED:
        return Way(title=house.title, closed=house.closed_reason)
    if house.state == ChatState.LOST:
        return Way(title=house.title, lost=True)
    if house.state != ChatState.OPEN or not house.link:
        return Way(title=house.title)
    # A place that the house has not got is somebody's play with the address.
    if place not in {"other", *PLACES.values()} and not _has_entrance(house, place):
        place = "other"
    scans.count(house.id, place)
    return Way(invite=house.link, title=house.title, explain=place == "sms")


def _has_entrance(house: House, place: str) -> bool:
    return place != "" and int(place) <= max(house.entrances, 1)
