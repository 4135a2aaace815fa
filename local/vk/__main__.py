"""Start the VK sandbox: `python -m local.vk --port 8099`."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from local.vk.core import Sandbox
from local.vk.server import Door

DEFAULT_COMMUNITY = (240_000_001, "sandbox-token")
DEFAULT_INVITES = "https://vk.me/join/"


def community(text: str) -> tuple[int, str]:
    number, colon, token = text.partition(":")
    if not (colon and token and number.isdigit()):
        raise argparse.ArgumentTypeError("community is ID:TOKEN")
    return int(number), token


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.vk", description="VK sandbox")
    parser.add_argument("--port", type=int, default=8099, help="0 takes any free one")
    parser.add_argument("--community", type=community, action="append", metavar="ID:TOKEN")
    parser.add_argument("--people", type=Path, help="a JSON list of people")
    parser.add_argument("--invite-base", default=DEFAULT_INVITES, help="where invite links lead")
    parser.add_argument("--sms-url", default="", help="where the emulated AWS lists its SMS")
    parser.add_argument(
        "--chats", type=int, default=0, help="chats that each community has from the start"
    )
    parser.add_argument("--latency-ms", type=float, default=0.0, help="added to every VK answer")
    parser.add_argument(
        "--callback-scale",
        type=float,
        default=1.0,
        help="shortens the pauses after which an event is told again (0.01: 1 h 45 is a minute)",
    )
    given = parser.parse_args()
    people = json.loads(given.people.read_text(encoding="utf-8")) if given.people else []

    def make(address: str) -> Sandbox:
        sandbox = Sandbox(
            dict(given.community or [DEFAULT_COMMUNITY]),
            people=people,
            invite_base=given.invite_base,
            files_base=address,
            callback_scale=given.callback_scale,
        )
        for number in sandbox.communities:
            sandbox.preload(given.chats, community=number)
        return sandbox

    door = Door(given.port, make, latency=given.latency_ms / 1000, sms_url=given.sms_url)

    def stop(*_: object) -> None:
        # shutdown() waits for the loop that this very signal interrupted: it needs a thread.
        threading.Thread(target=door.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"VK sandbox: {door.address}", flush=True)
    door.serve_forever(poll_interval=0.1)
    door.server_close()
    sys.exit(0)


if __name__ == "__main__":
    main()
