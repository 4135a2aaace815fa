"""Use case: react to what somebody did in a chat or in the private dialog."""

from collections.abc import Callable, Mapping
from functools import partial

from housechats.domain.chat_events import ChatEvent, EventKind, Press, Room
from housechats.domain.dialogues import Dialogue
from housechats.domain.errors import RefusedError
from housechats.domain.questions import NotNowError, Voice
from housechats.ports.talks import Pressed, Written
from questions import answering, ask, press_decision, solved
from questions.decide import Decision
from questions.desk import Desk, NotForYouError, said_after
from questions.vote import vote

COMMANDS: Mapping[str, Callable[[ChatEvent, Press, Desk], str]] = {
    "for": partial(vote, voice=Voice.FOR),
    "against": partial(vote, voice=Voice.AGAINST),
    "ask": ask.begin,
    "next": ask.press_next,
    "where": ask.press_where,
    "who": ask.press_who,
    "again": ask.press_again,
    "confirm": ask.press_confirm,
    "cancel": ask.press_cancel,
    "raise": partial(press_decision.press, decision=Decision.RAISE),
    "decline": press_decision.press_decline,
    "ask_anyway": partial(press_decision.press, decision=Decision.ASK),
    "withdraw": partial(press_decision.press, decision=Decision.WITHDRAW),
    "answer": answering.begin,
    "publish": partial(answering.press_publish, pin=False),
    "publish_pinned": partial(answering.press_publish, pin=True),
    "leave": answering.press_cancel,
    "official": answering.press_official,
    "not_ours": answering.press_not_ours,
    "redirect": answering.press_redirect,
    "solved": partial(solved.press, voice=Voice.FOR),
    "not_solved": partial(solved.press, voice=Voice.AGAINST),
}
"""What buttons and commands do; each returns what the snackbar says, if anything."""

STEPS: Mapping[str, Callable[[ChatEvent, Dialogue, Written, Desk], None]] = {
    "text": ask.hear_text,
    "photos": ask.hear_photos,
    "where": ask.hear_words,
    "who": ask.hear_words,
    "confirm": ask.hear_words,
    "decline": press_decision.hear_reason,
    "answer": answering.hear_answer,
    "redirect": answering.hear_redirect,
    "not_solved": solved.hear_reason,
}
"""What a private text is, by the step of the dialogue that it answers."""

REPLIES: tuple[Callable[[ChatEvent, Desk], bool], ...] = (answering.offer,)
"""Who may want to know of a reply in a chat to a message of ours; True: it was theirs."""

LONGEST_SNACKBAR = 90
WRITE_FIRST = "https://vk.me/club{}"
"""Where a person begins the dialog without which the community may not write to them."""
CLOSED_TO_US = {"consent", "blocked", "privacy"}


def react(event: ChatEvent, *, desk: Desk) -> Pressed | None:
    """Do what somebody wants; return the answer to their press, if it was one."""
    if event.kind == EventKind.PRESS and event.press:
        return _answer(event, event.press, desk)
    if event.kind != EventKind.TEXT:
        return None
    if event.press:
        _command(event, event.press, desk)
    elif event.chat_id:
        any(reply(event, desk) for reply in REPLIES)
    else:
        _private(event, desk)
    return None


def _answer(event: ChatEvent, press: Press, desk: Desk) -> Pressed:
    said, link = "", ""
    command = COMMANDS.get(press.command)
    try:
        said = command(event, press, desk) if command else ""
    except (NotNowError, NotForYouError) as refusal:
        said = refusal.message
    except RefusedError as refusal:
        said = refusal.message
        if refusal.code in CLOSED_TO_US:
            said, link = "", WRITE_FIRST.format(event.community)
    return Pressed(event.press_id, event.user, event.chat_id, _fitting(said), link)


def _command(event: ChatEvent, press: Press, desk: Desk) -> None:
    command = COMMANDS.get(press.command)
    if command is None:
        return
    _telling_why_not(event, desk, lambda: command(event, press, desk))


def _private(event: ChatEvent, desk: Desk) -> None:
    dialogue = desk.dialogues.get(event.community, event.user)
    if dialogue is None or dialogue.room != Room.QUESTIONS:
        return
    if ask.ask_again(event, dialogue, desk) or event.at < dialogue.asked_at - ask.SECONDS_OF_VK:
        return
    written = desk.talk_of(event.community).read_private(event.user, event.cmid)
    step = STEPS.get(dialogue.step)
    if written and step:
        _telling_why_not(event, desk, lambda: step(event, dialogue, written, desk))


def _telling_why_not(event: ChatEvent, desk: Desk, deed: Callable[[], object]) -> None:
    """Do what a text asks for: there is no snackbar, so a refusal is told privately."""
    try:
        try:
            deed()
        except (NotNowError, NotForYouError) as refusal:
            desk.talk_of(event.community).tell(event.user, said_after(event, refusal.message))
    except RefusedError:
        return  # the person lets nobody write to them, and has asked in the chat by a text


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_SNACKBAR else f"{text[: LONGEST_SNACKBAR - 1]}…"
