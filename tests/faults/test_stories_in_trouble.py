"""The same stories when much comes twice, late, in disorder, and workers are killed: by seeds.

`STORY_SEEDS=1000 .venv/dev/bin/pytest tests/faults/test_stories_in_trouble.py` runs more of them.
"""

import os

import pytest

from support.stories import STORIES, nothing_is_wrong, town_of
from support.troubles import Troubles

SEEDS = int(os.environ.get("STORY_SEEDS", "2"))
"""Of each story."""


RUNS = [
    pytest.param(name, seed, id=f"{name}-{seed}")
    for seed in range(1, SEEDS + 1)
    for name in STORIES
]


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_people_see_a_question_through_whatever_happens_to_workers(
    name: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = Troubles(seed)
    with town_of(name, monkeypatch, troubles) as town:
        STORIES[name](town)

        assert nothing_is_wrong(town) == []
        assert troubles.kills + troubles.races > 0
