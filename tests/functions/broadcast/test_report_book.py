"""The report of a broadcast: who sent what to whom, and what became of it in each chat."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from broadcast.follow import Desk as FollowDesk
from broadcast.follow import Follower, correct, recall, said_anew
from broadcast.report_job import BROADCAST, report_key
from broadcast.write_report import Desk, write_report
from housechats.adapters.jobs import DynamoJobs
from housechats.domain.audiences import LEFT_OUT
from housechats.domain.broadcast_texts import Occasion
from housechats.domain.broadcasts import BroadcastLane, BroadcastState, Review, folder_of
from housechats.domain.jobs import Job, JobKind, JobStatus
from housechats.domain.messages import Attachment, LinkButton
from housechats.domain.receipts import ChunkReceipts
from support.aws_mock import aws, new_table
from support.broadcast_over import ID, MESSAGE, NOW, OKTMO, Kept, kept
from support.fakes import FakeFiles, FakeTowns

LATER = NOW + timedelta(hours=1)
JOB = Job(
    id="a" * 16,
    kind=JobKind.REPORT,
    oktmo=OKTMO,
    created_by="vk:3",
    created_at=datetime.now(UTC).replace(microsecond=0),
    total=1,
    subject={BROADCAST: ID},
)
Sheet = list[tuple[Any, ...]]


def reported(there: Kept, broadcast_id: str = ID) -> dict[str, Sheet]:
    """Return the rows of the workbook's sheets."""
    files, towns = FakeFiles(), FakeTowns()
    towns.put(OKTMO, "г. Вымышленск")
    with aws():
        jobs = DynamoJobs(new_table("houses"))
        job = jobs.begin(replace(JOB, subject={BROADCAST: broadcast_id}), [])
        desk = Desk(
            jobs=jobs,
            broadcasts=there.broadcasts,
            receipts=there.receipts,
            audiences=there.audiences,
            messages=there.messages,
            towns=towns,
            files=files,
        )
        write_report(job, desk=desk, now=LATER)
        after = jobs.get(JOB.id)
    assert after
    assert (after.status, after.file_key) == (JobStatus.DONE, report_key(JOB.id))
    assert after.file_name == f"Рассылка 22.11.2026 {broadcast_id}.xlsx"
    body = files.get(report_key(JOB.id))
    assert body
    book = openpyxl.load_workbook(BytesIO(body))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def told(sheet: Sheet) -> dict[str, Any]:
    return {row[0]: row[1] for row in sheet if row[0] and row[1] is not None}


def follow_desk(there: Kept) -> FollowDesk:
    return FollowDesk(there.broadcasts, there.receipts, there.messages, there.starts, there.seed)


def test_the_first_sheet_says_who_sent_what_when_and_who_allowed_it() -> None:
    there = kept()
    message = replace(
        MESSAGE,
        until=NOW + timedelta(hours=6),
        buttons=(LinkButton("Схема", "https://example.ru/plan"),),
        attachment=Attachment("key", "план.pdf", image=False),
    )
    there.messages.put(folder_of(ID), message)
    there.change(
        lane=BroadcastLane.EMERGENCY,
        sender_reason="Авария.",
        review=Review(NOW, "vk:5", LATER, "Всё верно."),
        approved_by="vk:4",
        inn="2901000017",
    )

    summary = told(reported(there)["Итог"])

    assert summary["Состояние"] == "закончена 22.11.2026 12:00:00"
    assert summary["Срочность"].startswith("экстренная")
    assert summary["Территория"] == "г. Вымышленск"
    assert summary["ИНН организации"] == "2901000017"
    assert summary["Текст"] == f"{MESSAGE.header}\n\n{MESSAGE.text}"
    assert summary["Действует до"] == "22.11.2026 18:00"
    assert summary["Кнопки"] == "Схема: https://example.ru/plan"
    assert summary["Файл"] == "план.pdf"
    assert (summary["Чатов"], summary["Жителей в этих чатах"]) == (9, 90)
    assert summary["Составил"] == "vk.com/id1"
    assert summary["Подтвердил второй человек"] == "vk.com/id4"
    assert summary["Почему без второго человека"] == "Авария."
    assert summary["Проверка"] == "vk.com/id5, 22.11.2026 13:00:00: Всё верно."


def test_the_first_sheet_says_whom_it_was_asked_to_reach() -> None:
    there = kept()
    asked = ["ул. Мира, 2–48 — домов: 12", "список, строк: 3 — домов: 2"]
    there.audiences.write(folder_of(ID), [], together=3, asked=asked)
    there.receipts.kept.clear()

    summary = told(reported(there)["Итог"])

    assert summary["Кому"] == "ул. Мира, 2–48 — домов: 12\nсписок, строк: 3 — домов: 2"


def test_the_first_sheet_says_plainly_what_was_stopped_and_what_nobody_has_counted() -> None:
    there = kept()
    text = "Дом {адрес}: воды нет."
    there.messages.put(folder_of(ID), replace(MESSAGE, text=text))
    stopped = "Остановлена вручную."
    there.change(people=0, state=BroadcastState.STOPPED, stopped_because=stopped)

    summary = told(reported(there)["Итог"])

    assert summary["Состояние"] == "остановлена вручную."
    assert summary["Жителей в этих чатах"] == "ещё не считали"
    assert summary["Поля текста"].endswith("{адрес} — адрес дома, как в названии чата")


