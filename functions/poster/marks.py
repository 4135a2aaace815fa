"""What a poster is drawn with besides letters: the QR code, the house, pills and circles."""

from collections.abc import Sequence

import zxingcpp
from reportlab.pdfgen.canvas import Canvas

DOT = 72 / 300  # one dot of an office printer, in points
QUIET = 4  # light modules that ISO 18004 wants around the symbol

Colour = tuple[float, float, float]
BLUE: Colour = (0.0, 0.28, 0.67)  # 8.4:1 against white; a dark grey in black and white
PALE: Colour = (0.91, 0.94, 0.985)
INK: Colour = (0.04, 0.08, 0.15)
WHITE: Colour = (1.0, 1.0, 1.0)


def qr_modules(text: str) -> Sequence[Sequence[int]]:
    """Return the rows of the symbol, 0 for dark: level H, the smallest version, the best mask.

    zxing tries all eight masks in 0.14 ms; qrcode needs 4.6 ms for that, 0.6 ms for one.
    """
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    image = memoryview(symbol.to_image(scale=1, add_quiet_zones=False))
    rows: list[list[int]] = image.tolist()
    return rows


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw the symbol and its quiet zone in the middle of a square.

    A module is a whole number of printer dots and starts on one, so no printer blurs its edge.
    Dark runs of a row are one rectangle each: 8 times faster than a rectangle per module.
    """
    rows = qr_modules(text)
    count = len(rows)
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


def draw_house(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Draw a white house with a speech bubble, in a square on the blue card."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / 100, size / 100)
    canvas.setFillColorRGB(*WHITE)
    canvas.setStrokeColorRGB(*WHITE)
    canvas.setLineWidth(6.5)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    roof = canvas.beginPath()
    roof.moveTo(4, 52)
    roof.lineTo(50, 92)
    roof.lineTo(96, 52)
    canvas.drawPath(roof, stroke=1, fill=0)
    walls = canvas.beginPath()
    walls.moveTo(15, 6)
    walls.lineTo(15, 51)
    walls.lineTo(50, 81)
    walls.lineTo(85, 51)
    walls.lineTo(85, 6)
    walls.close()
    canvas.drawPath(walls, stroke=0, fill=1)
    canvas.setFillColorRGB(*BLUE)
    canvas.roundRect(28, 26, 44, 28, 7, stroke=0, fill=1)
    tail = canvas.beginPath()
    tail.moveTo(35, 27)
    tail.lineTo(35, 14)
    tail.lineTo(48, 27)
    tail.close()
    canvas.drawPath(tail, stroke=0, fill=1)
    canvas.setFillColorRGB(*WHITE)
    for dot in (38, 50, 62):
        canvas.circle(dot, 40, 3.4, stroke=0, fill=1)
    canvas.restoreState()
