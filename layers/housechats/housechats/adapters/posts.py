"""Posts: who has which role where, over the table."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from housechats.adapters.table import (
    Change,
    ConditionFailedError,
    Item,
    Table,
    from_ms,
    to_ms,
)
from housechats.domain.people import Post, Role
from housechats.domain.territories import Territory
from housechats.ports.people import Known, LastAdministratorError


class DynamoPosts:
    """Keeps a person's posts under the person; GSI1 lists those of a region.

    A post is one item for good: what it was before stays in it as a list. Beside the posts of a
    territory stands the set of its administrators, so that two cannot remove each other.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    def known(self, vk_id: int) -> Known:
        items = list(self._table.query_all("pk = :pk", consistent=True, pk=_person(vk_id)))
        posts = (read_post(item) for item in items if item["sk"].startswith("POST#"))
        led_to = [item["sk"] for item in items if item["sk"].startswith("ELDER#")]
        return Known(tuple(posts), self._own(vk_id, led_to))

    def _own(self, vk_id: int, led_to: Iterable[str]) -> frozenset[str]:
        """Return ids of the elders who are this page's: a screen name may have gone to another."""
        elders = self._table.get_many((name, "ELDER") for name in led_to)
        return frozenset(e["pk"].removeprefix("ELDER#") for e in elders if e["vk_id"] == vk_id)

    def get(self, post_id: str) -> Post | None:
        vk_id, _, place = post_id.partition("-")
        oktmo, _, inn = place.partition("-")
        item = self._table.get(*_key(vk_id, oktmo, inn))
        return read_post(item) if item else None

    def of_territory(self, territory: Territory) -> list[Post]:
        keys = self._table.query_all(
            "gsi1pk = :region AND begins_with(gsi1sk, :prefix)",
            index="GSI1",
            region=f"POSTS#{territory.region}",
            prefix=territory.prefix,
        )
        items = self._table.get_many((item["pk"], item["sk"]) for item in keys)
        return sorted(map(read_post, items), key=lambda post: (post.territory.oktmo, post.vk_id))

    def give(self, post: Post) -> Post | None:
        pk, sk = _key(str(post.vk_id), post.territory.oktmo, post.inn)
        there = self._table.get(pk, sk)
        if there and not there.get("until"):
            return read_post(there)
        condition = "#revision = :was" if there else "attribute_not_exists(#pk)"
        values: dict[str, Any] = {
            "revision": there["revision"] + 1 if there else 1,
            "former": _history(there) if there else [],
            "role": post.role,
            "title": post.title,
            "since": post.since,
            "given_by": post.given_by,
            "gsi1pk": f"POSTS#{post.territory.region}",
            "gsi1sk": f"{post.territory.oktmo}#{post.inn}#{post.vk_id}",
        }
        sets = ", ".join(f"#{name} = :{name}" for name in values)
        given = Change(
            (pk, sk),
            f"SET {sets} REMOVE #until, #ended_by",
            condition,
            values | ({"was": there["revision"]} if there else {}),
        )
        try:
            self._table.update_together([given, *_counted(post, became=post.role)])
        except ConditionFailedError:
            return self.get(post.id)
        return None

    def change(self, before: Post, after: Post) -> bool:
        values: dict[str, Any] = {"role": after.role, "title": after.title}
        if after.role != before.role:
            values |= {"since": after.since, "given_by": after.given_by}
        sets = ", ".join(f"#{name} = :{name}" for name in values)
        return self._replace(before, f"SET {sets}", values, after.role)

    def end(self, post: Post, *, by: str, now: datetime) -> bool:
        values = {"until": now, "ended_by": by}
        return self._replace(post, "SET #until = :until, #ended_by = :ended_by", values, None)

    def _replace(
        self, post: Post, expression: str, values: dict[str, Any], became: Role | None
    ) -> bool:
        pk, sk = key = _key(str(post.vk_id), post.territory.oktmo, post.inn)
        there = self._table.get(pk, sk)
        if there is None or there["revision"] != post.revision or there.get("until"):
            return False
        if became is None:
            former = there["former"]  # how it ended stays with the post itself
        elif became == post.role:
            former = _history(there)
        else:
            ends = {"until": to_ms(values["since"]), "ended_by": values["given_by"]}
            former = _history(there | ends)
        changed = Change(
            key,
            f"{expression}, #revision = :revision, #former = :former",
            "#revision = :was",
            {**values, "revision": post.revision + 1, "former": former, "was": post.revision},
        )
        try:
            self._table.update_together([changed, *_counted(post, became=became)])
        except ConditionFailedError:
            now = self._table.get(pk, sk)
            if now and now["revision"] == post.revision:
                # It was not the post that stood in the way.
                raise LastAdministratorError(post.territory.oktmo) from None
            return False
        return True


def _counted(post: Post, *, became: Role | None) -> list[Change]:
    """Return what keeps the set of a territory's administrators."""
    key = f"TERRITORY#{post.territory.oktmo}", "ADMINISTRATORS"
    if became == Role.ADMINISTRATOR:
        return [Change(key, "ADD #ids :ids", values={"ids": {post.vk_id}})]
    if post.role != Role.ADMINISTRATOR:
        return []
    return [
        Change(
            key,
            "DELETE #ids :ids",
            "size(#ids) > :one",
            {"ids": {post.vk_id}, "one": 1},
        )
    ]


def _history(item: Item) -> list[Any]:
    names = ("role", "title", "since", "given_by", "until", "ended_by")
    return [*item["former"], {name: item[name] for name in names if item.get(name)}]


def _person(vk_id: int | str) -> str:
    return f"PERSON#VK#{vk_id}"


def _key(vk_id: str, oktmo: str, inn: str) -> tuple[str, str]:
    return _person(vk_id), f"POST#{oktmo}#{inn}"


def read_post(item: Item) -> Post:
    _, oktmo, inn = item["sk"].split("#")
    return Post(
        vk_id=int(item["pk"].removeprefix("PERSON#VK#")),
        role=Role(item["role"]),
        territory=Territory(oktmo),
        since=datetime.fromtimestamp(item["since"] / 1000, UTC),
        given_by=item["given_by"],
        inn=inn,
        title=item["title"],
        until=from_ms(item.get("until")),
        ended_by=item.get("ended_by", ""),
        revision=item["revision"],
        earlier=tuple(_terms(item)),
    )


def _terms(item: Item) -> Iterator[Post]:
    """Yield the terms that have ended; where only the title was changed none has."""
    for former in item["former"]:
        if former.get("until"):
            same = {name: item[name] for name in ("pk", "sk", "revision")}
            yield read_post({"title": "", **former, **same, "former": []})
