"""Secrets: the communities' tokens from Secrets Manager."""

import json
from functools import cache

from housechats.adapters.aws import client


@cache
def community_token(secret_id: str, community: int) -> str:
    """Return a community's VK token; read once a container."""
    text = client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
    return str(json.loads(text)[str(community)])
