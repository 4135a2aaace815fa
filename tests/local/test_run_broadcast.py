"""A run says where its broadcast is not, and only then fails."""

from typing import Any

from local.broadcast import unsent

PREVIEW = {"chats": 2}
DONE = {"state": "done", "reason": ""}


def receipt(title: str, **told: Any) -> dict[str, Any]:
    return {"title": title, "status": "sent", "message": 3, "reason": "", **told}


def test_a_message_in_every_chat_lacks_nothing() -> None:
    receipts = [receipt("ул. Мира, д. 1"), receipt("ул. Мира, д. 2")]

    assert unsent(PREVIEW, DONE, receipts) == []


def test_a_chat_without_the_message_is_named_with_the_reason() -> None:
    failed = receipt("ул. Мира, д. 2", status="failed", message=0, reason="Чат недоступен.")

    lacking = unsent(PREVIEW, DONE, [receipt("ул. Мира, д. 1"), failed])

    assert lacking == ["ул. Мира, д. 2: Чат недоступен."]


def test_a_message_without_a_number_is_none() -> None:
    lacking = unsent(PREVIEW, DONE, [receipt("ул. Мира, д. 1"), receipt("д. 2", message=0)])

    assert lacking == ["д. 2: сообщение не отправлено"]


def test_a_broadcast_that_stopped_and_a_chat_without_a_receipt_are_told() -> None:
    stopped = {"state": "stopped", "reason": "Остановлена вручную."}

    lacking = unsent(PREVIEW, stopped, [receipt("ул. Мира, д. 1")])

    assert lacking == [
        "Рассылка не закончена: Остановлена вручную.",
        "Отметок 1, а чатов 2",
    ]
