"""How fast, how small and how readable posters are, against what a first draft would do."""

import io
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import qrcode  # type: ignore[import-untyped]
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from bench.rows import Row, table
from poster.links import scan_link
from poster.marks import qr_modules
from poster.paper import Paper
from poster.sheet import Page, Poster, draw_pages

PUBLIC_URL = "https://chat.region.example"
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STREETS = (
    "ул. Ленина",
    "Берёзовая аллея",
    "просп. Космонавтов",
    "ул. 50 лет Октября",
    "пер. Щёлковский",
    "наб. Северной Двины",
    "ул. Ибраһима Гази",  # Tatar
    "Ҡариҙел урамы",  # Bashkir
    "Ҫӗнӗ Шупашкар урамӗ",  # Chuvash
    "Өксөкүлээх Өлөксөй уул.",  # Yakut
    "Хетӕгкаты Къостайы уынг",  # Ossetic
    "Пушкин ӱрем, Ӧрша",  # Mari
)
LOCALITIES = ("г. Архангельск", "г. Набережные Челны", "пос. Соловецкий", "")
ROUNDS = 40
TRIALS = 40
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def town(count: int, seed: int = 1) -> list[Page]:
    """Make pages of invented houses, one page each."""
    dice = random.Random(seed)
    pages = []
    for _ in range(count):
        house = Poster(
            house_id="".join(dice.choices(SIGNS, k=8)),
            address=f"{dice.choice(STREETS)}, д. {dice.randint(1, 199)}, стр. {dice.randint(1, 9)}",
            locality=dice.choice(LOCALITIES),
            entrances=1,
        )
        entrance = dice.randint(1, 12)
        pages.append(Page(house, f"Подъезд {entrance}", f"-{entrance}"))
    return pages


def link(page: Page) -> str:
    return scan_link(PUBLIC_URL, page.poster.house_id, page.suffix)


def poster(page: Page) -> bytes:
    return draw_pages([page], public_url=PUBLIC_URL)


def plain_code(page: Page) -> bytes:
    """Do what a tutorial does: the code alone, as a picture."""
    picture = io.BytesIO()
    qrcode.make(link(page), error_correction=qrcode.ERROR_CORRECT_H).save(picture)
    return picture.getvalue()


def seconds(*works: Callable[[], object], rounds: int) -> list[float]:
    """Return the median processor time of each work, the rounds interleaved."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for times, work in zip(taken, works, strict=True):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
    return [statistics.median(times) for times in taken]


def printed(pdf: bytes, number: int, dpi: int) -> Image.Image:
    picture: Image.Image = pdfium.PdfDocument(pdf)[number].render(scale=dpi / 72).to_pil()
    return picture.convert("L")


def read(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(np.asarray(picture), QR_CODES)]


def speed() -> list[Row]:
    page = town(1)[0]
    if read(printed(poster(page), 0, 60)) != read(
        Image.open(io.BytesIO(plain_code(page))).convert("L")
    ):
        raise AssertionError("the poster and the yardstick must hold the same link")
    whole, code = seconds(lambda: poster(page), lambda: plain_code(page), rounds=ROUNDS)
    return [Row.at_most("one poster ÷ its code by qrcode.make as PNG", whole / code, 0.7, "× time")]


def size() -> list[Row]:
    files = [poster(page) for page in town(100)]
    bare = sum(
        len(re.findall(rb"/Type /FontDescriptor", pdf))
        - len(re.findall(rb"/FontFile2", pdf))
        + len(re.findall(rb"/Type1", pdf))
        for pdf in files
    )
    largest = max(map(len, files)) / 1024
    return [
        Row.at_most("largest of 100 posters, one A4 page", largest, 16, "KiB"),
        Row.at_most("fonts not embedded in 100 posters", bare, 0, "fonts"),
    ]


def many() -> list[Row]:
    pages = town(100)
    together = draw_pages(pages, public_url=PUBLIC_URL)
    apart = [poster(page) for page in pages]
    if len(pdfium.PdfDocument(together)) != len(apart):
        raise AssertionError("both ways must give the same pages")
    one_file, files = seconds(
        lambda: draw_pages(pages, public_url=PUBLIC_URL),
        lambda: [poster(page) for page in pages],
        rounds=5,
    )
    weight = len(together) / sum(map(len, apart))
    return [
        Row.at_most("one file of 100 posters ÷ 100 files", one_file / files, 0.5, "× time"),
        Row.at_most("one file of 100 posters ÷ 100 files", weight, 0.25, "× bytes"),
    ]


GROWTH = """
from bench.posters import poster, town

def resident():
    with open("/proc/self/statm") as counts:
        return int(counts.read().split()[1]) * 4096

pages = town(1000)
for page in pages[:10]:
    poster(page)
before = resident()
for page in pages:
    poster(page)
