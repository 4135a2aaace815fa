"""An operator verifies the chains of all regions (`make audit-check`)."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any

from audit.verify import Verified, verify
from housechats.adapters.audit import DynamoLedger
from housechats.adapters.table import Table
from housechats.runtime import settings
from housechats.runtime.log import Context, logger, with_request_id


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    table: str


@cache
def wired() -> "partial[Iterator[Verified]]":
    """Open the doors, once per container."""
    return partial(verify, ledger=DynamoLedger(Table(Settings.from_env().table)))


@with_request_id
def handle(_event: dict[str, Any], _context: Context) -> dict[str, Any]:
    """Answer with every chain that has links, and where it is broken."""
    chains = [asdict(one) for one in wired()()]
    broken = [one["region"] for one in chains if one["broken"]]
    if broken:
        logger.error("chains are broken", extra={"regions": broken})
    logger.info("verified", extra={"chains": len(chains)})
    return {"chains": chains}
