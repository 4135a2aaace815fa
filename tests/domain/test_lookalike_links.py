"""A link that only looks like a trusted one is told, and honest ones are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.lookalike_links import TRUSTED, is_lookalike, lookalikes_in


@pytest.mark.parametrize(
    "site",
    [
        pytest.param("gоsuslugi.ru", id="a Cyrillic o"),
        pytest.param("vк.com", id="a Cyrillic k"),
        pytest.param("mаx.ru", id="a Cyrillic a in max"),
        pytest.param("мах.com", id="max, all in Cyrillic"),
        pytest.param("gosuslugi.rу", id="a Cyrillic ending"),
        pytest.param("xn--gsuslugi-5fg.ru", id="punycode of a mixed name"),
        pytest.param("xn--zzzz999999999999999999.ru", id="punycode that is none"),
        pytest.param("gosuslugl.ru", id="l for i"),
        pytest.param("gosusIugi.ru", id="a capital I for l"),
        pytest.param("gosus1ugi.ru", id="one for l"),
        pytest.param("gosuslugi.com", id="another ending"),
        pytest.param("gosulsugi.ru", id="letters swapped"),
        pytest.param("gosuslgi.ru", id="a letter less"),
        pytest.param("gossuslugi.ru", id="a letter more"),
        pytest.param("gos-uslugi.ru", id="a hyphen"),
        pytest.param("dom-gosuslugi.ru", id="a part with a hyphen"),
        pytest.param("domgosuslugi.ru", id="a part before it"),
        pytest.param("mygosuslugi24.ru", id="parts on both sides"),
        pytest.param("dom.gosuslugi.ru.lk-vhod.site", id="the whole site as a part"),
        pytest.param("gosuslugi.vhod.info", id="as a part of a stranger"),
        pytest.param("госуслуги.com", id="in Russian elsewhere"),
        pytest.param("госуслуги-дом.рф", id="in Russian with a part"),
        pytest.param("госуслги.рф", id="in Russian, a letter less"),
        pytest.param("vk.com.ru", id="vk with one more ending"),
        pytest.param("vk-com.ru", id="vk with its ending as a part"),
        pytest.param("vkcom.ru", id="the same in one word"),
        pytest.param("vk-login.ru", id="vk with a lure"),
        pytest.param("id-vk.com", id="vk with a lure before it"),
        pytest.param("vk.co", id="an ending cut short"),
        pytest.param("vk.cm", id="an ending without a letter"),
        pytest.param("vkk.com", id="vk with a letter twice"),
        pytest.param("m0s.ru", id="zero for o"),
        pytest.param("moss.ru", id="mos with a letter twice"),
        pytest.param("rnax.ru", id="r and n for m"),
        pytest.param("max.ru.site.com", id="max as a part"),
        pytest.param("mos-ru.com", id="mos with its ending as a part"),
        pytest.param("nalog-lk.ru", id="nalog with a part"),
        pytest.param("na1og.ru", id="one for l in nalog"),
        pytest.param("nalogg.ru", id="nalog with a letter twice"),
        pytest.param("nalog.gov-ru.com", id="gov with its ending as a part"),
        pytest.param("vk.com@elsewhere.ru", id="before an @"),
        pytest.param("evil.ru\\.vk.com", id="a backslash, which is a slash"),
        pytest.param("vk.com\\.evil.ru", id="a backslash after it"),
        pytest.param("vk.com\u3002evil.ru", id="an ideographic full stop"),
        pytest.param("vk.com\uff0eevil.ru", id="a wide full stop"),
        pytest.param("vk.com\uff61evil.ru", id="half of an ideographic full stop"),
        pytest.param("vk.com\u200b.evil.ru", id="a sign of no width"),
        pytest.param("vk\u2060.com", id="a sign of no width within"),
        pytest.param("go\u00adsuslugi.ru", id="a soft hyphen"),
        pytest.param("vkontakte.com", id="the former name elsewhere"),
        pytest.param("sberbank-online.site", id="the bank with a part"),
    ],
)
def test_a_site_that_is_meant_to_be_taken_for_another_is_told(site: str) -> None:
    assert is_lookalike(site)
    assert lookalikes_in([f"Заходите: https://{site}/lk?a=1."]) == [site]


@pytest.mark.parametrize(
    "site",
    [
        *sorted(TRUSTED),
        "www.gosuslugi.ru",
        "esia.gosuslugi.ru",
        "dom.gosuslugi.ru",
        "lkfl2.nalog.ru",
        "lkfl2.nalog.gov.ru",
        "pgu.mos.ru",
        "m.vk.com",
        "id.vk.com",
        "GOSUSLUGI.RU",
        "vk.com:443",
        "xn--c1aapkosapc.xn--p1ai",
        "vc.ru",
        "ok.ru",
        "mts.ru",
        "max.com",
        "e1.ru",
        "v1.ru",
        "mos-gorsud.ru",
        "mosenergosbyt.ru",
        "mosvodokanal.ru",
        "mosgaz.ru",
        "max-stroy.ru",
        "vk-arkhangelsk.ru",
        "uslugi.mosreg.ru",
        "uslugi.tatarstan.ru",
        "gu.spb.ru",
        "analog.ru",
        "katalog.ru",
        "zalog.ru",
        "sber.ru",
        "reformagkh.ru",
        "дом.рф",
        "жкх29.рф",
        "xn--d1aqf.xn--p1ai",
        "дом-мой.рф",
        "my-house-29.ru",
        "gov.spb.ru",
        "government.ru",
        "rvk.ru",
        "t.me",
        "ya.ru",
    ],
)
def test_an_honest_site_is_left_alone(site: str) -> None:
    assert not is_lookalike(site)
    assert lookalikes_in([f"Подробнее: https://{site}/news, звоните."]) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("Передайте на gosuslugl.ru до пятницы.", ["gosuslugl.ru"], id="bare"),
        pytest.param("(vk-login.ru)", ["vk-login.ru"], id="in brackets"),
        pytest.param("Пишите на info@gosuslugi-dom.ru", [], id="an address of mail"),
        pytest.param("gosuslugi.support@mail.ru", [], id="a name in an address of mail"),
        pytest.param("Через «Госуслуги.Дом» или на стойке.", [], id="what the product is called"),
        pytest.param("Воды нет.Mосква ждёт.", [], id="no blank after a full stop"),
        pytest.param("ул.Садовая д.5, т.е. у vk.com", [], id="abbreviations"),
        pytest.param("https://site.ru/gosuslugl.ru", [], id="in the path of another site"),
        pytest.param("Файл gosuslugi-pamyatka.pdf в группе", [], id="a file"),
        pytest.param("vk.com\u3002evil.ru", ["vk.com\u3002evil.ru"], id="bare, with another dot"),
        pytest.param("vk.com\u200b.evil.ru", ["vk.com\u200b.evil.ru"], id="bare, with no width"),
        pytest.param("Сайт: https://vk.com\u200b — наш", [], id="a sign of no width after it"),
        pytest.param("Сайт https://vk.com… наш", [], id="an ellipsis"),
        pytest.param(r"Файл D:\Дом\план.doc на диске", [], id="a place on a disk"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_link_is_found_where_people_read_one(text: str, told: list[str]) -> None:
    assert lookalikes_in([text]) == told


@given(
    st.sampled_from(sorted(TRUSTED)),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10),
)
def test_whatever_lies_under_a_trusted_site_is_trusted(site: str, name: str) -> None:
    assert not is_lookalike(f"{name}.{site}")


@given(st.integers(0, 8), st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
def test_any_letter_of_the_portal_put_wrong_is_told(at: int, letter: str) -> None:
    name = "gosuslugi"
    wrong = name[:at] + letter + name[at + 1 :]

    assert is_lookalike(f"{wrong}.ru") == (wrong != name)


@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_looked_through(text: str) -> None:
    lookalikes_in([text, f"https://{text}", f"xn--{text}.ru"])
