"""Only who was signed by VK is believed."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from authorizer import on_request
from authorizer.verify import Launch, signature, verify


@dataclass(frozen=True)
class Vector:
    """Launch parameters with the signature that goes with them."""

    secret: str
    query: str
    sign: str


# VKCOM/vk-apps-launch-params, VK's own examples.
OF_VK = Vector(
    "wvl68m4dR1UpLrVRli",
    "vk_user_id=494075&vk_app_id=6736218&vk_is_app_user=1&vk_are_notifications_enabled=1"
    "&vk_language=ru&vk_access_token_settings=&vk_platform=android",
    "htQFduJpLxz7ribXRZpDFUH-XEUhC9rBPTJkjUFEkRA",
)
# SevereCloud/vksdk's tests: a parameter that is not VK's, and an encoded `&`.
WITH_A_STRANGER = Vector(
    "wvl68m4dR1UpLrVRli",
    "q=1&vk_user_id=494075&vk_app_id=6736218&vk_is_app_user=1&vk_are_notifications_enabled=1"
    "&vk_language=ru&vk_access_token_settings=&vk_platform=andr%26oid",
    "gAgvKPEe3wJiC9ZdT16XuZ65_KSH5WkGSeDp_CQofws",
)
# Made by ourselves: an encoded comma, and where in VK the app was opened.
FROM_A_CHAT = Vector(
    "wvl68m4dR1UpLrVRli",
    "vk_access_token_settings=friends%2Cnotify&vk_app_id=6736218&vk_are_notifications_enabled=0"
    "&vk_chat_id=47&vk_is_app_user=1&vk_is_favorite=0&vk_language=ru"
    "&vk_platform=mobile_android_messenger&vk_ref=im_chat&vk_ts=1700000000&vk_user_id=494075",
    "V8W9iFHFsdr0Helx4e5eAccwKPEomElO5eK2Au3eog8",
)
# swimmwatch/vk-mini-app-auth's tests: a launch with a time.
LAUNCH = Vector(
    "qjtLSPSxPQ6HdlZOvilz",
    "vk_access_token_settings=video&vk_app_id=53377165&vk_are_notifications_enabled=0"
    "&vk_is_app_user=1&vk_is_favorite=0&vk_language=en&vk_platform=desktop_web&vk_ref=other"
    "&vk_ts=1750946152&vk_user_id=1034314472",
    "vJfpxXuz8U7lJyrWqH2e3mwmyRSlOiu24WKWZLgUHyU",
)
HEADER = f"VK {LAUNCH.query}&sign={LAUNCH.sign}"
APP = "53377165"
PROVEN = Launch("1034314472", "1750946152")


def proven(header: str, app_id: str = APP, secret: str = LAUNCH.secret) -> Launch | None:
    return verify(header, app_id=app_id, secret=secret)


def signed(query: str, secret: str = LAUNCH.secret) -> str:
    """Return the header of a query that VK itself would sign so."""
    return f"VK {query}&sign={signature(query, secret).decode()}"


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(OF_VK, id="VK's own"),
        pytest.param(WITH_A_STRANGER, id="with a stranger"),
        pytest.param(LAUNCH, id="a launch"),
        pytest.param(FROM_A_CHAT, id="from a chat"),
    ],
)
def test_a_signature_is_made_as_vk_makes_it(vector: Vector) -> None:
    assert signature(vector.query, vector.secret).decode() == vector.sign


def test_a_longer_number_of_a_person_needs_another_signature() -> None:
    forged = OF_VK.query.replace("vk_user_id=494075", "vk_user_id=4940751")

    assert signature(forged, OF_VK.secret).decode() != OF_VK.sign


def test_a_launch_from_a_chat_proves_its_person() -> None:
    header = f"VK {FROM_A_CHAT.query}&sign={FROM_A_CHAT.sign}"

    launch = verify(header, app_id="6736218", secret=FROM_A_CHAT.secret)

    assert launch == Launch("494075", "1700000000")


def test_a_launch_that_vk_signed_proves_who_came_and_when() -> None:
    assert proven(HEADER) == PROVEN


@given(st.permutations(HEADER.removeprefix("VK ").split("&")))
def test_the_order_of_parameters_does_not_matter(pairs: list[str]) -> None:
    assert proven("VK " + "&".join(pairs)) == PROVEN


NOT_VKS = st.text(st.characters(codec="ascii", exclude_characters="&="), min_size=1).filter(
    lambda name: not name.startswith("vk_") and name != "sign"
)
VALUE = st.text(st.characters(codec="ascii", exclude_characters="&"))


@given(NOT_VKS, VALUE, st.integers(0, HEADER.count("&") + 1))
def test_a_parameter_that_is_not_vks_changes_nothing(name: str, value: str, place: int) -> None:
    pairs = HEADER.removeprefix("VK ").split("&")

    pairs.insert(place, f"{name}={value}")

    assert proven("VK " + "&".join(pairs)) == PROVEN


@given(st.sampled_from(HEADER.removeprefix("VK ").split("&")), VALUE, st.booleans())
def test_a_parameter_that_comes_twice_is_not_believed(pair: str, value: str, first: bool) -> None:
    again = f"{pair.partition('=')[0]}={value}"

    header = f"VK {again}&{HEADER[3:]}" if first else f"{HEADER}&{again}"

    assert proven(header) is None


@given(st.text(st.characters(codec="ascii", exclude_characters="&="), max_size=9), VALUE)
def test_a_parameter_of_vks_that_it_did_not_sign_is_not_believed(name: str, value: str) -> None:
    assert proven(f"{HEADER}&vk_{name}={value}") is None


@pytest.mark.parametrize(
    ("signed_as", "came_as"),
    [
        pytest.param("vk_ref=a%20b", "vk_ref=a+b", id="a space is no plus"),
        pytest.param("vk_ref=a%20b", "vk_ref=a b", id="a space is not decoded"),
        pytest.param("vk_ref=a+b", "vk_ref=a%2Bb", id="a plus is not encoded"),
        pytest.param("vk_ref=a%2Cb", "vk_ref=a%2cb", id="letters of an escape"),
        pytest.param("vk_ref=a%2Cb", "vk_ref=a,b", id="a comma is not decoded"),
        pytest.param("vk_ref=", "vk_ref", id="nothing, and no sign of equality"),
        pytest.param("vk_ref=", "vk_ref=%00", id="nothing is not a zero"),
        pytest.param("vk_ref=a=b", "vk_ref=a%3Db", id="a sign of equality in a value"),
    ],
)
def test_what_came_is_compared_as_it_came(signed_as: str, came_as: str) -> None:
    header = signed(f"vk_app_id={APP}&{signed_as}&vk_ts=1750946152&vk_user_id=1034314472")

    assert proven(header) == PROVEN
    assert proven(header.replace(signed_as, came_as)) is None


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("vk_app_id={}&vk_ts=1750946152&vk_user_id=1034314472&vk_a=", id="no value"),
        pytest.param("vk_a1=&vk_a=&vk_app_id={}&vk_ts=1750946152&vk_user_id=1034314472", id="1"),
    ],
)
def test_an_empty_parameter_of_vks_is_signed_like_any_other(query: str) -> None:
    assert proven(signed(query.format(APP))) == PROVEN


def test_names_are_sorted_as_vk_sorts_them_and_not_pairs() -> None:
    # `1` stands before `=`: sorted by pairs, vk_a1 would come first.
    longer, shorter = "vk_a1=x", "vk_a=y"

    made = signature(f"{longer}&{shorter}", "secret")

    by_hand = hmac.digest(b"secret", b"vk_a=y&vk_a1=x", "sha256")
    assert made == urlsafe_b64encode(by_hand).rstrip(b"=")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("", id="nothing"),
        pytest.param("VK ", id="nothing after the scheme"),
        pytest.param(LAUNCH.query, id="no scheme"),
        pytest.param(HEADER.removeprefix("VK "), id="the right words without the scheme"),
        pytest.param(HEADER.replace("VK ", "Bearer "), id="another scheme"),
        pytest.param(HEADER.replace("1034314472", "1034314471"), id="another person"),
        pytest.param(HEADER.replace("1750946152", "1950946152"), id="another time"),
        pytest.param(HEADER.replace("vk_is_favorite=0", "vk_is_favorite=1"), id="a flag"),
        pytest.param(HEADER.replace("&vk_ref=other", ""), id="one parameter less"),
        pytest.param(f"{HEADER}&vk_viewer_group_role=admin", id="one parameter more"),
        pytest.param(f"VK {LAUNCH.query}", id="no signature"),
        pytest.param(f"VK {LAUNCH.query}&sign=", id="an empty signature"),
        pytest.param(HEADER[:-1], id="a signature cut short"),
        pytest.param(f"{HEADER}=", id="a signature with padding"),
        pytest.param(HEADER.swapcase().replace("vk ", "VK "), id="other letters"),
        pytest.param(f"{HEADER}&vk_user_id=1", id="a second person"),
        pytest.param(f"VK vk_user_id=1&{HEADER[3:]}", id="a second person before"),
        pytest.param(f"{HEADER}&sign={LAUNCH.sign}", id="the signature twice"),
        pytest.param(f"VK sign={LAUNCH.sign}", id="the signature alone"),
        pytest.param(HEADER.replace("vk_user_id", "vk%5fuser_id"), id="an encoded name"),
        pytest.param(HEADER.replace("vk_user_id=", "vk_user_id"), id="a name run into its value"),
        pytest.param(HEADER.replace("&", "&amp;"), id="copied from a page"),
        pytest.param(f"{HEADER}&&", id="two parameters without a name"),
        pytest.param(f"VK  {HEADER[3:]}", id="two spaces"),
        pytest.param(HEADER.replace("VK ", "vk "), id="the scheme in small letters"),
    ],
)
def test_nothing_else_is_believed(header: str) -> None:
    assert proven(header) is None


def test_a_launch_of_another_app_is_not_believed() -> None:
    assert proven(HEADER, app_id="53377166") is None
    assert proven(HEADER, app_id="") is None


def test_a_signature_with_another_secret_is_not_believed() -> None:
    assert proven(HEADER, secret="qjtLSPSxPQ6HdlZOvilZ") is None


@pytest.mark.parametrize(
    "vector", [pytest.param(OF_VK, id="VK's own"), pytest.param(WITH_A_STRANGER, id="stranger")]
)
def test_a_launch_without_its_time_is_not_believed(vector: Vector) -> None:
    header = f"VK {vector.query}&sign={vector.sign}"

    assert verify(header, app_id="6736218", secret=vector.secret) is None


@pytest.mark.parametrize(
    "user", ["", "abc", "-1", "1%30", "٣", "1" * 20], ids=["none", "abc", "-1", "%", "٣", "long"]
)
def test_a_signed_person_who_is_no_number_is_not_believed(user: str) -> None:
    header = signed(f"vk_app_id={APP}&vk_ts=1750946152&vk_user_id={user}")

    assert proven(header) is None


ANYTHING = st.text(st.characters()) | st.text(st.characters(categories=["Cs", "Nd", "Cc"]))


@given(ANYTHING)
def test_whatever_comes_is_answered(header: str) -> None:
    assert proven(header) is None
    assert proven(f"VK {header}") is None
    assert proven(f"{HEADER}&vk_ref={header}") is None


@given(st.data())
def test_no_changed_character_is_believed(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(HEADER) - 1))
    character = data.draw(st.characters(codec="ascii"))
    kind = data.draw(st.sampled_from(["changed", "added", "removed"]))
    left, right = HEADER[:place], HEADER[place + (kind != "added") :]

    forged = left + right if kind == "removed" else left + character + right

    # An empty parameter between two others is nobody's: it says nothing.
    assume(forged.replace("VK &", "VK ").replace("&&", "&") != HEADER)
    assert proven(forged) is None


@given(st.integers(0, len(HEADER) - 1))
def test_a_header_cut_short_is_not_believed(length: int) -> None:
    assert proven(HEADER[:length]) is None


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = on_request.Settings(vk_app_id=APP, vk_app_secret=LAUNCH.secret)
    monkeypatch.setattr(on_request, "wired", lambda: settings)
    return lambda **event: on_request.handle(event, None)


def test_the_gateway_lets_a_signed_launch_pass_with_its_person_and_time(ask: Any) -> None:
    assert ask(headers={"authorization": HEADER}) == {
        "isAuthorized": True,
        "context": {"vk_user_id": "1034314472", "vk_ts": "1750946152"},
    }


def test_the_gateway_stops_everybody_else(ask: Any) -> None:
    unsigned = [{"authorization": HEADER[:-1]}, {"authorization": None}, {}, None]

    answers = [*(ask(headers=headers) for headers in unsigned), ask()]

    assert answers == [{"isAuthorized": False}] * 5
