"""Verify the account of who did what: `make audit-check [FILE=export.jsonl] [STACK=housechats]`."""

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from operate.system import CommandError, OperatorError, System, carry_out, find_system


@dataclass
class Part:
    """One exported file: its first line says what it is, each of the others is a link."""

    head: dict[str, Any]
    links: list[dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """What a file proves."""

    links: int
    chained: bool
    """Whether each link follows from the one before: of a part of a region only some are there."""
    complete: bool
    """Whether it is known that it has the chain from its beginning to its end."""


def check_stack(system: System) -> None:
    """Have the stack verify the chains of all regions."""
    chains = system.invoke("AuditVerifyFunction", {})["chains"]
    for chain in chains:
        where = f"регион {chain['region']}" if chain["region"] else "без территории"
        torn = f"✗ запись {chain['broken']} изменена или пропала"
        print(f"  {where}: записей {chain['links']}, {torn if chain['broken'] else 'цепочка цела'}")
    if any(chain["broken"] for chain in chains):
        raise OperatorError("Учёт действий изменён в таблице помимо системы.")
    print("Учёт действий цел.")


def verify(text: str) -> Verdict:
    """Verify an exported file, or several joined in their order; OperatorError if it is broken."""
    parts = _parts(text)
    seq = parts[0].head["after"]
    last_hash = "" if seq else _first_hash(parts[0].head["chain"])
    for part in parts:
        if part.head["after"] != seq or part.head["chain"] != parts[0].head["chain"]:
            raise OperatorError("Выгрузки идут не одна за другой: между ними пропуск.")
        seq, last_hash = _verify_part(part, seq, last_hash)
    return Verdict(
        links=sum(len(part.links) for part in parts),
        chained=all(part.head["whole"] for part in parts),
        complete=parts[0].head["after"] == 0 and parts[-1].head["end"] is not None,
    )


def _verify_part(part: Part, seq: int, last_hash: str) -> tuple[int, str]:
    """Return number and hash of the last link."""
    for link in part.links:
        is_next = link["seq"] == seq + 1
        is_torn = is_next and last_hash and link["previous"] != last_hash
        is_gap = link["seq"] <= seq or (part.head["whole"] and not is_next)
        if is_torn or is_gap or link["hash"] != _digest(link):
            raise OperatorError(f"Запись {link['seq']} изменена, или перед ней пропуск.")
        seq, last_hash = link["seq"], link["hash"]
    end = part.head["end"] or {"seq": seq, "hash": last_hash}
    if len(part.links) != part.head["links"] or end != {"seq": seq, "hash": last_hash}:
        raise OperatorError(f"После записи {seq} не хватает записей.")
    return seq, last_hash


def _parts(text: str) -> list[Part]:
    """Return the files that were joined; CommandError when it is none of ours."""
    parts: list[Part] = []
    try:
        for line in text.splitlines():
            told = json.loads(line)
            if "chain" in told:
                parts.append(Part(told, []))
            else:
                parts[-1].links.append(told)
    except (ValueError, TypeError, IndexError):
        parts = []
    if not parts:
        raise CommandError("Это не выгрузка учёта действий: нужен файл .jsonl, как он скачан.")
    return parts


def _digest(link: dict[str, Any]) -> str:
    """Return SHA-256 of everything in a link but its hash, as canonical JSON."""
    rest = {name: value for name, value in link.items() if name != "hash"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _first_hash(region: str) -> str:
    return hashlib.sha256(f"housechats/{region}".encode()).hexdigest()


def check_file(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise CommandError(f"Файл не читается: {path}") from error
    try:
        verdict = verify(text)
    except (KeyError, TypeError) as error:
        raise OperatorError(f"В файле не хватает поля: {error}") from error
    print(f"Записей {verdict.links}, все целы.")
    if not verdict.chained:
        print("Это выписка по части региона: целиком цепочку проверяют по выгрузке всего региона.")
    elif not verdict.complete:
        print("Это часть цепочки: есть ли записи до неё и после, по ней не видно.")


def _command(stack: str, file: str) -> None:
    if file:
        check_file(Path(file))
    else:
        check_stack(find_system(stack))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make audit-check")
    parser.add_argument("--stack", default="")
    parser.add_argument("--file", default="")
    given = parser.parse_args(arguments)
    return carry_out(partial(_command, given.stack, given.file))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