def test_numbers_and_reasons_are_counted_from_the_receipts() -> None:
    there = kept()
    there.change(pin=True)
    there.note(0, sent={0: 51}, failed={1: "not_done", 2: "not_done"}, unpinned=frozenset({0}))
    there.note(1, sent={0: 52, 1: 53}, waits=frozenset({2}), again_at=LATER)

    summary = told(reported(there)["Итог"])

    assert summary["Отправлено"] == 6
    assert summary["Из них закреплено"] == 5
    assert summary["Не отправлено"] == 2
    assert summary["Осталось"] == 1
    assert summary["Домов, которым не отправлялось"] == 2
    assert summary["Чатов: 2"] == "ВКонтакте не выполнил просьбу. Нажмите «Повторить»."
    assert summary["Домов: 2"] == LEFT_OUT["no_chat_yet"]


def test_each_chat_has_its_receipt() -> None:
    there = kept()
    there.note(1, sent={0: 51}, failed={1: "unknown_977"}, waits=frozenset({2}), again_at=LATER)
    del there.receipts.kept[ID, 2]

    title, _, header, *rows = reported(there)["По чатам"]

    assert title[0] == f"Рассылка {ID}: г. Вымышленск"
    assert header[:4] == ("Адрес", "Код дома", "Что стало", "Когда")
    assert len(rows) == 9
    assert rows[0][:5] == ("Садовая, 1", "H0000000", "отправлено", "22.11.2026 12:00:00", 1000)
    assert rows[4][2] == "не отправлено"
    assert rows[4][6].startswith("ВКонтакте ответил ошибкой 977")
    assert rows[5][2:4] == ("ждёт ВКонтакте", "22.11.2026 13:00:00")
    assert rows[6][2:4] == ("ещё не отправлялось", None)


def test_houses_that_were_left_out_say_why() -> None:
    there = kept(left_out=3)

    rows = reported(there)["Не отправлялось"][3:]

    assert rows == [(f"Лесная, {n + 1}", f"X{n:07d}", LEFT_OUT["no_chat_yet"]) for n in range(3)]


def test_corrections_and_recalls_stand_beside_the_chats_they_reached() -> None:
    there = kept()
    new = said_anew(MESSAGE, text="До вечера.", until=None, occasion=Occasion.CORRECTION)
    who = Follower("c" * 16, "vk:2")
    first = correct(there.one, new, is_many=False, who=who, desk=follow_desk(there), now=LATER)
    there.broadcasts.kept[first.id] = replace(
        there.broadcasts.kept[first.id], state=BroadcastState.DONE, finished_at=LATER, sent=8
    )
    recall(
        there.one,
        reason="Не тот дом.",
        who=Follower("d" * 16, "vk:4"),
        desk=follow_desk(there),
        now=LATER + timedelta(minutes=5),
    )
    there.receipts.kept[first.id, 0] = ChunkReceipts(
        0, finished_at=LATER, cmids={0: 1, 1: 2}, failures={2: "not_sent"}, replied=frozenset({1})
    )
    there.receipts.kept["d" * 16, 0] = ChunkReceipts(0, finished_at=LATER, failures={0: "not_done"})

    sheets = reported(there)

    assert [row[8] for row in sheets["По чатам"][3:7]] == [
        "исправлено 22.11.2026 13:00:00; не удалено",
        "исправлено ответом 22.11.2026 13:00:00",
        None,
        None,
    ]
    summary = told(sheets["Итог"])
    assert summary["22.11.2026 13:00:00"].startswith(f"Исправление {first.id}, закончена")
    assert "«До вечера.»" in summary["22.11.2026 13:00:00"]
    assert summary["22.11.2026 13:05:00"].endswith("«Не тот дом.»")


def test_the_report_of_a_recall_says_why_and_what_is_deleted() -> None:
    there = kept()
    new = recall(
        there.one,
        reason="Не тот дом.",
        who=Follower("d" * 16, "vk:4"),
        desk=follow_desk(there),
        now=LATER,
    )
    there.receipts.kept[new.id, 0] = ChunkReceipts(
        0, finished_at=LATER, cmids={0: 1, 1: 2}, failures={2: "too_late"}
    )

    sheets = reported(there, new.id)

    summary = told(sheets["Итог"])
    assert (summary["Почему отозвана"], summary["Удалено"]) == ("Не тот дом.", 2)
    assert [row[2] for row in sheets["По чатам"][3:6]] == ["удалено", "удалено", "не удалено"]


@pytest.mark.parametrize("text", ["=1+1", "+7 900", "@cmd", "-1", "\x0bА\x00"])
def test_whatever_a_text_begins_with_it_is_a_text(text: str) -> None:
    there = kept()
    there.messages.put(folder_of(ID), replace(MESSAGE, header=text, text="x"))

    said = told(reported(there)["Итог"])["Текст"]

    assert said == f"{text.strip(chr(11)).replace(chr(0), '')}\n\nx"


def test_a_report_of_what_is_kept_no_more_says_so() -> None:
    there, files = kept(), FakeFiles()
    del there.broadcasts.kept[ID]

    with aws():
        jobs = DynamoJobs(new_table("houses"))
        jobs.begin(JOB, [])
        desk = Desk(
            jobs=jobs,
            broadcasts=there.broadcasts,
            receipts=there.receipts,
            audiences=there.audiences,
            messages=there.messages,
            towns=FakeTowns(),
            files=files,
        )
        write_report(JOB, desk=desk, now=LATER)
        after = jobs.get(JOB.id)

    assert after
    assert (after.status, bool(after.reason)) == (JobStatus.FAILED, True)
