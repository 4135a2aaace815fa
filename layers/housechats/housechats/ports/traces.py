"""What is kept of a person, wherever it is, and how it is erased."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from housechats.domain.erasure import Erasure, Person
from housechats.domain.invitations import Invitation
from housechats.domain.people import Elder, Post


@dataclass(frozen=True, slots=True)
class ElderTrace:
    """Contacts of an elder, and the houses that name them or may have."""

    id: str
    elder: Elder
    is_kept: bool
    """Whether there are contacts of the person: a house may name an elder who has expired, a page
    may still lead to an elder who is another by now."""
    houses: Mapping[str, str]
    """ОКТМО codes by the houses' ids."""
    named_by: frozenset[str]
    """The houses that name this elder now."""
    letters: tuple[str, ...] = ()
    """Ids of the letters by which the elder was told, or is to be."""
    pages: tuple[int, ...] = ()
    """Pages that lead to the elder: all of them, or the person's alone if the elder is another."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Everything in the table that tells of a person, but for the rows of lists."""

    elders: tuple[ElderTrace, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    posts: tuple[Post, ...] = ()
    """Those that last, or have a title."""
    answers: tuple[tuple[str, str], ...] = ()
    """Keys of remembered answers that name the person."""
    dialogues: tuple[str, ...] = ()
    """Ids of dialogues with the person, or of what others have told the bot of them."""
    questions: Mapping[str, str] = field(default_factory=dict)
    """ОКТМО codes of the questions that the person has had to do with, by their ids."""
    discussions: Mapping[str, str] = field(default_factory=dict)
    """ОКТМО codes of those whose time the person named or whose protocol they wrote, by ids."""
    interests: tuple[str, ...] = ()
    """Ids of the discussions of whose beginning the person is to be told."""
    complaints: Mapping[str, str] = field(default_factory=dict)
    """ОКТМО codes of complaints that the person sent, or that tell of them, by their ids."""
    reports: Mapping[str, str] = field(default_factory=dict)
    """ОКТМО codes of reports of what the person wrote, or reported, by their ids."""
    lists: Mapping[str, str] = field(default_factory=dict)
    """ОКТМО codes of all lists that are kept, by their ids."""
    complete: bool = True
    """Whether all of the table was looked through."""


@dataclass(frozen=True, slots=True)
class WrittenCells:
    """What people wrote into a row of a list, or are about to."""

    chunk: int
    written: Mapping[str, str] = field(default_factory=dict)
    claimed: Mapping[str, str] = field(default_factory=dict)


class Memory(Protocol):
    """Looks for a person, and forgets them; every step may be repeated."""

    def look(self, person: Person, *, go_on: Callable[[], bool] = lambda: True) -> Traces:
        """Look through the whole table, also at what has expired and is not deleted yet.

        `go_on` says now and then whether there is time.
        """

    def forget_guide(self, trace: ElderTrace) -> None:
        """Delete how far an elder has come with their houses."""

    def forget_elder(self, trace: ElderTrace) -> None:
        """Delete contacts, what pages lead to them, the letters' records; no house names them."""

    def let_go(self, elder_id: str, house_ids: Collection[str]) -> None:
        """Forget that an elder may be that of some houses."""

    def forget_invitation(self, invitation_id: str) -> None: ...

    def forget_titles(self, post: Post) -> bool:
        """Empty the titles of a post that has ended, also former ones; False if it has changed."""

    def forget_answer(self, key: tuple[str, str]) -> None: ...

    def forget_dialogue(self, dialogue_id: str) -> None: ...

    def forget_complaint(self, complaint_id: str, vk_id: int) -> None:
        """Leave a complaint without what it says, and without its author if that is the person."""

    def forget_report(self, report_id: str, vk_id: int) -> None:
        """Leave a report without the person."""

    def forget_asker(self, question_id: str, vk_id: int) -> None:
        """Keep a question without who asked, answered or decided about it, if it is the person."""

    def forget_speaker(self, discussion_id: str, vk_id: int) -> None:
        """Keep a discussion without who named its time or wrote its protocol, if it is they."""

    def forget_interest(self, discussion_id: str, vk_id: int) -> None: ...

    def written(self, batch_id: str) -> dict[int, WrittenCells]:
        """Return what people wrote into rows of a list, by the rows' numbers."""

    def empty_cells(self, batch_id: str, chunk: int, rows: Collection[int], person: Person) -> None:
        """Empty what people wrote of elders into rows of a chunk."""

    def no_result(self, batch_id: str) -> None:
        """Note that the workbooks of a list are gone."""

    def plan(self, erasure_id: str, batch_id: str, rows: Collection[int]) -> set[int]:
        """Keep which rows of a list are to be cleaned, and return all that ever were."""

    def planned(self, erasure_id: str, batch_id: str) -> set[int]: ...

    def ask(self, erasure: Erasure) -> None:
        """Keep whom to forget until it is done, or for a week."""

    def know(self, erasure: Erasure) -> None:
        """Keep under which screen names the person is known: contacts that tell them will go."""

    def asked(self, erasure_id: str) -> Erasure | None: ...

    def end(self, erasure_id: str) -> None:
        """Forget whom we were to forget."""
