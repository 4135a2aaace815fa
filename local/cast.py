"""Who can be tried on this machine: one person for each role."""

from dataclasses import dataclass


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
