"""A small town with a VK of its own: a sandbox, a clock that tests move, calls in one word."""

from dataclasses import dataclass, field
from typing import Any

from local.vk.core import Sandbox
from local.vk.switches import Switches

COMMUNITY = 240_000_001
TOKEN = "the-town-s-token"
FRIEND, STRANGER, GONE, UNWELCOME = 101, 777_777, 102, 103
PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "id": FRIEND,
        "first_name": "Марфа",
        "last_name": "Вымыслова",
        "screen_name": "marfa_v",
        "allows_messages": True,
    },
    {"id": GONE, "first_name": "Пётр", "last_name": "Былов", "deactivated": "deleted"},
    {
        "id": UNWELCOME,
        "first_name": "Фома",
        "last_name": "Небылов",
        "allows_messages": True,
        "blacklisted": True,
    },
)
CHAT = 2_000_000_001
# One call every 60 ms is within VK's pace.
STEP = 0.06


@dataclass
class Town:
    switches: Switches = field(default_factory=Switches)
    now: float = 1_800_000_000.0

    def __post_init__(self) -> None:
        self.vk = Sandbox(
            {COMMUNITY: TOKEN},
            clock=lambda: self.now,
            people=PEOPLE,
            switches=self.switches,
        )

    def body(self, method: str, **params: object) -> dict[str, Any]:
        """Call and give the whole JSON body."""
        self.now += STEP
        given = {"v": "5.199", **{name: str(value) for name, value in params.items()}}
        body = self.vk.answer(method, given, TOKEN)
        assert body is not None
        return body

    def call(self, method: str, **params: object) -> Any:
        """Call and give what VK responds; fail the test if it refuses."""
        body = self.body(method, **params)
        assert "error" not in body, body["error"]
        return body["response"]

    def refusal(self, method: str, **params: object) -> int:
        """Call and give the code of VK's error."""
        code = self.body(method, **params)["error"]["error_code"]
        assert isinstance(code, int)
        return code

    def chat(self, title: str = "ул. Садовая, 5") -> int:
        """Open a chat and give its peer."""
        made = self.call("messages.createChat", title=title)
        return 2_000_000_000 + int(made["chat_id"] if isinstance(made, dict) else made)

    def link(self, peer_id: int = CHAT) -> str:
        link = self.call("messages.getInviteLink", peer_id=peer_id)["link"]
        assert isinstance(link, str)
        return link

    def send(self, peer_id: int = CHAT, text: str = "Добрый день", random_id: int = 1) -> Any:
        """Send to one peer by `peer_ids` and give the items of the answer."""
        return self.call("messages.send", peer_ids=peer_id, message=text, random_id=random_id)
