"""Launch parameters of the mini-app, signed as VK signs them."""

import base64
import hashlib
import hmac
import time
from urllib.parse import urlencode


def launch_header(app_id: int, app_secret: str, vk_id: int) -> str:
    """Return the Authorization header of a person who opened the mini-app just now."""
    parameters = {
        "vk_app_id": app_id,
        "vk_is_app_user": 1,
        "vk_language": "ru",
        "vk_platform": "desktop_web",
        "vk_ts": int(time.time()),
        "vk_user_id": vk_id,
    }
    query = urlencode(sorted(parameters.items()))
    digest = hmac.new(app_secret.encode(), query.encode(), hashlib.sha256).digest()
    sign = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"VK {query}&sign={sign}"
