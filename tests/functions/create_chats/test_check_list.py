"""A clerk checks a list on their own machine and reads what to mend before anybody sees it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from create_chats.check_list import check_list, document
from create_chats.command import CHECKED, WRONG_COMMAND, main, stopped_after
from create_chats.refusals import RefusedListError
from create_chats.told_list import MOST_LINES, WIDTH, told
from housechats.domain.batches import Verdict
from housechats.domain.limits import LARGEST_LIST

ROOT = Path(__file__).parents[3]
FIAS = "379cb922-0149-4a63-abc9-c28faf25eeba"
INN = "7707083893"
GOOD = (
    f"Адрес;ФИАС;Подъездов;Квартир;Старший по дому;Телефон;Страница ВК;УК;ИНН УК;Метки\n"
    f"обл. Архангельская, г. Архангельск, пр-кт Мира, д. 5, корп. 2;{FIAS.upper()};4;80;Образцова;"
    f"8 900 000-00-01;vk.com/id7;ООО «Дом»;{INN};лифт, газ\n"
)
DIRTY = (
    "Дома района\n"
    "Адрес;Страница ВК\n"
    "г. Архангельск, ул. Мира, д. 1;@Ivanova\n"
    "г. Архангельск, пр. Мира, д. 2;\n"
    "Архангельск г, Мира ул., 1;\n"
    "Итого: 3;\n"
)


def listed(text: str, folder: Path, name: str = "дома.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def documented(file: Path, **settings: str) -> dict[str, Any]:
    document_: dict[str, Any] = json.loads("".join(document(check_list(file, **settings))))
    return document_


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    paths = (ROOT / "functions", ROOT / "layers" / "housechats")
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "create_chats.command", *arguments],
        env={"PYTHONPATH": os.pathsep.join(map(str, paths)), "LC_ALL": "C"},
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_the_document_tells_everything_of_a_house(tmp_path: Path) -> None:
    told_of = documented(listed(GOOD, tmp_path), oktmo="11701000")

    assert told_of == {
        "file": {"verdict": "read", "code": "", "message": ""},
        "rows": [
            {
                "sheet": "",
                "row": 2,
                "verdict": "accepted",
                "duplicate_of": None,
                "house": {
                    "address": "г. Архангельск, пр-кт Мира, д. 5, корп. 2",
                    "address_parts": {
                        "region": "Архангельская обл.",
                        "district": "",
                        "locality": "г. Архангельск",
                        "street_type": "пр-кт",
                        "street": "Мира",
                        "house": "5",
                        "block": "2",
                        "building": "",
                        "letter": "",
                    },
                    "fias_id": FIAS,
                    "entrances": 4,
                    "flats": 80,
                    "elder_name": "Образцова",
                    "elder_phone": "+79000000001",
                    "elder_vk": {"type": "user_id", "id": 7},
                    "organisations": [
                        {"kind": "management_company", "name": "ООО «Дом»", "inn": INN}
                    ],
                    "tags": ["лифт", "газ"],
                },
                "problems": [],
            }
        ],
    }


def test_the_document_has_a_verdict_for_each_row_as_the_spreadsheet_counts(tmp_path: Path) -> None:
    rows = documented(listed(DIRTY, tmp_path))["rows"]

    assert [(row["row"], row["verdict"], row["duplicate_of"]) for row in rows] == [
        (3, "accepted", None),
        (4, "rejected", None),
        (5, "duplicate", 3),
        (6, "skipped", None),
    ]
    assert rows[0]["house"]["elder_vk"] == {"type": "screen_name", "screen_name": "ivanova"}
    assert rows[0]["house"]["flats"] is None
    assert rows[3]["house"] is None
    assert sorted(rows[1]["problems"][0]) == ["code", "column", "message"]
    assert rows[1]["house"]["address_parts"]["street"] == "Мира"


def test_a_town_that_rows_leave_out_is_told_by_the_command(tmp_path: Path) -> None:
    file = listed("Адрес\nул. Мира, д. 1\n", tmp_path)

    assert documented(file)["rows"][0]["verdict"] == "rejected"
    (row,) = documented(file, locality="г. Архангельск")["rows"]
    assert row["house"]["address"] == "г. Архангельск, ул. Мира, д. 1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("", "list_empty", id="nothing"),
        pytest.param("Адрес\nИтого: 0\n", "list_empty", id="no house"),
        pytest.param("Что;Где\n1;2\n", "list_no_address", id="no addresses"),
        pytest.param("%PDF-1.7\n", "list_not_table", id="no table"),
    ],
)
def test_a_list_that_is_no_list_is_refused_in_one_sentence(
    text: str, code: str, tmp_path: Path
) -> None:
    refusal = documented(listed(text, tmp_path))

    assert (refusal["file"]["verdict"], refusal["file"]["code"]) == ("refused", code)
    assert refusal["file"]["message"].endswith(".")
    assert refusal["rows"] == []


def test_a_file_that_is_too_big_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "дома.csv"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST_LIST + 1)

    assert documented(file)["file"]["code"] == "list_too_big"


def test_people_read_counts_then_what_to_mend_then_what_to_do(tmp_path: Path) -> None:
    checked = check_list(listed(DIRTY, tmp_path))

    lines = list(told(checked, "дома.csv"))

    text = "\n".join(lines)
    assert "Строк: 4" in text
    assert "1  отклонено" in text
    assert text.index("Почему строки отклонены") < text.index("Повторы") < text.index("Что дальше")
    assert max(map(len, lines)) <= WIDTH


def test_a_long_list_is_not_told_line_by_line(tmp_path: Path) -> None:
    rows = "".join(f"г. Архангельск, ул. Мира, д. {n}, кв. {n}\n" for n in range(1, 3000))
    file = listed(f"Адрес\n{rows}", tmp_path)

    lines = list(told(check_list(file), file.name))

    assert len(lines) < MOST_LINES + 20
    assert any("и ещё" in line for line in lines)
    assert len(documented(file)["rows"]) == 2999


def test_rows_with_one_problem_are_told_together(tmp_path: Path) -> None:
    rows = "".join(f"г. Архангельск, ул. Мира, д. {n};\n" for n in range(1, 100))
    file = listed(f"Адрес;Телефон\n{rows}", tmp_path)

    lines = [line for line in told(check_list(file), file.name) if "2–100" in line]

    assert len(lines) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param([], WRONG_COMMAND, id="no file"),
        pytest.param(["--file=нет такого.csv"], WRONG_COMMAND, id="no such file"),
        pytest.param(["--file=."], WRONG_COMMAND, id="a folder"),
        pytest.param(["--file={}", "--oktmo=сто"], WRONG_COMMAND, id="no code"),
        pytest.param(["--file={}"], CHECKED, id="a list"),
        pytest.param(["--file={}", "--oktmo=11000000"], CHECKED, id="a list that is refused"),
    ],
)
def test_the_exit_code_tells_what_became_of_the_command(
    arguments: list[str], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = listed(DIRTY, tmp_path)

    assert main([argument.format(file) for argument in arguments]) == code
    told_to_people = capsys.readouterr()
    assert (told_to_people.err != "") is (code == WRONG_COMMAND)


def check_for_ever() -> None:
    while True:
        pass


def test_a_check_that_takes_too_long_is_given_up_in_one_sentence() -> None:
    with pytest.raises(RefusedListError) as refusal, stopped_after(0.001):
        check_for_ever()

    assert refusal.value.code == "list_too_slow"
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_list_whose_check_is_given_up_is_a_refused_list(tmp_path: Path) -> None:
    rows = "".join(f"г. Архангельск, ул. Мира, д. {n}\n" for n in range(1, 9000))
    file = listed(f"Адрес\n{rows}", tmp_path)

    with stopped_after(0.02):
        checked = check_list(file)

    assert (checked.code, checked.rows) == ("list_too_slow", ())


def test_the_command_prints_one_document_and_nothing_else(tmp_path: Path) -> None:
    file = listed(DIRTY, tmp_path, "наши \"дома\" $x 'й'.csv")

    done = run(f"--file={file}", "--json=1")

    assert (done.returncode, done.stderr) == (CHECKED, b"")
    assert [row["verdict"] for row in json.loads(done.stdout)["rows"]] == [
        Verdict.ACCEPTED,
        Verdict.REJECTED,
        Verdict.DUPLICATE,
        Verdict.SKIPPED,
    ]


def test_a_wrong_command_is_answered_in_russian_without_a_traceback() -> None:
    done = run("--flie=дома.csv")

    assert done.returncode == WRONG_COMMAND
    assert done.stdout == b""
    assert "make check-list FILE=" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
