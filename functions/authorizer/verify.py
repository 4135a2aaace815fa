"""Use case: verify that VK signed the launch parameters.

The rule is VK's: the parameters that begin with `vk_`, sorted, as they came (percent-encoded),
signed with HMAC-SHA256 and the app's secret, in base64url without padding.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

SCHEME = "VK "
DIGITS = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Launch:
    """Who opened the mini-app, and when (seconds since 1970): both as signed."""

    vk_user_id: str
    vk_ts: str


def signature(values: Mapping[str, str], secret: str) -> bytes:
    """Return what VK signs these parameters with; the values as they came."""
    signed = "&".join(f"{name}={values[name]}" for name in sorted(values) if name[:3] == "vk_")
    digest = hmac.digest(secret.encode(), signed.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=")


def verify(authorization: str, *, app_id: str, secret: str) -> Launch | None:
    """Return the launch that the header proves, or None: there is no third answer."""
    if not authorization.startswith(SCHEME):
        return None
    pairs = [pair.partition("=") for pair in authorization.removeprefix(SCHEME).split("&")]
    names = [name for name, _, _ in pairs]
    if len(names) != len(set(names)):
        return None
    values = {name: value for name, _, value in pairs}
    given = values.get("sign", "").encode()
    # Both checks are made always, so that time tells nothing.
    right = hmac.compare_digest(signature(values, secret), given)
    ours = hmac.compare_digest(values.get("vk_app_id", "").encode(), app_id.encode())
    user, moment = values.get("vk_user_id", ""), values.get("vk_ts", "")
    if not (right and ours and DIGITS.fullmatch(user) and DIGITS.fullmatch(moment)):
        return None
    return Launch(user, moment)
