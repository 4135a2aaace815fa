"""The emulated AWS: ministack on a port of the loopback, and clients for it."""

import os
import sys
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session

from local.children import Children

REGION = "eu-central-1"
# The account's own key in the emulator: it may do everything there.
KEY = "test"


class Emulator:
    """Where the emulated AWS listens."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.region = REGION
        self._port = port

    @classmethod
    def at(cls, url: str) -> "Emulator":
        """Return the one that listens at an address already."""
        return cls(int(url.rpartition(":")[2]))

    def start(self, children: Children, home: Path) -> None:
        """Start it with an environment of its own: what it has, every function sees."""
        temporary = home / "tmp"
        temporary.mkdir()
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            # Each worker unpacks its code there and leaves it behind.
            "TMPDIR": str(temporary),
            "STATE_DIR": str(temporary / "state"),
            "LANG": "C.UTF-8",
            "BIND_HOST": "127.0.0.1",
            # Its broker for devices would listen on every address of the machine.
            "IOT_MTLS_ENABLED": "0",
            "GATEWAY_PORT": str(self._port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            # Each function may do what its role in template.yaml allows, and no more.
            "AUTH": "true",
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "ministack"]
        children.start("emulator", command, env, ready=self._is_ready)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=5):  # noqa: S310
                return True
        except OSError:
            return False

    @cache  # noqa: B019 - one emulator lives as long as the program
    def client(self, service: str) -> Any:
        return botocore.session.get_session().create_client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=KEY,
            aws_secret_access_key=KEY,
        )
