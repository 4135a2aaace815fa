"""The sandbox deletes messages for everybody as VK does: within a day."""

import pytest

from local.vk.switches import Failure, Gone, Switches, TooLate
from local.vk.window import Asked, Window
from support.vk_town import CHAT, FRIEND, Town

DAY = 86_400


def settled(switches: Switches | None = None) -> Town:
    town = Town(switches or Switches())
    town.chat()
    town.send()
    return town


def delete(town: Town, cmids: str = "2") -> list[dict[str, object]]:
    items: list[dict[str, object]] = town.call(
        "messages.delete", peer_id=CHAT, cmids=cmids, delete_for_all=1
    )
    return items


def test_a_deleted_message_is_seen_by_nobody_and_its_number_stays_taken() -> None:
    town = settled()

    items = delete(town)

    assert [item["response"] for item in items] == [1]
    assert [m["text"] for m in town.call("messages.getHistory", peer_id=CHAT)["items"]] == [""]
    found = town.call(
        "messages.getByConversationMessageId", peer_id=CHAT, conversation_message_ids=2
    )
    assert found["items"] == []
    assert town.send(random_id=2)[0]["conversation_message_id"] == 3


def test_a_deleted_message_is_neither_edited_nor_pinned_nor_answered() -> None:
    town = settled()
    town.call("messages.pin", peer_id=CHAT, cmid=2)

    delete(town)

    conversation = town.call("messages.getConversationsById", peer_ids=CHAT)["items"][0]
    assert "pinned_message" not in conversation["chat_settings"]
    assert town.refusal("messages.edit", peer_id=CHAT, cmid=2, message="x") == 100
    assert town.refusal("messages.pin", peer_id=CHAT, cmid=2) == 100


def test_a_deleted_message_is_not_sent_again_under_its_number() -> None:
    town = settled()
    delete(town)

    town.send()

    assert len(town.vk.journal.messages(CHAT)) == 1


@pytest.mark.parametrize("failure", Failure)
def test_after_a_day_a_message_stays(failure: Failure) -> None:
    town = settled(Switches(failure=failure))
    town.now += DAY

    (item,) = delete(town)

    words = "Can't delete this message for everybody"
    expected = {"code": 924, "description": words} if failure is Failure.OBJECT else words
    assert (item["response"], item["error"]) == (0, expected)
    assert len(town.call("messages.getHistory", peer_id=CHAT)["items"]) == 2


def test_the_refusal_may_be_the_whole_answer() -> None:
    town = settled(Switches(too_late=TooLate.CALL))
    town.now += DAY

    code = town.refusal("messages.delete", peer_id=CHAT, cmids=2, delete_for_all=1)

    assert code == 924


def test_service_messages_stay() -> None:
    town = settled()
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")

    items = delete(town, "1,3")

    assert [item["response"] for item in items] == [0, 0]


@pytest.mark.parametrize("lets", [True, False])
def test_a_resident_s_message_is_deleted_where_the_switch_says_so(*, lets: bool) -> None:
    town = settled(Switches(deletes_others=lets))
    town.vk.join(town.link(), FRIEND)
    town.vk.write(CHAT, FRIEND, "Когда дадут воду?")

    (item,) = delete(town, "4")

    assert (item["response"], "error" in item) == (int(lets), not lets)


@pytest.mark.parametrize(
    ("gone", "answered"),
    [(Gone.DONE, (1, False)), (Gone.ZERO, (0, False)), (Gone.ERROR, (0, True))],
)
def test_what_is_gone_is_answered_in_one_way_or_another(
    gone: Gone, answered: tuple[int, bool]
) -> None:
    town = settled(Switches(gone=gone))
    delete(town)

    (item,) = delete(town)

    assert (item["response"], "error" in item) == answered


@pytest.mark.parametrize(
    "wrong",
    [
        {"peer_id": CHAT, "cmids": 2, "delete_for_all": 0},
        {"peer_id": CHAT, "cmids": 2},
        {"peer_id": CHAT, "delete_for_all": 1},
        {"peer_id": CHAT, "cmids": "2,2", "delete_for_all": 1},
        {"peer_id": FRIEND, "cmids": 2, "delete_for_all": 1},
    ],
    ids=str,
)
def test_what_would_leave_the_message_with_residents_is_an_error(wrong: dict[str, object]) -> None:
    assert settled().refusal("messages.delete", **wrong) == 100


def test_the_page_and_the_journal_tell_what_was_edited_and_deleted() -> None:
    town = settled()
    town.send(text="Воды не будет до 18:00", random_id=2)
    town.call("messages.edit", peer_id=CHAT, cmid=3, message="Воды не будет до 20:00")

    delete(town)

    window = Window(town.vk)
    shown = window.conversation(Asked(peer_id=CHAT))["messages"]
    assert [(one["text"], "deleted" in one, "edited" in one) for one in shown[1:]] == [
        ("", True, False),
        ("Воды не будет до 20:00", False, True),
    ]
    assert [one["deleted"] for one in window.sent(Asked())] == [True, False]
    assert "удалено у всех" in " ".join(town.vk.journal.calls("messages.delete")[0].effects)
