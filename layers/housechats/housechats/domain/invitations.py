"""Invitations: representatives whom nobody knows by a page, called by their phones."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from housechats.domain.access import Place

INNER_QUOTES = str.maketrans("«»", "„“")
"""Of a name between quotes: «ООО „Уют“»."""
LASTS = timedelta(days=14)
"""Long enough for a holiday; a forgotten phone number is sold anew after months only."""
ID_LENGTH = 16
"""Hexadecimal digits."""
PROOF_LENGTH = 16
"""Bytes: 128 bits cannot be guessed."""


class InvitationState(StrEnum):
    """How far an invitation has come."""

    WAITING = "waiting"
    """Its SMS is to be sent."""
    TEXTING = "texting"
    """The SMS is under way; a repeat could not be recognised."""
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"
    """An SMS that may have gone: only a person sends it again."""
    ACCEPTED = "accepted"

    @property
    def told(self) -> bool:
        """Whether the SMS has come to an end, and a person may have it sent again."""
        return self in {
            InvitationState.SENT,
            InvitationState.UNDELIVERABLE,
            InvitationState.UNKNOWN,
        }


@dataclass(frozen=True, slots=True)
class Invitation:
    """A call to speak for an organisation within a territory."""

    id: str
    inn: str
    oktmo: str
    """The territory within which the representative will speak for it."""
    phone: str
    """E.164; empty as soon as the invitation is accepted."""
    invited_by: str
    """`vk:<id>`."""
    created_at: datetime
    expires_at: datetime
    title: str = ""
    """What the person is called at work."""
    state: InvitationState = InvitationState.WAITING
    reason: str = ""
    """Why it is undeliverable or unknown: a Russian sentence."""
    sent_at: datetime | None = None
    lease_until: datetime | None = None
    accepted_by: int = 0
    """Number of the page that has it; 0 when nobody has."""
    accepted_at: datetime | None = None

    @property
    def place(self) -> Place:
        return Place(self.oktmo, frozenset({self.inn}))


def code_of(invitation_id: str, key: str) -> str:
    """Return the secret that only the phone's owner gets: it stands in no item and no queue.

    It says which invitation it belongs to, and proves it by the key that we alone have.
    """
    return urlsafe_b64encode(bytes.fromhex(invitation_id) + _proof(invitation_id, key)).decode()


def read_code(code: str, key: str) -> str:
    """Return the id of the invitation that a code belongs to; an empty string if it is not ours."""
    try:
        said = urlsafe_b64decode(code)
    except (NotBase64Error, ValueError):
        return ""
    length = ID_LENGTH // 2
    invitation_id = said[:length].hex()
    ours = hmac.compare_digest(said[length:], _proof(invitation_id, key))
    return invitation_id if ours and len(invitation_id) == ID_LENGTH else ""


def _proof(invitation_id: str, key: str) -> bytes:
    text = f"invitation/{invitation_id}".encode()
    return hmac.digest(key.encode(), text, "sha256")[:PROOF_LENGTH]


def app_link(app_id: int) -> str:
    return f"https://vk.com/app{app_id}"


def text_message(code: str, *, app_id: int) -> str:
    """Write the SMS that brings the code; VK hands what follows # to the app."""
    return f"Вас приглашают отвечать жителям в домовых чатах ВКонтакте: {app_link(app_id)}#i-{code}"


def ready_text(name: str, *, app_id: int) -> str:
    """Write what staff send to a representative who was named by their page."""
    quoted = name.translate(INNER_QUOTES)
    whose = f" организации «{quoted}»" if name else ""
    return (
        f"Здравствуйте! Вы назначены представителем{whose} в домовых чатах ВКонтакте. "
        f"Откройте приложение: {app_link(app_id)}"
    )


def masked(phone: str) -> str:
    """Return a phone so that who knows it recognises it, and nobody else learns it."""
    return f"+7 ••• •••-••-{phone[-2:]}" if phone else ""
