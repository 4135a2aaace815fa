"""Launch parameters of the mini-app, signed as VK signs them."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlencode


def launch_header(app_id: int, app_secret: str, vk_id: int) -> str:
    """Return the Authorization header of a person who opened the mini-app just now."""
    parameters = {
        "vk_app_id": str(app_id),
        "vk_is_app_user": "1",
        "vk_language": "ru",
        "vk_platform": "desktop_web",
        "vk_ts": str(int(time.time())),
        "vk_user_id": str(vk_id),
    }
    return f"VK {urlencode(parameters)}&sign={sign(parameters, app_secret)}"


def sign(parameters: Mapping[str, str], app_secret: str) -> str:
    query = urlencode(sorted(parameters.items()))
    digest = hmac.new(app_secret.encode(), query.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
