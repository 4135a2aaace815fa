"""What nobody knows about VK: every open question is a switch, and tests pass in each position."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any


class Repeat(Enum):
    """What messages.send answers when the random_id was used in this dialog within the hour.

    No source says; "an id, an item with error, or nothing" are all imaginable. In no position
    is a second message made.
    """

    SAME_IDS = "the ids of the first message"
    ERROR = "an item with an error (one peer: error 100)"
    NO_CMID = "an item whose conversation_message_id is 0 (one peer: 0)"
    NOTHING = "no item for that peer (one peer: 0)"


class Cost(Enum):
    """What an `execute` costs of the 20 calls a second: libraries rely on one, no page says so."""

    ONE = "one call"
    INNER = "as many calls as it has inside; those over the pace fail with error 6"


class Created(Enum):
    """What createChat answers: the schema's object, or the bare number of older versions."""

    OBJECT = "{chat_id, peer_ids}"
    NUMBER = "the chat's number"


class Listed(Enum):
    """When a new chat becomes readable to its community.

    One project of 2026 had no access to the history until the first ordinary message. Until then
    getConversationsById treats the chat as absent and history and members are error 917.
    """

    AT_ONCE = "at once"
    AFTER_FIRST_MESSAGE = "after the first ordinary message"


class Absent(Enum):
    """What getConversationsById does with chat numbers that do not exist: 927 is on its list."""

    OMITTED = "leaves them out of the items"
    ERROR = "answers error 927 for the whole call"


class Failure(Enum):
    """The `error` of one peer of a send: an object in the schema, a string in the documentation."""

    OBJECT = "{code, description}"
    TEXT = "the description alone"


class UnknownName(Enum):
    """What utils.resolveScreenName answers to a name nobody has: 104 by schema, [] of old."""

    ERROR = "error 104"
    EMPTY = "an empty list"


class Gone(Enum):
    """What messages.delete answers about a message that is deleted already: no source says."""

    DONE = "1, as the first time"
    ZERO = "0"
    ERROR = "an item with error 924"


class TooLate(Enum):
    """Where error 924 stands: the schema has it among the method's, and an `error` in items."""

    ITEM = "in the message's item"
    CALL = "in place of the whole answer"


@dataclass(frozen=True, slots=True)
class Switches:
    """A position of every switch; the defaults are what is likeliest.

    `document_for_any_peer`: whether a document uploaded for one peer can be sent to another
    (unknown; where not, that peer fails with error 15).
    `execute_lists_itself`: whether `execute_errors` also holds an entry for `execute` (a real
    sample does).
    `undescribed_methods`: whether setMemberRole and changeConversationMemberRestrictions are there;
    the field uses them, no schema has them: error 3 else.
    `deletes_others`: whether the owner of a chat may delete members' messages for everybody, as
    administrators may on the site; else error 924 as for what is too old.
    `payload_object`: whether a message_event's payload is an object, as in the field, or a string,
    as in the schema.
    `joiner_named`: whether the note of who joined by a link has their member_id; the field misses
    it.
    `confirmation_secret`: whether the request for a confirmation code carries the server's secret.
    `callback_timeout`: for how many seconds VK waits for `ok`; a trace lets one guess 8.
    `title_limit`: the longest title; unknown, "keep ≤ 100", and the other position is tighter.
    `member_limit`: how many members a chat made through the API holds; 500 is of ordinary chats.
    `edit_window`: for how many seconds a message may be edited; unknown for chats, 24 hours is what
    other messages have, and the other position lets none be edited.
    """

    repeat: Repeat = Repeat.SAME_IDS
    execute_cost: Cost = Cost.ONE
    created: Created = Created.OBJECT
    listed: Listed = Listed.AT_ONCE
    absent: Absent = Absent.OMITTED
    failure: Failure = Failure.OBJECT
    unknown_name: UnknownName = UnknownName.ERROR
    gone: Gone = Gone.DONE
    too_late: TooLate = TooLate.ITEM
    document_for_any_peer: bool = True
    execute_lists_itself: bool = False
    undescribed_methods: bool = True
    deletes_others: bool = True
    payload_object: bool = True
    joiner_named: bool = False
    confirmation_secret: bool = False
    callback_timeout: int = 8
    title_limit: int = 100
    member_limit: int = 500
    edit_window: int = 86_400


OTHER_NUMBERS = {"callback_timeout": 3, "title_limit": 64, "member_limit": 50, "edit_window": 0}


def _others(name: str, default: object) -> list[Any]:
    if isinstance(default, Enum):
        return [position for position in type(default) if position is not default]
    if isinstance(default, bool):
        return [not default]
    return [OTHER_NUMBERS[name]]


def every_position() -> Iterator[tuple[str, Switches]]:
    """Give (name, switches) for the defaults, for each other position alone, and for all at once.

    The last of several other positions stands in "all others".
    """
    usual = Switches()
    yield "defaults", usual
    contrary: dict[str, Any] = {}
    for switch in fields(Switches):
        for position in _others(switch.name, getattr(usual, switch.name)):
            contrary[switch.name] = position
            label = position.name if isinstance(position, Enum) else str(position)
            yield f"{switch.name}={label}", replace(usual, **{switch.name: position})
    yield "all others", replace(usual, **contrary)
