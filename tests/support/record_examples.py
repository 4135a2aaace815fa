"""`make examples`: tell the story of the examples and keep its answers for the document."""

import pytest

from docs.examples import write
from docs.openapi import openapi
from support.told_story import tell

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as monkeypatch:
        write(told.example for told in tell(openapi(), monkeypatch))
