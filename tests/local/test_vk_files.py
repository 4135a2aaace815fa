"""A poster is uploaded, saved and sent; whatever is out of turn is refused."""

import pytest

from local.vk.errors import PersonError
from local.vk.switches import Switches
from support.vk_town import CHAT, FRIEND, STRANGER, Town


def uploaded(town: Town, peer_id: int = FRIEND, name: str = "poster.pdf") -> str:
    url = town.call("docs.getMessagesUploadServer", type="doc", peer_id=peer_id)["upload_url"]
    told = town.vk.upload(url, name, b"%PDF-1.7")
    return str(told["file"])


def test_an_elder_gets_the_poster_as_a_document() -> None:
    town = Town()
    file = uploaded(town)

    saved = town.call("docs.save", file=file, title="Плакат")["doc"]
    reference = f"doc{saved['owner_id']}_{saved['id']}"
    town.call("messages.send", peer_ids=FRIEND, random_id=1, attachment=reference)

    attached = town.call("messages.getHistory", peer_id=FRIEND)["items"][0]["attachments"]
    assert [(one["type"], one["doc"]["title"], one["doc"]["ext"]) for one in attached] == [
        ("doc", "Плакат", "pdf")
    ]
    kept = town.vk.file(reference)
    assert kept
    assert kept.data == b"%PDF-1.7"


def test_what_an_upload_answered_is_good_once() -> None:
    town = Town()
    file = uploaded(town)
    forged = file[:-1] + ("0" if file[-1] != "0" else "1")

    assert town.refusal("docs.save", file=forged) == 105
    town.call("docs.save", file=file)
    assert town.refusal("docs.save", file=file) == 105
    assert town.refusal("docs.save", file="made|up") == 105


def test_there_is_no_place_for_a_file_of_somebody_who_did_not_allow_messages() -> None:
    town = Town()

    assert town.refusal("docs.getMessagesUploadServer", peer_id=STRANGER) == 901
    assert town.refusal("photos.getMessagesUploadServer", peer_id=STRANGER) == 901
    assert town.refusal("docs.getMessagesUploadServer", peer_id=CHAT) == 901
    assert town.refusal("docs.getMessagesUploadServer") == 100


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("poster.pdf", b"", id="empty"),
        pytest.param("song.MP3", b"x", id="music"),
        pytest.param("virus.exe", b"x", id="a program"),
    ],
)
def test_a_file_vk_would_not_take_is_refused(name: str, data: bytes) -> None:
    town = Town()
    url = town.call("docs.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]

    assert "error" in town.vk.upload(url, name, data)
    assert "error" in town.vk.upload("https://vk.invalid/upload/nowhere", "a.pdf", b"x")


def test_a_document_of_one_peer_may_not_be_good_for_another() -> None:
    town = Town(Switches(document_for_any_peer=False))
    town.chat()
    saved = town.call("docs.save", file=uploaded(town))["doc"]
    reference = f"doc{saved['owner_id']}_{saved['id']}"

    items = town.call(
        "messages.send", peer_ids=f"{FRIEND},{CHAT}", random_id=1, attachment=reference
    )

    assert [one.get("error", {}).get("code") for one in items] == [None, 15]


def test_a_photo_takes_the_same_way() -> None:
    town = Town()
    url = town.call("photos.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]
    told = town.vk.upload(url, "house.jpg", b"jpeg")

    wrong = town.refusal("photos.saveMessagesPhoto", **told | {"hash": "0"})
    photo = town.call("photos.saveMessagesPhoto", **told)[0]

    assert wrong == 121
    reference = f"photo{photo['owner_id']}_{photo['id']}"
    sent = town.call("messages.send", peer_ids=FRIEND, random_id=1, attachment=reference)
    assert "error" not in sent[0]


def test_people_and_the_community_are_found_by_number_and_name() -> None:
    town = Town()

    users = town.call("users.get", user_ids=f"marfa_v,id{STRANGER},nobody", fields="domain")
    named = town.call("utils.resolveScreenName", screen_name="marfa_v")
    club = town.call("utils.resolveScreenName", screen_name="club240000001")
    group = town.call("groups.getById")["groups"][0]

    assert [(one["id"], one["domain"]) for one in users] == [
        (FRIEND, "marfa_v"),
        (STRANGER, f"id{STRANGER}"),
    ]
    assert named == {"type": "user", "object_id": FRIEND}
    assert (club["type"], club["object_id"]) == ("group", group["id"])
    assert town.refusal("users.get", user_ids="nobody") == 113
    assert town.refusal("utils.resolveScreenName", screen_name="nobody") == 104
    assert town.refusal("groups.getById", group_id="5") == 100
    with pytest.raises(PersonError):
        town.vk.allow_messages(FRIEND, community=5)


@pytest.mark.parametrize(("section", "field"), [("docs", "photo"), ("photos", "file")])
def test_a_file_in_a_field_of_another_name_is_not_taken(section: str, field: str) -> None:
    town = Town()
    place = town.call(f"{section}.getMessagesUploadServer", peer_id=FRIEND)["upload_url"]

    told = town.vk.upload(place, "house.jpg", b"jpeg", field)

    assert told["error"] == "no_file"
