"""Services of organisations over the table."""

from collections.abc import Iterable
from typing import Any

from housechats.adapters.table import ConditionFailedError, Item, Table
from housechats.domain.services import Service, ServiceKind, ServiceList


class DynamoServices:
    """Keeps one item an organisation and region."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, region: str, inn: str) -> ServiceList:
        item = self._table.get(*_key(region, inn))
        return _list(item) if item else ServiceList(region, inn)

    def of_many(self, region: str, inns: Iterable[str]) -> list[ServiceList]:
        return [_list(item) for item in self._table.get_many(_key(region, inn) for inn in inns)]

    def put(self, services: ServiceList) -> bool:
        before = services.revision - 1
        condition = "#revision = :before" if before else "attribute_not_exists(#pk)"
        values = {"before": before} if before else {}
        pk, sk = _key(services.region, services.inn)
        item = {
            "pk": pk,
            "sk": sk,
            "services": [_kept(service) for service in services.services],
            "revision": services.revision,
        }
        try:
            self._table.put(item, condition=condition, **values)
        except ConditionFailedError:
            return False
        return True


def _key(region: str, inn: str) -> tuple[str, str]:
    return f"SERVICES#{region}#{inn}", "SERVICES"


def _kept(service: Service) -> dict[str, Any]:
    return {
        "title": service.title,
        "kind": service.kind,
        "link": service.link,
        "app_id": service.app_id,
        "hash": service.hash,
        "houses": service.houses,
    }


def _list(item: Item) -> ServiceList:
    _, region, inn = item["pk"].split("#")
    return ServiceList(region, inn, tuple(map(_service, item["services"])), item["revision"])


def _service(told: dict[str, Any]) -> Service:
    return Service(
        title=told["title"],
        kind=ServiceKind(told["kind"]),
        link=told["link"],
        app_id=told["app_id"],
        hash=told["hash"],
        houses=tuple(told["houses"]),
    )
