"""Use case: react to who reports a message, and to who decides of one."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from housechats.domain import report_texts as texts
from housechats.domain.access import Caller, Permission, may
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.dialogues import MOST_BEGUN, turn_of
from housechats.domain.errors import RefusedError
from housechats.domain.house_rules import LABELS, HouseRule
from housechats.domain.houses import House
from housechats.domain.people import Role
from housechats.domain.random_ids import random_id
from housechats.domain.reports import (
    A_DAY_AT_MOST,
    Happening,
    NotNowError,
    Report,
    begun,
    report_id,
    reported,
)
from housechats.ports.chats import Chats
from housechats.ports.houses import Houses
from housechats.ports.people import Elders, Posts
from housechats.ports.queues import Queue
from housechats.ports.reports import Reports
from housechats.ports.talks import PressButton, Pressed, Row, Saying, Talk
from housechats.ports.turns import Turns
from housechats.runtime.errands import change
from moderation.decide import Deciding, Decision, OwnMessageError, OwnReportError, decide

REMOVE, MUTE = "remove", "mute"


@dataclass(frozen=True, slots=True)
class Desk:
    """What reports are taken with."""

    reports: Reports
    chats: Chats
    houses: Houses
    elders: Elders
    posts: Posts
    turns: Turns
    queue: Queue
    talk_of: Callable[[int], Talk]
    key: str
    """Makes the hashes by which who reports is counted."""


def react(event: ChatEvent, *, desk: Desk, now: datetime) -> Pressed | None:
    """Do what an event asks for, and return what is shown to who pressed a button."""
    press = event.press
    react_to = _COMMANDS.get(press.command) if press else None
    shown = react_to(event, press, desk, now) if press and react_to else ""
    if not event.press_id:
        return None
    return Pressed(event.press_id, event.user, event.chat_id, shown)


# ---------------------------------------------------------------- who reports


def _report(event: ChatEvent, _press: Press, desk: Desk, now: datetime) -> str:
    said = _reported(event, desk, now)
    if not event.press_id and event.chat_id and said != texts.ONLY_IN_CHAT:
        said = f"{said}\n\n{_without_command(event, desk)}"
    is_shown = len(said) <= LONGEST_SHOWN
    turn = turn_of(event.community, event.user)
    if not (event.press_id and is_shown) and desk.turns.allow(
        turn, by=event.id, most=MOST_BEGUN, now=now
    ):
        _say(event, desk, said)
    return said if is_shown else ""


def _without_command(event: ChatEvent, desk: Desk) -> str:
    """Take the command out of the chat, where it tells who reports, and return what came of it."""
    try:
        desk.talk_of(event.community).delete(event.chat_id, event.cmid)
    except RefusedError:
        return texts.COMMAND_STAYS
    return texts.COMMAND_REMOVED


LONGEST_SHOWN = 90
"""Characters that VK shows to who pressed a button."""


def _reported(event: ChatEvent, desk: Desk, now: datetime) -> str:
    """Keep that a message is reported, and return what its reporter reads."""
    house = _house(event, desk)
    if house is None:
        return texts.ONLY_IN_CHAT
    if not event.reply_cmid:
        return texts.NOT_A_REPLY
    if event.reply_to < 0:
        return texts.OURS
    thing = report_id(event.community, event.chat_id, event.reply_cmid)
    key = _hash(event.user, desk.key)
    if desk.reports.count(key, event.at.date(), thing) > A_DAY_AT_MOST:
        return texts.TOO_MANY
    written = desk.talk_of(event.community).read(event.chat_id, event.reply_cmid)
    if written is None:
        return texts.ALREADY_GONE
    if written.author <= 0:
        return texts.OURS
    report = Report(
        id=thing,
        house_id=house.id,
        oktmo=house.oktmo,
        community=event.community,
        chat_id=event.chat_id,
        cmid=event.reply_cmid,
        author=written.author,
        reported_at=now,
        of_official=_is_official(written.author, house, desk),
    )
    by_company = _speaks_for_company(event.user, house, desk)
    desk.reports.add(reported(begun(report), by=event.user, key=key, by_company=by_company))
    try:
        change(
            thing,
            lambda one: reported(one, by=event.user, key=key, by_company=by_company),
            desk.reports,
        )
    except NotNowError:
        return texts.ALREADY_DECIDED
    desk.queue.send([{"report_id": thing}])
    return texts.TAKEN


def _house(event: ChatEvent, desk: Desk) -> House | None:
    if not event.chat_id:
        return None
    house_id = desk.chats.house_of(event.community, event.chat_id)
    return desk.houses.get(house_id) if house_id else None


def _caller(vk_id: int, desk: Desk) -> Caller:
    known = desk.posts.known(vk_id)
    lasting = tuple(post for post in known.posts if post.until is None)
    return Caller(vk_id, lasting, known.elder_ids)


def _is_official(vk_id: int, house: House, desk: Desk) -> bool:
    """Tell whether somebody is the elder of a house, or an official who answers for it."""
    caller = _caller(vk_id, desk)
    if house.elder_id and house.elder_id in caller.elder_ids:
        return True
    return any(
        post.territory.covers(house.oktmo)
        and (post.role != Role.REPRESENTATIVE or post.inn in house.organisations)
        for post in caller.posts
    )


def _speaks_for_company(vk_id: int, house: House, desk: Desk) -> bool:
    return any(
        post.role == Role.REPRESENTATIVE and post.inn in house.organisations
        for post in _caller(vk_id, desk).posts
    )


def _hash(vk_id: int, key: str) -> str:
    return hmac.digest(key.encode(), f"reporter/{vk_id}".encode(), "sha256").hex()[:16]


# ---------------------------------------------------------------- who decides


def _which_rule(event: ChatEvent, press: Press, desk: Desk, _now: datetime) -> str:
    """Ask which rule a message breaks, before anything is removed."""
    reached = _reached(event, press.thing, desk)
    if reached is None:
        return texts.NOT_YOURS
    if reached[0].author == event.user:
        return texts.OWN_MESSAGE
    _say(event, desk, texts.WHICH_RULE, rows=_rules(press.thing, press.command))
    return ""


def _rules(thing: str, deed: str) -> list[Row]:
    return [
        [PressButton(label, Press(Room.MODERATION, "rule", thing, f"{deed}:{rule}"))]
        for rule, label in LABELS.items()
    ]


def _break_rule(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> str:
    deed, _, rule = press.value.partition(":")
    if deed not in {REMOVE, MUTE} or rule not in set(HouseRule):
        return ""
    decision = Decision(Happening.REMOVED, HouseRule(rule), mutes=deed == MUTE)
    return _decided(event, press.thing, decision, desk, now)


def _keep(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> str:
    return _decided(event, press.thing, Decision(Happening.KEPT), desk, now)


def _quarrel(event: ChatEvent, press: Press, desk: Desk, now: datetime) -> str:
    return _decided(event, press.thing, Decision(Happening.QUARREL), desk, now)


def _decided(event: ChatEvent, thing: str, decision: Decision, desk: Desk, now: datetime) -> str:
    reached = _reached(event, thing, desk)
    if reached is None:
        return texts.NOT_YOURS
    report, caller, elder_id = reached
    try:
        decide(
            report,
            decision,
            caller=caller,
            place=report.place(elder_id),
            accounts=True,
            request_id=event.id,
            desk=Deciding(desk.reports, desk.queue),
            now=now,
        )
    except NotNowError as refused:
        return refused.message
    except OwnReportError:
        return texts.OWN_REPORT
    except OwnMessageError:
        return texts.OWN_MESSAGE
    return texts.DECIDED


def _reached(event: ChatEvent, thing: str, desk: Desk) -> tuple[Report, Caller, str] | None:
    """Return a report that the person may decide now, whatever the button says."""
    report = desk.reports.get(thing) if thing else None
    house = desk.houses.get(report.house_id) if report else None
    if report is None or house is None or report.community != event.community:
        return None
    caller = _caller(event.user, desk)
    allowed = may(caller, Permission.MODERATION_DECIDE, [report.place(house.elder_id)])
    return (report, caller, house.elder_id) if allowed else None


_COMMANDS: Mapping[str, Callable[[ChatEvent, Press, Desk, datetime], str]] = {
    "report": _report,
    REMOVE: _which_rule,
    MUTE: _which_rule,
    "rule": _break_rule,
    "keep": _keep,
    "quarrel": _quarrel,
}


def _say(event: ChatEvent, desk: Desk, text: str, *, rows: list[Row] | None = None) -> None:
    """Say something privately, once for each event; who does not allow it hears nothing."""
    number = random_id(f"moderation/{event.community}/{event.id}")
    try:
        desk.talk_of(event.community).tell(
            event.user, Saying(text, number, event.at, rows=rows or ())
        )
    except RefusedError:
        return
