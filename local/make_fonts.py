"""Make the poster's fonts: Golos Text from npm, joined, cut to what is drawn, saved as TTF."""

import argparse
import hashlib
import io
import logging
import tarfile
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

SOURCE = "@fontsource/golos-text@5.3.0"
SOURCE_SHA256 = "7cb2c7e7937dabca661af46083f2297649be8abf9a268464096c1e3f512ccc57"
WEIGHTS = {400: "Regular", 700: "Bold"}
# Fontsource cuts a face by script: digits and guillemets are in latin, № in cyrillic,
# ₽ in latin-ext, the letters of Russia's national alphabets in cyrillic-ext.
SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
# What an address may hold: Latin with the letters of Western Europe, the Latin ă that Chuvash
# texts are often typed with, all Cyrillic, dashes and quotation marks, ₽, №, the minus.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x102, 0x103),
    *range(0x400, 0x530),
    *range(0x2010, 0x2027),
    *(0x20BD, 0x2116, 0x2212),
]
# copyright, family, style, full name, PostScript name, licence and its address
KEPT_NAMES = [0, 1, 2, 4, 6, 13, 14]
UNREAD_TABLES = ["GSUB", "GPOS", "GDEF", "STAT", "DSIG", "gasp", "prep", "fpgm", "vhea", "vmtx"]
FOLDER = Path(__file__).parent.parent / "functions" / "poster" / "fonts"


def face(parts: list[bytes]) -> bytes:
    """Join the parts of one weight and drop what a PDF never reads: hints and layout tables."""
    plain, modified = [], 0
    for part in parts:
        font = TTFont(io.BytesIO(part), recalcTimestamp=False)
        font.flavor = None
        modified = max(modified, font["head"].modified)
        plain.append(io.BytesIO())
        font.save(plain[-1])
    merged = Merger().merge(plain)
    # The merger puts the present moment there; the same package must make the same files.
    merged.recalcTimestamp = False
    merged["head"].created = merged["head"].modified = modified
    options = Options(
        layout_features=[],
        hinting=False,
        name_IDs=KEPT_NAMES,
        glyph_names=False,
        notdef_outline=True,
        drop_tables=[*UNREAD_TABLES, "cvt "],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(merged)
    made = io.BytesIO()
    merged.save(made)
    return made.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"The package is what «npm pack {SOURCE}» downloads."
    )
    parser.add_argument("package", type=Path, help="the .tgz from npm")
    package = parser.parse_args().package.read_bytes()
    if hashlib.sha256(package).hexdigest() != SOURCE_SHA256:
        parser.error(f"this is not {SOURCE}")
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:

        def member(name: str) -> bytes:
            found = archive.extractfile(f"package/{name}")
            if found is None:
                parser.error(f"the package has no {name}")
            return found.read()

        for weight, style in WEIGHTS.items():
            parts = [
                member(f"files/golos-text-{script}-{weight}-normal.woff2") for script in SCRIPTS
            ]
            path = FOLDER / f"GolosText-{style}.ttf"
            path.write_bytes(face(parts))
            print(path.name, path.stat().st_size)
        (FOLDER / "OFL.txt").write_bytes(member("LICENSE"))


if __name__ == "__main__":
    main()
