"""Use cases: the elder's guide hears what the elder does, answers, and reminds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from housechats.domain.broadcast_rules import rules_at
from housechats.domain.chat_events import ChatEvent, Press, Room
from housechats.domain.communities import Community
from housechats.domain.errands import Errand
from housechats.domain.errors import DisconnectedError, PausedError, RefusedError
from housechats.domain.guide_texts import (
    ADVICE,
    CALL_NOTED,
    CALL_WITH_PHONE,
    CALL_WITHOUT_PHONE,
    NEXT,
    NO_MESSAGES,
    NOT_SEEN,
    OVER,
    PASSED,
    SHOWN,
    WHICH_OBSTACLE,
    obstacles_of,
    old_chats_text,
    reminder,
    seen_text,
    step_text,
)
from housechats.domain.guides import (
    UNASKED,
    Guide,
    GuidedHouse,
    GuideStep,
    Obstacle,
    Says,
    heard,
    hindered,
    joined,
    kept,
    reminded,
    said_done,
    silenced,
    stuck,
    told,
    wants_call,
)
from housechats.domain.houses import ChatState, House
from housechats.domain.people import Elder
from housechats.domain.posters import poster_key, posters_key
from housechats.domain.quiet_hours import LocalQuiet, next_allowed
from housechats.domain.territories import region_of
from housechats.domain.zones import zone_of
from housechats.ports.broadcast_rules import Rulebook
from housechats.ports.communities import Communities
from housechats.ports.files import Files
from housechats.ports.guides import Guides
from housechats.ports.houses import Houses
from housechats.ports.letters import Button, Letters
from housechats.ports.people import Elders
from housechats.ports.queues import Queue
from housechats.ports.talks import PressButton, Row, Saying, Talk, Tone
from housechats.runtime.errands import Then, change, run_errands

DONE, STUCK, WHY, CALL = "done", "stuck", "why", "call"
"""What the buttons of a guide ask for."""
PROMPT = timedelta(minutes=15)
"""What answers an elder later than this might wake them: it keeps quiet hours."""
DRAWN_IN = timedelta(minutes=2)
"""When to look for a file that is drawn anew: the bucket keeps files for a month."""
MOST_DRAWN = 5
"""How often it is looked for; then the step is said without it."""
ATTACHED = 10
"""Documents under one message (VK)."""
LINKS = 4
"""Buttons that lead to chats; VK takes six rows, two of them are the guide's own."""
CHECKED = 20
"""Chats in which an elder is looked for at one press."""
A_SWEEP = 200
"""Elders in one sweep: one after another, so that those who press buttons need not wait."""
AT_ONCE = 10
NOT_BEFORE = timedelta(minutes=5)
"""A sweep that comes every minute must not take up the same guide while it is at work."""
PDF_NAME = "Объявления для подъездов.pdf"


@dataclass(frozen=True, slots=True)
class Desk:
    """What guiding works with."""

    guides: Guides
    houses: Houses
    elders: Elders
    communities: Communities
    rules: Rulebook
    files: Files
    posters: Queue
    talk_of: Callable[[Community], Talk]
    letters_of: Callable[[Community], Letters]
    public_url: str
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Scene:
    """An elder whose guide says something, and the houses that are theirs now."""

    elder: Elder
    houses: Sequence[House]
    community: Community


# ---------------------------------------------------------------- what is heard


def entered(event: ChatEvent, house: House, elder_ids: frozenset[str], *, desk: Desk) -> bool:
    """Note that somebody has joined a house's chat; False when it is not the house's elder.

    An elder who was told by SMS, or before there were guides, begins theirs here.
    """
    if not house.elder_id or house.elder_id not in elder_ids:
        return False
    now = desk.clock()
    new = GuidedHouse(house.id, house.oktmo, house.letter_id, event.at)
    _begin(house.elder_id, new, event.community, desk, now)

    def then(guide: Guide) -> Guide:
        return joined(heard(guide, at=event.at, now=now), {house.id}, at=event.at, now=now)

    change(house.elder_id, then, desk.guides)
    go_on(house.elder_id, desk=desk)
    return True


def listened(event: ChatEvent, elder_ids: Iterable[str], *, desk: Desk) -> None:
    """Go on where an elder stopped who lets the community write to them, or writes to it."""
    now = desk.clock()
    for elder_id in sorted(elder_ids):
        if _is_of(event, elder_id, desk):
            change(elder_id, lambda guide: heard(guide, at=event.at, now=now), desk.guides)
            go_on(elder_id, desk=desk)


