"""Routes of erasure: what is known of a person, and forgetting them."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from housechats.domain.access import Permission
from housechats.domain.contacts import read_phone, read_vk
from housechats.domain.erasure import Erasure, Person, RecordKind
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.ports.people import LastAdministratorError
from housechats.runtime.http import ProblemError, answers, invalid, problems
from housechats.runtime.job_cards import JobCard, job_card
from people.routes.router import Router, asking_vk

router = Router()

VK_OR_PHONE = "Укажите что-то одно: страницу ВКонтакте или телефон."
NO_PAGE = "Укажите страницу ВКонтакте: ссылку, короткое имя или номер."
NO_PHONE = "Телефон не прочитан: нужно 11 цифр, например +7 900 000-00-00."
SEARCH_S = 20
"""How long somebody waits for what is known: the gateway gives 30 seconds, and one more list may
take some."""
SEARCHES_A_MINUTE = 6
"""Of one caller: each reads the whole table."""


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """Who it is: by the page or by the phone."""

    vk: Annotated[str, Field(max_length=300)] = ""
    """The person's page: a link, a screen name or a number; also one that is deleted."""
    phone: Annotated[str, Field(max_length=100)] = ""
    """The person's phone, however it is spelled."""
    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """Within which territory; the caller's own when empty."""


@dataclass(frozen=True, slots=True)
class Known:
    """One record that tells of the person."""

    where: RecordKind
    """What kind of record it is."""
    id: str
    """Its id among those of its kind."""
    what: str
    """What is known there: a sentence for people."""
    oktmo: str
    """Where it lies; empty when it lies nowhere."""


@dataclass(frozen=True, slots=True)
class KnownOfPerson:
    """What is known of a person in a territory."""

    items: list[Known]
    complete: bool
    """False when not all could be looked through while you wait; an erasure looks at all."""


@router.post(
    "/people/search",
    operation_id="searchPerson",
    summary="Что известно о человеке на вашей территории",
    tags=["people"],
    permission=Permission.PEOPLE_FORGET,
)
def search_person(said: PersonSaid) -> KnownOfPerson:
    """Show every record that tells of who has this page or this phone; nothing is changed."""
    # Its machinery takes a part of the function's start, and few ask.
    from people.forget import search  # noqa: PLC0415

    began = time.monotonic()
    router.asked.limit(SEARCHES_A_MINUTE)
    erasure = _read(said)
    found, complete = search(
        erasure,
        desk=router.doors.erasures.forgetting,
        go_on=lambda: time.monotonic() - began < SEARCH_S,
    )
    return KnownOfPerson([Known(one.where, one.id, one.what, one.oktmo) for one in found], complete)


@router.post(
    "/erasures",
    operation_id="forgetPerson",
    summary="Забыть человека на вашей территории",
    tags=["people"],
    permission=Permission.PEOPLE_FORGET,
    once=True,
    responses={
        **answers("Работа началась; она кончается повторным поиском", JobCard, 202),
        **problems(conflict="Последний администратор территории: сначала назначьте другого."),
    },
)
def forget_person(said: PersonSaid) -> Response[JobCard]:
    """Erase every record that tells of who has this page or this phone, and prove it.

    Lists that name the person lose their uploaded file and their checked workbook; lists that
    were refused lose their file, for nobody knows whom it names. Letters that were sent are out
    of reach.
    """
    from people.erase import begin  # noqa: PLC0415 - as above

    erasure = _read(said)
    try:
        job = begin(erasure, desk=router.doors.erasures)
    except LastAdministratorError as error:
        raise ProblemError("last_administrator") from error
    return Response(
        status_code=HTTPStatus.ACCEPTED,
        content_type="application/json",
        headers={"Location": f"/jobs/{job.id}"},
        body=job_card(job, router.caller, now=datetime.now(UTC)),
    )


def _read(said: PersonSaid) -> Erasure:
    """Return whom to look for; the account names the request, never the person."""
    oktmo = router.covered(said.oktmo)
    erasure_id = router.asked.new_id()
    router.asked.deed(oktmo, f"erasure:{erasure_id}")
    by, now = router.caller.name, datetime.now(UTC)
    return Erasure(erasure_id, _person(said, oktmo), oktmo, by, now)


def _person(said: PersonSaid, oktmo: str) -> Person:
    if bool(said.vk.strip()) == bool(said.phone.strip()):
        raise invalid("/vk", VK_OR_PHONE)
    if said.phone.strip():
        phone, _ = read_phone(said.phone)
        if not phone:
            raise invalid("/phone", NO_PHONE)
        return Person(phone=phone)
    vk_id, name, _ = read_vk(said.vk)
    if not (vk_id or name):
        raise invalid("/vk", NO_PAGE)
    if vk_id:  # the messenger is not asked: a page that is deleted has its right too
        return Person(vk_id)
    with asking_vk():
        page = router.doors.pages.look_up({name}, oktmo=oktmo).get(name)
    return Person(page.vk_id if page else 0, frozenset({name}))
