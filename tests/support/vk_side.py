"""Our VK adapters over a sandbox in this process: its clock, its people, its journal."""

from dataclasses import dataclass, field
from typing import Any

from housechats.adapters.vk import VkApi, VkChats, VkLetters, VkPages
from housechats.adapters.vk_mailings import VkMailer
from housechats.ports.chats import Lane
from local.vk.core import Sandbox
from local.vk.faults import Fault, Kind
from local.vk.switches import Switches
from support.clock import VirtualClock
from support.pace_fake import FakePace
from support.vk_http import URL, SandboxHttp

COMMUNITY = 240_000_001
TOKEN = "token"
WILLING, UNWILLING, UNWELCOME, GONE = 101, 102, 103, 104
PEOPLE: tuple[dict[str, Any], ...] = (
    {
        "id": WILLING,
        "first_name": "Марфа",
        "last_name": "Вымыслова",
        "screen_name": "marfa_v",
        "allows_messages": True,
    },
    {"id": UNWILLING, "first_name": "Пётр", "last_name": "Былов", "screen_name": "petr_b"},
    {
        "id": UNWELCOME,
        "first_name": "Фома",
        "last_name": "Небылов",
        "allows_messages": True,
        "blacklisted": True,
    },
    {"id": GONE, "first_name": "Ждана", "last_name": "Былинна", "deactivated": "deleted"},
)


@dataclass
class VkSide:
    switches: Switches = field(default_factory=Switches)
    clock: VirtualClock = field(default_factory=VirtualClock)
    latency: float = 0.15

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(
            {COMMUNITY: TOKEN},
            clock=self.clock.now,
            people=PEOPLE,
            switches=self.switches,
            files_base=f"{URL}/",
        )
        self.http = SandboxHttp(self.sandbox, sleep=self.clock.sleep, latency=self.latency)
        self.pace = FakePace(self.clock)
        api = self.api = VkApi(URL, lambda: TOKEN, self.pace, self.http)
        self.chats = VkChats(api, COMMUNITY)
        self.letters = VkLetters(api, COMMUNITY)
        self.pages = VkPages(lambda _: api, Lane.BULK)
        self.mailer = VkMailer(api, COMMUNITY)

    def fault(self, kind: Kind, method: str, **how: Any) -> None:
        self.sandbox.add_fault(Fault(kind, method, **how))

    def texts(self, peer_id: int) -> list[str]:
        """Return what our community has written to a person or a chat."""
        return [message.text for message in self.sandbox.journal.messages(peer_id)]