def forbidden(event: ChatEvent, elder_ids: Iterable[str], *, desk: Desk) -> None:
    """Be silent towards an elder who does not let the community write to them any more."""
    for elder_id in sorted(elder_ids):
        if _is_of(event, elder_id, desk):
            change(elder_id, silenced, desk.guides)


def pressed(event: ChatEvent, elder_ids: frozenset[str], *, desk: Desk) -> str:
    """Do what a button of a guide asks for, and return what is shown to who has pressed it."""
    press = event.press
    if press is None or press.thing not in elder_ids or event.chat_id:
        return OVER
    before = _alive(press.thing, desk)
    wish = _wish(press, event, before, desk) if before else None
    if before is None or before.over or wish is None:
        return OVER
    after = change(press.thing, wish, desk.guides) or before
    go_on(press.thing, desk=desk)
    return _shown(press, before, after)


def _is_of(event: ChatEvent, elder_id: str, desk: Desk) -> bool:
    """Tell whether it is the community that guides this elder which they mean."""
    guide = desk.guides.get(elder_id)
    return guide is not None and guide.community == event.community


def _begin(elder_id: str, house: GuidedHouse, community: int, desk: Desk, now: datetime) -> None:
    there = desk.guides.get(elder_id)
    if there and any(one.id == house.id for one in there.houses):
        return
    new = told(there, elder_id, [house], community=community, reachable=True, now=now)
    # Whoever was faster has begun it with another letter: the next try of the event adds to it.
    if desk.guides.save(new) is None:
        change(
            elder_id,
            lambda guide: told(
                guide, elder_id, [house], community=community, reachable=True, now=now
            ),
            desk.guides,
        )


def _wish(press: Press, event: ChatEvent, guide: Guide, desk: Desk) -> Then[Guide] | None:
    """Return what becomes of a guide by a press; None when it is no button of ours."""
    now, at = desk.clock(), event.at
    step, turn, obstacle = _read(press.value)
    if press.command == CALL:
        return lambda guide: wants_call(guide, at=at, now=now)
    if step is None:
        return None
    if press.command == DONE:
        seen = _seen(guide, event.user, desk) if guide.is_at(GuideStep.JOIN, turn) else set()

        def done(guide: Guide) -> Guide:
            guide = joined(guide, seen, at=at, now=now)
            return said_done(guide, step, turn, now=now)

        return done
    if press.command == STUCK:
        return lambda guide: stuck(guide, step, turn, at=at, now=now)
    if press.command == WHY and obstacle and obstacle in obstacles_of(step):
        return lambda guide: hindered(guide, obstacle, step, turn, at=at, now=now)
    return None


def _seen(guide: Guide, vk_id: int, desk: Desk) -> set[str]:
    """Return in which chats an elder is of whom no event told: it may have been lost."""
    waited = [house.id for house in guide.houses if not house.joined_at][:CHECKED]
    seen = set()
    for house in desk.houses.get_many(waited):
        community = desk.communities.get(house.community)
        if not community or not community.works or not house.chat_id:
            continue
        try:
            if desk.talk_of(community).is_member(house.chat_id, vk_id):
                seen.add(house.id)
        except RefusedError:
            continue  # the chat itself is out of reach: others tell of that
    return seen


def _shown(press: Press, before: Guide, after: Guide) -> str:
    step, turn, _ = _read(press.value)
    if not before.reachable:
        return NO_MESSAGES
    if press.command == CALL:
        return CALL_NOTED
    if step is None or not before.is_at(step, turn) or step == GuideStep.DONE:
        return PASSED
    if press.command != DONE:
        return SHOWN
    return NOT_SEEN if after.step == before.step else NEXT


def _read(value: str) -> tuple[GuideStep | None, int, Obstacle | None]:
    """Return step, turn and obstacle that a button names; anyone can have written it."""
    step, _, rest = value.partition(".")
    turn, _, obstacle = rest.partition(".")
    if step not in set(GuideStep) or not turn.isdecimal() or obstacle not in {"", *Obstacle}:
        return None, 0, None
    return GuideStep(step), int(turn), Obstacle(obstacle) if obstacle else None


# ---------------------------------------------------------------- what is due


