"""The poster of a house chat: pages for entrances and the lift, in one PDF for many houses."""

import io
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from poster.layout import A4, A5, draw_page, draw_shared_parts
from poster.lettering import REGULAR, faces, unprintable
from poster.links import scan_link, typed_link
from poster.paper import Paper

logger = logging.getLogger(__name__)

# ASCII85 would make each file a quarter larger for the sake of mail gateways of the 1990s.
rl_config.useA85 = 0


DESIGNS = {Paper.A4: A4, Paper.A5: A5}


@dataclass(frozen=True, slots=True)
class Poster:
    """One house's poster; entrances are 0 where nobody has counted them."""

    house_id: str
    address: str
    locality: str
    entrances: int


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet of paper: its place is for the person with the tape, its suffix for the count."""

    poster: Poster
    place: str = ""
    suffix: str = ""


def pages(poster: Poster) -> Iterator[Page]:
    """Give a page for each entrance and one for the lift.

    With unknown entrances the first page names no place: it can be copied for all of them.
    """
    if poster.entrances < 1:
        yield Page(poster)
    for number in range(1, poster.entrances + 1):
        yield Page(poster, f"Подъезд {number}", f"-{number}")
    yield Page(poster, "Лифт", "-L")


def draw(posters: Iterable[Poster], *, public_url: str, paper: Paper = Paper.A4) -> bytes:
    """Return one PDF with the pages of all houses and a bookmark for each address."""
    all_pages = (page for poster in posters for page in pages(poster))
    return draw_pages(all_pages, public_url=public_url, paper=paper)


def draw_pages(chosen: Iterable[Page], *, public_url: str, paper: Paper = Paper.A4) -> bytes:
    """Draw the pages in one pass; equal pages give equal bytes, whenever they are drawn."""
    faces()
    design = DESIGNS[paper]
    made = io.BytesIO()
    canvas = Canvas(
        made,
        pagesize=(design.width, design.height),
        # the default, Helvetica, would be named but not embedded
        initialFontName=REGULAR,  # type: ignore[arg-type]
        invariant=True,
        pageCompression=1,
        lang="ru",
    )
    canvas.setTitle("Официальный чат дома: объявления")
    canvas.setAuthor("Домовые чаты")
    draw_shared_parts(canvas, design)
    poster, houses = None, 0
    for page in chosen:
        if page.poster != poster:
            poster, houses = page.poster, houses + 1
            title = ", ".join(filter(None, (poster.locality, poster.address)))
            canvas.bookmarkPage(f"house-{houses}")
            canvas.addOutlineEntry(title, f"house-{houses}")
            if unknown := unprintable(title):
                signs = " ".join(f"U+{ord(sign):04X}" for sign in unknown)
                logger.warning("house %s: no letters for %s", poster.house_id, signs)
        draw_page(
            canvas,
            design,
            address=poster.address,
            locality=poster.locality,
            place=page.place,
            code=poster.house_id,
            scanned=scan_link(public_url, poster.house_id, page.suffix),
            typed=typed_link(public_url, poster.house_id),
        )
        canvas.showPage()
    if poster is None:
        raise ValueError("a file of posters needs at least one house")
    canvas.save()
    return made.getvalue()
