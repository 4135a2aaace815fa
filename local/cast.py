"""Who can be tried on this machine: one person for each role."""

from dataclasses import dataclass
from typing import Any

from local.addresses import ApiError, Stack


@dataclass(frozen=True)
class Person:
    """Somebody of VK's sandbox, and what they are to the system."""

    vk_id: int
    told: str
    """In Russian, for the choice of a person."""


ADMINISTRATOR = Person(1, "Администратор")
STAFF = Person(1_900_000_011, "Сотрудник")
REPRESENTATIVE = Person(1_900_000_012, "Представитель УК")
ELDER = Person(1_900_000_003, "Старшая по домам образца")
NOBODY = Person(1_900_000_013, "Посторонний")
CAST = (ADMINISTRATOR, STAFF, REPRESENTATIVE, ELDER, NOBODY)

COMPANY = "2901999906"
"""ИНН of a company that there is not."""
MANAGED = 10
"""Houses of the list that the company answers for."""


def houses_of_elder(stack: Stack) -> list[dict[str, Any]]:
    """Return the houses of the list whose elder is in the cast: of another list, none."""
    try:
        found: list[dict[str, Any]] = stack.get("/houses?limit=5", vk_id=ELDER.vk_id)["items"]
    except ApiError:  # nobody's elder may not ask for houses
        return []
    return [house for house in found if house["state"] == "open"]


def appoint(stack: Stack, oktmo: str) -> None:
    """Have the administrator give everybody their part, as people do over the API."""
    official = {"vk": str(STAFF.vk_id), "role": "staff", "oktmo": oktmo, "title": "Специалист"}
    stack.post("/officials", official)
    company = {"inn": COMPANY, "kind": "management_company", "name": "ООО «Небылица»"}
    stack.post("/organisations", {**company, "oktmo": oktmo})
    some = stack.get(f"/houses?limit={MANAGED}")["items"] + houses_of_elder(stack)
    houses = list(dict.fromkeys(house["id"] for house in some))
    managed = {"kind": company["kind"], "houses": houses, "oktmo": oktmo}
    stack.post(f"/organisations/{COMPANY}/houses", managed)
    invited = {"vk": str(REPRESENTATIVE.vk_id), "oktmo": oktmo, "title": "Инженер"}
    stack.post(f"/organisations/{COMPANY}/representatives", invited)