def sweep(*, desk: Desk, has_time: Callable[[], bool]) -> int:
    """Remind who is to be reminded, say what is left to say; return of how many elders.

    One guide that cannot go on keeps no other from it; what went wrong rises in the end.
    """
    now = desk.clock()
    failures: list[Exception] = []
    met = 0
    due = desk.guides.due(now, limit=A_SWEEP)
    for some in (due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)):
        if not has_time():
            break
        for elder_id in some:
            desk.guides.postpone(elder_id, now=now, until=now + NOT_BEFORE)
        for elder_id in some:
            met += 1
            try:
                remind(elder_id, desk=desk)
            except Exception as error:  # noqa: BLE001 - see above
                failures.append(error)
    if failures:
        raise ExceptionGroup("some guides cannot go on", failures)
    return met


def remind(elder_id: str, *, desk: Desk) -> None:
    """Remind one elder if it is time, and say what is left to say."""
    guide = _alive(elder_id, desk)
    if guide is None:
        return
    now = desk.clock()
    allowed_at = _allowed_at(guide, now, desk) if guide.houses else now
    seen = _counted(guide, desk) if allowed_at <= now else set()

    def then(there: Guide) -> Guide:
        there = joined(there, seen, at=now, now=now)
        return reminded(there, now=now, allowed_at=allowed_at)

    change(elder_id, then, desk.guides)
    go_on(elder_id, desk=desk)


def go_on(elder_id: str, *, desk: Desk) -> None:
    """Say what is to be said to an elder by now."""
    run_errands(
        elder_id,
        store=desk.guides,
        do=lambda guide, errand: _say(guide, errand, desk),
        refused=lambda guide, _errand, _refusal: silenced(guide),
        clock=desk.clock,
    )


def _alive(elder_id: str, desk: Desk) -> Guide | None:
    """Return a guide without the houses that are not the elder's any more."""
    guide = desk.guides.get(elder_id)
    if guide is None:
        return None
    theirs = {house.id for house in _theirs(guide, desk)}
    now = desk.clock()
    return change(elder_id, lambda there: kept(there, theirs, now=now), desk.guides)


def _counted(guide: Guide, desk: Desk) -> set[str]:
    """Return in which chats the hourly count has seen an elder of whom no event told."""
    waited = [house.id for house in guide.houses if not house.joined_at]
    return {house.id for house in desk.houses.get_many(waited) if house.elder_joined_at}


def _theirs(guide: Guide, desk: Desk) -> list[House]:
    """Return the houses whose elder this is still, in the order of their titles."""
    found = desk.houses.get_many(house.id for house in guide.houses)
    theirs = [
        house
        for house in found
        if house.elder_id == guide.elder_id and house.state != ChatState.CLOSED
    ]
    return sorted(theirs, key=lambda house: house.title)


def _allowed_at(guide: Guide, now: datetime, desk: Desk) -> datetime:
    """Return the first moment that is quiet at none of an elder's houses."""
    codes = sorted({house.oktmo for house in guide.houses})
    kept_rules = {region: desk.rules.of_region(region) for region in {*map(region_of, codes)}}
    quiets = (
        LocalQuiet(rules_at(oktmo, kept_rules[region_of(oktmo)]).quiet, zone_of(oktmo))
        for oktmo in codes
    )
    return next_allowed(now, quiets)


# ---------------------------------------------------------------- what is said


def _say(guide: Guide, errand: Errand, desk: Desk) -> Then[Guide]:
    """Say one thing; what has passed meanwhile is not said."""
    now = desk.clock()
    houses = _theirs(guide, desk)
    if not houses:
        return lambda there: kept(there, (), now=now)
    if _has_passed(guide, errand):
        return lambda there: there
    late = errand.begun_at is not None and now - errand.begun_at > PROMPT
    if errand.kind in UNASKED or late:
        allowed_at = _allowed_at(guide, now, desk)
        if allowed_at > now:
            raise PausedError(allowed_at, "quiet hours")
    elder = desk.elders.get(guide.elder_id)
    if elder is None or not elder.vk_id:
        raise RefusedError("not_found", "Страница старшего не известна.")
    scene = Scene(elder, houses, _community(guide, desk))
    attachment = _poster(guide, errand, scene, desk) if _shows_poster(guide, errand) else ""
    saying = Saying(
        text=_text(guide, errand, scene, desk, pdf=attachment != ""),
        random_id=errand.random_id(guide.elder_id),
        begun_at=errand.begun_at or now,
        rows=_rows(guide, errand, scene),
        attachment=attachment,
    )
    desk.talk_of(scene.community).tell(elder.vk_id, saying)
    return lambda there: there


