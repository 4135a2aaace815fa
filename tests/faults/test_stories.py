"""Questions from the button to the last card, through every door as deployed: all goes well."""

import pytest

from support.stories import STORIES, Story, nothing_is_wrong
from support.story_town import story_town


@pytest.mark.parametrize("story", [pytest.param(one, id=name) for name, one in STORIES.items()])
def test_people_see_a_question_through(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    with story_town(monkeypatch) as town:
        story(town)

        assert nothing_is_wrong(town) == []
