"""Make the table of working days anew: `python -m local.make_working_days` writes the module.

The package `holidays` is of the development environment only: workers start with the table.
"""

import textwrap
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import holidays
from holidays.countries.russia import RussiaStaticHolidays

MODULE = Path(__file__).parent.parent / "layers/housechats/housechats/domain/working_days.py"
FIRST_YEAR = 2024
A_DAY = timedelta(days=1)
SATURDAY = 5
LINE = 100
HEAD = '''"""Working days of Russia: what decrees have moved, by years, as months and days.

Made by `python -m local.make_working_days` from the package `holidays`, whose source are the yearly
decrees of the government (of 10.08.2023 № 1314 for 2024, of 04.10.2024 № 1335 for 2025, of
24.09.2025 № 1466 for 2026). Не сверено с актами.
"""
'''


def written() -> str:
    """Return the module as it is to be: a year is there when its decree is known."""
    off: dict[int, list[date]] = {}
    working: dict[int, list[date]] = {}
    short: dict[int, list[date]] = {}
    year = FIRST_YEAR
    while year in RussiaStaticHolidays.special_public_holidays:
        known = holidays.country_holidays("RU", years=year, language="ru")
        off[year] = [day for day in sorted(known) if day.weekday() < SATURDAY]
        working[year] = sorted(known.weekend_workdays)
        short[year] = [*_short_days(year, known)]
        year += 1
    return HEAD + "".join(
        [
            _table("DAYS_OFF", off, "Holidays and days off from Monday to Friday."),
            _table("WORKING_WEEKENDS", working, "Saturdays and Sundays on which people work."),
            _table("SHORT_DAYS", short, "Working days an hour shorter: a holiday follows."),
        ]
    )


def _short_days(year: int, known: "holidays.HolidayBase") -> Iterable[date]:
    """Yield the days before holidays; one that is swapped for a weekend's takes this along."""
    swapped = {
        datetime.strptime(name.rsplit(maxsplit=1)[-1].rstrip(")"), "%d.%m.%Y").date(): day  # noqa: DTZ007
        for day, name in known.items()
        if "перенесено" in name
    }
    day = date(year, 1, 1)
    while day.year == year:
        weekend = day.weekday() >= SATURDAY
        works = day in known.weekend_workdays if weekend else day not in known
        before = [day, swapped[day]] if works and day in swapped else [day]
        if works and any(_is_holiday(one + A_DAY, known) for one in before):
            yield day
        day += A_DAY


def _is_holiday(day: date, known: "holidays.HolidayBase") -> bool:
    """Tell whether it is a holiday by law, not a day off in place of another."""
    name = known.get(day, "")
    return bool(name) and "перенесено" not in name and "выходной" not in name


def _table(name: str, days: dict[int, list[date]], meaning: str) -> str:
    lines = [f"{name}: dict[int, str] = {{"]
    for year, there in days.items():
        text = " ".join(f"{day:%m-%d}" for day in there)
        if len(inline := f'    {year}: "{text}",') <= LINE:
            lines.append(inline)
            continue
        parts = [text] if len(text) + 10 <= LINE else textwrap.wrap(text, LINE - 11)
        shown = [f'        "{part} "' for part in parts[:-1]] + [f'        "{parts[-1]}"']
        lines += [f"    {year}: (", *shown, "    ),"]
    return "\n" + "\n".join([*lines, "}", f'"""{meaning}"""']) + "\n"


if __name__ == "__main__":
    MODULE.write_text(written(), encoding="utf-8")
