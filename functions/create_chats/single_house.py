"""One house that a person fills in: checked by the very rules that a list is checked by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated

from pydantic import Field

from housechats.domain.batches import Row, Verdict
from housechats.domain.patterns import MUNICIPALITY_OR_NOTHING

Text = Annotated[str, Field(max_length=300)]


@dataclass(frozen=True, slots=True)
class NewHouse:
    """A house to create; every field may be written as in a list."""

    address: Annotated[str, Field(min_length=1, max_length=300)]
    """Such as `г. Архангельск, ул. Ленина, д. 5, корп. 2`."""
    oktmo: Annotated[str, Field(pattern=MUNICIPALITY_OR_NOTHING)] = ""
    """The caller's own territory when empty."""
    fias_id: Text = ""
    entrances: Annotated[int, Field(ge=0, le=99, strict=True)] = 0
    """0 when unknown."""
    elder_name: Text = ""
    """Of the person who is to run the chat."""
    elder_phone: Text = ""
    """Their phone, as people write phones."""
    elder_vk: Text = ""
    """Their page in ВКонтакте: a link, a screen name or a number."""


def checked(new: NewHouse, *, oktmo: str, locality: str = "") -> Row:
    """Return the house as a row of a list of one; RefusedListError when its territory is vague."""
    cells = {name: str(value or "") for name, value in asdict(new).items() if name != "oktmo"}
    return check_one(cells, oktmo=oktmo, locality=locality)


def check_one(
    cells: Mapping[str, str], *, oktmo: str, locality: str, among: Row | None = None
) -> Row:
    """Check cells, by our names of columns, as a list of one row.

    `among` is what the row was among others: of its street they may have told more than it does.
    """
    # What reads lists takes a tenth of the API's start, and few requests create a house.
    from create_chats.check_rows import check  # noqa: PLC0415
    from create_chats.read_list import Listing  # noqa: PLC0415
    from create_chats.read_row import kind_of_street  # noqa: PLC0415
    from create_chats.tables import Table, as_text  # noqa: PLC0415

    names, texts = list(cells), list(map(as_text, cells.values()))
    listing = Listing(
        columns={name: name for name in names},
        places={name: place for place, name in enumerate(names)},
        header=1,
        table=Table(lambda: iter([names, texts])),
    )
    kinds = kind_of_street(among) if among else {}
    rows = check(listing, oktmo=oktmo, locality=locality, kinds=kinds)
    return rows[0] if rows else Row(1, Verdict.SKIPPED)
