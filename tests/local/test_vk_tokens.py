"""What a community's administrator does with its token in VK: rights, another one, bots off."""

from support.vk_town import CHAT, COMMUNITY, Town


def test_a_token_without_a_right_may_not_call_what_needs_it() -> None:
    town = Town()
    town.vk.grant(COMMUNITY, ["messages"])

    refusals = [
        town.refusal("docs.getMessagesUploadServer", type="doc", peer_id=CHAT),
        town.refusal("photos.getMessagesUploadServer", peer_id=CHAT),
    ]

    assert refusals == [15, 15]
    assert town.call("messages.createChat", title="Дом")["chat_id"] == 1
    told = town.call("groups.getTokenPermissions")
    assert told == {"mask": 4096, "permissions": [{"name": "messages", "setting": 4096}]}


def test_a_token_that_was_replaced_is_not_valid_any_more() -> None:
    town = Town()

    town.vk.replace_token(COMMUNITY, "another")

    assert town.refusal("groups.getById") == 5
    answer = town.vk.answer("groups.getById", {"v": "5.199"}, "another")
    assert answer
    assert answer["response"]["groups"][0]["id"] == COMMUNITY


def test_a_community_whose_bots_are_off_sends_nothing() -> None:
    town = Town()
    town.call("messages.createChat", title="Дом")

    town.vk.switch_bots(COMMUNITY, on=False)

    assert town.refusal("messages.send", peer_ids=CHAT, random_id=1, message="Привет") == 912
    assert town.vk.journal.all_messages() == []
