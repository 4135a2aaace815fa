"""Organisations have representatives: named by page at once, or invited by phone."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from housechats.adapters.organisation_cards import DynamoCards
from housechats.domain.errors import OutcomeUnknownError, RefusedError, UnavailableError
from housechats.domain.invitations import code_of, read_code
from housechats.domain.organisation_cards import OrganisationCard
from housechats.domain.organisations import OrganisationKind
from housechats.domain.territories import Territory
from housechats.ports.people import Page
from people.invite import Outcome, TextingDesk, hand_over_due, text
from support.fakes import FakeTextMessages
from support.people_door import (
    ADMINISTRATOR,
    ELSEWHERE,
    NOBODY,
    OF_REGION,
    OKTMO,
    STAFF,
    PeopleDoor,
    people_door,
)

INN, OTHER_INN = "7707083893", "2901204067"
MASTER, COLLEAGUE, GUEST = 61, 62, 63
PHONE = "+79990000067"
PATH = f"/organisations/{INN}/representatives"


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[PeopleDoor]:
    with people_door(monkeypatch) as opened:
        opened.pages.pages |= {"master": Page(MASTER), "61": Page(MASTER), "62": Page(COLLEAGUE)}
        for inn, name in ((INN, "ООО «Уют»"), (OTHER_INN, "ООО «Иная»")):
            card = OrganisationCard(inn, OrganisationKind.MANAGEMENT_COMPANY, name, OKTMO)
            DynamoCards(opened.table).add(card)
        yield opened


def desk_of(door: PeopleDoor, sms: FakeTextMessages) -> TextingDesk:
    return TextingDesk(
        invitations=door.doors.invitations,
        sms=sms,
        code_key=door.doors.gate.elder_key,
        app_id=door.doors.app_id,
        lease=timedelta(minutes=2),
    )


def invited(door: PeopleDoor, phone: str = "8 (999) 000-00-67") -> Any:
    status, named = door.ask("POST", PATH, {"phone": phone, "title": "Мастер"}, vk_id=STAFF)
    assert status == 202, named
    return named["invitation"]


def code_for(door: PeopleDoor, invitation: Any) -> str:
    return code_of(invitation["id"], door.doors.gate.elder_key)


def accept(door: PeopleDoor, code: str, vk_id: int = GUEST) -> tuple[int, Any]:
    return door.ask("POST", "/invitations/acceptance", {"code": code}, vk_id=vk_id)


def test_who_is_named_by_page_speaks_for_the_organisation_at_once(door: PeopleDoor) -> None:
    status, named = door.ask("POST", PATH, {"vk": "vk.com/master"}, vk_id=STAFF)

    assert status == 201
    assert (named["representative"]["vk_id"], named["invitation"]) == (MASTER, None)
    assert "https://vk.com/app51" in named["text"]
    me = door.ask("GET", "/me", vk_id=MASTER)[1]
    assert (me["roles"], me["posts"][0]["inn"]) == (["representative"], INN)


def test_naming_again_changes_nothing(door: PeopleDoor) -> None:
    first = door.ask("POST", PATH, {"vk": "id61"})

    again = door.ask("POST", PATH, {"vk": "id61"})

    assert (first[0], again) == (201, (200, first[1]))


def test_a_representative_sees_colleagues_and_no_other_organisation(door: PeopleDoor) -> None:
    for vk in ("id61", "id62"):
        door.ask("POST", PATH, {"vk": vk})

    seen = door.ask("GET", PATH, vk_id=MASTER)
    other = door.ask("GET", f"/organisations/{OTHER_INN}/representatives", vk_id=MASTER)
    naming = door.ask("POST", PATH, {"vk": "id62"}, vk_id=MASTER)

    assert [one["vk_id"] for one in seen[1]["items"]] == [MASTER, COLLEAGUE]
    assert (other[0], naming[0]) == (404, 403)


def test_who_was_dismissed_is_nobody_and_stays_in_history(door: PeopleDoor) -> None:
    post = door.ask("POST", PATH, {"vk": "id61"})[1]["representative"]

    status, ended = door.ask("DELETE", f"/representatives/{post['id']}", vk_id=STAFF)

    assert (status, ended["ended_by"]) == (200, f"vk:{STAFF}")
    assert door.ask("GET", "/me", vk_id=MASTER)[1]["roles"] == []
    assert door.ask("GET", PATH)[1]["items"] == []
    assert door.ask("GET", PATH, query={"former": "true"})[1]["items"] == [ended]


def test_who_speaks_for_an_organisation_again_was_its_representative_before(
    door: PeopleDoor,
) -> None:
    post = door.ask("POST", PATH, {"vk": "id61"})[1]["representative"]
    ended = door.ask("DELETE", f"/representatives/{post['id']}", vk_id=STAFF)[1]
    again = door.ask("POST", PATH, {"vk": "id61"})[1]["representative"]

    history = door.ask("GET", PATH, query={"former": "true"})[1]["items"]

    assert history == [again, {**ended, "revision": again["revision"]}]


def test_an_organisation_of_elsewhere_does_not_exist(door: PeopleDoor) -> None:
    post = door.ask("POST", PATH, {"vk": "id61"})[1]["representative"]
    invitation = invited(door)
    asked = [
        ("GET", PATH, None),
        ("POST", PATH, {"vk": "id62"}),
        ("DELETE", f"/representatives/{post['id']}", None),
        ("GET", f"/organisations/{INN}/invitations", None),
        ("POST", f"/invitations/{invitation['id']}/resend", None),
        ("DELETE", f"/invitations/{invitation['id']}", None),
    ]

    answers = [door.ask(method, path, body, vk_id=ELSEWHERE)[0] for method, path, body in asked]

    assert answers == [404] * 6
    assert door.ask("GET", PATH, vk_id=OF_REGION)[1]["total"] == 1


def test_nobody_gives_more_than_their_own_territory(door: PeopleDoor) -> None:
    status, problem = door.ask("POST", PATH, {"vk": "id61", "oktmo": "11"}, vk_id=STAFF)

    assert (status, problem["errors"][0]["pointer"]) == (422, "/oktmo")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="neither page nor phone"),
        pytest.param({"vk": "id61", "phone": PHONE}, id="both"),
        pytest.param({"phone": "8 (8182) 20-00-00"}, id="a phone without SMS"),
        pytest.param({"vk": "vk.com/nikogo_net"}, id="a page that is not there"),
    ],
)
def test_somebody_who_cannot_be_reached_is_not_named(
    door: PeopleDoor, body: dict[str, str]
) -> None:
    status, problem = door.ask("POST", PATH, body)

    assert (status, problem["code"]) == (422, "invalid")


# By phone


def test_who_got_the_sms_has_the_post_and_the_phone_is_forgotten(door: PeopleDoor) -> None:
    invitation, sms = invited(door), FakeTextMessages()
    (body,) = door.invitations.take()
    text(str(body["invitation_id"]), desk=desk_of(door, sms), now=datetime.now(UTC))
    ((phone, said),) = sms.sent

    status, representative = accept(door, said.partition("#i-")[2])

    assert (body, phone) == ({"invitation_id": invitation["id"]}, PHONE)
    assert (status, representative["vk_id"], representative["inn"]) == (201, GUEST, INN)
    assert (representative["title"], representative["given_by"]) == ("Мастер", f"vk:{STAFF}")
    assert door.ask("GET", "/me", vk_id=GUEST)[1]["roles"] == ["representative"]
    assert door.doors.invitations.get(invitation["id"]).phone == ""  # type: ignore[union-attr]


def test_a_code_serves_one_person_once(door: PeopleDoor) -> None:
    code = code_for(door, invited(door))

    first = accept(door, code)
    again = accept(door, code)
    other = accept(door, code, vk_id=NOBODY)

    assert (first[0], again) == (201, first)
    assert other[0] == 404
    assert door.ask("GET", "/me", vk_id=NOBODY)[1]["roles"] == []


def test_a_used_code_gives_nothing_back_that_was_taken_away(door: PeopleDoor) -> None:
    code = code_for(door, invited(door))
    post = accept(door, code)[1]
    door.ask("DELETE", f"/representatives/{post['id']}")

    status, _ = accept(door, code)

    assert status == 404
    assert door.ask("GET", "/me", vk_id=GUEST)[1]["roles"] == []


def test_unknown_forged_expired_and_withdrawn_codes_are_told_alike(door: PeopleDoor) -> None:
    phones = ("+7 999 000-00-67", "+7 999 000-00-68", "+7 999 000-00-69")
    invitation, withdrawn, used = (invited(door, phone) for phone in phones)
    code, key = code_for(door, invitation), door.doors.gate.elder_key
    door.ask("DELETE", f"/invitations/{withdrawn['id']}")
    accept(door, code_for(door, used), vk_id=MASTER)
    past = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp())
    door.table.update(f"INVITATION#{invitation['id']}", "INVITATION", "SET #ttl = :p", p=past)
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")

    told = [
        accept(door, each)
        for each in (
            "x",
            "é",
            forged,
            code,
            code_of("0" * 16, key),
            code_for(door, withdrawn),
            code_for(door, used),
        )
    ]

    bodies = {frozenset((k, v) for k, v in body.items() if k != "request_id") for _, body in told}
    assert {status for status, _ in told} == {404}
    assert len(bodies) == 1


def test_an_invitation_ends_with_the_post_of_who_sent_it(door: PeopleDoor) -> None:
    code = code_for(door, invited(door))
    unknown = accept(door, "x")
    door.ask("DELETE", f"/officials/{STAFF}-{OKTMO}")

    status, problem = accept(door, code)

    assert (status, problem["detail"]) == (404, unknown[1]["detail"])
    assert door.ask("GET", "/me", vk_id=GUEST)[1]["roles"] == []
    assert door.doors.invitations.of_territory(Territory(OKTMO))[0].accepted_by == 0


def test_whoever_sends_an_invitation_again_answers_for_it(door: PeopleDoor) -> None:
    invitation = invited(door)
    text(invitation["id"], desk=desk_of(door, FakeTextMessages()), now=datetime.now(UTC))
    door.ask("DELETE", f"/officials/{STAFF}-{OKTMO}")

    _, again = door.ask("POST", f"/invitations/{invitation['id']}/resend")
    status, post = accept(door, code_for(door, invitation))

    assert again["invited_by"] == f"vk:{ADMINISTRATOR}"
    assert (status, post["given_by"]) == (201, f"vk:{ADMINISTRATOR}")


def test_every_character_of_a_code_counts(door: PeopleDoor) -> None:
    key = door.doors.gate.elder_key
    code = code_of("0123456789abcdef", key)

    changed = [
        code[:n] + ("A" if code[n] != "A" else "B") + code[n + 1 :] for n in range(len(code))
    ]

    assert read_code(code, key) == "0123456789abcdef"
    assert {read_code(each, key) for each in changed} == {""}
    assert read_code(code, "another key") == ""


def test_staff_see_who_was_invited_without_the_phone(door: PeopleDoor) -> None:
    invitation = invited(door)

    seen = door.ask("GET", f"/organisations/{INN}/invitations")[1]["items"]
    accept(door, code_for(door, invitation))
    after = door.ask("GET", f"/organisations/{INN}/invitations")[1]["items"]

    assert seen == [invitation]
    assert (invitation["phone"], invitation["state"]) == ("+7 ••• •••-••-67", "waiting")
    assert after == []


def test_a_withdrawn_invitation_is_gone_with_its_phone(door: PeopleDoor) -> None:
    invitation = invited(door)

    status, _ = door.ask("DELETE", f"/invitations/{invitation['id']}")

    assert status == 200
    assert door.table.get(f"INVITATION#{invitation['id']}", "INVITATION") is None


def test_the_same_request_invites_once(door: PeopleDoor) -> None:
    key = {"idempotency-key": "k-1"}

    answers = [door.ask("POST", PATH, {"phone": PHONE}, headers=key) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(door.invitations.take()) == 1


def test_a_phone_that_is_invited_already_gets_no_second_sms(door: PeopleDoor) -> None:
    invitation = invited(door)
    door.invitations.take()

    answer = door.answer("POST", PATH, {"phone": PHONE}, vk_id=ADMINISTRATOR)

    named = json.loads(answer["body"])
    assert (answer["statusCode"], named["invitation"]) == (200, invitation)
    assert "ещё раз" in named["remark"]
    assert answer["headers"]["Location"] == f"/organisations/{INN}/invitations"
    assert door.invitations.take() == []


def test_a_phone_may_be_invited_for_each_organisation_and_after_it_was_withdrawn(
    door: PeopleDoor,
) -> None:
    first = invited(door)
    elsewhere = door.ask("POST", f"/organisations/{OTHER_INN}/representatives", {"phone": PHONE})
    door.ask("DELETE", f"/invitations/{first['id']}")

    again = invited(door)

    assert (elsewhere[0], elsewhere[1]["remark"]) == (202, "")
    assert again["id"] != first["id"]


# The SMS: nobody can take it back


def test_an_sms_is_sent_once_however_often_the_queue_brings_it(door: PeopleDoor) -> None:
    invitation, sms = invited(door), FakeTextMessages()

    outcomes = [
        text(invitation["id"], desk=desk_of(door, sms), now=datetime.now(UTC)) for _ in range(2)
    ]

    assert outcomes == [Outcome.SENT, Outcome.REPEATED]
    assert len(sms.sent) == 1


def test_an_sms_whose_sender_died_is_sent_again_by_a_person_only(door: PeopleDoor) -> None:
    invitation, now = invited(door), datetime.now(UTC)
    door.doors.invitations.claim(invitation["id"], now=now, lease_until=now + timedelta(minutes=2))
    sms, later = FakeTextMessages(), now + timedelta(minutes=3)
    desk = desk_of(door, sms)

    with pytest.raises(UnavailableError):
        text(invitation["id"], desk=desk, now=now)
    outcome = text(invitation["id"], desk=desk, now=later)

    assert (outcome, sms.sent) == (Outcome.UNKNOWN, [])
    (seen,) = door.ask("GET", f"/organisations/{INN}/invitations")[1]["items"]
    assert (seen["state"], "спросите" in seen["reason"]) == ("unknown", True)
    assert door.ask("POST", f"/invitations/{invitation['id']}/resend")[0] == 202
    assert text(invitation["id"], desk=desk, now=later) == Outcome.SENT
    assert len(sms.sent) == 1


def test_an_sms_on_its_way_is_not_sent_again(door: PeopleDoor) -> None:
    invitation = invited(door)

    status, problem = door.ask("POST", f"/invitations/{invitation['id']}/resend")

    assert (status, problem["code"]) == (409, "conflict")


def test_a_phone_that_takes_no_sms_is_said_to_staff(door: PeopleDoor) -> None:
    invitation, sms = invited(door), FakeTextMessages()
    sms.trouble = RefusedError("phone", "Оператор связи не принял этот номер.")

    outcome = text(invitation["id"], desk=desk_of(door, sms), now=datetime.now(UTC))

    (seen,) = door.ask("GET", f"/organisations/{INN}/invitations")[1]["items"]
    assert (outcome, seen["state"]) == (Outcome.UNDELIVERABLE, "undeliverable")
    assert seen["reason"] == "Оператор связи не принял этот номер."


@pytest.mark.parametrize(
    ("error", "again"),
    [
        pytest.param(UnavailableError("busy"), Outcome.SENT, id="surely not sent"),
        pytest.param(OutcomeUnknownError("no answer"), Outcome.UNKNOWN, id="perhaps sent"),
    ],
)
def test_an_sms_is_tried_again_only_if_it_surely_did_not_go(
    door: PeopleDoor, error: UnavailableError, again: Outcome
) -> None:
    invitation, sms, now = invited(door), FakeTextMessages(), datetime.now(UTC)
    sms.trouble = error
    with pytest.raises(UnavailableError):
        text(invitation["id"], desk=desk_of(door, sms), now=now)

    later = now + timedelta(minutes=5)
    assert text(invitation["id"], desk=desk_of(door, sms), now=later) == again


def test_an_invitation_whose_message_was_lost_is_found_by_the_sweep(door: PeopleDoor) -> None:
    invitation = invited(door)
    door.invitations.take()
    sweep = {"invitations": door.doors.invitations, "invitations_queue": door.invitations}

    found = [hand_over_due(**sweep, now=datetime.now(UTC)) for _ in range(2)]  # type: ignore[arg-type]

    assert found == [1, 0]
    assert door.invitations.take() == [{"invitation_id": invitation["id"]}]


def test_an_accepted_invitation_is_not_texted_any_more(door: PeopleDoor) -> None:
    invitation, sms = invited(door), FakeTextMessages()
    accept(door, code_for(door, invitation))

    assert text(invitation["id"], desk=desk_of(door, sms), now=datetime.now(UTC)) == "repeated"
    assert sms.sent == []


def test_a_person_may_be_invited_again_after_they_left(door: PeopleDoor) -> None:
    post = accept(door, code_for(door, invited(door)))[1]
    door.ask("DELETE", f"/representatives/{post['id']}", vk_id=ADMINISTRATOR)

    status, again = accept(door, code_for(door, invited(door)))

    assert (status, again["until"]) == (201, None)
