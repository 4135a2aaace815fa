"""A list of four houses, what must come of it, and the judge: VK's journal and the SMS."""

from local.vk.conversations import CHAT_PEERS, Chat
from local.vk.switches import Listed
from support.vk_side import COMMUNITY, WILLING
from support.world import World

HOUSES = (
    "ул. Садовая, д. 1",
    "ул. Садовая, д. 2",
    "ул. Садовая, д. 3",
    "пр-кт Мира, д. 4, корп. 2",
)
OF_WRITTEN_TO, OF_TEXTED = HOUSES[:2], HOUSES[2]
PHONE = "+79990000003"
LIST = "\n".join(
    [
        "Адрес;Подъезды;Старший по дому;Телефон;ВКонтакте",
        f"г. Архангельск, {HOUSES[0]};2;Вымыслова Марфа;;https://vk.ru/marfa_v",
        f"г. Архангельск, {HOUSES[1]};;Вымыслова Марфа;;https://vk.ru/marfa_v",
        f"г. Архангельск, {HOUSES[2]};1;Небылов Фома;{PHONE};",
        f"г. Архангельск, {HOUSES[3]};;;;",
    ]
)


def chats_of(world: World) -> dict[str, list[Chat]]:
    """Return the chats that were ever made, by the house whose code they were made with."""
    made: dict[str, list[Chat]] = {}
    chats = world.sandbox.communities[COMMUNITY].chats
    for one in world.sandbox.journal.created_chats(COMMUNITY):
        code = one.title.rpartition(" · ")[2]
        made.setdefault(world.houses.by_id[code].title, []).append(chats[one.chat_id])
    return made


def check_chat(world: World, title: str) -> None:
    """One chat of a house: clean title, one first message, pinned, nobody in it but us."""
    (chat,) = chats_of(world)[title]
    (first,) = world.sandbox.journal.messages(chat.peer_id)
    assert chat.title == title
    assert first.text.startswith(f"Это официальный чат дома: {title}.")
    assert chat.pinned is first
    assert set(chat.members) == {-COMMUNITY}
    house = world.house_at(title)
    assert (house.chat_id, house.welcome_cmid) == (chat.number, first.cmid)
    assert house.link == f"{world.sandbox.invite_base}{chat.link}"


def check_uncertain(world: World, title: str) -> None:
    """At most one chat, in which nothing was said; staff are told what to look at."""
    chats = chats_of(world).get(title, [])
    assert len(chats) <= 1
    assert all(world.sandbox.journal.messages(chat.peer_id) == [] for chat in chats)
    assert "Проверьте чаты сообщества" in world.house_at(title).reason


def check_letter(world: World, titles: tuple[str, ...] = OF_WRITTEN_TO) -> None:
    """One letter to the elder who can be written to, with all their houses and the posters."""
    (letter,) = world.sandbox.journal.messages(WILLING)
    assert all(title in letter.text for title in titles)
    assert len(letter.attachments) == 1


def check_sms(world: World) -> None:
    """At most one SMS to the other elder; if none may be counted on, a person is told so."""
    told = [phone for phone, _ in world.sms.sent]
    (instruction,) = (
        one
        for one in world.instructions.by_key.values()
        if one.house_ids == {world.house_at(OF_TEXTED).id}
    )
    assert told in ([], [PHONE])
    if instruction.state == "sent":
        assert told == [PHONE]
        assert OF_TEXTED in world.sms.sent[0][1]
    else:
        assert instruction.state == "unknown"
        assert instruction.reason


def check_all(world: World) -> None:
    """Everything came to its end: nothing twice, nothing lost.

    A house may be uncertain only where VK hides new chats from their community; who has no
    other one is told nothing.
    """
    assert world.dead == []
    for title in HOUSES:
        if world.house_at(title).state == "uncertain":
            assert world.switches.listed == Listed.AFTER_FIRST_MESSAGE
            check_uncertain(world, title)
        else:
            check_chat(world, title)
    told_of = [title for title in OF_WRITTEN_TO if world.house_at(title).state == "open"]
    if told_of:
        check_letter(world)
    check_sms(world)
    written_to = {m.peer_id for m in world.sandbox.journal.all_messages()}
    assert {peer for peer in written_to if peer < CHAT_PEERS} == ({WILLING} if told_of else set())