print((resident() - before) / 2**20)
"""


def memory() -> list[Row]:
    """Watch a process of its own: this one has already grown by what it measured before."""
    grown = subprocess.run(
        [sys.executable, "-c", GROWTH], check=True, capture_output=True, text=True, env=_path()
    )
    return [Row.at_most("growth of a warm process by 1,000 posters", float(grown.stdout), 2, "MiB")]


def _path() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}


def text() -> list[Row]:
    pages = town(100)
    pdf = pdfium.PdfDocument(draw_pages(pages, public_url=PUBLIC_URL))
    came_back = 0
    for page, sheet in zip(pages, pdf, strict=True):
        words = " ".join(sheet.get_textpage().get_text_bounded().split())
        house = page.poster
        came_back += all(
            part in words for part in (house.address, house.locality, house.house_id, page.place)
        )
    return [Row.at_least("posters whose address, place and code come back", came_back, 100, "%")]


def scans() -> list[Row]:
    pages = town(100)
    rows = []
    for paper in Paper:
        pdf = draw_pages(pages, public_url=PUBLIC_URL, paper=paper)
        found = sum(read(printed(pdf, n, 60)) == [link(page)] for n, page in enumerate(pages))
        rows.append(Row.at_least(f"{paper} posters decoded at 60 dpi", found, 100, "%"))
    return rows


@dataclass(frozen=True, slots=True)
class Code:
    """A code cut out of a printed poster with its quiet zone."""

    link: str
    picture: Image.Image
    side: float
    """Width without the quiet zone, as a share of the picture's."""


def cut_out(page: Page) -> Code:
    whole = printed(poster(page), 0, 150)
    (found,) = zxingcpp.read_barcodes(np.asarray(whole), QR_CODES)
    left, top = found.position.top_left.x, found.position.top_left.y
    right, bottom = found.position.bottom_right.x, found.position.bottom_right.y
    modules = len(qr_modules(found.text))
    quiet = 4 * (right - left) // modules
    picture = whole.crop((left - quiet, top - quiet, right + quiet, bottom + quiet))
    return Code(found.text, picture, (right - left) / picture.width)


def photographed(code: Code, pixels: int, dice: random.Random) -> Image.Image:
    """Take a code that many pixels wide as a phone does: at an angle, blurred, noisy, as JPEG."""
    size = round(pixels / code.side)
    side = 2 * size
    wall = Image.new("L", (side, side), 230)
    wall.paste(code.picture.resize((size, size), Image.Resampling.BOX), (size // 2, size // 2))
    turned = wall.rotate(dice.uniform(-15, 15), Image.Resampling.BICUBIC, fillcolor=230)
    tilt = np.radians(20)
    near, far = 1 / (1 - 0.25 * np.sin(tilt)), 1 / (1 + 0.25 * np.sin(tilt))
    middle, half = side / 2, side / 2
    corners = [
        (middle + sx * half * scale, middle + sy * half * np.cos(tilt) * scale)
        for sx, sy, scale in ((-1, -1, far), (1, -1, far), (1, 1, near), (-1, 1, near))
    ]
    flat = turned.transform(
        turned.size,
        Image.Transform.PERSPECTIVE,
        _perspective(corners, [(0, 0), (side, 0), (side, side), (0, side)]),
        Image.Resampling.BICUBIC,
        fillcolor=230,
    )
    blurred = np.asarray(flat.filter(ImageFilter.GaussianBlur(0.6)), dtype=float)
    noise = np.random.default_rng(dice.randrange(2**32)).normal(0, 8, blurred.shape)
    photo = io.BytesIO()
    Image.fromarray(np.clip(blurred + noise, 0, 255).astype(np.uint8)).save(
        photo, "JPEG", quality=60
    )
    return Image.open(photo)


def _perspective(
    seen: list[tuple[float, float]], flat: list[tuple[float, float]]
) -> tuple[float, ...]:
    """Solve for the eight numbers that take each seen corner to its flat one."""
    equations, answers = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        answers += [u, v]
    return tuple(map(float, np.linalg.solve(np.array(equations), np.array(answers))))


def stained(code: Code, share: float, dice: random.Random) -> Image.Image:
    """Cover a share of the code with one round stain that spares the three corner squares.

    No level of correction restores a corner square: without one the code is not found at all.
    """
    dirty = code.picture.copy()
    side = code.side * dirty.width
    edge = (dirty.width - side) / 2
    radius = side * (share / np.pi) ** 0.5
    squares = 8 * side / len(qr_modules(code.link)) + radius
    while True:
        x, y = dice.uniform(radius, side - radius), dice.uniform(radius, side - radius)
        left, right, top, bottom = x < squares, side - x < squares, y < squares, side - y < squares
        if not (top and (left or right)) and not (bottom and left):
            break
    box = (edge + x - radius, edge + y - radius, edge + x + radius, edge + y + radius)
    ImageDraw.Draw(dirty).ellipse(box, fill=128)
    return dirty


def damage() -> list[Row]:
    dice = random.Random(7)
    codes = [cut_out(page) for page in town(TRIALS)]

    def share(spoil: Callable[[Code], Image.Image]) -> float:
        return 100 * sum(read(spoil(code)) == [code.link] for code in codes) / len(codes)

    return [
        Row.at_least(
            "decoded: code of 100 px, turned, tilted 20°, blurred, noisy, JPEG",
            share(lambda code: photographed(code, 100, dice)),
            100,
            "%",
        ),
        Row.at_least(
            "decoded: a stain over 10 % of the code",
            share(lambda code: stained(code, 0.10, dice)),
            100,
            "%",
        ),
        Row.at_least(
            "decoded: a stain over 15 % of the code",
            share(lambda code: stained(code, 0.15, dice)),
            75,
            "%",
        ),
    ]


def measure() -> list[Row]:
    return [*speed(), *size(), *many(), *memory(), *text(), *scans(), *damage()]


if __name__ == "__main__":
    print(table(measure()))
