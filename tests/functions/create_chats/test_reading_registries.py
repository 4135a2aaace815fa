"""Real exports of the registries are read whole: each row of them is a house's."""

import gzip
from pathlib import Path

import pytest

from create_chats.read_list import read

LISTS = Path(__file__).parents[4] / "shared" / "houses"
pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="shared data is absent")


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("addresses-messy-fias.csv", 646, {"address", "fias_id", "oktmo"}),
        ("frt-reestrmkd-sample.csv", 2, {"address", "fias_id", "entrances", "flats", "street"}),
        ("houses-arkhangelsk-2016.csv", 4546, {"address", "management_company", "flats"}),
        ("houses-arkhangelsk-oblast-2016.csv.gz", 18541, {"address", "entrances", "flats"}),
        ("houses-chelyabinsk-fias-entrances.csv", 97, {"address", "fias_id", "entrances"}),
        ("houses-saratov-2015.csv", 6557, {"address"}),
        ("houses-spb-2016.csv.gz", 25229, {"address", "management_company", "entrances"}),
        ("houses-spb-giszhkh-sample.csv", 72, {"address", "fias_id", "oktmo", "flats"}),
    ],
)
def test_every_row_of_a_registry_tells_a_house(name: str, rows: int, columns: set[str]) -> None:
    data = (LISTS / name).read_bytes()

    listing = read(gzip.decompress(data) if name.endswith(".gz") else data)

    houses = [cells for _, cells in listing.rows]
    assert columns <= listing.columns.keys()
    assert len(houses) == rows
    assert all(cells.get("address") for cells in houses)
