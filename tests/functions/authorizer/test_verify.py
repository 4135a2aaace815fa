"""Only who was signed by VK is believed."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
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
    values = dict(pair.split("=", 1) for pair in query.split("&"))
    return f"VK {query}&sign={signature(values, secret).decode()}"


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(OF_VK, id="VK's own"),
        pytest.param(WITH_A_STRANGER, id="with a stranger"),
        pytest.param(LAUNCH, id="a launch"),
    ],
)
def test_a_signature_is_made_as_vk_makes_it(vector: Vector) -> None:
    values = dict(pair.split("=", 1) for pair in vector.query.split("&"))

    assert signature(values, vector.secret).decode() == vector.sign


def test_a_launch_that_vk_signed_proves_who_came_and_when() -> None:
    assert proven(HEADER) == PROVEN


def test_the_order_of_parameters_does_not_matter() -> None:
    pairs = HEADER.removeprefix("VK ").split("&")

    assert proven("VK " + "&".join(reversed(pairs))) == PROVEN


def test_a_parameter_that_is_not_vks_changes_nothing() -> None:
    assert proven(f"{HEADER}&odr_enabled=1") == PROVEN


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


@given(st.text())
def test_whatever_comes_is_answered(header: str) -> None:
    assert proven(header) is None
    assert proven(f"VK {header}") is None


@given(st.integers(0, len(HEADER) - 1), st.characters(codec="ascii", exclude_categories=["Cc"]))
def test_no_changed_character_is_believed(place: int, character: str) -> None:
    forged = HEADER[:place] + character + HEADER[place + 1 :]

    assert (proven(forged) is None) == (forged != HEADER)


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
    answers = [ask(headers={"authorization": HEADER[:-1]}), ask(headers={}), ask()]

    assert answers == [{"isAuthorized": False}] * 3
