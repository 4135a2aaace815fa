"""Messages to systems of organisations are signed, and lead to nobody's inner network."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.webhooks import Webhook, WebhookEvent, fault_of, is_signed, signature
from support.clock import JANUARY

SECRET, BODY = "a-secret", b'{"id":"7K2M9X"}'
AT = int(JANUARY.timestamp())


def test_what_was_signed_lately_is_believed() -> None:
    assert is_signed(signature(SECRET, BODY, at=AT), SECRET, BODY, now=JANUARY)


@pytest.mark.parametrize(
    ("header", "secret", "body", "late"),
    [
        pytest.param(signature(SECRET, BODY, at=AT), SECRET, BODY, 301, id="too old"),
        pytest.param(signature(SECRET, BODY, at=AT), SECRET, BODY, -301, id="of the future"),
        pytest.param(signature(SECRET, BODY, at=AT), "other", BODY, 0, id="another secret"),
        pytest.param(signature(SECRET, BODY, at=AT), SECRET, BODY + b" ", 0, id="another body"),
        pytest.param(
            signature(SECRET, BODY, at=AT).replace(f"{AT}", f"{AT + 1}"),
            SECRET,
            BODY,
            0,
            id="another time",
        ),
        pytest.param("", SECRET, BODY, 0, id="nothing"),
        pytest.param("t=,v1=", SECRET, BODY, 0, id="empty parts"),
        pytest.param(f"t={AT}", SECRET, BODY, 0, id="no hash"),
        pytest.param(f"t={'9' * 400},v1=ab", SECRET, BODY, 0, id="endless time"),
        pytest.param("t=١٢٣,v1=ab", SECRET, BODY, 0, id="digits of others"),
    ],
)
def test_nothing_else_is(header: str, secret: str, body: bytes, late: int) -> None:
    now = JANUARY + timedelta(seconds=late)

    assert not is_signed(header, secret, body, now=now)


@given(st.text(max_size=200))
def test_whatever_stands_in_the_header_nothing_breaks(header: str) -> None:
    assert not is_signed(header, SECRET, BODY, now=JANUARY)


def test_each_setting_has_a_secret_of_its_own() -> None:
    events = (WebhookEvent.SENT,)
    one, another, elsewhere = (
        Webhook("2901000017", region, "https://a.example.ru", events, nonce, "vk:1", JANUARY)
        for region, nonce in (("11", "one"), ("11", "another"), ("71", "one"))
    )

    secrets = {each.secret("a key") for each in (one, another, elsewhere)}

    assert len(secrets) == 3
    assert one.secret("another key") not in secrets


@pytest.mark.parametrize(
    "url",
    [
        "https://uk.example.ru",
        "https://uk.example.ru/a/b?c=d",
        "https://uk.example.ru:443/a",
        "https://xn--e1afmkfd.xn--p1ai/",
    ],
)
def test_an_address_of_a_site_does(url: str) -> None:
    assert fault_of(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://uk.example.ru",
        "ftp://uk.example.ru",
        "https://user:secret@uk.example.ru",
        "https://@uk.example.ru",
        "https://uk.example.ru/#there",
        "https://uk.example.ru:8443/",
        "https://uk.example.ru:99999999/",
        "https://localhost/",
        "https://intranet/",
        "https://db.internal/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://uk.example.ru /",
        "https://uk.example.ru/\r\nHost: other",
        "https://ук.рф/",
        "https:///path",
        "https://.ru/",
        "",
        "uk.example.ru",
    ],
)
def test_any_other_address_is_refused_with_a_sentence(url: str) -> None:
    assert fault_of(url).endswith((".", "complaints."))
