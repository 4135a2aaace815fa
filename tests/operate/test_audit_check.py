"""The account of who did what is verified by one command, on the stack or from a file."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from audit import export
from housechats.adapters.audit import DynamoLedger
from housechats.domain.audit import Act, Outcome
from housechats.domain.territories import Territory
from operate.audit_check import check_stack, main, verify
from operate.system import FAILED, MISTAKEN, OperatorError, carry_out
from support.aws_mock import aws, new_table
from support.fakes import FakeFiles
from support.operated import FakeDeployment

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def exported(territory: str, *, after: int = 0) -> list[str]:
    """Return the lines of a file as the API writes it: five acts in two towns."""
    with aws():
        ledger, files = DynamoLedger(new_table("houses")), FakeFiles()
        for number in range(5):
            act = Act(
                id=f"{number}",
                at=NOW + timedelta(seconds=number),
                who="vk:1",
                role="staff",
                what="createHouse",
                on=(f"house:{number}", "дом"),
                oktmo="11730000" if number == 2 else "11701000",
                request_id="r",
                outcome=Outcome.DONE,
            )
            ledger.settle(act)
        export.export(Territory(territory), after=after, export_id="1", ledger=ledger, files=files)
    return files.bodies[export.export_key("1")].decode().splitlines()


def checked(tmp_path: Path, lines: list[str]) -> int:
    path = tmp_path / "учёт.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return main(["--file", str(path)])


def test_a_whole_chain_is_proved_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = checked(tmp_path, exported("11"))

    assert code == 0
    assert capsys.readouterr().out == "Записей 5, все целы.\n"


def test_files_that_follow_each_other_are_proved_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST", 2)
    parts = [exported("11"), exported("11", after=2), exported("11", after=4)]

    verdict = verify("\n".join(chain(*parts)))

    assert (verdict.links, verdict.chained, verdict.complete) == (5, True, True)
    with pytest.raises(OperatorError, match="между ними пропуск"):
        verify("\n".join(parts[0] + parts[2]))


def test_a_part_of_the_chain_is_not_called_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path, exported("11", after=3)) == 0
    assert "часть цепочки" in capsys.readouterr().out
    assert checked(tmp_path, exported("11701000")) == 0
    assert "выписка по части региона" in capsys.readouterr().out


@pytest.mark.parametrize("territory", ["11", "11701000"])
def test_every_link_that_is_changed_or_moved_is_found(tmp_path: Path, territory: str) -> None:
    head, *links = exported(territory)
    for place, text in enumerate(links):
        changed = json.dumps(json.loads(text) | {"who": "vk:2"})
        moved = links[:place] + links[place + 1 :]
        moved.insert(0 if place else 1, text)

        assert checked(tmp_path, [head, *links[:place], changed, *links[place + 1 :]]) == FAILED
        assert checked(tmp_path, [head, *moved]) == FAILED
        assert checked(tmp_path, [head, *links[:place], text, *links[place:]]) == FAILED
        assert checked(tmp_path, [head, *links[:place], *links[place + 1 :]]) == FAILED


def test_last_links_cut_off_are_missed_even_if_the_first_line_was_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, *links = exported("11")
    mended = json.dumps(json.loads(head) | {"links": 4})

    code = checked(tmp_path, [mended, *links[:4]])

    assert code == FAILED
    assert "не хватает записей" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "id;who\n1;vk:1\n", "[]\n", '{"seq": 1}\n', "{\n"], ids=repr)
def test_what_is_no_export_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    code = checked(tmp_path, text.splitlines())

    assert code == MISTAKEN
    assert "не выгрузка" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--file", "/no/such/file"]) == MISTAKEN
    assert "не читается" in capsys.readouterr().err


def test_a_stack_tells_which_chains_hold(capsys: pytest.CaptureFixture[str]) -> None:
    whole = [{"region": "11", "links": 7, "broken": None}]
    torn = [*whole, {"region": "118", "links": 3, "broken": 2}]

    codes = []
    for said in (whole, torn):
        deployed = FakeDeployment({"AuditVerifyFunction": partial(_said, said)})
        codes.append(carry_out(partial(check_stack, deployed.system)))

    assert codes == [0, FAILED]
    told = capsys.readouterr().out
    assert "регион 11: записей 7, цепочка цела" in told
    assert "регион 118: записей 3, ✗ запись 2" in told


def _said(chains: list[Any], _event: Any) -> Any:
    return {"chains": chains}
