"""Private messages go the same way in memory and in VK, whatever nobody knows about VK."""

from collections.abc import Callable

import pytest

from housechats.domain.errors import RefusedError
from housechats.ports.letters import Button, Letters
from local.vk.switches import every_position
from support.fakes import FakeLetters
from support.vk_side import UNWELCOME, UNWILLING, WILLING, VkSide

BUTTON = Button("Вступить в чат", "https://vk.me/join/x")


def in_memory() -> FakeLetters:
    letters = FakeLetters({"marfa_v": WILLING, "petr_b": UNWILLING})
    letters.unwilling |= {UNWILLING, UNWELCOME}
    return letters


@pytest.fixture(
    params=[
        pytest.param(in_memory, id="in memory"),
        *(
            pytest.param(lambda switches=switches: VkSide(switches).letters, id=name)
            for name, switches in every_position()
        ),
    ]
)
def letters(request: pytest.FixtureRequest) -> Letters:
    make: Callable[[], Letters] = request.param
    return make()


def write(letters: Letters, text: str, *, random_id: int = 5) -> None:
    attachment = letters.attach(WILLING, file_name="Объявления.pdf", pdf=b"%PDF-")
    letters.send(WILLING, text, random_id=random_id, attachment=attachment, buttons=[BUTTON])


def test_a_person_is_found_by_screen_name(letters: Letters) -> None:
    assert letters.person("marfa_v") == WILLING


def test_a_name_that_nobody_has_is_refused(letters: Letters) -> None:
    with pytest.raises(RefusedError) as refused:
        letters.person("nobody_at_all")

    assert refused.value.code == "not_found"


def test_a_letter_is_among_the_latest_of_its_dialog(letters: Letters) -> None:
    before = letters.was_sent(WILLING, text="Здравствуйте!", random_id=5)

    write(letters, "Здравствуйте!")

    assert before is False
    assert letters.was_sent(WILLING, text="Здравствуйте!", random_id=6)
    assert letters.was_sent(WILLING, text="Другое", random_id=5)
    assert not letters.was_sent(WILLING, text="Другое", random_id=6)


def test_a_letter_handed_over_twice_is_taken_twice_without_complaint(letters: Letters) -> None:
    write(letters, "Здравствуйте!")

    write(letters, "Здравствуйте!")

    assert letters.was_sent(WILLING, text="Здравствуйте!", random_id=5)


@pytest.mark.parametrize("person", [UNWILLING, UNWELCOME], ids=["no consent", "blacklisted"])
def test_who_does_not_want_letters_gets_none(letters: Letters, person: int) -> None:
    with pytest.raises(RefusedError):
        letters.attach(person, file_name="Объявления.pdf", pdf=b"%PDF-")


def test_without_consent_the_reason_says_so(letters: Letters) -> None:
    with pytest.raises(RefusedError) as refused:
        letters.attach(UNWILLING, file_name="Объявления.pdf", pdf=b"%PDF-")

    assert refused.value.code == "consent"
