"""The gate of the APIs, with what it stands on."""

from housechats.adapters.audit import DynamoLedger
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.people import DynamoElders
from housechats.adapters.posts import DynamoPosts
from housechats.adapters.requests import DynamoRequests
from housechats.adapters.table import Table
from housechats.ports.gate import Gate


def open_gate(table: Table, *, elder_key: str, launch_hours: int, changes_a_minute: int) -> Gate:
    """Open everything that access needs; it is all in the one table."""
    return Gate(
        posts=DynamoPosts(table),
        elders=DynamoElders(table),
        houses=DynamoHouses(table),
        ledger=DynamoLedger(table),
        requests=DynamoRequests(table),
        elder_key=elder_key,
        launch_hours=launch_hours,
        changes_a_minute=changes_a_minute,
    )
