"""A poster leads every camera to its house, and every person can read it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poster.marks import qr_modules
from poster.paper import Paper
from poster.sheet import Page, Poster, draw, draw_pages
from support.pdf_reading import (
    Pixels,
    bookmarks,
    codes,
    fonts_embedded,
    letter_sizes,
    lines,
    page_size,
    printed,
    texts,
)

MM = 72 / 25.4
PUBLIC_URL = "https://chat.region.example"
GATEWAY_URL = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod"
HOUSE = Poster("7K3M9XQ2", "ул. Ленина, д. 12, корп. 3", "г. Архангельск", 3)
LONG_HOUSE = Poster(
    "WWWWWWW4",
    "Республика Татарстан (Татарстан), городской округ город Набережные Челны, "
    "проспект Хасана Туфана, дом 12/04, корпус 3, строение 17А",
    "Архангельская область, Приморский муниципальный округ, посёлок Соловецкий",
    12,
)
PAPERS = pytest.mark.parametrize("paper", list(Paper))


def one_page(house: Poster, paper: Paper = Paper.A4, public_url: str = PUBLIC_URL) -> bytes:
    return draw_pages([Page(house, "Подъезд 12", "-12")], public_url=public_url, paper=paper)


def luminance(pixels: Pixels) -> np.ndarray:
    """Relative luminance as WCAG 2 counts it: what is left of colours on a grey printer."""
    shares = pixels / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    weighted: np.ndarray = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def assert_lines_stand_clear(pdf: bytes, margin: float) -> None:
    """Each line has one colour all around it: it crosses no edge, no other line, no code."""
    dpi = 144
    scale = dpi / 72
    pixels = printed(pdf, dpi=dpi)
    width, height = page_size(pdf)
    for line in lines(pdf):
        assert line.left >= margin
        assert line.bottom >= margin
        assert line.right <= width - margin
        assert line.top <= height - margin
        left, right = (int(at * scale) for at in (line.left - 1.5, line.right + 2))
        top, bottom = (int((height - at) * scale) for at in (line.top + 1.5, line.bottom - 2))
        around = np.concatenate(
            [
                pixels[top, left:right],
                pixels[bottom, left:right],
                pixels[top:bottom, left],
                pixels[top:bottom, right],
            ]
        )
        assert (around == around[0]).all(), line


@PAPERS
def test_each_entrance_and_the_lift_get_a_page_with_a_code_of_their_own(paper: Paper) -> None:
    pdf = draw([HOUSE], public_url=PUBLIC_URL, paper=paper)

    scanned = [code.text for page in range(4) for code in codes(printed(pdf, page, dpi=60))]
    assert scanned == [
        f"HTTPS://CHAT.REGION.EXAMPLE/J/7K3M9XQ2-{place}" for place in ("1", "2", "3", "L")
    ]
    assert [place in text for text in texts(pdf) for place in ("Подъезд 2", "Лифт")] == [
        *(False, False),
        *(True, False),
        *(False, False),
        *(False, True),
    ]


def test_a_house_with_uncounted_entrances_gets_a_page_for_any_door_and_one_for_the_lift() -> None:
    house = Poster("0A1B2C3D", "Берёзовая аллея, д. 7", "", 0)

    pdf = draw([house], public_url=PUBLIC_URL)

    scanned = [code.text for page in range(2) for code in codes(printed(pdf, page, dpi=60))]
    assert scanned == [f"HTTPS://CHAT.REGION.EXAMPLE/J/0A1B2C3D{suffix}" for suffix in ("", "-L")]
    assert len(texts(pdf)) == 2
    assert "Подъезд" not in texts(pdf)[0]


@PAPERS
def test_a_long_address_behind_a_long_site_name_is_scanned_too(paper: Paper) -> None:
    pdf = one_page(LONG_HOUSE, paper, GATEWAY_URL)

    (code,) = codes(printed(pdf, dpi=60))
    assert code.text == f"{GATEWAY_URL}/J/WWWWWWW4-12"


@pytest.mark.parametrize(
    ("paper", "least"), [pytest.param(Paper.A4, 60, id="A4"), pytest.param(Paper.A5, 35, id="A5")]
)
@pytest.mark.parametrize("house", [HOUSE, LONG_HOUSE], ids=["usual", "long"])
@pytest.mark.parametrize("public_url", [PUBLIC_URL, GATEWAY_URL], ids=["own name", "gateway"])
def test_the_code_is_large_strong_and_alone(
    paper: Paper, least: int, house: Poster, public_url: str
) -> None:
    dpi = 300

    pixels = printed(one_page(house, paper, public_url), dpi=dpi)

    (code,) = codes(pixels)
    left, top = code.position.top_left.x, code.position.top_left.y
    side = code.position.bottom_right.x - left
    assert code.ec_level == "H"
    assert side / dpi * 25.4 >= least
    quiet = int(4 * side / len(qr_modules(code.text))) - 2
    around = pixels[top - quiet : top + side + quiet, left - quiet : left + side + quiet].copy()
    around[quiet - 2 : 2 - quiet, quiet - 2 : 2 - quiet] = 255
    assert (around == 255).all()


@PAPERS
@pytest.mark.parametrize("house", [HOUSE, LONG_HOUSE], ids=["usual", "long"])
def test_everything_on_the_page_can_be_read_by_people_and_by_programs(
    paper: Paper, house: Poster
) -> None:
    pdf = one_page(house, paper)

    (text,) = texts(pdf)
    assert "Официальный чат нашего дома" in text
    assert "Подъезд 12" in text
    assert f"chat.region.example/j/{house.house_id}" in text.replace("/ ", "/")
    assert "Это первый официальный чат дома, его открыла администрация." in text
    assert "Вступить можно бесплатно." in text
    assert "Откройте камеру телефона" in text
    assert "Наведите её на этот код" in text
    assert "Вступите в чат ВКонтакте" in text
    assert min(letter_sizes(pdf)) >= 14
    assert_lines_stand_clear(pdf, margin=7 * MM)


def test_the_whole_address_and_the_code_in_words_come_back_as_text() -> None:
    locality = "Приморский муниципальный округ, дер. Рикасиха"

    (text,) = texts(one_page(replace(LONG_HOUSE, locality=locality)))

    assert LONG_HOUSE.address in text
    assert locality in text
    assert "дубль-вэ — " * 7 + "четыре" in text


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("Ибраһим Гази ур., Җиңү, Әгерҗе, Түбән Кама, Өчиле", id="Tatar"),
        pytest.param("Ҙур Ҡариҙел ур., Ғафури, Ҫәсән, Һәүкәй, Өфө", id="Bashkir"),
        pytest.param("Ӑмӑрт урамӗ, Ҫӗнӗ Шупашкар, Ҫӳлти Кӑнаш", id="Chuvash"),
        pytest.param("Өксөкүлээх Өлөксөй уул., Дьокуускай, Ньурба, Ҕ, Ҥ, Һ", id="Yakut"),
        pytest.param("Лениней гудамжа, Улаан-Үдэ, Һэлэнгэ, Өөлэнтэ", id="Buryat"),
        pytest.param("Хетӕгкаты Къостайы уынг, Дзӕуджыхъӕу", id="Ossetic"),
        pytest.param("Пушкин ӱрем, Йошкар-Ола, Ӧрша, Ҥ, Кырык мары: Ӓ, Ӹ", id="Mari"),
        pytest.param("Пушкин урам, Ижкар, Ӝуӝтыт, Ӟеч, Ӥыт, Ӧвӧл, Ӵуж", id="Udmurt"),
        pytest.param("Пушкин улича, Сыктывкар, Емва, Вӧрса, Ічӧт", id="Komi"),
        pytest.param("Хьежаев Идрисан урам, Соьлжа-ГӀала, ӀаьӀан", id="Chechen"),
        pytest.param("Lenin-kadun 3, ул. Ç. Айтматова, № 5 «б» — ½", id="Latin and signs"),
    ],
)
def test_addresses_in_the_alphabets_of_russia_come_back_letter_by_letter(address: str) -> None:
    (text,) = texts(one_page(Poster("7K3M9XQ2", address, "", 1)))

    assert address in text


def test_a_sign_the_font_lacks_is_never_an_empty_box_and_staff_can_find_the_house(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = Poster("7K3M9XQ2", "ул.\u202fМира\u2011Труда → д. Ⅱ 🏠", "пос.\tНовый", 1)

    (text,) = texts(one_page(house))

    assert "ул. Мира-Труда — д. II ?" in text
    assert "пос. Новый" in text
    assert caplog.messages == ["house 7K3M9XQ2: no letters for U+1F3E0"]


@settings(max_examples=40, deadline=None)
@given(
    address=st.text(st.sampled_from("абвгеёжщШЩЫ ,.-/0123456789№«»Wil"), max_size=400),
    locality=st.text(st.sampled_from("абвгеёжщШЩЫ ,.-"), max_size=200),
    paper=st.sampled_from(Paper),
)
def test_any_address_stays_inside_its_card(address: str, locality: str, paper: Paper) -> None:
    pdf = one_page(Poster("WWWWWWWW", address, locality, 1), paper, GATEWAY_URL)

    assert_lines_stand_clear(pdf, margin=7 * MM)


@given(
    street=st.text(st.sampled_from("абвгдежз "), min_size=1, max_size=90),
    number=st.integers(1, 999),
    paper=st.sampled_from(Paper),
)
@settings(max_examples=40, deadline=None)
def test_a_line_never_ends_between_a_short_word_and_its_number(
    street: str, number: int, paper: Paper
) -> None:
    address = f"ул. {street}, д. {number}, корп. 3, стр. 8"

    pdf = one_page(Poster("7K3M9XQ2", address, "", 1), paper)
    ends = [line.text.split()[-1] for line in lines(pdf)]

    assert not {"ул.", "д.", "корп.", "стр."} & set(ends)


@PAPERS
def test_a_black_and_white_print_is_as_readable(paper: Paper) -> None:
    pdf = one_page(HOUSE, paper)
    dpi = 150
    scale, (_, height) = dpi / 72, page_size(pdf)

    grey = luminance(printed(pdf, dpi=dpi))

    for line in lines(pdf):
        top, bottom = (int((height - at) * scale) for at in (line.top, line.bottom))
        box = grey[top:bottom, int(line.left * scale) : int(line.right * scale)]
        assert (box.max() + 0.05) / (box.min() + 0.05) >= 7, line  # WCAG AAA


def test_a_page_is_light_and_carries_its_fonts() -> None:
    pdf = one_page(HOUSE)

    assert len(pdf) <= 16 * 1024
    embedded = fonts_embedded(pdf)
    assert embedded
    assert all(embedded)
    assert b"/Type1" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/Type /FontDescriptor") == 2


def test_the_same_house_gives_the_same_file_whatever_was_drawn_before() -> None:
    first = draw([HOUSE], public_url=PUBLIC_URL)

    draw([LONG_HOUSE], public_url=PUBLIC_URL, paper=Paper.A5)
    again = draw([HOUSE], public_url=PUBLIC_URL)

    assert again == first


def test_a_file_of_many_houses_has_a_bookmark_for_each_at_its_first_page() -> None:
    houses = [Poster(f"0000000{n}", f"ул. Ленина, д. {n}", "г. Онега", n) for n in range(4)]

    pdf = draw(iter(houses), public_url=PUBLIC_URL)

    assert bookmarks(pdf) == [
        ("г. Онега, ул. Ленина, д. 0", 0),
        ("г. Онега, ул. Ленина, д. 1", 2),
        ("г. Онега, ул. Ленина, д. 2", 4),
        ("г. Онега, ул. Ленина, д. 3", 7),
    ]
    assert len(texts(pdf)) == 11


def test_a_file_without_houses_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one house"):
        draw([], public_url=PUBLIC_URL)


def test_a_site_name_that_nobody_could_type_is_refused() -> None:
    with pytest.raises(ValueError, match="shorten public_url"):
        one_page(HOUSE, Paper.A5, f"https://{'a' * 60}.{'b' * 60}.example")
