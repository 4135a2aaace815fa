"""Numbers by which VK knows a message that is sent again."""

from datetime import timedelta
from hashlib import sha256

RANDOM_ID_REMEMBERED = timedelta(minutes=50)
"""How long a repeated random_id is surely recognised: VK checks the last hour."""


def random_id(of: str) -> int:
    """Return a positive 31-bit number for VK's `random_id`; 0 would switch its check off."""
    return int.from_bytes(sha256(of.encode()).digest()[:4], "big") >> 1 or 1


def welcome_random_id(house_id: str) -> int:
    """Return the number by which VK drops a repeated first message of a chat."""
    return random_id(f"welcome/{house_id}")