def _has_passed(guide: Guide, errand: Errand) -> bool:
    of_step = {Says.BEGIN, Says.STEP, Says.SEEN, Says.TEXT, Says.REMIND, Says.OBSTACLES}
    return errand.kind in of_step and errand.value != guide.step


def _community(guide: Guide, desk: Desk) -> Community:
    community = desk.communities.get(guide.community)
    if community is None or not community.works:
        raise DisconnectedError(0, "the community is disconnected")
    return community


def _text(guide: Guide, errand: Errand, scene: Scene, desk: Desk, *, pdf: bool) -> str:
    houses = _about(guide, scene.houses)
    match Says(errand.kind):
        case Says.BEGIN | Says.STEP:
            return step_text(guide, houses, pdf=pdf)
        case Says.SEEN:
            return seen_text(guide, houses)
        case Says.REMIND:
            return reminder(guide, houses, pdf=pdf)
        case Says.TEXT:
            return old_chats_text(houses, public_url=desk.public_url)
        case Says.OBSTACLES:
            return WHICH_OBSTACLE
        case Says.ADVICE:
            return ADVICE[Obstacle(errand.value)]
    return CALL_WITH_PHONE if scene.elder.phone else CALL_WITHOUT_PHONE


def _about(guide: Guide, houses: Sequence[House]) -> list[House]:
    """Return the houses with which the present step is still to be taken."""
    left = {
        GuideStep.JOIN: {house.id for house in guide.houses if not house.joined_at},
        GuideStep.COPY: {house.id for house in guide.houses if not house.copied_at},
        GuideStep.PRINT: {house.id for house in guide.houses if not house.printed_at},
    }.get(guide.step, set())
    return [house for house in houses if house.id in left] or [*houses]


def _rows(guide: Guide, errand: Errand, scene: Scene) -> list[Row]:
    def button(label: str, command: str, more: str = "", tone: Tone = Tone.PLAIN) -> PressButton:
        value = f"{guide.step}.{guide.turn}{more}"
        return PressButton(label, Press(Room.GUIDE, command, guide.elder_id, value), tone)

    done = button("Готово", DONE, tone=Tone.GOOD)
    call = button("Позвоните мне", CALL)
    match Says(errand.kind):
        case Says.TEXT | Says.CALL:
            return []
        case Says.OBSTACLES:
            whys = [[button(said, WHY, f".{o}")] for o, said in obstacles_of(guide.step).items()]
            return [*whys, [call]]
        case Says.ADVICE:
            return [[done, call]]
    if guide.step == GuideStep.DONE:
        return []
    links: list[Row] = []
    if guide.step == GuideStep.JOIN:
        opened = [house for house in _about(guide, scene.houses) if house.link]
        label = "Вступить в чат" if len(opened) == 1 else ""
        links = [[Button(label or house.title, house.link)] for house in opened[:LINKS]]
    return [*links, [done, button("Не получается", STUCK)], [call]]


def _shows_poster(guide: Guide, errand: Errand) -> bool:
    return guide.step == GuideStep.PRINT and errand.kind in {Says.STEP, Says.REMIND}


def _poster(guide: Guide, errand: Errand, scene: Scene, desk: Desk) -> str:
    """Return the posters as a document; empty when there are none to be had.

    A file that the bucket keeps no more is drawn anew, and the step waits for it.
    """
    files = [*_files(guide, _about(guide, scene.houses), desk)]
    lacking = [letter_id for letter_id, pdf in files if pdf is None]
    if lacking and errand.tries < MOST_DRAWN:
        desk.posters.send(
            {"batch_id": letter_id, "elder_id": guide.elder_id} for letter_id in lacking
        )
        raise PausedError(desk.clock() + DRAWN_IN, "the posters are drawn")
    letters = desk.letters_of(scene.community)
    documents = (
        letters.attach(scene.elder.vk_id, file_name=PDF_NAME, pdf=pdf) for _, pdf in files if pdf
    )
    return ",".join(documents)


def _files(guide: Guide, about: Sequence[House], desk: Desk) -> Iterator[tuple[str, bytes | None]]:
    """Yield the file of each letter that told of the houses; None where it is to be drawn."""
    letters = {house.id: house.letter_id for house in guide.houses}
    for letter_id in sorted({letters[house.id] for house in about})[:ATTACHED]:
        pdf = desk.files.get(poster_key(about[0].id)) if len(about) == 1 else None
        yield letter_id, pdf or desk.files.get(posters_key(letter_id, guide.elder_id))
