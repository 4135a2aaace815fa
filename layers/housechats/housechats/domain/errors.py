"""What can go wrong on purpose: the three kinds of failure, and waiting.

* HouseChatsError
  - RefusedError: the outside said no, and will say no again
  - UnavailableError: it could not answer now; a later try may succeed
      - OutcomeUnknownError: it may have done what was asked, and did not say
          - TroubleError: it told the number of a trouble of its own
      - NoCommunityError: nobody is connected who could ask it
  - PausedError: we must not ask before a given time
  - DisconnectedError: it takes our community's token no more, until a person connects it anew

Anything else that is raised is a bug: it rises, and an alarm rings. So does UnforeseenError: the
outside answered with a number that we do not know, for a bug of ours or a new rule of its own.
"""

from datetime import datetime


class HouseChatsError(Exception):
    """Base of the errors that the application raises on purpose."""


class RefusedError(HouseChatsError):
    """The outside said no, and will say no again.

    `code` is stable, for programs; `message` is a Russian sentence for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class UnavailableError(HouseChatsError):
    """The outside could not answer now; a later try may succeed."""


class OutcomeUnknownError(UnavailableError):
    """The outside may have done what was asked: look before asking again."""


class TroubleError(OutcomeUnknownError):
    """The outside had trouble of its own, and may have done what was asked."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class UnforeseenError(Exception):
    """The outside answered with an error that we do not know: no refusal, and no wait."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class NoCommunityError(UnavailableError):
    """No community that works is connected to a territory: a person must connect one."""


class PausedError(HouseChatsError):
    """The outside asked us to wait; waiting is not failing."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(f"paused until {until.isoformat()}: {why}")
        self.until = until
        self.why = why


class DisconnectedError(HouseChatsError):
    """The outside does not let our community act until a person has connected it anew.

    `message` is a Russian sentence for people.
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
