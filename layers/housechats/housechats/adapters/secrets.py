"""Secrets: the communities' tokens, one secret of Secrets Manager for each."""

from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.domain.communities import Community


class SecretTokens:
    """Keeps the tokens of each community as versions of one secret.

    All lie under one prefix: that is all a function reads. Secrets Manager keeps the last hundred
    versions and those of the last day.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._read: dict[tuple[int, str], str] = {}

    def put(self, community_id: int, token: str) -> str:
        try:
            return self._add(community_id, token)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
        return self._create(community_id, token)

    def of(self, community: Community) -> str:
        key = (community.id, community.token_version)
        if key not in self._read:
            secret = client("secretsmanager").get_secret_value(
                SecretId=self._name(community.id), VersionId=community.token_version
            )
            self._read[key] = secret["SecretString"]
        return self._read[key]

    def _create(self, community_id: int, token: str) -> str:
        try:
            made = client("secretsmanager").create_secret(
                Name=self._name(community_id), SecretString=token
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceExistsException":
                raise
            return self._add(community_id, token)  # somebody else has made it meanwhile
        return made["VersionId"]

    def _add(self, community_id: int, token: str) -> str:
        added = client("secretsmanager").put_secret_value(
            SecretId=self._name(community_id), SecretString=token
        )
        return added["VersionId"]

    def _name(self, community_id: int) -> str:
        return f"{self._prefix}/{community_id}"
