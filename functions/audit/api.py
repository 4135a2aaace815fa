"""HTTP: who did what, to what and when."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AwareDatetime, Field

from audit.export import export, export_key
from audit.read_back import Place, Wanted, read_back
from housechats.adapters.audit import DynamoLedger
from housechats.adapters.aws import spending
from housechats.adapters.files import S3Files
from housechats.adapters.gate import open_gate
from housechats.adapters.table import Table
from housechats.domain.access import Permission
from housechats.domain.audit import Entry, Outcome
from housechats.domain.patterns import OKTMO_OR_NOTHING
from housechats.domain.territories import Territory
from housechats.ports.audit import Ledger
from housechats.ports.files import Files
from housechats.ports.gate import Gate
from housechats.runtime import settings
from housechats.runtime.http import invalid
from housechats.runtime.log import Context, with_request_id
from housechats.runtime.routes import NO_CURSOR, Cursor, Limit, Router, answer, api

router = Router()

CURSOR = re.compile(r"[0-9]{2,3}-[0-9]{1,12}(\.[0-9]{2,3}-[0-9]{1,12})*")


@dataclass(frozen=True, slots=True)
class Settings(settings.ApiSettings):
    lists_bucket: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What the routes work with."""

    gate: Gate
    ledger: Ledger
    files: Files


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    gate = open_gate(
        table,
        elder_key=env.id_key,
        launch_hours=env.launch_hours,
        changes_a_minute=env.changes_a_minute,
    )
    return Doors(gate=gate, ledger=DynamoLedger(table), files=S3Files(env.lists_bucket))


class DoneAs(StrEnum):
    """As whom somebody did something."""

    ADMINISTRATOR = "administrator"
    STAFF = "staff"
    REPRESENTATIVE = "representative"
    ELDER = "elder"
    OPERATOR = "operator"
    """Of the system itself: whoever may invoke its functions."""


@dataclass(frozen=True, slots=True)
class DeedNote:
    """One act of somebody's."""

    id: str
    at: datetime
    """When it was begun."""
    who: str
    """`vk:<id>`, or `operator`."""
    role: DoneAs | None
    """What gave the right to it; null when nothing was needed."""
    what: str
    """The operation, by its operationId here; `appoint` is an operator's."""
    on: list[str]
    """Ids of what it concerned, such as `house:0A1B2C3D`, `organisation:2901234567`, `vk:5`."""
    oktmo: str
    """Where it was done."""
    request_id: str
    """By which our journals know the request."""
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class DeedPage:
    """A page of acts."""

    items: list[DeedNote]
    """The newest first. A page may be short, even empty, and not the last one."""
    next_cursor: str


@dataclass(frozen=True, slots=True)
class AuditExport:
    """What to write into a file."""

    oktmo: Annotated[str, Field(pattern=OKTMO_OR_NOTHING)] = ""
    """A territory; the caller's only one when empty. Only a whole region's is a whole chain."""
    after: Annotated[int, Field(ge=0, lt=10**12, strict=True)] = 0
    """`next_after` of the file before, when it did not take everything."""


@dataclass(frozen=True, slots=True)
class AuditFile:
    """A file of JSON lines: one that tells what it is, then a link of the chain in each."""

    url: str
    file_name: str
    expires_at: datetime
    links: int
    """Links in it."""
    whole: bool
    """Whether it has every link of the region's chain, so that one follows from another."""
    next_after: int
    """What to ask the next file with; 0 when this one has the rest."""


@router.get(
    "/audit",
    operation_id="listDeeds",
    summary="Кто, что, с чем и когда сделал",
    tags=["audit"],
    permission=Permission.AUDIT_READ,
)
def list_deeds(
    *,
    who: Annotated[str, Query(max_length=30, description="Кто: `vk:<номер>`")] = "",
    what: Annotated[str, Query(max_length=60, description="Что: `operationId` действия")] = "",
    on: Annotated[str, Query(max_length=60, description="С чем: например, `house:<код>`")] = "",
    since: Annotated[
        AwareDatetime | None, Query(alias="from", description="Не раньше этого времени")
    ] = None,
    until: Annotated[
        AwareDatetime | None, Query(alias="to", description="Раньше этого времени")
    ] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> DeedPage:
    entries, place = read_back(
        Wanted(who, what, on, since, until),
        router.territories,
        _place(cursor),
        ledger=_doors().ledger,
        limit=limit,
    )
    return DeedPage([_shown(entry) for entry in entries], _cursor(place))


@router.post(
    "/audit/export",
    operation_id="exportAudit",
    summary="Выгрузить учёт действий в файл",
    tags=["audit"],
    permission=Permission.AUDIT_READ,
    once=True,
    anew=True,
)
def export_audit(wanted: AuditExport) -> AuditFile:
    """Write the file and answer with a link to it."""
    territory, now = Territory(router.covered(wanted.oktmo)), datetime.now(UTC)
    router.asked.deed(territory.oktmo, f"territory:{territory.oktmo}")
    doors, export_id = _doors(), router.asked.new_id()
    made = export(
        territory,
        after=wanted.after,
        export_id=export_id,
        ledger=doors.ledger,
        files=doors.files,
    )
    file_name = f"Учёт действий {territory.oktmo} {now:%Y-%m-%d}.jsonl"
    link = doors.files.download(export_key(export_id), file_name=file_name, now=now)
    return AuditFile(link.url, file_name, link.expires_at, made.links, made.whole, made.next_after)


def _doors() -> Doors:
    doors: Doors = router.context["doors"]
    return doors


def _shown(entry: Entry) -> DeedNote:
    act = entry.act
    return DeedNote(
        id=act.id,
        at=act.at,
        who=act.who,
        role=DoneAs(act.role) if act.role else None,
        what=act.what,
        on=list(act.on),
        oktmo=act.oktmo,
        request_id=act.request_id,
        outcome=act.outcome,
    )


def _cursor(place: Place) -> str:
    return ".".join(f"{region}-{before}" for region, before in sorted(place.items()))


def _place(cursor: str) -> Place:
    if cursor and not CURSOR.fullmatch(cursor):
        raise invalid(*NO_CURSOR)
    parts = (part.partition("-") for part in cursor.split(".") if part)
    return {region: int(before) for region, _, before in parts}


app = api(router)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    doors = wired()
    return answer(app, event, context, gate=doors.gate, doors=doors, spent=spending.take)
