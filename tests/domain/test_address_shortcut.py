"""A street that is read apart from its place is read as the two together are."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from housechats.domain.address_places import NO_PLACES, read_head, read_whole

LISTS = Path(__file__).parents[3] / "shared" / "houses"
TOWN = "г. Омск"

WORDS = st.sampled_from(
    ["ул. ", "ул ", "УЛ. ", "пр. ", "пр-кт ", "проезд ", "мкр. ", "кв-л ", "г. ", "п. ", "д. ",
     "обл. ", "р-н ", "В.О., ", "р.п. ", "г.о. ", "Омск", "Мира", "Большая ", "МИРА", "ЖК ",
     "Россия", "линия ", "1-я ", "40 лет ", "улица", ", ", ", ", ", ", " ", "Москва", "Зеленоград",
     "омск", "Иванова ", "Мария", "П. ", "б. ", "(", "бывш. ", "5", "-", "163000", "Н. "]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=9).map("".join)
NAMES = st.sampled_from(["", "", "Омск", "г. Омск", "Тара", "п. Дачный", "Мира", "ул. Мира", "пр."])


@given(TEXTS, st.sampled_from(["", TOWN]))
def test_in_one_cell(text: str, town: str) -> None:
    assert read_head(text, NO_PLACES, town) == read_whole(text, NO_PLACES, town)


@given(TEXTS, st.tuples(NAMES, NAMES, NAMES, NAMES, NAMES, TEXTS), st.sampled_from(["", TOWN]))
def test_in_several_cells(text: str, places: tuple[str, ...], town: str) -> None:
    assert read_head(text, places, town) == read_whole(text, places, town)
    assert read_head("", places, town) == read_whole("", places, town)


@pytest.mark.skipif(not LISTS.is_dir(), reason="shared data is absent")
def test_in_the_lists_of_registries() -> None:
    heads = {cell.rpartition(", д")[0] for file in LISTS.glob("*.csv*") for cell in _cells(file)}

    different = [
        head for head in heads if read_head(head, NO_PLACES, "") != read_whole(head, NO_PLACES, "")
    ]

    assert len(heads) > 1000
    assert different == []


def _cells(file: Path) -> list[str]:
    body = file.read_bytes()
    text = (gzip.decompress(body) if file.suffix == ".gz" else body).decode("utf-8-sig")
    return [cell for row in csv.reader(text.splitlines()) for cell in row if ", д" in cell]
