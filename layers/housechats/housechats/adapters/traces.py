"""What is kept of a person: the Memory port over the table."""

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from housechats.adapters.complaints import (
    author_key,
    complaint_item,
    complaint_key,
    read_complaint,
)
from housechats.adapters.discussions import DynamoDiscussions, DynamoInterested
from housechats.adapters.guides import guide_key
from housechats.adapters.invitations import read_invitation
from housechats.adapters.posts import read_post
from housechats.adapters.questions import DynamoQuestions
from housechats.adapters.reports import read_report, report_item, report_key
from housechats.adapters.table import ConditionFailedError, Item, Table, from_ms, to_seconds
from housechats.domain import complaints, discussions, questions, reports
from housechats.domain.erasure import REQUEST_KEPT, Erasure, Person, emptied
from housechats.domain.errors import UnavailableError
from housechats.domain.people import Elder, Post
from housechats.ports.traces import ElderTrace, Traces, WrittenCells

LOOKED_AT = (
    "begins_with(#pk, :elder) OR begins_with(#pk, :invitation) "
    "OR begins_with(#pk, :person) OR begins_with(#pk, :dialogue) "
    "OR begins_with(#pk, :question) "
    "OR begins_with(#pk, :discussion) OR begins_with(#pk, :interested) "
    "OR begins_with(#pk, :complaint) OR begins_with(#pk, :report) "
    "OR (begins_with(#pk, :caller) AND begins_with(#sk, :key)) "
    "OR (begins_with(#pk, :house) AND #sk = :of_house) "
    "OR (begins_with(#pk, :batch) AND (#sk = :of_batch OR begins_with(#sk, :elder)))"
)
KINDS = {
    "elder": "ELDER#",
    "invitation": "INVITATION#",
    "person": "PERSON#VK#",
    "dialogue": "DIALOGUE#",
    "question": "QUESTION#",
    "discussion": "DISCUSSION#",
    "interested": "INTERESTED#",
    "complaint": "COMPLAINT#",
    "report": "REPORT#",
    "caller": "CALLER#",
    "key": "KEY#",
    "house": "HOUSE#",
    "of_house": "HOUSE",
    "batch": "BATCH#",
    "of_batch": "BATCH",
}
TRIES = 10
"""How often others may be faster at one chunk of a list before the queue has to try again."""


