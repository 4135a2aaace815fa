"""Territories: which houses an ОКТМО code covers.

The codes of regions are those of the classifier ОК 033-2013 (ОКТМО), section 1. Three regions
lie inside the code of another one and are regions of their own: they are excepted from it.
"""

from dataclasses import dataclass

REGIONS_WITHIN = {
    "118": "11",  # Ненецкий АО, in the code of Архангельская область
    "718": "71",  # ХМАО — Югра, in the code of Тюменская область
    "719": "71",  # ЯНАО, likewise
}


def region_of(oktmo: str) -> str:
    """Return the code of the region that an ОКТМО code lies in."""
    return oktmo[:3] if oktmo[:3] in REGIONS_WITHIN else oktmo[:2]


def is_oktmo(text: str) -> bool:
    """Tell whether the text has the form of a municipality's or a settlement's code."""
    return len(text) in {8, 11} and text.isascii() and text.isdigit()


def is_territory(text: str) -> bool:
    """Tell whether the text has the form of a territory's code: a region's, or as above."""
    is_region = len(text) == len("11") and text.isascii() and text.isdigit()
    return is_oktmo(text) or is_region or text in REGIONS_WITHIN


@dataclass(frozen=True, slots=True)
class Territory:
    """An ОКТМО code and what it covers: a region, a municipality or a settlement."""

    oktmo: str

    @property
    def region(self) -> str:
        return region_of(self.oktmo)

    @property
    def code(self) -> str:
        """The one spelling of its code: `11701000000` is `11701000`, `11000000` is `11`."""
        if not self.oktmo[len(self.region) :].strip("0"):
            return self.region
        is_municipality = len(self.oktmo) == len("11701000000") and self.oktmo.endswith("000")
        return self.oktmo[:8] if is_municipality else self.oktmo

    @property
    def prefix(self) -> str:
        """The part of the code that the codes of its houses begin with."""
        code = self.code
        # Districts and urban okrugs end in 000; what lies in them differs in those digits.
        return code[:5] if len(code) == len("11701000") and code.endswith("000") else code

    def covers(self, oktmo: str) -> bool:
        """Tell whether a house with that code lies here."""
        return region_of(oktmo) == self.region and oktmo.startswith(self.prefix)
