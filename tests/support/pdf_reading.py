"""What a person, a printer and a camera see in a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import zxingcpp
from numpy.typing import NDArray
from pypdfium2 import raw

POINTS_PER_INCH = 72
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Line:
    text: str
    left: float
    bottom: float
    right: float
    top: float


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page, its line ends as spaces."""
    return [
        " ".join(page.get_textpage().get_text_bounded().split()) for page in pdfium.PdfDocument(pdf)
    ]


def page_size(pdf: bytes) -> tuple[float, float]:
    width, height = pdfium.PdfDocument(pdf)[0].get_size()
    return float(width), float(height)


def lines(pdf: bytes, page: int = 0) -> list[Line]:
    text = pdfium.PdfDocument(pdf)[page].get_textpage()
    boxes = [text.get_rect(index) for index in range(text.count_rects())]
    return [Line(text.get_text_bounded(*box).strip(), *box) for box in boxes]


def letter_sizes(pdf: bytes, page: int = 0) -> set[float]:
    """Return the sizes in points at which letters are printed, scaling counted."""
    text = pdfium.PdfDocument(pdf)[page].get_textpage()
    matrix = raw.FS_MATRIX()
    sizes = set()
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text.raw, index) == 0:
            raw.FPDFText_GetMatrix(text.raw, index, matrix)
            sizes.add(round(raw.FPDFText_GetFontSize(text.raw, index) * matrix.d, 2))
    return sizes


def fonts_embedded(pdf: bytes) -> list[bool]:
    """Tell for each piece of text whether the file carries its font."""
    return [
        raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(piece.raw)) == 1
        for page in pdfium.PdfDocument(pdf)
        for piece in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=4)
    ]


def bookmarks(pdf: bytes) -> list[tuple[str, int]]:
    """Return titles and the pages they lead to, counted from 0."""
    entries: Iterator[Any] = pdfium.PdfDocument(pdf).get_toc()
    return [(entry.get_title(), entry.get_dest().get_index()) for entry in entries]


def printed(pdf: bytes, page: int = 0, *, dpi: int) -> Pixels:
    """Return the page as rows of red, green, blue."""
    bitmap = pdfium.PdfDocument(pdf)[page].render(scale=dpi / POINTS_PER_INCH, rev_byteorder=True)
    pixels: Pixels = bitmap.to_numpy()[:, :, :3].copy()
    return pixels


def codes(pixels: Pixels) -> list[zxingcpp.Barcode]:
    return list(
        zxingcpp.read_barcodes(pixels, zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    )
