"""The code on a poster is the standard's own, drawn to the dots of a printer."""

import re
from typing import cast

import pytest
import qrcode  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from poster.marks import draw_qr, qr_modules

LINK = "HTTPS://CHAT.REGION.EXAMPLE/J/7K3M9XQ2-3"


class FakeCanvas:
    def __init__(self) -> None:
        self.operators = ""

    def addLiteral(self, operators: str) -> None:  # noqa: N802
        self.operators += operators


def drawn(link: str, side: float) -> tuple[list[float], list[tuple[int, ...]]]:
    """Return the matrix and the rectangles of a code drawn into a square."""
    canvas = FakeCanvas()
    draw_qr(cast("Canvas", canvas), link, (100.1, 50.7, side, side))
    matrix, rectangles = canvas.operators.split(" cm ")
    return (
        [float(number) for number in matrix.split()[3:]],
        [
            tuple(map(int, rectangle))
            for rectangle in re.findall(r"(\d+) (\d+) (\d+) (\d+) re", rectangles)
        ],
    )


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("HTTPS://DOM.EXAMPLE/J/7K3M9XQ2", id="short"),
        pytest.param(LINK, id="usual"),
        pytest.param("https://a1b2c3d4e5.example/prod/J/7K3M9XQ2-L", id="small letters"),
    ],
)
def test_another_program_makes_the_same_code_with_one_of_the_eight_masks(link: str) -> None:
    ours = [[not light for light in row] for row in qr_modules(link)]

    theirs = []
    for mask in range(8):
        code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_H, mask_pattern=mask, border=0)
        code.add_data(link, optimize=8)  # both pack a run of capitals apart from the rest
        code.make()
        theirs.append([[bool(dark) for dark in row] for row in code.modules])

    assert ours in theirs


@given(side=st.floats(120, 340))
def test_modules_are_whole_printer_dots_and_the_quiet_zone_is_inside(side: float) -> None:
    count = len(qr_modules(LINK))

    (unit, _, _, height, left, bottom), _ = drawn(LINK, side)

    assert unit == height
    for place in (unit, left, bottom):
        assert place / 0.24 == pytest.approx(round(place / 0.24))
    half_a_dot = 0.12
    for start, place in ((100.1, left), (50.7, bottom)):
        assert place - 4 * unit >= start - half_a_dot
        assert place + (count + 4) * unit <= start + side + half_a_dot


def test_rectangles_cover_the_dark_modules_and_nothing_else() -> None:
    rows = qr_modules(LINK)

    _, rectangles = drawn(LINK, 300)

    covered = [
        (column, bottom)
        for left, bottom, width, _ in rectangles
        for column in range(left, left + width)
    ]
    dark = {
        (column, len(rows) - 1 - row)
        for row, modules in enumerate(rows)
        for column, light in enumerate(modules)
        if not light
    }
    assert set(covered) == dark
    assert len(covered) == len(dark)
