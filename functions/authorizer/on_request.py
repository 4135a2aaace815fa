"""HTTP API asks whether a request may pass: only with VK's signature."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from authorizer.verify import verify
from housechats.runtime import settings


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    vk_app_id: str
    vk_app_secret: str


@cache
def wired() -> Settings:
    """Read the secret, once per container."""
    return Settings.from_env()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer in the simple format of payload 2.0; the launch goes on to the API."""
    env = wired()
    header = (event.get("headers") or {}).get("authorization") or ""
    launch = verify(header, app_id=env.vk_app_id, secret=env.vk_app_secret)
    if launch is None:
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {"vk_user_id": launch.vk_user_id, "vk_ts": launch.vk_ts},
    }
