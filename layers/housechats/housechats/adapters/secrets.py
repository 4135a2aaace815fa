"""Secrets: the communities' tokens, one secret of Secrets Manager for each."""

from datetime import datetime

from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.domain.communities import Community


class SecretTokens:
    """Keeps each token in a secret of its own, under one prefix: that is all a function reads."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._read: dict[tuple[int, datetime], str] = {}

    def put(self, community_id: int, token: str) -> None:
        try:
            self._replace(community_id, token)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            self._create(community_id, token)

    def of(self, community: Community) -> str:
        # Another token comes with another time of connecting.
        key = (community.id, community.connected_at)
        if key not in self._read:
            secret = client("secretsmanager").get_secret_value(SecretId=self._name(community.id))
            self._read[key] = secret["SecretString"]
        return self._read[key]

    def _create(self, community_id: int, token: str) -> None:
        try:
            client("secretsmanager").create_secret(
                Name=self._name(community_id), SecretString=token
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceExistsException":
                raise
            self._replace(community_id, token)  # somebody else has made it meanwhile

    def _replace(self, community_id: int, token: str) -> None:
        client("secretsmanager").put_secret_value(
            SecretId=self._name(community_id), SecretString=token
        )

    def _name(self, community_id: int) -> str:
        return f"{self._prefix}/{community_id}"
