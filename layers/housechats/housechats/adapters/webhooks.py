"""Webhooks: where the systems of organisations are told, and messages to them over HTTPS.

Staff say the address, so it may lead anywhere: a name is resolved once, every address that it has
must be public, and the connection is made to the very address that was looked at.
"""

import socket
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from housechats.adapters.table import Item, Table, from_ms
from housechats.domain.errors import UnavailableError
from housechats.domain.webhooks import HTTPS_PORT, Webhook, WebhookEvent, fault_of

TIMEOUT_S = 10
"""For each time that something is waited for."""
WHOLE_S = 15
"""For all of it: a system that answers a byte at a time keeps no worker from the complaints of
others. A worker lives for a minute."""
TAKEN = range(200, 300)
PRIVATE = "Этот адрес ведёт во внутреннюю сеть: нужен сайт, доступный из интернета."
UNKNOWN = "Такого сайта не нашлось: проверьте адрес."

Resolve = Callable[[str], list[str]]
Connect = Callable[[str, str], urllib3.HTTPSConnectionPool]
"""By an address and the name that the certificate must bear."""


class DynamoWebhooks:
    """Keeps one small item for an organisation and region."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, region: str, inn: str) -> Webhook | None:
        item = self._table.get(*_key(region, inn))
        return _read(item, region, inn) if item else None

    def put(self, webhook: Webhook) -> None:
        pk, sk = _key(webhook.region, webhook.inn)
        self._table.put(
            {
                "pk": pk,
                "sk": sk,
                "url": webhook.url,
                "events": list(webhook.events),
                "nonce": webhook.nonce,
                "set_by": webhook.set_by,
                "set_at": webhook.set_at,
            }
        )

    def delete(self, region: str, inn: str) -> None:
        self._table.delete(*_key(region, inn))


class HttpsCarrier:
    """Posts to public hosts; follows no redirect and reads no answer."""

    def __init__(self, resolve: Resolve | None = None, connect: Connect | None = None) -> None:
        self._resolve = resolve or _addresses
        self._connect = connect or _connection

    def fault_of(self, url: str) -> str:
        if fault := fault_of(url):
            return fault
        try:
            found = self._resolve(urlsplit(url).hostname or "")
        except (OSError, UnicodeError):  # a part of a name may be too long to be asked for
            return UNKNOWN
        return "" if found and all(map(is_public, found)) else PRIVATE

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        answers: SimpleQueue[int | Exception] = SimpleQueue()

        def post() -> None:
            try:
                answers.put(self._posted(url, body, headers))
            except Exception as error:  # noqa: BLE001 - raised where somebody waits for it
                answers.put(error)

        Thread(target=post, daemon=True).start()
        try:
            answer = answers.get(timeout=WHOLE_S)
        except Empty:
            raise UnavailableError("the system takes too long to answer") from None
        if isinstance(answer, Exception):
            raise answer
        if answer not in TAKEN:
            raise UnavailableError(f"the system answered {answer}")

    def _posted(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return with which status it was answered."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            found = self._resolve(host)
        except (OSError, UnicodeError):
            raise UnavailableError("no such host") from None
        if fault_of(url) or not found or not all(map(is_public, found)):
            raise UnavailableError("the host is not public")
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        pool = self._connect(found[0], host)
        try:
            answer = pool.request(
                "POST",
                target,
                body=body,
                headers={"Host": host, "Content-Type": "application/json", **headers},
                redirect=False,
                retries=False,
                timeout=urllib3.Timeout(total=TIMEOUT_S),
                preload_content=False,
            )
            answer.close()
        except HTTPError as error:
            raise UnavailableError(
                f"the system cannot be reached: {type(error).__name__}"
            ) from None
        finally:
            pool.close()
        return int(answer.status)


def is_public(address: str) -> bool:
    """Tell whether an address is one of the whole internet, whatever stands for another in it."""
    there = ip_address(address.partition("%")[0])
    return all(
        one.is_global
        and not (one.is_multicast or one.is_reserved or one.is_unspecified or one.is_loopback)
        for one in (there, *_inside(there))
    )


def _inside(there: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the addresses that one of IPv6 leads on to."""
    if isinstance(there, IPv4Address):
        return []
    found = [there.ipv4_mapped, there.sixtofour, *(there.teredo or ())]
    # RFC 6052: a gateway sends what has this beginning on to the address in the last four bytes.
    translated = there.packed.startswith(bytes.fromhex("0064ff9b"))
    return [one for one in found if one] + [IPv4Address(there.packed[-4:])] * translated


def _addresses(host: str) -> list[str]:
    found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    # Those of IPv4 first: Lambda has no way to the others.
    return sorted({str(each[4][0]) for each in found}, key=lambda one: (":" in one, one))


def _connection(address: str, host: str) -> urllib3.HTTPSConnectionPool:
    return urllib3.HTTPSConnectionPool(
        address, HTTPS_PORT, server_hostname=host, assert_hostname=host, maxsize=1
    )


def _key(region: str, inn: str) -> tuple[str, str]:
    return f"WEBHOOK#{region}#{inn}", "WEBHOOK"


def _read(item: Item, region: str, inn: str) -> Webhook:
    set_at = from_ms(item["set_at"])
    if set_at is None:
        raise ValueError("a webhook without its time")
    return Webhook(
        inn=inn,
        region=region,
        url=item["url"],
        events=tuple(WebhookEvent(event) for event in item["events"]),
        nonce=item["nonce"],
        set_by=item["set_by"],
        set_at=set_at,
    )
