"""An operator has a person forgotten everywhere (`make forget`)."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from housechats.adapters.audit import DynamoLedger
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.files import S3Files
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.table import Table
from housechats.adapters.traces import DynamoMemory
from housechats.domain.contacts import read_phone
from housechats.domain.erasure import Person
from housechats.ports.audit import Ledger
from housechats.ports.people import LastAdministratorError
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id
from people.erase import LAST_ADMINISTRATOR
from people.forget import Desk
from people.forget_everywhere import forget_everywhere, show_everywhere

WHO = "Кого забыть: номер страницы ВКонтакте или телефон из 11 цифр."


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str
    id_key: str
    lists_bucket: str


@dataclass(frozen=True, slots=True)
class Doors:
    """What an operator's erasure works with."""

    desk: Desk
    ledger: Ledger
    key: str


@cache
def wired() -> Doors:
    """Open the doors, once per container."""
    env = Settings.from_env()
    table = Table(env.table)
    desk = Desk(
        memory=DynamoMemory(table, elder_key=env.id_key),
        posts=DynamoPosts(table),
        houses=DynamoHouses(table),
        batches=DynamoBatches(table),
        lists=S3Files(env.lists_bucket),
    )
    return Doors(desk, DynamoLedger(table), env.id_key)


@with_request_id
def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Take `{"vk_id": "1", "phone": "", "erase": true}`; answer with what is known, or is left."""
    doors, now = wired(), datetime.now(UTC)
    person = _person(str(event.get("vk_id", "")), str(event.get("phone", "")))
    if event.get("erase"):
        try:
            found = forget_everywhere(
                person,
                desk=doors.desk,
                ledger=doors.ledger,
                key=doors.key,
                request_id=context.aws_request_id,
                now=now,
            )
        except LastAdministratorError:
            raise ValueError(LAST_ADMINISTRATOR) from None
        logger.info("forgotten", extra={"left": len(found)})
    else:
        found = show_everywhere(person, desk=doors.desk, key=doors.key, now=now)
        logger.info("searched", extra={"found": len(found)})
    return {"found": [asdict(one) for one in found]}


def _person(vk_id: str, phone: str) -> Person:
    number, _ = read_phone(phone)
    if bool(vk_id) == bool(phone) or (phone and not number) or not (vk_id or "1").isdigit():
        raise ValueError(WHO)
    return Person(int(vk_id or 0), phone=number)
