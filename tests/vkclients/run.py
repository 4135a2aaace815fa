"""vk_api and vkbottle against the running sandbox: `.venv/vkclients/bin/python` runs this file.

They live in an environment of their own (requirements/vkclients.txt), so pytest does not take it.
"""

import asyncio
import io
import json
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import vk_api  # type: ignore[import-not-found]
import vkbottle  # type: ignore[import-not-found]
from vk_api.execute import VkFunction  # type: ignore[import-not-found]
from vk_api.upload import VkUpload  # type: ignore[import-not-found]
from vkbottle.tools import DocMessagesUploader  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[2]
COMMUNITY, TOKEN = 240_000_001, "clients-token"
FRIEND, STRANGER = 101, 777_777
PEOPLE = [
    {
        "id": FRIEND,
        "first_name": "Марфа",
        "last_name": "Вымыслова",
        "screen_name": "marfa_v",
        "allows_messages": True,
    }
]
PEERS = 2_000_000_000


@contextmanager
def sandbox() -> Iterator[str]:
    """Start the sandbox as people do, and give the address of its methods."""
    with tempfile.TemporaryDirectory() as folder:
        people = Path(folder, "people.json")
        people.write_text(json.dumps(PEOPLE), encoding="utf-8")
        command = [sys.executable, "-m", "local.vk", "--port", "0", "--people", str(people)]
        with subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--community", f"{COMMUNITY}:{TOKEN}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as started:
            try:
                assert started.stdout
                yield started.stdout.readline().split()[-1]
            finally:
                started.terminate()


class ToSandbox(requests.adapters.HTTPAdapter):
    """Leads what vk_api sends to VK's host, which it has no setting for, to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        assert request.url
        request.url = request.url.replace("https://api.vk.ru/", self._url)
        return super().send(request, *args, **kwargs)


def session(url: str) -> Any:
    line = requests.Session()
    line.mount("https://api.vk.ru/", ToSandbox(url))
    return vk_api.VkApi(token=TOKEN, api_version="5.199", session=line)


def vk_api_opens_a_chat_and_writes_in_it(url: str) -> None:
    vk = session(url).get_api()

    number = vk.messages.createChat(title="ул. Садовая, 5")["chat_id"]
    link = vk.messages.getInviteLink(peer_id=PEERS + number)["link"]
    items = vk.messages.send(peer_ids=[PEERS + number], message="Добрый день", random_id=1)
    pinned = vk.messages.pin(peer_id=PEERS + number, cmid=items[0]["conversation_message_id"])

    assert link.startswith("https://vk.me/join/")
    assert pinned["text"] == "Добрый день"


def vk_api_finds_people(url: str) -> None:
    vk = session(url).get_api()

    users = vk.users.get(user_ids=["marfa_v", STRANGER], fields="screen_name")

    assert [one["id"] for one in users] == [FRIEND, STRANGER]


def vk_api_raises_our_errors(url: str) -> None:
    vk = session(url).get_api()

    codes = []
    try:
        vk.messages.send(user_id=STRANGER, message="x", random_id=1)
    except vk_api.exceptions.ApiError as error:
        codes.append(error.code)

    assert codes == [901]


def vk_api_uploads_a_document(url: str) -> None:
    connected = session(url)
    poster = io.BytesIO(b"%PDF-1.7")
    poster.name = "poster.pdf"

    saved = VkUpload(connected).document_message(poster, title="Объявление", peer_id=FRIEND)["doc"]
    reference = f"doc{saved['owner_id']}_{saved['id']}"
    sent = connected.get_api().messages.send(
        user_id=FRIEND, random_id=2, message="Объявление", attachment=reference
    )

    assert sent > 0


def vk_api_packs_calls_into_execute(url: str) -> None:
    connected = session(url)

    with vk_api.VkRequestsPool(connected) as pool:
        right = pool.method("users.get", {"user_ids": str(FRIEND)})
        wrong = pool.method("messages.send", {"user_id": STRANGER, "message": "x", "random_id": 3})

    assert right.ok
    assert right.result[0]["id"] == FRIEND
    assert not wrong.ok


def vk_api_runs_a_function(url: str) -> None:
    look = VkFunction(args=("who",), code='return API.users.get({"user_ids": %(who)s});')

    users = look(session(url).get_api(), FRIEND)

    assert users[0]["id"] == FRIEND


class Bottle:
    """vkbottle's API pointed at the sandbox."""

    def __init__(self, url: str) -> None:
        class Local(vkbottle.API):  # type: ignore[misc]
            API_URL = f"{url}method/"

        self.api = Local(TOKEN)

    def run(self, story: Callable[[Any], Any]) -> None:
        async def told() -> None:
            try:
                await story(self.api)
            finally:
                await self.api.http_client.close()

        asyncio.run(told())