class DynamoMemory:
    """Finds by reading the whole table: of phones there is no index, and there shall be none."""

    def __init__(self, table: Table, *, elder_key: str) -> None:
        self._table = table
        self._elder_key = elder_key

    def look(self, person: Person, *, go_on: Callable[[], bool] = lambda: True) -> Traces:
        seen = _Seen(person, self._elder_key)
        for page in self._table.sift(LOOKED_AT, **KINDS):
            if not go_on():
                return seen.traces(complete=False)
            for item in page:
                seen.take(item)
        return seen.traces()

    def forget_guide(self, trace: ElderTrace) -> None:
        # Under the id of a page that leads astray stands the guide of somebody else.
        if trace.is_kept or self._table.get(f"ELDER#{trace.id}", "ELDER") is None:
            self._table.delete(*guide_key(trace.id))

    def forget_elder(self, trace: ElderTrace) -> None:
        elder_id = trace.id
        for letter_id in trace.letters:
            self._table.delete(f"BATCH#{letter_id}", f"ELDER#{elder_id}")
        for vk_id in trace.pages:
            self._table.delete(f"PERSON#VK#{vk_id}", f"ELDER#{elder_id}")
        if trace.is_kept:
            # The contacts come last: until then a repeat finds the person by them.
            self._table.delete(f"ELDER#{elder_id}", "ELDER")

    def let_go(self, elder_id: str, house_ids: Collection[str]) -> None:
        with suppress(ConditionFailedError):
            self._table.update(
                f"ELDER#{elder_id}",
                "ELDER",
                "DELETE #houses :houses",
                condition="attribute_exists(#pk)",
                houses=set(house_ids),
            )

    def forget_invitation(self, invitation_id: str) -> None:
        self._table.delete(f"INVITATION#{invitation_id}", "INVITATION")

    def forget_titles(self, post: Post) -> bool:
        key = f"PERSON#VK#{post.vk_id}", f"POST#{post.territory.oktmo}#{post.inn}"
        item = self._table.get(*key) or {"former": []}
        try:
            self._table.update(
                *key,
                "SET #title = :none, #former = :former, #revision = :next",
                condition="#revision = :was",
                none="",
                former=[_untitled(one) for one in item["former"]],
                next=post.revision + 1,
                was=post.revision,
            )
        except ConditionFailedError:
            return False
        return True

    def forget_answer(self, key: tuple[str, str]) -> None:
        with suppress(ConditionFailedError):
            # It stays answered: a repeat of the request must have no second effect.
            self._table.update(
                *key, "SET #body = :none", condition="attribute_exists(#pk)", none="{}"
            )

    def forget_dialogue(self, dialogue_id: str) -> None:
        self._table.delete(f"DIALOGUE#{dialogue_id}", "DIALOGUE")

    def forget_asker(self, question_id: str, vk_id: int) -> None:
        kept = DynamoQuestions(self._table)
        for _ in range(TRIES):
            there = kept.get(question_id)
            after = questions.forgotten(there, vk_id) if there else None
            if after is None or after == there or kept.save(after):
                return
        raise UnavailableError("others keep changing this question")

    def forget_speaker(self, discussion_id: str, vk_id: int) -> None:
        kept = DynamoDiscussions(self._table)
        for _ in range(TRIES):
            there = kept.get(discussion_id)
            after = discussions.forgotten(there, vk_id) if there else None
            if after is None or after == there or kept.save(after):
                return
        raise UnavailableError("others keep changing this discussion")

    def forget_interest(self, discussion_id: str, vk_id: int) -> None:
        DynamoInterested(self._table).remove(discussion_id, vk_id)

    def forget_complaint(self, complaint_id: str, vk_id: int) -> None:
        for _ in range(TRIES):
            item = self._table.get(*complaint_key(complaint_id))
            there = read_complaint(item) if item else None
            if there is None:
                return
            own = bool(vk_id) and there.by == vk_id
            after = complaints.forgotten(there) if own else complaints.erased(there)
            if self._kept(complaint_item(replace(after, revision=there.revision + 1))):
                if own:
                    self._table.delete(*author_key(there))
                return
        raise UnavailableError("others keep changing this complaint")

    def forget_report(self, report_id: str, vk_id: int) -> None:
        for _ in range(TRIES):
            item = self._table.get(*report_key(report_id))
            there = read_report(item) if item else None
            if there is None:
                return
            after = replace(reports.forgotten(there, vk_id), revision=there.revision + 1)
            if self._kept(report_item(after)):
                return
        raise UnavailableError("others keep changing this report")

    def _kept(self, item: Item) -> bool:
        """Write a record that is changed; False when others were faster."""
        try:
            self._table.put(item, condition="#revision = :was", was=item["revision"] - 1)
        except ConditionFailedError:
            return False
        return True

    def written(self, batch_id: str) -> dict[int, WrittenCells]:
        return {
            row["n"]: WrittenCells(_number(item), row.get("w", {}), _claimed(row))
            for item in self._chunks(batch_id)
            for row in item["rows"]
            if "w" in row or "k" in row
        }

    def empty_cells(self, batch_id: str, chunk: int, rows: Collection[int], person: Person) -> None:
        pk, sk = f"BATCH#{batch_id}", f"CHUNK#{chunk:05d}"
        for _ in range(TRIES):
            item = self._table.get(pk, sk) or {"rows": []}
            wrong = [
                (place, row, _emptied(row, person))
                for place, row in enumerate(item["rows"])
                if row["n"] in rows and _emptied(row, person) != row
            ]
            if not wrong:
                return
            place, before, after = wrong[0]
            with suppress(ConditionFailedError):  # somebody mends the row at this moment
                self._table.update(
                    pk,
                    sk,
                    f"SET #rows[{place}] = :after",
                    condition=f"#rows[{place}] = :before",
                    before=before,
                    after=after,
                )
        raise UnavailableError("others keep mending these rows")

    def no_result(self, batch_id: str) -> None:
        with suppress(ConditionFailedError):
            self._table.update(
                f"BATCH#{batch_id}",
                "BATCH",
                "REMOVE #result_at, #result_asked_at",
                condition="attribute_exists(#pk)",
            )

    def plan(self, erasure_id: str, batch_id: str, rows: Collection[int]) -> set[int]:
        asked = self._table.get(*_request(erasure_id))
        item = self._table.update(
            f"ERASURE#{erasure_id}",
            f"LIST#{batch_id}",
            "ADD #rows :rows SET #ttl = :ttl",
            returns="ALL_NEW",
            rows=set(rows),
            # Without a request nobody would delete it.
            ttl=asked["ttl"] if asked else 1,
        )
        return set(item["rows"])

    def planned(self, erasure_id: str, batch_id: str) -> set[int]:
        item = self._table.get(f"ERASURE#{erasure_id}", f"LIST#{batch_id}")
        return set(item["rows"]) if item else set()

    def ask(self, erasure: Erasure) -> None:
        pk, sk = _request(erasure.id)
        person = erasure.person
        with suppress(ConditionFailedError):  # an earlier try of the same request
            self._table.put(
                {
                    "pk": pk,
                    "sk": sk,
                    "vk_id": person.vk_id,
                    "vk_names": sorted(person.vk_names),
                    "phone": person.phone,
                    "oktmo": erasure.oktmo,
                    "asked_by": erasure.asked_by,
                    "asked_at": erasure.asked_at,
                    "ttl": to_seconds(erasure.asked_at + REQUEST_KEPT),
                },
                condition="attribute_not_exists(#pk)",
            )

    def know(self, erasure: Erasure) -> None:
        with suppress(ConditionFailedError):
            self._table.update(
                *_request(erasure.id),
                "SET #vk_names = :names",
                condition="attribute_exists(#pk)",
                names=sorted(erasure.person.vk_names),
            )

    def asked(self, erasure_id: str) -> Erasure | None:
        item = self._table.get(*_request(erasure_id))
        asked_at = from_ms(item["asked_at"]) if item else None
        if item is None or asked_at is None:
            return None
        person = Person(item["vk_id"], frozenset(item["vk_names"]), item["phone"])
        return Erasure(erasure_id, person, item["oktmo"], item["asked_by"], asked_at)

    def end(self, erasure_id: str) -> None:
        pk = f"ERASURE#{erasure_id}"
        for item in list(self._table.query_all("pk = :pk", consistent=True, pk=pk)):
            if item["sk"] != "ERASURE":
                self._table.delete(pk, item["sk"])
        # Whom to forget comes last: until then a repeat finds the rest.
        self._table.delete(pk, "ERASURE")

    def _chunks(self, batch_id: str) -> list[Item]:
        items = self._table.query_all(
            "pk = :pk AND begins_with(sk, :chunk)",
            consistent=True,
            pk=f"BATCH#{batch_id}",
            chunk="CHUNK#",
        )
        return list(items)


