"""Webhooks: where the system of an organisation is told of complaints, and how both sides sign."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_URL = 500
SIGNATURE = "X-Housechats-Signature"
MESSAGE_ID = "X-Housechats-Id"
BELIEVED = timedelta(minutes=5)
"""How far the time of a signature may be from ours."""
HTTPS_PORT = 443


class WebhookEvent(StrEnum):
    """Of what a system is told."""

    SENT = "complaint.sent"
    """There is a complaint for the organisation."""
    CHANGED = "complaint.changed"
    """Somebody else than the system has said what becomes of one."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where one organisation's system is told, within one region."""

    inn: str
    region: str
    url: str
    events: tuple[WebhookEvent, ...]
    nonce: str
    """Says which secret is meant: each setting makes a new one."""
    set_by: str
    """`vk:<id>`."""
    set_at: datetime

    def secret(self, key: str) -> str:
        """Return what both sides sign with; it is kept nowhere."""
        said = f"webhook/{self.region}/{self.inn}/{self.nonce}"
        return hmac.digest(key.encode(), said.encode(), "sha256").hex()


def fault_of(url: str) -> str:
    """Say in Russian what is wrong with an address; empty when nothing is to be seen of it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "Это не адрес."
    host = parts.hostname or ""
    if parts.scheme != "https":
        return "Адрес должен начинаться с https://."
    if parts.username is not None or parts.password is not None:
        return "Уберите из адреса имя и пароль: мы подписываем каждое сообщение."
    if parts.fragment:
        return "Уберите из адреса часть после знака #."
    if port not in {None, HTTPS_PORT}:
        return "Порт может быть только 443."
    if not _is_name(host):
        return (
            "Нужно имя сайта, доступного из интернета, например https://uk.example.ru/complaints."
        )
    if not (url.isascii() and url.isprintable() and " " not in url):
        return "В адресе могут быть только латинские буквы, цифры и знаки (кириллицу - в punycode)."
    return ""


def _is_name(host: str) -> bool:
    """Tell whether a host is a name that may be known to all: no number, no name of one network."""
    labels = host.rstrip(".").split(".")
    inner = {"local", "internal", "lan", "home", "corp", "invalid", "test", "onion"}
    last = labels[-1]
    return len(labels) > 1 and not last.isdigit() and last not in inner and all(labels)


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Sign a body with the time, in seconds since 1970."""
    digest = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256").hex()
    return f"t={at},v1={digest}"


def is_signed(header: str, secret: str, body: bytes, *, now: datetime) -> bool:
    """Tell whether a body was signed with the secret, and lately."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    said = parts.get("t", "")
    if not (said.isascii() and said.isdigit() and len(said) <= len("9999999999")):
        return False
    is_fresh = abs(now.timestamp() - int(said)) <= BELIEVED.total_seconds()
    expected = signature(secret, body, at=int(said)).partition("v1=")[2]
    return hmac.compare_digest(expected.encode(), parts.get("v1", "").encode()) and is_fresh


def body_of(message: dict[str, object]) -> bytes:
    """Return a message as it is signed and sent: the same bytes at each try."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def wants(webhook: Webhook | None, event: WebhookEvent) -> bool:
    return webhook is not None and event in webhook.events


def all_events(events: Sequence[WebhookEvent]) -> tuple[WebhookEvent, ...]:
    """Return what a system is told of: complaints always, else there were nothing to set."""
    return tuple(sorted({WebhookEvent.SENT, *events}))
