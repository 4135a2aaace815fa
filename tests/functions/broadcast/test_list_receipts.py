"""What became of a broadcast is told chat by chat, page by page."""

import pytest

from broadcast.list_receipts import (
    AT_A_TIME,
    Desk,
    Receipt,
    ReceiptStatus,
    list_receipts,
)
from housechats.domain.audiences import LEFT_OUT
from housechats.domain.receipts import ChunkReceipts
from support.broadcast_over import ID, NOW, TOGETHER, Kept, kept
from support.killing import Wire


def pages(
    there: Kept, *, status: ReceiptStatus | None = None, limit: int = 100
) -> list[list[Receipt]]:
    """Turn all pages."""
    found, cursor = list[list[Receipt]](), ""
    while True:
        items, cursor = list_receipts(
            there.one,
            there.audience,
            status=status,
            cursor=cursor,
            limit=limit,
            desk=Desk(there.audiences, there.receipts),
        )
        found.append(items)
        if not cursor:
            return found


def test_a_chat_that_got_it_shows_the_number_of_the_message_and_when() -> None:
    there = kept()
    there.change(pin=True)
    there.note(0, sent={0: 51, 1: 52, 2: 53}, unpinned=frozenset({1}), replied=frozenset({2}))

    first, second, third = pages(there)[0][:3]

    assert first == Receipt(
        "H0000000", "Садовая, 1", ReceiptStatus.SENT, message=51, at=NOW, pinned=True
    )
    assert not second.pinned
    assert third.reply


def test_a_chat_that_failed_shows_why_and_what_to_do() -> None:
    there = kept()
    there.note(1, sent={0: 1}, failed={1: "chat_rights", 2: "unknown_977"})

    lost, unknown = pages(there, status=ReceiptStatus.FAILED)[0]

    assert (lost.title, lost.code) == ("Садовая, 5", "chat_rights")
    assert lost.reason == "Сообществу нельзя писать в этот чат."
    assert lost.to_do.startswith("Верните сообществу права")
    assert unknown.reason == "ВКонтакте ответил ошибкой 977, которой мы не знаем."


def test_chats_come_in_the_order_of_sending_then_the_houses_left_out() -> None:
    there = kept()

    found = [receipt.title for page in pages(there, limit=2) for receipt in page]

    assert found == [*(f"Садовая, {n}" for n in range(1, 10)), "Лесная, 1", "Лесная, 2"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 11, 12])
def test_every_chat_is_on_one_page_whatever_its_size(limit: int) -> None:
    there = kept()

    turned = pages(there, limit=limit)

    assert [receipt for page in turned for receipt in page] == pages(there)[0]
    assert all(len(page) == limit for page in turned[:-1])


def test_each_status_shows_its_own_chats() -> None:
    there = kept(5)
    there.note(0, sent={0: 1}, failed={1: "not_done"}, waits=frozenset({2}), again_at=NOW)
    there.note(4, sent={0: 1, 1: 1}, failed={2: "not_sent"})
    there.receipts.kept[ID, 1] = ChunkReceipts(1, begun_at=NOW)
    del there.receipts.kept[ID, 2]

    shown = {
        status: [receipt.title for page in pages(there, status=status) for receipt in page]
        for status in ReceiptStatus
    }

    assert shown == {
        ReceiptStatus.SENT: ["Садовая, 1", *(f"Садовая, {n}" for n in range(10, 15))],
        ReceiptStatus.FAILED: ["Садовая, 2"],
        ReceiptStatus.NOT_SENT: ["Садовая, 15"],
        ReceiptStatus.WAITS: ["Садовая, 3"],
        ReceiptStatus.UNDER_WAY: ["Садовая, 4", "Садовая, 5", "Садовая, 6"],
        ReceiptStatus.LEFT: ["Садовая, 7", "Садовая, 8", "Садовая, 9"],
        ReceiptStatus.LEFT_OUT: ["Лесная, 1", "Лесная, 2"],
    }


def test_a_house_that_was_left_out_shows_why() -> None:
    there = kept(left_out=1)

    (house,) = pages(there, status=ReceiptStatus.LEFT_OUT)[0]

    assert (house.code, house.reason) == ("no_chat_yet", LEFT_OUT["no_chat_yet"])


def test_rare_failures_are_found_though_a_page_reads_only_so_many_chunks() -> None:
    there = kept(AT_A_TIME + 2)
    for chunk in range(AT_A_TIME + 2):
        there.note(chunk, sent={0: 1, 1: 1}, failed={2: "not_done"})

    turned = pages(there, status=ReceiptStatus.FAILED, limit=TOGETHER * AT_A_TIME)

    assert [len(page) for page in turned] == [AT_A_TIME, 2]


def test_a_chunk_without_what_is_sought_is_not_read() -> None:
    there = kept()
    there.note(2, sent={0: 1, 1: 1}, failed={2: "not_done"})
    wire = Wire()
    there.audiences = wire.watch("audiences", there.audiences)

    pages(there, status=ReceiptStatus.FAILED)

    assert wire.calls.count("audiences.chunk") == 1


@pytest.mark.parametrize("cursor", ["x", "c1-2-3", "c-1", "h", "c1-9999", "c٣-1"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    there = kept()

    with pytest.raises(LookupError):
        list_receipts(
            there.one,
            there.audience,
            status=None,
            cursor=cursor,
            limit=1,
            desk=Desk(there.audiences, there.receipts),
        )
