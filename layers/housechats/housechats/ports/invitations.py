"""Invitations of representatives."""

from datetime import datetime
from typing import Protocol

from housechats.domain.invitations import Invitation
from housechats.domain.territories import Territory


class Invitations(Protocol):
    """Keeps invitations until they expire."""

    def add(self, invitation: Invitation) -> None:
        """Keep a new one, due at once; one that is there already stays as it is."""

    def get(self, invitation_id: str) -> Invitation | None: ...

    def of_territory(self, territory: Territory) -> list[Invitation]:
        """Return those of a territory, the newest first."""

    def claim(
        self, invitation_id: str, *, now: datetime, lease_until: datetime
    ) -> Invitation | None:
        """Note that its SMS is being sent; None when it is not waiting any more."""

    def finish(self, invitation: Invitation, *, now: datetime, reason: str = "") -> None:
        """Note what became of the SMS: the state of what is given; too late once accepted."""

    def wait(self, invitation: Invitation, *, until: datetime) -> None:
        """Have an SMS that surely did not go sent at a later time."""

    def again(
        self, invitation: Invitation, *, by: str, now: datetime, expires_at: datetime
    ) -> bool:
        """Have the SMS sent anew in the name of who decided it; False when it has changed."""

    def accept(self, invitation_id: str, *, vk_id: int, now: datetime) -> Invitation | None:
        """Give it to who is first, and forget the phone; None when it is somebody else's, or gone.

        The same person gets it again and again.
        """

    def remove(self, invitation_id: str) -> bool:
        """Forget it; False when there is none, or it is accepted by now."""

    def due(self, now: datetime, *, limit: int) -> list[str]:
        """Return ids of some whose SMS is to be sent, or whose sender may be dead."""

    def postpone(self, invitation_id: str, *, until: datetime) -> None: ...
