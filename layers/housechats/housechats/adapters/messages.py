"""What broadcasts say, as files."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from housechats.domain.messages import Attachment, LinkButton, Message
from housechats.ports.files import Files

NAME = "message.json"


class S3Messages:
    """Keeps what a broadcast says in its folder."""

    def __init__(self, folders: Files) -> None:
        self._folders = folders

    def put(self, key: str, message: Message) -> None:
        until = message.until.isoformat() if message.until else None
        body = json.dumps(asdict(message) | {"until": until}, ensure_ascii=False)
        self._folders.put(f"{key}/{NAME}", body.encode(), content_type="application/json")

    def get(self, key: str) -> Message | None:
        body = self._folders.get(f"{key}/{NAME}")
        return _message(json.loads(body)) if body else None


def _message(kept: dict[str, Any]) -> Message:
    until, attachment = kept["until"], kept["attachment"]
    read = {
        "until": datetime.fromisoformat(until) if until else None,
        "buttons": tuple(LinkButton(**button) for button in kept["buttons"]),
        "attachment": Attachment(**attachment) if attachment else None,
    }
    return Message(**kept | read)
