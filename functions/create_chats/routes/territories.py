"""Routes of territories: the town of addresses that name none."""

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from create_chats.routes.router import Router
from create_chats.towns import has_town, keep_town, read_town, town_of
from housechats.domain.access import Permission, Place
from housechats.domain.patterns import OKTMO
from housechats.runtime.http import ProblemError, invalid

router = Router()

TOWN_WANTED = "Напишите один город или село, например: г. Архангельск."
NO_TOWN_OF_REGION = "Город по умолчанию бывает у муниципалитета, а не у региона."

Oktmo = Annotated[
    str,
    Path(pattern=OKTMO, description="Код ОКТМО территории"),
]


@dataclass(frozen=True, slots=True)
class Town:
    """The town of a territory's addresses that name none."""

    locality: Annotated[str, Field(max_length=100)]
    """Such as `г. Архангельск`; empty to take it back."""


@dataclass(frozen=True, slots=True)
class TerritoryCard:
    """What is set for a territory."""

    oktmo: str
    locality: str
    """The town of addresses that name none; empty when nobody has said it."""

    @property
    def place(self) -> Place:
        return Place(self.oktmo)


@router.get(
    "/territories/<oktmo>",
    operation_id="getTerritory",
    summary="Настройки территории",
    tags=["territories"],
    permission=Permission.TERRITORIES_READ,
)
def get_territory(oktmo: Oktmo) -> TerritoryCard:
    router.reach(TerritoryCard(oktmo, ""))
    return TerritoryCard(oktmo, town_of(oktmo, router.doors.towns))


@router.put(
    "/territories/<oktmo>",
    operation_id="setTerritory",
    summary="Задать город для адресов, в которых его нет",
    tags=["territories"],
    permission=Permission.TERRITORIES_CHANGE,
)
def set_territory(oktmo: Oktmo, town: Town) -> TerritoryCard:
    router.reach(TerritoryCard(oktmo, ""))
    router.asked.deed(oktmo, f"territory:{oktmo}")
    if not has_town(oktmo):
        raise ProblemError("conflict", NO_TOWN_OF_REGION)
    locality = read_town(town.locality) if town.locality else ""
    if town.locality and not locality:
        raise invalid("/locality", TOWN_WANTED)
    keep_town(oktmo, locality, router.doors.towns)
    return TerritoryCard(oktmo, locality)
