"""Access: what every request of a signed caller passes before and after its route.

Before: how old the launch is, who asks with the roles of this moment, what the route needs. Before
it changes anything: how often the caller does so, whether it was done already, what is about to be
done. After: what came of it goes into the audit and, for repeats, is remembered.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any

from housechats.domain.access import GRANTS, Caller, Permission
from housechats.domain.audit import Act, Outcome
from housechats.domain.people import Post, Role
from housechats.ports.gate import Gate
from housechats.ports.requests import Remembered
from housechats.runtime.http import ProblemError
from housechats.runtime.log import logger

AHEAD = timedelta(minutes=5)
"""How far ahead of ours the clock of VK may be."""
LEASE = timedelta(seconds=40)
"""How long a request is believed to be at work: the gateway gives it 30 seconds."""
A_MINUTE = 60
LINK_KEPT_S = 300
"""How long a link may be shown from what was seen before: it opens for 900 seconds."""
LONGEST_KEY = 200
KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
BAD_KEY = "От 1 до 200 латинских букв, цифр и знаков без пробелов."
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("content-type", "location")
CLIENT_ERROR, SERVER_ERROR = 400, 500


class ReplayedError(Exception):
    """The request was answered before: its answer is given again."""


class Request:
    """One request, from the moment its route is known."""

    def __init__(self, gate: Gate, event: Mapping[str, Any]) -> None:
        self._gate = gate
        self._event = event
        self.now = datetime.now(UTC)
        self.caller: Caller
        self.permission: Permission | None = None
        self.operation = ""
        self.revision = 0
        """Of what a GET shows: who changes it says which they have seen."""
        self.seen_as = ""
        """What the validator is made of in place of the body, where a link is new each time."""
        self.replayed: Remembered | None = None
        self._once = self._rereads = self._anew = False
        self._begun_key = self._digest = ""
        self._act: Act | None = None
        self._arguments: Mapping[str, str] = {}

    # ------------------------------------------------------------- before the route

    def begin(self, route: Any, arguments: Mapping[str, str]) -> None:
        """Let the caller pass to a route, or raise the problem."""
        told = route.openapi_extensions or {}
        self.operation = route.operation_id
        self.permission = Permission(needed) if (needed := told.get("x-permission")) else None
        self._once = told.get("x-once", False)
        self._rereads = told.get("x-rereads", False)
        self._anew = told.get("x-anew", False)
        self._arguments = arguments
        self.caller = self._who()
        if self.permission and not self.caller.granting(self.permission):
            self._require_elder(self.permission)

    def _who(self) -> Caller:
        signed = self._event["requestContext"]["authorizer"]["lambda"]
        age = self.now - datetime.fromtimestamp(int(signed["vk_ts"]), UTC)
        if not -AHEAD <= age <= timedelta(hours=self._gate.launch_hours):
            raise ProblemError("launch_expired")
        vk_id = int(signed["vk_user_id"])
        known = self._gate.posts.known(vk_id)
        lasting = tuple(post for post in known.posts if post.until is None)
        return Caller(vk_id, lasting, known.elder_ids)

    def _require_elder(self, permission: Permission) -> None:
        if permission in GRANTS[Role.ELDER]:
            if self.own_houses:
                return
            raise ProblemError("forbidden" if self.caller.posts else "no_role")
        raise ProblemError("forbidden" if self.caller.posts or self.own_houses else "no_role")

    @cached_property
    def own_houses(self) -> frozenset[str]:
        """Ids of the houses whose elder the caller is now."""
        may_be = self._gate.elders.houses_of(self.caller.elder_ids)
        houses = self._gate.houses.get_many(may_be)
        return frozenset(h.id for h in houses if h.elder_id in self.caller.elder_ids)

    # ------------------------------------------------------------- before it changes anything

    @property
    def changes(self) -> bool:
        return self._method != "GET"

    def about_to_change(self) -> None:
        """Count, recognise a repeat, and keep what is about to be done."""
        self._count(self._gate.changes_a_minute)
        if self._once and (key := self._header("idempotency-key")):
            self._take(key)
        self._act = self._about()
        self._gate.ledger.intend(self._act)

    def limit(self, times_a_minute: int) -> None:
        """Refuse what costs too much to be done so often by one caller."""
        self._count(times_a_minute, of=self.operation)

    def _count(self, at_most: int, *, of: str = "") -> None:
        minute, second = divmod(int(self.now.timestamp()), A_MINUTE)
        times = self._gate.requests.count(self.caller.name, minute=minute, of=of)
        if times > at_most:
            raise ProblemError("too_many_requests", retry_after=A_MINUTE - second)

    def deed(self, oktmo: str, *on: str) -> None:
        """Say what the act is done to and where; without a word it is the path's."""
        if self._act:
            here = [post for post in self._granting() if post.territory.covers(oktmo)]
            role = here[0].role if here else self._act.role
            self._act = replace(self._act, oktmo=oktmo, on=on, role=role)

    def shows_link_beside(self, rest: object) -> None:
        """Say what an answer shows beside a link that is signed anew each time.

        Who has seen the same less than some minutes ago has a link that still opens.
        """
        self.seen_as = f"{rest} {int(self.now.timestamp()) // LINK_KEPT_S}"

    def new_id(self) -> str:
        """Return an id of 16 characters for what is created; a repeat of the request gets it."""
        # Another body under a key that was released is another wish.
        source = f"{self._begun_key}/{self._digest}" if self._begun_key else self._request_id
        return sha256(f"{self.caller.name}/{self.operation}/{source}".encode()).hexdigest()[:16]

    def require_match(self, revision: int) -> None:
        """Refuse a change of something that is not any more as the caller has seen it."""
        said = self._header("if-match")
        if said and said.strip() != "*" and f'"r{revision}-' not in said:
            raise ProblemError("changed_meanwhile")

    def _take(self, key: str) -> None:
        if not KEY.fullmatch(key):
            raise ProblemError(
                "invalid", errors=[{"pointer": "/header/Idempotency-Key", "detail": BAD_KEY}]
            )
        body = self._event.get("body") or ""
        # With a key: a body may be little more than a phone, and all phones can be tried.
        said = f"{self._method} {self._event['rawPath']}\n{body}".encode()
        digest = hmac.digest(self._gate.elder_key.encode(), said, "sha256").hex()
        there = self._gate.requests.begin(
            self.caller.name, key, digest, now=self.now, lease_until=self.now + LEASE
        )
        answered = there is not None and there.digest == digest and not there.lease_until
        if there is None or (answered and self._anew):
            self._begun_key, self._digest = key, digest
            return
        if there.digest != digest:
            raise ProblemError("key_reused")
        if there.lease_until:
            raise ProblemError("in_progress", retry_after=1)
        self.replayed = there
        raise ReplayedError

    def _about(self) -> Act:
        post = next(iter(self._granting()), None)
        return Act(
            id=sha256(f"{self.caller.name}/{self._request_id}".encode()).hexdigest()[:16],
            at=self.now,
            who=self.caller.name,
            role=post.role if post else "",
            what=self.operation,
            on=tuple(f"{name}:{value}" for name, value in self._arguments.items()),
            oktmo=post.territory.oktmo if post else "",
            request_id=self._request_id,
        )

    def _granting(self) -> list[Post]:
        return self.caller.granting(self.permission) if self.permission else []

    # ------------------------------------------------------------- after it

    def end(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Account for what was done, remember the answer, and return it with its validators."""
        status = answer["statusCode"]
        # What was done is done: if it cannot be noted now, the lease and the sweep will see to it.
        # That nothing is done twice goes before that it is accounted for at once.
        for note in (self._remember, self._account):
            try:
                note(answer)
            except Exception:  # noqa: BLE001 - see above
                logger.exception("not noted", extra={"operation": self.operation})
        is_shown = status < CLIENT_ERROR and answer.get("body") and not self.replayed
        if is_shown and (not self.changes or self.revision):
            self._validate(answer)
        return answer

    def _account(self, answer: Mapping[str, Any]) -> None:
        act, status = self._act, answer["statusCode"]
        if act is None:
            return
        if status < CLIENT_ERROR:
            self._gate.ledger.settle(replace(act, outcome=Outcome.DONE))
        elif status < SERVER_ERROR:
            self._gate.ledger.drop(act.id)
        else:
            self._gate.ledger.settle(act)

    def _remember(self, answer: Mapping[str, Any]) -> None:
        key, status = self._begun_key, answer["statusCode"]
        headers = _lower(answer.get("headers"))
        if not key:
            return
        if status >= CLIENT_ERROR:
            self._gate.requests.release(self.caller.name, key)
            return
        kept = {name: headers[name] for name in KEPT_HEADERS if name in headers}
        body = "" if self._rereads or self._anew else answer.get("body") or ""
        self._gate.requests.answered(
            self.caller.name, key, Remembered("", None, status, kept, body)
        )

    def _validate(self, answer: dict[str, Any]) -> None:
        seen = sha256((self.seen_as or answer["body"]).encode()).hexdigest()[:20]
        tag = f'"r{self.revision}-{seen}"'
        headers = answer.setdefault("headers", {})
        headers |= {"ETag": tag, "Cache-Control": "private, no-cache"}
        known = self._header("if-none-match")
        if not self.changes and (tag in known or known.strip() == "*"):
            answer["statusCode"], answer["body"] = 304, ""

    # ------------------------------------------------------------- what came

    @property
    def _method(self) -> str:
        return str(self._event["requestContext"]["http"]["method"]).upper()

    @property
    def _request_id(self) -> str:
        return str(self._event["requestContext"]["requestId"])

    def _header(self, name: str) -> str:
        return _lower(self._event.get("headers")).get(name, "")

    @property
    def log(self) -> dict[str, Any]:
        """What the journal says of the request: ids of operations and roles, no path, no query."""
        posts = self.caller.posts if hasattr(self, "caller") else ()
        return {"operation": self.operation, "roles": sorted({post.role for post in posts})}


def replay(remembered: Remembered, shown: dict[str, Any] | None) -> dict[str, Any]:
    """Return the answer that was given before; `shown` is what lies at its location now."""
    if shown and shown["statusCode"] >= CLIENT_ERROR:
        return shown  # it is out of reach by now
    body = shown["body"] if shown else remembered.body
    headers = {**remembered.headers, REPLAYED: "true"}
    return {"statusCode": remembered.status, "headers": headers, "body": body}


def event_of(location: str, event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event of the same caller who asks for what lies at a location."""
    http = {**event["requestContext"]["http"], "method": "GET", "path": location}
    return {
        **event,
        "rawPath": location,
        "routeKey": f"GET {location}",
        "rawQueryString": "",
        "queryStringParameters": {},
        "headers": {},
        "body": None,
        "requestContext": {**event["requestContext"], "http": http},
    }


def _lower(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {name.lower(): value for name, value in (headers or {}).items()}
