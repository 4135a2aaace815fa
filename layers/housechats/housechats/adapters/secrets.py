"""Secrets: the communities' tokens from Secrets Manager, read anew every few minutes."""

import json
import time
from functools import lru_cache

from housechats.adapters.aws import client

REREAD_S = 300
"""A token that was replaced is noticed after that long, without a new container."""


def community_token(secret_id: str, community: int) -> str:
    """Return a community's VK token."""
    return str(json.loads(_read(secret_id, int(time.time() // REREAD_S)))[str(community)])


@lru_cache(maxsize=4)
def _read(secret_id: str, _period: int) -> str:
    return client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
