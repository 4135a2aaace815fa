"""A region with two towns, in each of which one thing of every kind lies: what the API is asked of.

Things are called as their collections are in paths, so that a path tells what it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from broadcast import api as broadcast_api
from housechats.adapters.batches import DynamoBatches
from housechats.adapters.communities import DynamoCommunities
from housechats.adapters.complaints import DynamoComplaints
from housechats.adapters.discussions import DynamoDiscussions
from housechats.adapters.files import S3Files
from housechats.adapters.guides import DynamoGuides
from housechats.adapters.houses import DynamoHouses
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.reports import DynamoReports
from housechats.adapters.webhooks import DynamoWebhooks
from housechats.domain import rows_file
from housechats.domain.batches import KEPT, Batch, Problem, Row, RowVerdict, Verdict, tally
from housechats.domain.communities import NEEDED, USEFUL
from housechats.domain.complaints import Complaint, ComplaintState, Topic, number_of
from housechats.domain.discussions import Discussion, DiscussionState
from housechats.domain.guides import GuidedHouse, told, wants_call
from housechats.domain.people import Role
from housechats.domain.questions import Question, QuestionState, Where
from housechats.domain.reports import Report
from housechats.domain.webhooks import Webhook, WebhookEvent
from housechats.ports.communities import Bearer
from housechats.ports.people import Page
from support.fakes import new_community
from support.whole_api import WholeApi

OF_REGION = 2
ADMINISTRATOR, STAFF, REPRESENTATIVE, ELDER, NOBODY = 11, 12, 13, 77, 99
HERE, THERE = "11701000", "11730000"
REGION, OTHER_REGION = "11", "71"

CALLERS = {
    Role.ADMINISTRATOR: ADMINISTRATOR,
    Role.STAFF: STAFF,
    Role.REPRESENTATIVE: REPRESENTATIVE,
    Role.ELDER: ELDER,
}
"""Who has which role in the one town; none has any in the other."""

Things = dict[str, str]
"""One id of each kind, by the collection in which it is."""


@dataclass(frozen=True)
class SmallRegion:
    here: Things
    there: Things
    own: Mapping[int, Things]
    """What is in the one town but nobody's but a person's, by the person."""

    def here_of(self, vk_id: int) -> Things:
        return self.here | self.own.get(vk_id, {})


def inn_of(number: int) -> str:
    """Return an invented ИНН of a company whose last digit is right."""
    digits = f"{number:09d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 % 10
    return f"{digits}{check}"


def settle_region(api: WholeApi) -> SmallRegion:
    """Fill the tables through the API, as far as people can."""
    for region in (REGION, OTHER_REGION):
        api.name(OF_REGION, Role.ADMINISTRATOR, region)
    api.bearers.by_token["a-token"] = Bearer(
        3, "Ещё одно сообщество", frozenset({*NEEDED, *USEFUL})
    )
    api.pages.pages |= {f"{vk_id}": Page(vk_id) for vk_id in (ELDER, 78, 601, 602, 603)}
    inns = inn_of(290100001), inn_of(720300002)
    api.name(ADMINISTRATOR, Role.ADMINISTRATOR, HERE)
    api.name(STAFF, Role.STAFF, HERE)
    api.name(REPRESENTATIVE, Role.REPRESENTATIVE, HERE, inns[0])
    here = _settle_town(api, HERE, inns[0], elder=ELDER, number=1)
    there = _settle_town(api, THERE, inns[1], elder=78, number=2)
    callers = (ADMINISTRATOR, STAFF, REPRESENTATIVE)
    return SmallRegion(here, there, {one: _previewed(api, HERE, by=one) for one in callers})


def _settle_town(api: WholeApi, oktmo: str, inn: str, *, elder: int, number: int) -> Things:
    def made(path: str, body: object, *, by: int = OF_REGION) -> Any:
        status, answer = api.ask("POST", path, body, vk_id=by)
        assert status in {200, 201, 202}, (path, answer)
        return answer

    DynamoCommunities(api.table).connect(new_community(number, oktmo), instead_of=None)
    house = made(
        "/houses",
        {
            "address": f"г. Вымышленск, ул. Садовая, д. {number}",
            "oktmo": oktmo,
            "elder_name": "Вымыслова Марфа",
            "elder_vk": f"id{elder}",
        },
    )
    _open_chat(api, house["id"])
    other = inn_of(290100010 + number)
    for one in (inn, other):
        card = {"inn": one, "kind": "management_company", "name": f"УК {one}", "oktmo": oktmo}
        made("/organisations", card)
    if oktmo == HERE:
        made(f"/houses/{house['id']}/organisations", {"inn": inn, "kind": "management_company"})
    invited = made(
        f"/organisations/{inn}/representatives", {"phone": "+7 999 000-00-01", "oktmo": oktmo}
    )
    speaker = made(f"/organisations/{inn}/representatives", {"vk": f"id60{number}", "oktmo": oktmo})
    by = REPRESENTATIVE if oktmo == HERE else OF_REGION
    job = made("/exports", {"kind": "companies", "oktmo": oktmo}, by=by)
    looked_at = _previewed(api, oktmo, by=by)
    sent = made("/broadcasts", {"token": looked_at["tokens"]}, by=by)
    return {
        **_previewed(api, oktmo, by=by),
        "broadcasts": sent["id"],
        "houses": house["id"],
        "guides": _guided(api, house["id"]),
        "batches": _enrolled(api, oktmo, f"{number:016d}"),
        "rows": "2",
        "organisations": inn,
        "others": other,
        "officials": api.name(500 + number, Role.STAFF, oktmo).id,
        "representatives": speaker["representative"]["id"],
        "invitations": invited["invitation"]["id"],
        "communities": f"{number}",
        "jobs": job["id"],
        "complaints": _complained(api, house["id"], oktmo, inn, number=number),
        "reports": _reported(api, house["id"], oktmo, number=number),
        "questions": _questioned(api, house["id"], oktmo, inn, number=number),
        "discussions": _discussed(api, house["id"], oktmo, inn, number=number),
        "territories": oktmo,
        "templates": "news",
    }


def _previewed(api: WholeApi, oktmo: str, *, by: int) -> Things:
    """Look at a message that is not sent yet: only who did so may go on with it."""
    broadcast_api.wired().catalogue.forget()  # the town's house is new
    said = {"parts": [{"kind": "all"}], "lane": "news", "text": "Воды нет.", "oktmo": oktmo}
    status, told = api.ask("POST", "/broadcasts/previews", said, vk_id=by)
    assert status == 201, told
    return {"previews": told["id"], "tokens": told["preview"]["token"]}


def _open_chat(api: WholeApi, house_id: str) -> None:
    houses, now = DynamoHouses(api.table), datetime.now(UTC)
    houses.claim_opening(house_id, now=now, lease_until=now + timedelta(seconds=120))
    houses.made(house_id, chat_id=1, now=now)
    houses.opened(house_id, link="https://vk.me/join/1", cmid=1)
    if house := houses.get(house_id):
        houses.announce([house])


def _complained(api: WholeApi, house_id: str, oktmo: str, inn: str, *, number: int) -> str:
    """Keep a complaint to the organisation that nobody could take, and its webhook."""
    now = datetime.now(UTC)
    complaint = Complaint(
        id=number_of(f"complaint-{number}"),
        house_id=house_id,
        oktmo=oktmo,
        community=number,
        inn=inn,
        by=900 + number,
        topic=Topic.LIFT,
        where=Where.ENTRANCE,
        sent_at=now,
        event=f"complaint-{number}",
        text="Лифт стоит третий день.",
        state=ComplaintState.UNDELIVERABLE,
    )
    DynamoComplaints(api.table).add(complaint)
    events = (WebhookEvent.SENT,)
    webhook = Webhook(inn, "11", "https://uk.example.ru/x", events, "a-nonce", "vk:2", now)
    DynamoWebhooks(api.table).put(webhook)
    return complaint.id


def _questioned(api: WholeApi, house_id: str, oktmo: str, inn: str, *, number: int) -> str:
    """Keep a question that waits for its officials."""
    now = datetime.now(UTC)
    question = Question(
        id=f"q{number:011d}",
        house_id=house_id,
        oktmo=oktmo,
        community=number,
        chat_id=1,
        text="Когда починят лифт?",
        where=Where.ENTRANCE,
        raised_by=f"vk:{900 + number}",
        raised_at=now,
        state=QuestionState.INVITED,
        inn=inn,
        invited_at=now,
    )
    return DynamoQuestions(api.table).add(question).id


def _discussed(api: WholeApi, house_id: str, oktmo: str, inn: str, *, number: int) -> str:
    """Keep a discussion that is over and has no protocol yet."""
    began = datetime.now(UTC) - timedelta(hours=3)
    discussion = Discussion(
        id=f"d{number:015d}",
        question_id=f"earlier-{number}",
        house_id=house_id,
        oktmo=oktmo,
        community=number,
        house_chat_id=1,
        inn=inn,
        named_by=REPRESENTATIVE,
        subject="Лифт стоит третий день.",
        starts_at=began,
        ends_at=began + timedelta(hours=1),
        created_at=began - timedelta(days=1),
        state=DiscussionState.ENDED,
        chat_id=9,
        ended_at=began + timedelta(hours=1),
    )
    return DynamoDiscussions(api.table).add(discussion).id


def _reported(api: WholeApi, house_id: str, oktmo: str, *, number: int) -> str:
    report = Report(
        id=f"{number:016x}",
        house_id=house_id,
        oktmo=oktmo,
        community=number,
        chat_id=1,
        cmid=5,
        author=910 + number,
        reported_at=datetime.now(UTC),
        reporters=(920 + number,),
        reporter_keys=("a-hash",),
    )
    return DynamoReports(api.table).add(report).id


def _guided(api: WholeApi, house_id: str) -> str:
    """Have the house's elder guided, and want a call."""
    house, now = DynamoHouses(api.table).get(house_id), datetime.now(UTC)
    assert house
    new = GuidedHouse(house.id, house.oktmo, house.letter_id, now)
    guide = told(None, house.elder_id, [new], community=house.community, reachable=True, now=now)
    DynamoGuides(api.table).save(wants_call(guide, at=now, now=now))
    return house.id


def _enrolled(api: WholeApi, oktmo: str, batch_id: str) -> str:
    """Keep a list of one row that a person has to mend."""
    problem = Problem("Адрес", "house_missing", "Укажите номер дома.", fatal=True)
    cells = {"address": "г. Вымышленск, ул. Садовая"}
    row = Row(2, Verdict.REJECTED, (problem,), cells=cells)
    file, (span,) = rows_file.write([row])
    key = rows_file.key_of(batch_id)
    S3Files("lists").put(key, file, content_type="application/x-ndjson")
    batches, now = DynamoBatches(api.table), datetime.now(UTC)
    batches.begin(Batch(batch_id, oktmo, f"vk:{OF_REGION}", now, name="дома.csv"))
    batches.start(batch_id, chunks=1, rows=tally([row]).rows, first_row=2)
    verdict = RowVerdict(row.number, row.verdict, row.problems)
    batches.put_chunk(batch_id, 0, [verdict], span=span, until=now + KEPT)
    batches.enrolled(batch_id, 0, tally([]), now=now)
    return batch_id
