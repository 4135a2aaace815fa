"""Who looks at a broadcast before it is sent sees whom it reaches, when, and what is amiss."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from broadcast.compose import FaultyError
from broadcast.kept_previews import Preview, find_preview
from broadcast.wish import Wish
from housechats.adapters.jobs import DynamoJobs
from housechats.domain.access import Caller
from housechats.domain.audiences import (
    AllHouses,
    ListedHouses,
    MunicipalityHouses,
    OrganisationHouses,
    Side,
    StreetHouses,
    TaggedHouses,
    TheseHouses,
)
from housechats.domain.broadcast_rules import TerritoryRules
from housechats.domain.broadcasts import (
    BEGINNING,
    HOLD,
    Broadcast,
    BroadcastLane,
    BroadcastState,
    Deed,
    HeldFor,
    folder_of,
    preview_folder,
)
from housechats.domain.cautions import repeated
from housechats.domain.communities import CommunityState
from housechats.domain.forecast import Standing
from housechats.domain.houses import ChatState, House
from housechats.domain.messages import LONGEST, Message
from housechats.domain.organisations import OrganisationKind
from housechats.domain.people import Post, Role
from housechats.domain.receipts import ChunkReceipts, Recipient
from housechats.domain.territories import Territory
from support.aws_mock import aws, new_table
from support.fakes import FakeTowns
from support.preview_desk import (
    COSY,
    FIRST,
    NOON,
    OKTMO,
    REGION,
    SECOND,
    STAFF,
    PreviewTown,
    wish,
)

EMERGENCY = BroadcastLane.EMERGENCY
COMPANY = {COSY: OrganisationKind.MANAGEMENT_COMPANY}


@pytest.fixture
def town() -> Iterator[PreviewTown]:
    with aws():
        yield PreviewTown(DynamoJobs(new_table("houses")))


def seen(town: PreviewTown, asked: Wish, caller: Caller = STAFF) -> Preview:
    made = town.preview(asked, caller=caller).preview
    assert made
    return made


def sent(
    town: PreviewTown,
    broadcast_id: str,
    *houses: House,
    state: BroadcastState = BroadcastState.DONE,
    hours_ago: float = 1,
    oktmo: str = OKTMO,
    together: int = 100,
) -> Broadcast:
    """Have a broadcast gone out to some houses, up to a hundred in a chunk."""
    begun = NOON - timedelta(hours=hours_ago)
    audience = town.audiences.write(
        folder_of(broadcast_id),
        ((house.community, Recipient(house.id, house.chat_id, house.title)) for house in houses),
        together=together,
    )
    one = Broadcast(
        id=broadcast_id,
        deed=Deed.MESSAGE,
        lane=BroadcastLane.PLANNED,
        oktmo=oktmo,
        inn="",
        created_by="vk:2",
        created_at=begun,
        beginning=f"О воде, {broadcast_id}",
        chats=audience.chats,
        chunks=audience.size,
        people=0,
        state=state,
        started_at=begun,
        sent=audience.chats,
        due_at=None if state.final else NOON + timedelta(minutes=1),
    )
    return town.broadcasts.add(one)


def test_chats_and_people_are_counted_and_houses_left_out_say_why(town: PreviewTown) -> None:
    for number in (1, 2):
        town.build(number)
    town.build(3, state=ChatState.PLANNED, chat_id=0)
    closed = town.build(4, state=ChatState.CLOSED)
    town.build(5, community=SECOND)
    off = replace(town.communities.by_id[SECOND], state=CommunityState.DISCONNECTED)
    town.communities.by_id[SECOND] = off
    town.residents.begin(FIRST, now=NOON - timedelta(hours=2))

    shown = seen(town, wish())

    assert (shown.chats, shown.people) == (2, 10)
    assert shown.people_counted_at == NOON - timedelta(hours=2)
    assert shown.left_out == {"no_chat_yet": 1, "chat_closed": 1, "community_disconnected": 1}
    assert shown.left_out_first[1].id == closed.id
    assert shown.left_out_first[1].said == "Чат закрыт."


def test_whom_it_was_asked_to_reach_is_kept_in_words_and_nothing_pasted_is(
    town: PreviewTown,
) -> None:
    for number in (2, 3, 4, 50):
        town.build(number, organisations=COMPANY if number == 3 else {})
    tagged = town.build(7, tags=("лифт",))
    parts = (
        StreetHouses("Мира", Side.EVEN, 2, 48),
        StreetHouses("ул. Вымышленная", last=10),
        TaggedHouses(" лифт "),
        TheseHouses((tagged.id,)),
        ListedHouses(("ул. Мира, 3", "Анна Вымыслова, ул. Мира, 900")),
        MunicipalityHouses(OKTMO),
        OrganisationHouses(COSY),
        AllHouses(),
    )

    made = town.preview(wish(*parts))

    audience = town.audiences.get(preview_folder(made.wish.id))
    assert audience
    assert audience.asked == (
        "ул. Мира (г. Архангельск), чётная сторона, 2–48 — домов: 2",
        "ул. Вымышленная, до 10 — домов: 0",
        "тег «лифт» — домов: 1",
        "список по кодам, кодов: 1 — домов: 1",
        "список, строк: 2 — домов: 1",
        "г. Архангельск — домов: 5",
        f"дома организации с ИНН {COSY} — домов: 1",
        "все дома — домов: 5",
    )


def test_nothing_is_sent_and_what_was_looked_at_is_kept(town: PreviewTown) -> None:
    house = town.build(1)

    shown = seen(town, wish())

    folder = preview_folder(shown.id)
    audience = town.audiences.get(folder)
    assert audience
    assert [chat.house_id for chat in town.audiences.chunk(audience, 0)] == [house.id]
    assert town.messages.get(folder) == wish().message
    assert not town.work.bodies
    assert not town.broadcasts.kept
    kept = find_preview(shown.id, files=town.files)
    assert kept is not None
    assert kept.preview == shown
    assert shown.expires_at == NOON + timedelta(hours=1)


def test_a_token_is_of_just_these_chats_this_text_and_these_choices(town: PreviewTown) -> None:
    town.build(1)
    usual = seen(town, wish()).token

    same = seen(town, wish()).token
    others = [
        seen(town, wish(text="Вода будет.")).token,
        seen(town, wish(pin=True)).token,
        seen(town, wish(lane=EMERGENCY)).token,
    ]
    town.build(2)
    others.append(seen(town, wish()).token)

    assert same == usual
    assert len({usual, *others}) == 5
    assert usual.startswith("0123456789abcdef.")


def test_a_pasted_list_may_hold_addresses_codes_and_fias_ids(town: PreviewTown) -> None:
    by_code, by_fias, by_address = (town.build(n) for n in (1, 2, 3))
    town.build(4)
    fias_id = "0cb9f2e0-7a51-4d4f-9f5c-0a1b2c3d4e5f"
    town.houses.claim_fias(fias_id, house_id=by_fias.id, digest=by_fias.digest)
    pasted = (by_code.id.lower(), fias_id.upper(), "ул Мира 3", "ул. Мира, 99", "Марфа, кв. 5")

    kept = town.preview(wish(ListedHouses(pasted)))

    assert kept.preview
    assert kept.preview.chats == 3
    assert [(one.line, one.text) for one in kept.preview.not_found] == [
        (4, "ул. Мира, 99"),
        (5, "Марфа, кв. 5"),
    ]
    assert kept.wish.parts == (TheseHouses((by_code.id, by_fias.id, by_address.id)),)


def test_what_was_pasted_and_found_nothing_is_told_and_not_kept(town: PreviewTown) -> None:
    house = town.build(1)
    pasted = ListedHouses((house.id, "Вымыслова Марфа, кв. 5, 8 916 000-00-00"))

    told = town.preview(wish(pasted, TheseHouses((house.id, "Марфа"))))

    kept = town.files.bodies["previews/0123456789abcdef/preview.json"].decode()
    assert told.preview
    assert [one.text for one in told.preview.not_found] == [pasted.lines[1], "Марфа"]
    assert "Марфа" not in kept
    assert "916" not in kept


def test_of_a_long_list_the_first_hundred_lines_are_told(town: PreviewTown) -> None:
    town.build(1)

    shown = seen(town, wish(ListedHouses(tuple(f"Дом {n}" for n in range(150)))))

    assert [one.line for one in shown.not_found] == [*range(1, 101)]
    assert shown.not_found_count == 150


def test_one_side_of_a_street_and_a_house_beyond_it(town: PreviewTown) -> None:
    houses = [town.build(n) for n in (1, 2, 4, 50)]

    shown = seen(
        town, wish(StreetHouses("ул. Мира", Side.EVEN, 2, 48), TheseHouses((houses[0].id,)))
    )

    assert shown.chats == 3
    assert [part.houses for part in shown.parts] == [2, 1]
    assert shown.parts[0].said == "ул. Мира (г. Архангельск)"


def test_a_representative_sees_no_house_but_those_of_the_company(town: PreviewTown) -> None:
    mine, other = town.build(1, organisations=COMPANY), town.build(2)
    caller = Caller(
        1, (Post(1, Role.REPRESENTATIVE, Territory(REGION), NOON, "operator", inn=COSY),)
    )
    asked = wish(AllHouses(), ListedHouses((other.id, "ул. Мира, 2")), inn=COSY)

    shown = seen(town, asked, caller)

    assert shown.chats == 1
    assert [sample.house_id for sample in shown.samples] == [mine.id]
    assert shown.left_out == {}
    assert [one.line for one in shown.not_found] == [1, 2]


def test_three_samples_the_first_a_middle_one_and_that_of_the_longest_name(
    town: PreviewTown,
) -> None:
    for number in (1, 2, 3, 4, 5):
        town.build(number)
    named = town.build(6, name="Дом у реки, что за старой мельницей")

    shown = seen(town, wish(text="Дом {адрес}, код {код}."))

    assert len(shown.samples) == 3
    assert shown.samples[-1].text.endswith(f"Дом {named.name}, код {named.id}.")
    assert shown.samples[0].text.startswith("Официально · Администрация города")


def test_a_text_too_long_with_the_longest_name_is_refused(town: PreviewTown) -> None:
    town.build(1)
    header = wish().message.header
    room = LONGEST - len(header) - len("\n\n") - len("ул. Мира, д. 1")
    fits = Message(header, "я" * room + "{адрес}")
    town.preview(wish(message=fits))
    town.build(1000)

    with pytest.raises(FaultyError) as refused:
        town.preview(wish(message=fits))

    assert [fault.pointer for fault in refused.value.faults] == ["/text"]


def test_a_part_that_says_nothing_is_refused_with_its_place(town: PreviewTown) -> None:
    with pytest.raises(FaultyError) as refused:
        town.preview(wish(AllHouses(), StreetHouses("ул. Мира", first=9, last=3)))

    assert [fault.pointer for fault in refused.value.faults] == ["/parts/1/last"]


def test_news_can_be_taken_back_before_they_start(town: PreviewTown) -> None:
    town.build(1)

    shown = seen(town, wish())

    assert (shown.starts_at, shown.held_for) == (NOON + HOLD, HeldFor.HOLD)
    assert shown.starts_at < shown.finish_at < shown.starts_at + timedelta(seconds=3)
    assert (shown.quiet_from, shown.quiet_until) == (None, None)  # over long before
    assert shown.calls == shown.chunks == 1


def test_at_night_news_are_held_and_an_emergency_is_not(town: PreviewTown) -> None:
    town.build(1)
    night = NOON.replace(hour=23)

    news = town.preview(wish(), now=night).preview
    urgent = town.preview(wish(lane=EMERGENCY), now=night).preview

    assert news
    assert urgent
    assert news.held_for == HeldFor.QUIET_HOURS
    assert news.starts_at == NOON.replace(day=25, hour=6)  # 9:00 there
    assert news.waits_because.startswith("В этих домах тихие часы")
    assert (news.quiet_until, urgent.waits_because) == (None, "")  # the next night is none of its
    assert (urgent.starts_at, urgent.held_for) == (night, None)


def test_what_quiet_hours_cut_in_two_says_when_the_rest_goes(town: PreviewTown) -> None:
    town.build(1)
    evening = NOON.replace(hour=18) - HOLD  # 21:00 there

    made = town.preview(wish(), now=evening - timedelta(milliseconds=1)).preview

    assert made
    assert (made.quiet_from, made.quiet_until) == (
        NOON.replace(hour=18),
        NOON.replace(day=25, hour=6),
    )
    assert made.finish_at > NOON.replace(day=25, hour=6)


def test_people_whom_nobody_has_counted_are_not_none(town: PreviewTown) -> None:
    town.build(1, residents=0)

    uncounted = seen(town, wish())
    town.residents.begin(FIRST, now=NOON)
    counted = seen(town, wish())

    assert (uncounted.people, counted.people) == (None, 0)


def test_many_chats_want_a_second_person_or_a_reason(town: PreviewTown) -> None:
    for number in (1, 2, 3):
        town.build(number)
    town.rules.put(TerritoryRules(OKTMO, second_person_above=2, revision=1))

    news, urgent = seen(town, wish()), seen(town, wish(lane=EMERGENCY))

    assert (news.second_person_needed, news.reason_needed) == (True, False)
    assert news.waits_because.startswith("Начнётся, когда её подтвердит второй человек.")
    assert (urgent.second_person_needed, urgent.reason_needed) == (False, True)


def test_a_mailing_that_runs_delays_what_shares_its_community(town: PreviewTown) -> None:
    alone = town.build(1, community=SECOND)
    crowd = [town.build(number) for number in range(2, 303)]
    before = seen(town, wish())
    running = sent(town, "b" * 16, *crowd, state=BroadcastState.RUNNING, together=1)

    crowded = seen(town, wish())
    beside = seen(town, wish(TheseHouses((alone.id,))))
    town.broadcasts.kept[running.id] = replace(running, finished={FIRST: 200})
    after = seen(town, wish())

    # Some 200 of their 301 calls are made before ours begin; then 20 of theirs wait beside our 4.
    delay = (crowded.finish_at - before.finish_at).total_seconds()
    assert 4 * 0.053 < delay < 2
    assert beside.finish_at < before.finish_at
    assert after.finish_at == before.finish_at


def test_houses_whose_chats_are_being_made_and_a_pause_delay_it_too(town: PreviewTown) -> None:
    for number in range(1, 201):
        town.build(number)
    before = seen(town, wish())
    for number in range(201, 451):
        town.build(number, state=ChatState.PLANNED, chat_id=0)
    making = seen(town, wish())
    town.paces.known[FIRST] = Standing(paused_until=NOON + timedelta(minutes=5))

    paused = seen(town, wish())

    assert making.finish_at > before.finish_at
    assert paused.finish_at > NOON + timedelta(minutes=5)


def test_what_the_same_houses_got_within_a_day_is_told(town: PreviewTown) -> None:
    houses = [town.build(number) for number in (1, 2, 3)]
    elsewhere = town.build(4)
    sent(town, "a" * 16, *houses[:2], elsewhere, hours_ago=3)
    sent(town, "b" * 16, *houses, hours_ago=5, oktmo=REGION)
    sent(town, "c" * 16, *houses, hours_ago=25)
    sent(town, "d" * 16, elsewhere)
    half = sent(town, "e" * 16, *houses, hours_ago=6, state=BroadcastState.STOPPED)
    town.receipts.kept[half.id, 0] = ChunkReceipts(0, cmids={1: 5}, failures={2: "chat_lost"})

    shown = seen(town, wish(TheseHouses(tuple(house.id for house in houses))))

    assert [(one.id, one.houses) for one in shown.lately] == [
        ("a" * 16, 2),
        ("", 3),  # of the whole region: not for the town's staff to open
        ("e" * 16, 1),
    ]
    assert shown.lately[0].beginning == f"О воде, {'a' * 16}"


def test_the_same_text_to_the_same_houses_within_a_day_is_warned_of_unless_it_was_recalled(
    town: PreviewTown,
) -> None:
    houses = [town.build(number) for number in (1, 2)]
    said = wish().message
    for name, hours_ago, text in (
        ("a", 3, said.text),
        ("b", 5, f"{said.text} Нет."),
        ("c", 25, said.text),
    ):
        one = sent(town, name * 16, *houses, hours_ago=hours_ago)
        town.broadcasts.kept[one.id] = replace(one, beginning=text[:BEGINNING])
        town.messages.put(folder_of(one.id), replace(said, text=text))

    first = seen(town, wish())
    town.broadcasts.kept["a" * 16] = replace(town.broadcasts.kept["a" * 16], recalled=True)
    after = seen(town, wish())

    assert repeated(2) in first.warnings
    assert [(one.id[0], one.same_text, one.recalled) for one in first.lately] == [
        ("a", True, False),
        ("b", False, False),
    ]
    assert "repeated" not in [one.code for one in after.warnings]
    assert after.lately[0].recalled


def test_the_titles_of_houses_are_found_where_nobody_has_named_the_town(town: PreviewTown) -> None:
    house = town.build(4)
    town.towns = FakeTowns()
    pasted = (
        house.title,
        "ул. Мира, 4, кв. 7",
        "",
        "00000000-0000-4000-8000-000000000001",
        "00000009",
    )

    shown = seen(town, wish(ListedHouses(pasted)))

    assert shown.chats == 1
    assert shown.parts[0].said == "Названы квартиры или подъезды, взяты дома целиком. Строки: 2."
    assert [(one.line, one.why) for one in shown.not_found] == [
        (3, "Пустая строка."),
        (4, "Дома с таким кодом ФИАС здесь нет."),
        (5, "Дома с таким кодом здесь нет."),
    ]


def test_a_flat_and_a_debt_in_one_text_are_worth_a_look(town: PreviewTown) -> None:
    town.build(1)

    shown = seen(town, wish(text="Кв. 12: задолженность 4 000 рублей."))

    assert "flat_and_debt" in {one.code for one in shown.warnings}


def test_a_preview_for_nobody_says_so(town: PreviewTown) -> None:
    shown = seen(town, wish(OrganisationHouses(COSY)))

    assert (shown.chats, shown.calls, shown.samples) == (0, 0, ())
    assert [one.part for one in shown.not_found] == [1]
