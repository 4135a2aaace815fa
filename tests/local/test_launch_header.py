"""The local stack signs launch parameters as VK does."""

from urllib.parse import parse_qsl

from local.launch import launch_header, sign

# The example of VK's own documentation (dev.vk.com, "Launch parameters": checking the signature).
DOCUMENTED = (
    "vk_user_id=494075&vk_app_id=6736218&vk_is_app_user=1&vk_are_notifications_enabled=1"
    "&vk_language=ru&vk_access_token_settings=&vk_platform=android"
)
DOCUMENTED_SECRET = "wvl68m4dR1UpLrVRli"
DOCUMENTED_SIGN = "htQFduJpLxz7ribXRZpDFUH-XEUhC9rBPTJkjUFEkRA"


def test_the_signature_is_that_of_vks_own_example() -> None:
    parameters = dict(parse_qsl(DOCUMENTED, keep_blank_values=True))

    signed = sign(parameters, DOCUMENTED_SECRET)

    assert signed == DOCUMENTED_SIGN


def test_the_header_names_the_person_and_carries_a_signature_of_all_of_it() -> None:
    header = launch_header(52_000_001, "secret", 7)

    scheme, _, query = header.partition(" ")
    parameters = dict(parse_qsl(query))
    signed = parameters.pop("sign")

    assert scheme == "VK"
    assert parameters["vk_user_id"] == "7"
    assert parameters["vk_app_id"] == "52000001"
    assert signed == sign(parameters, "secret")
