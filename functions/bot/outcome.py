"""What came of an event, as the log says it."""

from enum import StrEnum


class Outcome(StrEnum):
    SAID = "said"
    """Answered, in the chat or privately."""
    HANDED_ON = "handed_on"
    """To the room whose business it is."""
    GUIDED = "guided"
    """The elder's guide has heard it."""
    ELDER = "elder"
    """An elder has come."""
    ELDER_NAMED = "elder_named"
    """An elder has come and administers the chat now."""
    REPEATED = "repeated"
    NOT_OURS = "not_ours"
    """Nobody's business, or in a chat of no house."""
    QUIET = "quiet"
    NOT_IN_TURN = "not_in_turn"
    """It was said a short while ago."""
    NOT_NOW = "not_now"
    """What would be pointless later is not said at all."""
    REFUSED = "refused"
    """VK does not let us say it."""
    PUT_OFF = "put_off"
    TOO_LATE = "too_late"
