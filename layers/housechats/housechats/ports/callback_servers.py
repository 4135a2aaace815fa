"""Callback servers: where the messenger tells of what happens in one community."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ServerStatus(StrEnum):
    """What the messenger thinks of a server."""

    WAITS = "wait"
    """It has not asked yet whose the address is, or waits for the answer."""
    WORKS = "ok"
    FAILED = "failed"
    """It tells nothing more until the server is set anew."""


@dataclass(frozen=True, slots=True)
class CallbackServer:
    """One address, as it is set in the messenger."""

    id: int
    url: str
    title: str
    secret: str
    """What the messenger says with all it tells; empty when it does not show it."""
    status: ServerStatus


class CallbackServers(Protocol):
    """The servers of one community. RefusedError where it may not set them, or has too many."""

    def code(self) -> str:
        """Return what the messenger wants to be answered when it asks whose an address is."""

    def all(self) -> list[CallbackServer]: ...

    def add(self, url: str, *, title: str, secret: str) -> int:
        """Add a server and return its number; the messenger asks at once whose it is."""

    def change(self, server_id: int, url: str, *, title: str, secret: str) -> None:
        """Set a server anew; the messenger asks at once whose it is."""

    def listen(self, server_id: int) -> None:
        """Have a server told what the bot reacts to, and nothing else."""

    def allow_bot(self) -> None:
        """Switch the community's messages and its abilities as a bot on."""
