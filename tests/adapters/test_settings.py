"""A function that lacks a setting does not start, and says which one."""

from dataclasses import dataclass

import pytest

from housechats.runtime import settings


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    community_id: int


def test_settings_are_read_by_name_and_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "houses")
    monkeypatch.setenv("COMMUNITY_ID", "240000001")

    assert Settings.from_env() == Settings("houses", 240_000_001)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "houses")
    monkeypatch.delenv("COMMUNITY_ID", raising=False)

    with pytest.raises(LookupError, match="COMMUNITY_ID"):
        Settings.from_env()


def test_a_number_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "houses")
    monkeypatch.setenv("COMMUNITY_ID", "our community")

    with pytest.raises(ValueError, match="our community"):
        Settings.from_env()
