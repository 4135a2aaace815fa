"""Questions from the button to the last card, through every door as deployed: all goes well."""

import pytest

from support.stories import STORIES, nothing_is_wrong, town_of


@pytest.mark.parametrize("name", STORIES)
def test_people_see_a_question_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with town_of(name, monkeypatch) as town:
        STORIES[name](town)

        assert nothing_is_wrong(town) == []
