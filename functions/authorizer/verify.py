"""Use case: verify that VK signed the launch parameters.

The rule is VK's: the parameters that begin with `vk_`, sorted, as they came (percent-encoded),
signed with HMAC-SHA256 and the app's secret, in base64url without padding.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass

SCHEME = "VK "
DIGITS = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Launch:
    """Who opened the mini-app, and when (seconds since 1970): both as signed."""

    vk_user_id: str
    vk_ts: str


def signature(query: str, secret: str) -> bytes:
    """Return what VK signs these parameters with: no byte of them is read or written anew."""
    pairs = (pair for pair in query.split("&") if pair.startswith("vk_"))
    signed = "&".join(sorted(pairs, key=_name))
    digest = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=")


def verify(authorization: str, *, app_id: str, secret: str) -> Launch | None:
    """Return the launch that the header proves, or None: there is no third answer."""
    # VK percent-encodes: whatever else stands in a header, it did not sign.
    if not (authorization.startswith(SCHEME) and authorization.isascii()):
        return None
    query = authorization.removeprefix(SCHEME)
    pairs = query.split("&")
    values = {_name(pair): pair.partition("=")[2] for pair in pairs}
    if len(values) != len(pairs):
        return None
    # Both checks are made always, so that time tells nothing.
    right = hmac.compare_digest(signature(query, secret), values.get("sign", "").encode())
    ours = hmac.compare_digest(values.get("vk_app_id", "").encode(), app_id.encode())
    user, moment = values.get("vk_user_id", ""), values.get("vk_ts", "")
    if not (right and ours and DIGITS.fullmatch(user) and DIGITS.fullmatch(moment)):
        return None
    return Launch(user, moment)


def _name(pair: str) -> str:
    return pair.partition("=")[0]
