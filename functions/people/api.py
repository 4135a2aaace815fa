"""HTTP: who calls, and what they may do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from housechats.adapters.people import DynamoOfficials
from housechats.adapters.table import Table
from housechats.domain.people import Role
from housechats.runtime import settings
from housechats.runtime.access import caller
from housechats.runtime.http import resolver
from housechats.runtime.log import with_request_id

app = resolver()


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@dataclass(frozen=True, slots=True)
class Me:
    """The person who calls, and what they may do."""

    vk_id: int
    role: Role
    territory: str
    permissions: list[str]


OF_STAFF = [
    "houses.read",
    "houses.create",
    "batches.read",
    "batches.create",
    "batches.mend",
    "territories.read",
]
PERMISSIONS = {
    Role.ADMINISTRATOR: [*OF_STAFF, "territories.change"],
    Role.STAFF: OF_STAFF,
}


@cache
def wired() -> DynamoOfficials:
    """Open the doors, once per container."""
    return DynamoOfficials(Table(Settings.from_env().table))


@app.get("/me", operation_id="me", summary="Кто я и что мне можно")
def me() -> Me:
    official = caller(app, officials=wired(), now=datetime.now(UTC))
    return Me(
        vk_id=official.vk_id,
        role=official.role,
        territory=official.territory.oktmo,
        permissions=PERMISSIONS[official.role],
    )


@with_request_id
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return app.resolve(event, context)
