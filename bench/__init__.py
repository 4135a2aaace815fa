"""Measured ratios, each taken in one run: `make bench`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The project is not installed: its two roots are put on the path, as pytest's settings do.
sys.path[:0] = [str(ROOT / "functions"), str(ROOT / "layers" / "housechats")]