def vkbottle_opens_a_chat_and_writes_in_it(url: str) -> None:
    async def story(api: Any) -> None:
        made = await api.messages.create_chat(title="ул. Лесная, 1")
        peer_id = PEERS + made.chat_id
        link = await api.messages.get_invite_link(peer_id=peer_id)
        items = await api.messages.send(peer_ids=[peer_id], message="Добрый день", random_id=4)
        pinned = await api.messages.pin(peer_id=peer_id, cmid=items[0].conversation_message_id)
        history = await api.messages.get_history(peer_id=peer_id)
        members = await api.messages.get_conversation_members(peer_id=peer_id)
        listed = await api.messages.get_conversations_by_id(peer_ids=[peer_id], extended=True)
        found = await api.messages.get_by_conversation_message_id(
            peer_id=peer_id, conversation_message_ids=[2]
        )
        renamed = await api.messages.edit_chat(chat_id=made.chat_id, title="ул. Лесная, дом 1")
        left = await api.messages.remove_chat_user(chat_id=made.chat_id, member_id=-COMMUNITY)

        assert made.peer_ids == []
        assert link.link.startswith("https://vk.me/join/")
        assert pinned.text == "Добрый день"
        assert [one.text for one in history.items] == ["", "Добрый день", ""]
        assert members.items[0].is_owner
        assert (renamed, left) == (1, 1)
        assert [one.text for one in found.items] == ["Добрый день"]
        assert listed.items[0].chat_settings.pinned_message.text == "Добрый день"

    Bottle(url).run(story)


def vkbottle_finds_people_and_the_community(url: str) -> None:
    async def story(api: Any) -> None:
        users = await api.users.get(user_ids=["marfa_v", str(STRANGER)])
        groups = await api.groups.get_by_id()
        rights = await api.groups.get_token_permissions()
        allowed = await api.messages.is_messages_from_group_allowed(
            group_id=COMMUNITY, user_id=FRIEND
        )
        named = await api.utils.resolve_screen_name(screen_name="marfa_v")

        assert [one.id for one in users] == [FRIEND, STRANGER]
        assert groups.groups[0].id == COMMUNITY
        assert {one.name for one in rights.permissions} >= {"messages", "docs"}
        assert allowed.is_allowed
        assert named.object_id == FRIEND

    Bottle(url).run(story)


def vkbottle_raises_our_errors(url: str) -> None:
    async def story(api: Any) -> None:
        try:
            await api.messages.send(user_id=STRANGER, message="x", random_id=5)
        except vkbottle.VKAPIError[901]:
            return
        raise AssertionError("901 was expected")

    Bottle(url).run(story)


def vkbottle_uploads_a_document(url: str) -> None:
    async def story(api: Any) -> None:
        reference = await DocMessagesUploader(api).upload(
            b"%PDF-1.7", title="poster.pdf", peer_id=FRIEND
        )
        keyboard = vkbottle.Keyboard(inline=True)
        keyboard.add(vkbottle.Callback("За", payload='{"vote": 1}'))
        sent = await api.messages.send(
            peer_ids=[FRIEND],
            random_id=6,
            message="Объявление",
            attachment=reference,
            keyboard=keyboard.get_json(),
        )

        assert sent[0].error is None
        assert sent[0].message_id > 0

    Bottle(url).run(story)


def vkbottle_runs_a_script(url: str) -> None:
    async def story(api: Any) -> None:
        # Its typed `execute` makes a string of whatever comes, as VK's schema leaves it open.
        code = 'return API.users.get({"user_ids": [5, 6]});'
        told = await api.request("execute", {"code": code})

        assert [one["id"] for one in told["response"]] == [5, 6]

    Bottle(url).run(story)


def main() -> int:
    stories = [
        vk_api_opens_a_chat_and_writes_in_it,
        vk_api_finds_people,
        vk_api_raises_our_errors,
        vk_api_uploads_a_document,
        vk_api_packs_calls_into_execute,
        vk_api_runs_a_function,
        vkbottle_opens_a_chat_and_writes_in_it,
        vkbottle_finds_people_and_the_community,
        vkbottle_raises_our_errors,
        vkbottle_uploads_a_document,
        vkbottle_runs_a_script,
    ]
    failed = 0
    for story in stories:
        with sandbox() as url:
            try:
                story(url)
            except Exception:  # noqa: BLE001 - a report of all of them
                failed += 1
                print(f"FAILED {story.__name__}")  # noqa: T201 - a report
                traceback.print_exc()
    print(f"{len(stories) - failed} passed, {failed} failed")  # noqa: T201 - a report
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
