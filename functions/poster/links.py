"""Addresses on a poster: the one a camera reads and the one a person types."""

from urllib.parse import urlsplit


def scan_link(public_url: str, code: str, suffix: str) -> str:
    """Return what the QR code holds: all upper case where case carries no meaning.

    A QR code packs capitals, digits and `-./:` into 5.5 bits each instead of 8, so the modules
    grow and the code is read from further away. A path prefix with small letters stays as it is.
    """
    scheme, host, path = _parts(public_url)
    root = f"{scheme}://{host}"
    link = f"{root.upper()}{path}/J/{code}{suffix}"
    return link if link == link.upper() else f"{root}{path}/J/{code}{suffix}"


def typed_link(public_url: str, code: str) -> str:
    """Return the short link for a person: no scheme, and the host as people know it."""
    _, _, path = _parts(public_url)
    return f"{urlsplit(public_url).netloc.lower()}{path}/j/{code}"


def _parts(public_url: str) -> tuple[str, str, str]:
    url = urlsplit(public_url)
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise ValueError("public_url must be http:// or https:// with a host")
    # «дом.рф» is xn--d1aqf.xn--p1ai to a camera: QR codes and old phones know ASCII hosts only
    host = url.hostname.encode("idna").decode()
    port = f":{url.port}" if url.port else ""
    return url.scheme, host + port, url.path.rstrip("/")
