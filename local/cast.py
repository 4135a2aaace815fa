"""Who can be tried on this machine: one person for each role."""

from dataclasses import dataclass

from local.addresses import Stack


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


def appoint(stack: Stack, oktmo: str) -> None:
    """Have the administrator give everybody their part, as people do over the API."""
    official = {"vk": str(STAFF.vk_id), "role": "staff", "oktmo": oktmo, "title": "Специалист"}
    stack.post("/officials", official)
    company = {"inn": COMPANY, "kind": "management_company", "name": "ООО «Небылица»"}
    stack.post("/organisations", {**company, "oktmo": oktmo})
    houses = [house["id"] for house in stack.get(f"/houses?limit={MANAGED}")["items"]]
    managed = {"kind": company["kind"], "houses": houses, "oktmo": oktmo}
    stack.post(f"/organisations/{COMPANY}/houses", managed)
    invited = {"vk": str(REPRESENTATIVE.vk_id), "oktmo": oktmo, "title": "Инженер"}
    stack.post(f"/organisations/{COMPANY}/representatives", invited)
