"""Where things stand on a poster: A4 with the code in the middle, A5 with the steps beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from poster.lettering import (
    BLACK,
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
from poster.marks import BLUE, INK, PALE, WHITE, draw_house, draw_qr
from poster.spoken import spoken

MM = 72 / 25.4
CAPITALS = 0.7  # height of a capital of Golos Text, of its size
LEADING = 1.24
CALL_SIZE = 27
FRAME = 1.8  # thickness of the frame around the code

HEADLINE = ("Официальный чат", "нашего дома")
CALL = "Вступайте — это бесплатно"
STEPS = ("Откройте камеру\nтелефона", "Наведите её\nна этот код", "Вступите в чат\nВКонтакте")
NO_CAMERA = "Код не читается? Откройте в браузере:"
ALOUD = "Код вслух: "
PROMISE = (
    "Это первый официальный чат дома, его открыла администрация. "
    "Здесь новости дома, старший по дому и ответы официальных представителей."
)
PROMISE_WITH_PRICE = f"{PROMISE} Вступление бесплатное."


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
    step: int
    steps: float
    beside: float
    label: int
    link: tuple[tuple[int, int], ...]
    promise: str
    draw_steps: Callable[[Canvas, "Design"], None]
    draw_middle: Callable[[Canvas, "Design", str, float, float], None]

    @property
    def room(self) -> float:
        return self.width - 2 * self.margin

    @property
    def left(self) -> float:
        return self.margin + self.inset

    @property
    def inner_room(self) -> float:
        return self.room - 2 * self.inset


def draw_shared_parts(canvas: Canvas, design: Design) -> None:
    """Draw what all pages of a file share; a page then only refers to it."""
    canvas.beginForm("headline")
    canvas.setFillColorRGB(*WHITE)
    top = design.height - design.margin - design.inset
    _write(canvas, HEADLINE, design.left, top, BLACK, design.headline, 1.12)
    right = design.width - design.left
    draw_house(canvas, right - design.house, top - design.house + 2, design.house)
    canvas.endForm()

    canvas.beginForm("steps")
    design.draw_steps(canvas, design)
    canvas.endForm()

    canvas.beginForm("promise")
    canvas.setFillColorRGB(*INK)
    lines = _promise(design)
    top = design.margin + _depth(lines, design.label)
    _write(canvas, lines, design.margin, top, REGULAR, design.label)
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
    design.draw_middle(canvas, design, scanned, card - design.gap, foot + design.gap)


def _write(
    canvas: Canvas,
    lines: Sequence[str],
    x: float,
    top: float,
    font: str,
    size: float,
    leading: float = LEADING,
) -> None:
    """Write lines; the capitals of the first touch the top."""
    canvas.setFont(font, size)
    y = top - CAPITALS * size
    for line in lines:
        canvas.drawString(x, y, line)
        y -= leading * size


def _depth(lines: Sequence[str], size: float, leading: float = LEADING) -> float:
    """Return the height of lines, from the capitals of the first to the baseline of the last."""
    return (len(lines) - 1) * leading * size + CAPITALS * size


def _promise(design: Design) -> list[str]:
    return wrapped(words(design.promise), REGULAR, design.label, design.room)


def _draw_card(canvas: Canvas, design: Design, address: str, locality: str, place: str) -> float:
    """Draw the blue card and return its lower edge."""
    size, lines = fitted(address, BOLD, design.address, design.inner_room)
    pill_height = 2 * design.pill
    pill = width(place, BOLD, design.pill) + 1.6 * design.pill if place else 0
    beside = design.inner_room - pill - design.inset
    locality_size, locality_lines = fitted(locality, REGULAR, design.locality, beside)
    row = max(
        pill_height if place else 0,
        _depth(locality_lines, locality_size) if locality_lines else 0,
    )

    top = design.height - design.margin
    address_top = top - design.inset - 2.0 * 1.12 * design.headline - design.gap
    row_top = address_top - _depth(lines, size) - (1.1 * design.gap if row else 0)
    bottom = row_top - row - design.inset

    canvas.setFillColorRGB(*BLUE)
    canvas.roundRect(
        design.margin, bottom, design.room, top - bottom, design.radius, stroke=0, fill=1
    )
    canvas.doForm("headline")
    canvas.setFillColorRGB(*WHITE)
    _write(canvas, lines, design.left, address_top, BOLD, size)
    if locality_lines:
        middle = row_top - (row - _depth(locality_lines, locality_size)) / 2
        _write(canvas, locality_lines, design.left, middle, REGULAR, locality_size)
    if place:
        right = design.width - design.left
        pill_bottom = row_top - (row + pill_height) / 2
        canvas.roundRect(
            right - pill, pill_bottom, pill, pill_height, design.pill, stroke=0, fill=1
        )
        canvas.setFillColorRGB(*BLUE)
        baseline = pill_bottom + pill_height / 2 - CAPITALS * design.pill / 2
        canvas.setFont(BOLD, design.pill)
        canvas.drawString(right - pill + 0.8 * design.pill, baseline, place)
    return bottom


def _draw_foot(canvas: Canvas, design: Design, code: str, typed: str) -> float:
    """Draw the promise and above it the ways in without a camera; return the upper edge."""
    canvas.doForm("promise")
    bottom = design.margin + _depth(_promise(design), design.label) + 0.8 * design.gap
    inset = 0.7 * design.inset
    left, room = design.margin + inset, design.room - 2 * inset

    label = wrapped(words(NO_CAMERA), REGULAR, design.label, room)
    for link_size, most in design.link:
        link = wrapped(link_parts(typed), BOLD, link_size, room)
        if len(link) <= most:
            break
    aloud = wrapped(
        words(ALOUD + spoken(code).replace(" —", f"{NBSP}—")), REGULAR, design.label, room
    )
    space = 0.62 * design.label
    height = (
        2 * 0.8 * inset
        + _depth(label, design.label)
        + _depth(link, link_size)
        + _depth(aloud, design.label)
        + 2 * space
        + 4
    )
    top = bottom + height
    canvas.setFillColorRGB(*PALE)
    canvas.roundRect(
        design.margin, bottom, design.room, height, 0.7 * design.radius, stroke=0, fill=1
    )
    canvas.setFillColorRGB(*INK)
    at = top - 0.8 * inset
    _write(canvas, label, left, at, REGULAR, design.label)
    link_top = at - _depth(label, design.label) - space
    aloud_top = link_top - _depth(link, link_size) - space - 4
    _write(canvas, aloud, left, aloud_top, REGULAR, design.label)
    canvas.setFillColorRGB(*BLUE)
    _write(canvas, link, left, link_top, BOLD, link_size)
    return top


def _draw_framed_qr(
    canvas: Canvas, design: Design, link: str, x: float, y: float, side: float
) -> None:
    canvas.setStrokeColorRGB(*BLUE)
    canvas.setLineWidth(FRAME)
    canvas.roundRect(
        x + FRAME / 2, y + FRAME / 2, side - FRAME, side - FRAME, design.radius, stroke=1, fill=0
    )
    draw_qr(canvas, link, x + FRAME, y + FRAME, side - 2 * FRAME)


def _draw_step(canvas: Canvas, design: Design, step: int, x: float, middle: float) -> None:
    """Draw a step with its number in a circle; both stand around the same middle."""
    radius = 0.95 * design.step
    canvas.setFillColorRGB(*BLUE)
    canvas.circle(x + radius, middle, radius, stroke=0, fill=1)
    canvas.setFillColorRGB(*WHITE)
    canvas.setFont(BLACK, design.step)
    canvas.drawCentredString(x + radius, middle - CAPITALS * design.step / 2, str(step + 1))
    canvas.setFillColorRGB(*INK)
    lines = STEPS[step].split("\n")
    _write(
        canvas,
        lines,
        x + 2.6 * radius,
        middle + _depth(lines, design.step) / 2,
        BOLD,
        design.step,
    )


def _draw_steps_in_row(canvas: Canvas, design: Design) -> None:
    """Draw the call, and the steps in three columns under it, on a strip from y = 0 up."""
    canvas.setFillColorRGB(*INK)
    canvas.setFont(BLACK, CALL_SIZE)
    canvas.drawCentredString(
        design.width / 2, design.steps - CAPITALS * CALL_SIZE, CALL
    )
    columns = [
        max(width(line, BOLD, design.step) for line in step.split("\n")) + 2.47 * design.step
        for step in STEPS
    ]
    spare = (design.room - sum(columns)) / 2
    for step in range(3):
        x = design.margin + sum(columns[:step]) + spare * step
        _draw_step(canvas, design, step, x, 0.95 * design.step)


def _draw_steps_in_column(canvas: Canvas, design: Design) -> None:
    """Draw the steps one under another at the right edge, on a strip from y = 0 up."""
    x = design.width - design.margin - design.beside
    pitch = design.steps / len(STEPS)
    for step in range(len(STEPS)):
        _draw_step(canvas, design, step, x, design.steps - (step + 0.5) * pitch)


def _draw_middle_a4(canvas: Canvas, design: Design, link: str, top: float, bottom: float) -> None:
    side = min(design.frame, top - bottom - design.steps - design.gap)
    slack = (top - bottom - design.steps - side - design.gap) / 3
    canvas.saveState()
    canvas.translate(0, bottom + slack)
    canvas.doForm("steps")
    canvas.restoreState()
    _draw_framed_qr(canvas, design, link, (design.width - side) / 2, top - slack - side, side)


def _draw_middle_a5(canvas: Canvas, design: Design, link: str, top: float, bottom: float) -> None:
    side = min(design.frame, top - bottom)
    middle = (top + bottom) / 2
    canvas.saveState()
    canvas.translate(0, middle - design.steps / 2)
    canvas.doForm("steps")
    canvas.restoreState()
    _draw_framed_qr(canvas, design, link, design.margin, middle - side / 2, side)


A4 = Design(
    width=210 * MM,
    height=297 * MM,
    margin=12 * MM,
    gap=5.5 * MM,
    inset=10 * MM,
    radius=7 * MM,
    headline=40,
    house=32 * MM,
    address=((30, 1), (27, 1), (24, 1), (24, 2), (21, 2), (18, 3), (16, 4), (14, 8)),
    locality=((17, 1), (15, 2), (14, 3)),
    pill=20,
    frame=120 * MM,
    step=16,
    steps=68,
    beside=0,
    label=15,
    link=((27, 1), (23, 1), (19, 1), (16, 1), (14, 3)),
    promise=PROMISE,
    draw_steps=_draw_steps_in_row,
    draw_middle=_draw_middle_a4,
)
A5 = Design(
    width=148 * MM,
    height=210 * MM,
    margin=9 * MM,
    gap=4 * MM,
    inset=6.5 * MM,
    radius=5 * MM,
    headline=27,
    house=22 * MM,
    address=((22, 1), (19, 1), (18, 2), (16, 2), (14, 4)),
    locality=((14, 2),),
    pill=15,
    frame=70 * MM,
    step=14,
    steps=60 * MM,
    beside=54 * MM,
    label=14,
    link=((20, 1), (17, 1), (15, 1), (14, 3)),
    promise=PROMISE_WITH_PRICE,
    draw_steps=_draw_steps_in_column,
    draw_middle=_draw_middle_a5,
)
