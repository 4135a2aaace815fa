"""Hand-overs: how often work that nobody ends is handed over anew, and after what time."""

from datetime import timedelta

ENOUGH = 10
"""Hand-overs after which people decide: a day of jobs, 17 hours of chats. By then an outage is
over, and what fails still would fail for ever."""
LONGEST = timedelta(hours=3)


def pause_after(hand_overs: int, *, first: timedelta) -> timedelta:
    """Return how long work is left alone that was handed over so often before.

    Each time twice as long: its queue may be long, or VK away.
    """
    return min(first * (1 << hand_overs), LONGEST)
