"""Where things stand on a poster, and what it says: one design for A4, one for A5."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from reportlab.pdfgen.canvas import Canvas

from poster.lettering import (
    BOLD,
    NBSP,
    REGULAR,
    fitted,
    legible,
    link_parts,
    width,
    words,
    wrapped,
)
from poster.marks import BLUE, INK, PALE, WHITE, draw_disc, draw_house, draw_plate, draw_qr
from poster.spoken import spoken

MM = 72 / 25.4
CAPITALS = 0.7  # height of a capital of Golos Text, of its size
LEADING = 1.22
FRAME = 1.8  # thickness of the frame around the code

HEADLINE = ("Официальный чат", "нашего дома")
STEPS = (
    ("Откройте камеру", "телефона"),
    ("Наведите её", "на этот код"),
    ("Вступите в чат", "ВКонтакте"),
)
NO_CAMERA = "Код не читается? Откройте в браузере:"
ALOUD = "Диктуйте код так: "
PROMISE = (
    "Это первый официальный чат дома, его открыла администрация. "
    f"Здесь новости, старший по дому и официальные ответы. Вступить{NBSP}можно{NBSP}бесплатно."
)


@dataclass(frozen=True, slots=True)
class Design:
    """The measures of one paper size, in points; (size, lines at most) where text must fit."""

    width: float
    height: float
    margin: float
    gap: float
    inset: float
    radius: float
    headline: int
    house: float
    address: tuple[tuple[int, int], ...]
    locality: tuple[tuple[int, int], ...]
    pill: int
    frame: float
    frame_radius: float
    step: int
    step_pitch: float
    numbers_above: bool
    text: int
    link: tuple[tuple[int, int], ...]

    @property
    def room(self) -> float:
        return self.width - 2 * self.margin

    @property
    def left(self) -> float:
        return self.margin + self.inset

    @property
    def right(self) -> float:
        return self.width - self.left


A4 = Design(
    width=210 * MM,
    height=297 * MM,
    margin=12 * MM,
    gap=6 * MM,
    inset=9 * MM,
    radius=7 * MM,
    headline=41,
    house=30 * MM,
    address=((30, 1), (27, 1), (24, 1), (24, 2), (21, 2), (18, 3), (16, 4), (14, 4)),
    locality=((17, 1), (15, 2), (14, 2)),
    pill=20,
    frame=120 * MM,
    frame_radius=5 * MM,
    step=18,
    step_pitch=35 * MM,
    numbers_above=True,
    text=15,
    link=((27, 1), (23, 1), (19, 1), (16, 1), (14, 2)),
)
A5 = Design(
    width=148 * MM,
    height=210 * MM,
    margin=8.5 * MM,
    gap=3.5 * MM,
    inset=6 * MM,
    radius=5 * MM,
    headline=29,
    house=21 * MM,
    address=((22, 1), (19, 1), (18, 2), (16, 2), (14, 3)),
    locality=((14, 2),),
    pill=15,
    frame=68 * MM,
    frame_radius=3.5 * MM,
    step=14,
    step_pitch=18 * MM,
    numbers_above=False,
    text=14,
    link=((20, 1), (17, 1), (15, 1), (14, 2)),
)


def draw_shared_parts(canvas: Canvas, design: Design) -> None:
    """Draw what all pages of a file share; a page then only refers to it."""
    canvas.beginForm("words")
    canvas.setFillColorRGB(*WHITE)
    top = design.height - design.margin - design.inset
    # Outlined letters stand for the black weight: a third font would cost 3 KB and 0.5 ms.
    canvas.addLiteral(f"q 2 Tr 1 G 1 j {design.headline / 32:.2f} w")
    _write(canvas, HEADLINE, (design.left, top), BOLD, design.headline)
    canvas.addLiteral("Q")
    draw_house(canvas, design.right - design.house, top - design.house, design.house)
    canvas.setFillColorRGB(*INK)
    promise = _set(PROMISE, REGULAR, design.text, design.room)
    promise_top = design.margin + _depth(promise, design.text)
    _write(canvas, promise, (design.margin, promise_top), REGULAR, design.text)
    canvas.endForm()

    reach = int(design.frame / 2)
    canvas.beginForm("steps", 0, -reach, int(design.room), reach)
    for row, lines in enumerate(STEPS):
        _draw_step(canvas, design, row + 1, lines, (1 - row) * design.step_pitch)
    canvas.endForm()


def draw_page(
    canvas: Canvas,
    design: Design,
    *,
    address: str,
    locality: str,
    place: str,
    code: str,
    scanned: str,
    typed: str,
) -> None:
    """Draw a page; the card grows with the address, and the code takes the room that is left."""
    card = _draw_card(canvas, design, legible(address), legible(locality), place)
    foot = _draw_foot(canvas, design, code, typed)
    _draw_middle(canvas, design, scanned, top=card - design.gap, bottom=foot + design.gap)


def _write(
    canvas: Canvas, lines: Sequence[str], at: tuple[float, float], font: str, size: float
) -> None:
    """Write lines down from a point that the capitals of the first touch."""
    x, top = at
    block = canvas.beginText(x, top - CAPITALS * size)
    block.setFont(font, size, LEADING * size)
    for line in lines:
        block.textLine(line)
    canvas.drawText(block)


def _depth(lines: Sequence[str], size: float) -> float:
    """Return the height of lines, from the capitals of the first to the baseline of the last."""
    return (len(lines) - 1) * LEADING * size + CAPITALS * size if lines else 0


@cache
def _set(text: str, font: str, size: float, room: float) -> list[str]:
    """Break a text that is the same on every page, once."""
    return wrapped(words(text), font, size, room)


def _draw_card(canvas: Canvas, design: Design, address: str, locality: str, place: str) -> float:
    """Draw the blue card and return its lower edge."""
    room = design.room - 2 * design.inset
    size, lines = fitted(address, BOLD, design.address, room)
    pill_height = 2 * design.pill if place else 0
    pill = width(place, BOLD, design.pill) + 1.6 * design.pill if place else 0
    small, locality_lines = fitted(
        locality, REGULAR, design.locality, room - pill - (design.inset if place else 0)
    )
    locality_height = _depth(locality_lines, small)

    top = design.height - design.margin
    address_top = top - design.inset - _depth(HEADLINE, design.headline) - 0.75 * design.headline
    row = max(pill_height, locality_height)
    row_top = address_top - _depth(lines, size) - (1.1 * design.gap if row else 0)
    bottom = row_top - row - design.inset

    card = (design.margin, bottom, design.room, top - bottom)
    draw_plate(canvas, BLUE, card, design.radius)
    canvas.doForm("words")
    canvas.setFillColorRGB(*WHITE)
    _write(canvas, lines, (design.left, address_top), BOLD, size)
    middle = row_top - row / 2
    _write(canvas, locality_lines, (design.left, middle + locality_height / 2), REGULAR, small)
    if place:
        x, y = design.right - pill, middle - pill_height / 2
        draw_plate(canvas, WHITE, (x, y, pill, pill_height), 0.45 * pill_height)
        canvas.setFillColorRGB(*BLUE)
        text_top = middle + CAPITALS * design.pill / 2
        _write(canvas, [place], (x + 0.8 * design.pill, text_top), BOLD, design.pill)
    return bottom


def _draw_foot(canvas: Canvas, design: Design, code: str, typed: str) -> float:
    """Draw the ways in without a camera, above the promise; return their upper edge."""
    promise = _set(PROMISE, REGULAR, design.text, design.room)
    bottom = design.margin + _depth(promise, design.text) + design.gap
    inset = 0.75 * design.inset
    left, room = design.margin + inset, design.room - 2 * inset

    label = _set(NO_CAMERA, REGULAR, design.text, room)
    for size, most in design.link:
        link = wrapped(link_parts(typed), BOLD, size, room)
        if len(link) <= most:
            break
    else:
        raise ValueError("nobody will type an address that takes three lines: shorten public_url")
    names = spoken(code).replace(" —", f"{NBSP}—")
    aloud = wrapped(words(ALOUD + names), REGULAR, design.text, room)
    space = 0.85 * design.text
    label_top = (
        bottom
        + inset
        + sum(
            (_depth(label, design.text), _depth(link, size), _depth(aloud, design.text), 2 * space)
        )
    )
    link_top = label_top - _depth(label, design.text) - space
    aloud_top = bottom + inset + _depth(aloud, design.text)

    top = label_top + inset
    chip = (design.margin, bottom, design.room, top - bottom)
    draw_plate(canvas, PALE, chip, 0.7 * design.radius)
    canvas.setFillColorRGB(*INK)
    _write(canvas, label, (left, label_top), REGULAR, design.text)
    _write(canvas, aloud, (left, aloud_top), REGULAR, design.text)
    canvas.setFillColorRGB(*BLUE)
    _write(canvas, link, (left, link_top), BOLD, size)
    return top


def _draw_middle(canvas: Canvas, design: Design, link: str, *, top: float, bottom: float) -> None:
    """Draw the code in its frame and the three steps to the right of it."""
    side = min(design.frame, top - bottom)
    middle = (top + bottom) / 2
    x, y = design.margin, middle - side / 2
    draw_plate(canvas, BLUE, (x, y, side, side), design.frame_radius)
    inner = side - 2 * FRAME
    inner_radius = design.frame_radius - FRAME
    draw_plate(canvas, WHITE, (x + FRAME, y + FRAME, inner, inner), inner_radius)
    rim = FRAME + 0.3 * inner_radius  # the round corners stay out of the code's quiet zone
    draw_qr(canvas, link, (x + rim, y + rim, side - 2 * rim, side - 2 * rim))
    canvas.saveState()
    canvas.translate(x + side + 1.5 * design.gap, middle)
    canvas.doForm("steps")
    canvas.restoreState()


def _draw_step(
    canvas: Canvas, design: Design, number: int, lines: Sequence[str], middle: float
) -> None:
    """Draw a step at the left edge: its number in a disc, its words below or beside it."""
    radius = 0.95 * design.step
    depth = _depth(lines, design.step)
    if design.numbers_above:
        height = 2 * radius + 0.6 * design.step + depth
        centre, corner = middle + height / 2 - radius, (0.0, middle + depth - height / 2)
    else:
        centre, corner = middle, (2.5 * radius, middle + depth / 2)
    draw_disc(canvas, BLUE, (radius, centre), radius)
    canvas.setFillColorRGB(*WHITE)
    canvas.setFont(BOLD, design.step)
    canvas.drawCentredString(radius, centre - CAPITALS * design.step / 2, str(number))
    canvas.setFillColorRGB(*INK)
    _write(canvas, lines, corner, BOLD, design.step)
