"""Posts events to callback servers over HTTP, several at a time."""

import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

from local.vk.callbacks import Answer, Callbacks, Post

CARRIERS = 8
LOOKS_EACH = 0.5
"""Seconds after which a carrier looks whether it is to end."""
LONGEST_ANSWER = 4096


class Postman:
    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._ended = False
        self._carriers: list[threading.Thread] = []

    def begin(self) -> None:
        """Start carrying, once."""
        if self._carriers:
            return
        self._carriers = [
            threading.Thread(target=self._carry, daemon=True) for _ in range(CARRIERS)
        ]
        for carrier in self._carriers:
            carrier.start()

    def end(self) -> None:
        with self._callbacks.changed:
            self._ended = True
            self._callbacks.changed.notify_all()
        for carrier in self._carriers:
            carrier.join(timeout=LOOKS_EACH)

    def _carry(self) -> None:
        while (post := self._next()) is not None:
            self._callbacks.came(post, send(post))

    def _next(self) -> Post | None:
        """Wait for what is due; None when it is time to end."""
        with self._callbacks.changed:
            while not self._ended:
                post = self._callbacks.take()
                if post:
                    return post
                self._callbacks.changed.wait(self._callbacks.idle(LOOKS_EACH))
        return None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Take a redirect for an answer that is not `ok`, as VK does."""


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def send(post: Post) -> Answer:
    """Post an event and return the answer; status 0 when none came in time."""
    request = urllib.request.Request(post.url, post.body, post.headers)  # noqa: S310 - http or https
    try:
        with _opener.open(request, timeout=post.patience) as answer:
            return Answer(answer.status, answer.read(LONGEST_ANSWER))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, b"", _seconds(refused.headers.get("Retry-After")))
    except (OSError, HTTPException, ValueError):
        return Answer()


def _seconds(retry_after: str | None) -> float | None:
    """Read Retry-After: seconds or a date."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return (at - datetime.now(UTC)).total_seconds() if at.tzinfo else None
