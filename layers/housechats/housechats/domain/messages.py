"""Messages of broadcasts: what is said in the chats."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LONGEST = 4096
"""Characters of a message, counted in UTF-16 units as VK counts them."""
ADDRESS = "{адрес}"
CODE = "{код}"
HOUSE_FIELDS = {
    ADDRESS: "адрес дома, как в названии чата",
    CODE: "код дома, как на объявлении в подъезде",
}
"""What stands in a text for something of each house's own."""


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button with a link under a message."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a document under a message."""

    key: str
    """Where the file lies."""
    file_name: str
    image: bool


@dataclass(frozen=True, slots=True)
class Message:
    """What a broadcast says; fields of houses are filled in chat by chat."""

    header: str
    """The first line: who speaks. People cannot change it."""
    text: str
    until: datetime | None = None
    """When what it tells of ends."""
    buttons: Sequence[LinkButton] = ()
    attachment: Attachment | None = None

    @property
    def personal(self) -> bool:
        """Whether each house gets a text of its own."""
        return any(name in self.text for name in HOUSE_FIELDS)

    def said_to(self, *, house_id: str, title: str) -> str:
        """Return the whole text that one chat gets."""
        body = self.text.replace(ADDRESS, title).replace(CODE, house_id)
        return f"{self.header}\n\n{body}"
