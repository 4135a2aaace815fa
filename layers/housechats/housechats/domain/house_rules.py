"""Rules of house chats by which a message may be removed: what the first message of a chat says."""

from collections.abc import Mapping
from enum import StrEnum

from housechats.domain.chats import RULES


class HouseRule(StrEnum):
    """Why a message does not belong into a house chat."""

    ADVERTS = "adverts"
    PRIVATE_DATA = "private_data"
    INSULTS = "insults"
    POLITICS = "politics"


LABELS: Mapping[HouseRule, str] = {
    HouseRule.ADVERTS: "Реклама",
    HouseRule.PRIVATE_DATA: "Чужие данные",
    HouseRule.INSULTS: "Оскорбления",
    HouseRule.POLITICS: "Политика, рассылки",
}
NUMBERS: Mapping[HouseRule, int] = {
    HouseRule.INSULTS: 1,
    HouseRule.PRIVATE_DATA: 2,
    HouseRule.ADVERTS: 3,
    HouseRule.POLITICS: 3,
}
"""By which number the chat's first message names the rule."""


def wording(rule: HouseRule) -> str:
    """Return the rule as residents read it in their chat: «3. Без рекламы…»."""
    beginning = f"{NUMBERS[rule]}. "
    return next(line for line in RULES if line.startswith(beginning))
