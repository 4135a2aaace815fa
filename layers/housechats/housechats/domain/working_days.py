"""Working days of Russia: what decrees have moved, by years, as months and days.

Made by `python -m local.make_working_days` from the package `holidays`, whose source are the yearly
decrees of the government (of 10.08.2023 № 1314 for 2024, of 04.10.2024 № 1335 for 2025, of
24.09.2025 № 1466 for 2026). Не сверено с актами.
"""

DAYS_OFF: dict[int, str] = {
    2024: (
        "01-01 01-02 01-03 01-04 01-05 01-08 02-23 03-08 04-29 04-30 05-01 05-09 05-10 06-12 11-04 "
        "12-30 12-31"
    ),
    2025: (
        "01-01 01-02 01-03 01-06 01-07 01-08 05-01 05-02 05-08 05-09 06-12 06-13 11-03 11-04 12-31"
    ),
    2026: "01-01 01-02 01-05 01-06 01-07 01-08 01-09 02-23 03-09 05-01 05-11 06-12 11-04 12-31",
    2027: (
        "01-01 01-04 01-05 01-06 01-07 01-08 02-22 02-23 03-08 05-03 05-10 06-14 11-04 11-05 12-31"
    ),
}
"""Holidays and days off from Monday to Friday."""

WORKING_WEEKENDS: dict[int, str] = {
    2024: "04-27 11-02 12-28",
    2025: "11-01",
    2026: "",
    2027: "02-20",
}
"""Saturdays and Sundays on which people work."""

SHORT_DAYS: dict[int, str] = {
    2024: "02-22 03-07 05-08 06-11 11-02",
    2025: "03-07 04-30 06-11 11-01",
    2026: "04-30 05-08 06-11 11-03",
    2027: "02-20 04-30 06-11 11-03",
}
"""Working days an hour shorter: a holiday follows."""
