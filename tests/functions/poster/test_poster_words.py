"""Links and words on a poster: for a camera, for typing, for reading out."""

import pytest

from poster.lettering import BOLD, fitted, glued, legible, unprintable, width, words, wrapped
from poster.links import scan_link, typed_link
from poster.spoken import NAMES, spoken

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize(
    ("public_url", "link"),
    [
        pytest.param("https://dom.example", "HTTPS://DOM.EXAMPLE/J/7K3M9XQ2-3", id="a host"),
        pytest.param("https://dom.example/", "HTTPS://DOM.EXAMPLE/J/7K3M9XQ2-3", id="a slash"),
        pytest.param(
            "http://127.0.0.1:8080", "HTTP://127.0.0.1:8080/J/7K3M9XQ2-3", id="a local port"
        ),
        pytest.param("https://dom.example/V1/", "HTTPS://DOM.EXAMPLE/V1/J/7K3M9XQ2-3", id="caps"),
        pytest.param(
            "https://dom.example/prod", "https://dom.example/prod/J/7K3M9XQ2-3", id="small letters"
        ),
        pytest.param(
            "https://чат.дом.рф", "HTTPS://XN--80A0BN.XN--D1AQF.XN--P1AI/J/7K3M9XQ2-3", id="дом.рф"
        ),
    ],
)
def test_a_camera_gets_capitals_wherever_case_means_nothing(public_url: str, link: str) -> None:
    assert scan_link(public_url, "7K3M9XQ2", "-3") == link


@pytest.mark.parametrize(
    ("public_url", "link"),
    [
        ("https://Dom.Example", "dom.example/j/7K3M9XQ2"),
        ("https://чат.дом.рф/", "чат.дом.рф/j/7K3M9XQ2"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080/j/7K3M9XQ2"),
        ("https://dom.example/prod", "dom.example/prod/j/7K3M9XQ2"),
    ],
)
def test_a_person_gets_the_shortest_address_that_works(public_url: str, link: str) -> None:
    assert typed_link(public_url, "7K3M9XQ2") == link


@pytest.mark.parametrize("public_url", ["", "dom.example", "ftp://dom.example", "https://"])
def test_an_address_that_is_no_site_is_refused(public_url: str) -> None:
    with pytest.raises(ValueError, match="public_url"):
        scan_link(public_url, "7K3M9XQ2", "")


def test_a_code_is_read_out_sign_by_sign() -> None:
    assert spoken("7K3M9XQ2") == "семь — ка — три — эм — девять — икс — ку — два"
    assert spoken("7k3m9xq2") == spoken("7K3M9XQ2")


def test_every_sign_of_a_code_has_a_name_of_its_own() -> None:
    assert set(NAMES) == set(ALPHABET)
    assert len(set(NAMES.values())) == len(ALPHABET)


@pytest.mark.parametrize(
    ("address", "pieces"),
    [
        ("ул. Ленина, д. 12, корп. 3", ["ул.\u00a0Ленина, ", "д.\u00a012, ", "корп.\u00a03"]),
        ("проспект Мира, дом 5", ["проспект ", "Мира, ", "дом\u00a05"]),
        ("ул. А. С. Пушкина, 7", ["ул.\u00a0А.\u00a0С.\u00a0Пушкина, ", "7"]),
        ("пр-кт Ленина, д. 1А", ["пр-кт\u00a0Ленина, ", "д.\u00a01А"]),
    ],
)
def test_short_words_stay_with_what_they_name(address: str, pieces: list[str]) -> None:
    assert words(glued(address)) == pieces


def test_lines_keep_every_letter_and_their_width() -> None:
    text = "Первая улица, " + "о" * 90 + ", д.\u00a012"

    lines = wrapped(words(text), BOLD, 20, 200)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(width(line, BOLD, 20) for line in lines) <= 200


def test_an_endless_address_loses_its_middle_and_keeps_its_house_number() -> None:
    address = "Первомайская улица, " + "посёлок Дальний, " * 40 + "д. 12, корп. 3"

    size, lines = fitted(address, BOLD, ((20, 2), (14, 3)), 400)

    assert size == 14
    assert len(lines) == 3
    assert " … " in " ".join(lines)
    assert lines[0].startswith("Первомайская улица")
    assert lines[-1].endswith("д.\u00a012, корп.\u00a03")


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        pytest.param("  ул.   Мира ", "ул. Мира", id="spare spaces"),
        pytest.param("Мира\u2011Труда", "Мира-Труда", id="non-breaking hyphen"),
        pytest.param("заи\u0306ка", "зайка", id="letter and breve apart"),
        pytest.param("за\u0301мок", "замок", id="stress mark"),
        pytest.param("дом\u00ad№\u200b5", "дом№5", id="invisible signs"),
        pytest.param("корп. Ⅳ", "корп. IV", id="Roman number in one sign"),
        pytest.param("улица\r\nМира", "улица Мира", id="line end"),
        pytest.param("дом 漢", "дом ?", id="another script"),
    ],
)
def test_signs_are_spelled_with_letters_the_font_has(written: str, drawn: str) -> None:
    assert legible(written) == drawn


def test_signs_that_cannot_be_printed_are_named() -> None:
    assert unprintable("ул. 漢🏠, д. 5?") == "漢🏠"
    assert unprintable("ул. Ибраһима Гази, д. Ⅳ") == ""