class _Seen:
    """What one look through the table has met."""

    def __init__(self, person: Person, elder_key: str) -> None:
        self._person = person
        self._elder_key = elder_key
        self._elders: dict[str, Item] = {}
        self._ids: set[str] = set()
        """Ids of elders who are the person."""
        self._pages: dict[str, set[int]] = {}
        """Pages that lead to elders, by the elders' ids."""
        self._houses: dict[str, tuple[str, str]] = {}
        """ОКТМО and elder of every house."""
        self._traces: dict[str, list[Any]] = {
            "invitations": [],
            "posts": [],
            "answers": [],
            "dialogues": [],
            "interests": [],
        }
        self._lists: dict[str, str] = {}
        self._complaints: dict[str, str] = {}
        self._reports: dict[str, str] = {}
        self._questions: dict[str, str] = {}
        self._discussions: dict[str, str] = {}
        self._letters: dict[str, list[str]] = {}
        """Ids of letters by their elders."""

    def take(self, item: Item) -> None:
        kind, _, name = item["pk"].partition("#")
        match kind:
            case "ELDER":
                self._elders[name] = item
                if self._person.is_elder(_elder(item)):
                    self._ids.add(name)
            case "HOUSE":
                self._houses[name] = (item["oktmo"], item.get("elder_id", ""))
            case "BATCH" if item["sk"] == "BATCH":
                self._lists[name] = item["oktmo"]
            case "BATCH":
                self._letters.setdefault(item["sk"].removeprefix("ELDER#"), []).append(name)
            case "INVITATION":
                self._take_invitation(item)
            case "PERSON":
                self._take_post(item)
            case "DIALOGUE" | "COMPLAINT" | "REPORT":
                self._take_said(kind, name, item)
            case "QUESTION" | "DISCUSSION" | "INTERESTED":
                self._take_talk(kind, name, item)
            case _:
                self._take_answer(item)

    def _take_said(self, kind: str, name: str, item: Item) -> None:
        """Note what people have said to the bot, and of each other."""
        match kind:
            case "DIALOGUE":
                self._take_dialogue(name, item)
            case "COMPLAINT" if self._complained(item):
                self._complaints[name] = item["oktmo"]
            case "REPORT" if self._reported(item):
                self._reports[name] = item["oktmo"]

    def _take_talk(self, kind: str, name: str, item: Item) -> None:
        """Note what residents and officials have talked about, and want to."""
        vk_id = self._person.vk_id
        match kind:
            case "QUESTION" if _is_in_question(item, vk_id):
                self._questions[name] = item["oktmo"]
            case "DISCUSSION" if _is_in_discussion(item, vk_id):
                self._discussions[name] = item["oktmo"]
            case "INTERESTED" if int(item["sk"]) == vk_id:
                self._traces["interests"].append(name)

    def _reported(self, item: Item) -> bool:
        """Tell whether the person wrote what was reported, or reported it."""
        concerned = {item.get("author", 0), *item.get("reporters", ())}
        return self._person.vk_id in concerned - {0}

    def _take_invitation(self, item: Item) -> None:
        invitation, person = read_invitation(item), self._person
        by_phone = bool(person.phone) and invitation.phone == person.phone
        by_page = bool(person.vk_id) and invitation.accepted_by == person.vk_id
        if by_phone or by_page or person.is_in(invitation.title):
            self._traces["invitations"].append(invitation)

    def _take_post(self, item: Item) -> None:
        vk_id = int(item["pk"].removeprefix("PERSON#VK#"))
        if item["sk"].startswith("ELDER#"):
            self._pages.setdefault(item["sk"].removeprefix("ELDER#"), set()).add(vk_id)
            return
        titles = "".join([item["title"], *(one.get("title", "") for one in item["former"])])
        its_own = bool(vk_id) and vk_id == self._person.vk_id
        if (its_own and (titles or not item.get("until"))) or self._person.is_in(titles):
            self._traces["posts"].append(read_post(item))

    def _complained(self, item: Item) -> bool:
        """Tell whether a complaint is the person's, or says their phone or page."""
        said = f"{item.get('text', '')} {item.get('contact', '')} {item.get('note', '')}"
        own = bool(self._person.vk_id) and item.get("by") == self._person.vk_id
        return own or self._person.is_in(said)

    def _take_dialogue(self, dialogue_id: str, item: Item) -> None:
        vk_id = int(dialogue_id.partition("/")[2])
        said = " ".join(map(str, item["notes"].values()))
        if vk_id == self._person.vk_id or self._person.is_in(said):
            self._traces["dialogues"].append(dialogue_id)

    def _take_answer(self, item: Item) -> None:
        body, vk_id = item.get("body", ""), self._person.vk_id
        named = vk_id and (f'"vk_id":{vk_id},' in body or f'"vk:{vk_id}"' in body)
        if named or self._person.is_in(body):
            self._traces["answers"].append((item["pk"], item["sk"]))

    def traces(self, *, complete: bool = True) -> Traces:
        naming: dict[str, set[str]] = {}
        for house_id, (_, elder_id) in self._houses.items():
            naming.setdefault(elder_id, set()).add(house_id)
        # Until all is seen, who else a page leads to may be another by now.
        pages = self._pages.items() if complete else ()
        led_to = {one for one, of_it in pages if self._person.vk_id in of_it}
        anothers = {one for one in led_to - self._ids if self._page_of(one)}
        theirs = self._ids | (led_to - anothers) | (self._expired() & naming.keys())
        elders = [self._elder(elder_id, naming.get(elder_id, set())) for elder_id in sorted(theirs)]
        elders += [self._astray(elder_id) for elder_id in sorted(anothers)]
        return Traces(
            tuple(elders),
            **{k: tuple(v) for k, v in self._traces.items()},
            questions=self._questions,
            discussions=self._discussions,
            complaints=self._complaints,
            reports=self._reports,
            lists=self._lists,
            complete=complete,
        )

    def _page_of(self, elder_id: str) -> int:
        return int(self._elders.get(elder_id, {}).get("vk_id", 0))

    def _expired(self) -> set[str]:
        """Return under which ids houses may name the person of whom nothing else is kept."""
        page = Elder("", vk_id=self._person.vk_id)
        municipalities = {oktmo[:8] for oktmo, _ in self._houses.values()} if page.has_page else ()
        return {page.id(self._elder_key, oktmo) for oktmo in municipalities}

    def _astray(self, elder_id: str) -> ElderTrace:
        """Tell of a page that leads to an elder who is another by now: they keep what is theirs."""
        page = self._person.vk_id
        return ElderTrace(
            elder_id,
            Elder("", vk_id=page),
            is_kept=False,
            houses={},
            named_by=frozenset(),
            pages=(page,),
        )

    def _elder(self, elder_id: str, named_by: set[str]) -> ElderTrace:
        item = self._elders.get(elder_id)
        candidates = (item.get("houses", set()) if item else set()) | named_by
        return ElderTrace(
            elder_id,
            _elder(item) if item else Elder("", vk_id=self._person.vk_id),
            is_kept=item is not None,
            houses={one: self._houses[one][0] for one in candidates if one in self._houses},
            named_by=frozenset(named_by),
            letters=tuple(self._letters.get(elder_id, ())),
            pages=tuple(sorted(self._pages.get(elder_id, ()))),
        )


