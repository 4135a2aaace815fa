"""Settings: the environment, read once and by name."""

import os
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """Base of a function's settings: one field per environment variable, text or whole number."""

    @classmethod
    def from_env(cls) -> Self:
        """Read the fields from the environment; a missing one stops the function at its start."""
        names = [field.name for field in fields(cls)]
        if missing := [name.upper() for name in names if name.upper() not in os.environ]:
            raise LookupError(f"not set: {', '.join(missing)}")
        return cls(
            **{
                field.name: int(os.environ[field.name.upper()])
                if field.type is int
                else os.environ[field.name.upper()]
                for field in fields(cls)
            }
        )


@dataclass(frozen=True, slots=True)
class ApiSettings(Settings):
    """What every API is set with."""

    table: str
    id_key: str
    launch_hours: int
    changes_a_minute: int
