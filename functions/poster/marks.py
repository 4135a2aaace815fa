"""What a poster is drawn with besides letters: the QR code, the house, pills and circles."""

from collections.abc import Sequence

import zxingcpp
from reportlab.pdfgen.canvas import Canvas

DOT = 72 / 300  # one dot of an office printer, in points
QUIET = 4  # light modules that ISO 18004 wants around the symbol

Colour = tuple[float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, width, height
BLUE: Colour = (0.0, 0.28, 0.67)  # 8.4:1 against white; a dark grey in black and white
PALE: Colour = (0.91, 0.94, 0.985)
INK: Colour = (0.04, 0.08, 0.15)
WHITE: Colour = (1.0, 1.0, 1.0)


def qr_modules(text: str) -> Sequence[Sequence[int]]:
    """Return the rows of the symbol, 0 for dark: level H, the smallest version, the best mask.

    zxing tries all eight masks in 0.14 ms; qrcode needs 4.6 ms for that, 0.6 ms for one.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    image = symbol.to_image(scale=1, add_quiet_zones=False)
    rows: Sequence[Sequence[int]] = memoryview(image).tolist()  # type: ignore[arg-type, assignment]
    return rows


def draw_qr(canvas: Canvas, text: str, box: Box) -> None:
    """Draw the symbol and its quiet zone in the middle of a square box.

    A module is a whole number of printer dots and starts on one, so no printer blurs its edge.
    Dark runs of a row are one rectangle each: 8 times faster than a rectangle per module.
    """
    rows = qr_modules(text)
    count = len(rows)
    x, y, side, _ = box
    unit = int(side / (count + 2 * QUIET) / DOT) * DOT
    left, bottom = (round((at + (side - unit * count) / 2) / DOT) * DOT for at in (x, y))
    runs = []
    for height, row in zip(range(count - 1, -1, -1), rows, strict=True):
        start = None
        for column, light in enumerate((*row, 1)):
            if light:
                if start is not None:
                    runs.append(f"{start} {height} {column - start} 1 re")
                start = None
            elif start is None:
                start = column
    canvas.addLiteral(
        f"q 0 g {unit:.2f} 0 0 {unit:.2f} {left:.2f} {bottom:.2f} cm {' '.join(runs)} f Q"
    )


def draw_plate(canvas: Canvas, colour: Colour, box: Box, radius: float) -> None:
    """Fill a box with round corners: a smaller box, outlined by a round pen twice the radius.

    Four curves for the corners would take five times the digits and the time.
    """
    x, y, width, height = box
    red, green, blue = colour
    canvas.addLiteral(
        f"q {red} {green} {blue} rg {red} {green} {blue} RG {2 * radius:.2f} w 1 j "
        f"{x + radius:.2f} {y + radius:.2f} {width - 2 * radius:.2f} {height - 2 * radius:.2f} "
        "re B Q"
    )


def draw_disc(canvas: Canvas, colour: Colour, centre: tuple[float, float], radius: float) -> None:
    """Draw one dot with a round pen; a stroke of no length at all is skipped by some printers."""
    x, y = centre
    red, green, blue = colour
    canvas.addLiteral(
        f"q {red} {green} {blue} RG {2 * radius:.2f} w 1 J "
        f"{x:.2f} {y:.2f} m {x + 0.01:.2f} {y:.2f} l S Q"
    )


# A house with a speech bubble in a square of 100: roof, walls, bubble with its tail, three dots.
HOUSE = " ".join(
    (
        "1 g 1 G 1 J 1 j 6.5 w 4 52 m 50 92 l 96 52 l S",
        "15 6 m 15 51 l 50 81 l 85 51 l 85 6 l f",
        "{red} {green} {blue} rg {red} {green} {blue} RG",
        "14 w 35 33 m 65 33 l 65 47 l 35 47 l b 35 30 m 35 14 l 48 27 l f",
        "7 w 1 G 38 40 m 38.1 40 l 50 40 m 50.1 40 l 62 40 m 62.1 40 l S",
    )
).format(**dict(zip(("red", "green", "blue"), BLUE, strict=True)))


def draw_house(canvas: Canvas, x: float, y: float, size: float) -> None:
    scale = size / 100
    canvas.addLiteral(f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm {HOUSE} Q")