def _is_in_question(question: Item, vk_id: int) -> bool:
    done = (*question.get("deeds", ()), *question.get("answers", ()))
    said_by = {question["raised_by"], *(one["by"] for one in done)}
    return bool(vk_id) and (f"vk:{vk_id}" in said_by or vk_id in question.get("told", ()))


def _is_in_discussion(discussion: Item, vk_id: int) -> bool:
    wrote = discussion.get("protocol_by") == f"vk:{vk_id}"
    return bool(vk_id) and (wrote or discussion["named_by"] == vk_id)


def _elder(item: Item) -> Elder:
    return Elder(
        item.get("name", ""), item.get("phone", ""), item.get("vk_id", 0), item.get("vk_name", "")
    )


def _emptied(row: Item, person: Person) -> Item:
    after = dict(row)
    if "w" in row:
        after["w"] = emptied(row["w"], person)
    if "k" in row:
        after["k"] = {**row["k"], "cells": emptied(row["k"]["cells"], person)}
    return after


def _claimed(row: Item) -> Mapping[str, str]:
    claim: dict[str, Any] = row.get("k", {})
    cells: dict[str, str] = claim.get("cells", {})
    return cells


def _untitled(post: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in post.items() if name != "title"}


def _number(item: Item) -> int:
    return int(item["sk"].removeprefix("CHUNK#"))


def _request(erasure_id: str) -> tuple[str, str]:
    return f"ERASURE#{erasure_id}", "ERASURE"
