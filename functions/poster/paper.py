"""Sizes of paper that posters are printed on."""

from enum import StrEnum


class Paper(StrEnum):
    """Size of a sheet."""

    A4 = "A4"
    A5 = "A5"
