"""What browsers and clients send: url-encoded forms and multipart bodies."""

from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from local.vk.errors import bad


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a multipart body; `filename` is empty when it is not a file."""

    name: str
    filename: str
    data: bytes


def multipart(content_type: str, body: bytes) -> list[Part]:
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        return []
    # A part is what stands between two boundaries, each on a line of its own.
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    head, _, data = piece.partition(b"\r\n\r\n")
    header = Message()
    for line in head.decode("utf-8", "replace").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            header[key.strip()] = value.strip()
    name = header.get_param("name", header="content-disposition")
    return Part(str(name or ""), header.get_filename() or "", data)


def parameters(query: str, content_type: str, body: bytes) -> dict[str, str]:
    """Give the parameters of a call from its address and its body, each once."""
    pairs = parse_qsl(query, keep_blank_values=True)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    elif kind == "multipart/form-data":
        pairs += [
            (part.name, part.data.decode("utf-8", "replace"))
            for part in multipart(content_type, body)
        ]
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given:
            raise bad(name, "is given twice")
        given[name] = value
    return given
