"""What a person sees while the stack works: a live line on a terminal, plain lines in a log."""

import sys
import time

# A log wants to know that something moves, not every step.
LOG_SECONDS = 15.0
BAR = 28


class Terminal:
    """Prints steps with their times and one progress bar at a time."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._said = ""
        self._said_at = 0.0
        self._step_at = time.monotonic()

    def title(self, text: str) -> None:
        self._print(f"\n{self._bold(text)}")

    def step(self, text: str) -> None:
        """Report a step as done, with the seconds since the one before."""
        now = time.monotonic()
        self._print(f"  ✓ {text} ({seconds(now - self._step_at)})")
        self._step_at = now

    def line(self, text: str = "") -> None:
        self._print(f"  {text}".rstrip())

    def progress(self, done: float, text: str) -> None:
        """Show how far it is: `done` of 1."""
        filled = round(BAR * done)
        line = f"  {'█' * filled}{'░' * (BAR - filled)} {done:4.0%}  {text}"
        if self._live:
            print(f"\r\x1b[2K{line}", end="", flush=True)
            self._said = line
        elif time.monotonic() - self._said_at >= LOG_SECONDS:
            self._said_at = time.monotonic()
            print(line, flush=True)

    def _print(self, text: str) -> None:
        if self._said:
            print("\r\x1b[2K", end="")
            self._said = ""
        print(text, flush=True)

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._live else text


def seconds(amount: float) -> str:
    """Write a duration as Russians do: 0,9 с; 2 мин 05 с."""
    tenths, whole = f"{amount:.1f}", round(amount)
    if float(tenths) < 10:  # noqa: PLR2004 - below ten a tenth is worth reading
        return f"{tenths} с".replace(".", ",")
    if whole < 60:  # noqa: PLR2004
        return f"{whole} с"
    return f"{whole // 60} мин {whole % 60:02} с"


def about(amount: float) -> str:
    """Write a time to wait: около 8 минут, меньше минуты."""
    minutes = round(amount / 60)
    return f"около {counted(minutes, 'минуты', 'минут', 'минут')}" if minutes else "меньше минуты"


def counted(number: float, one: str, few: str, many: str) -> str:
    """Write a number with its noun: 1 чат, 3 чата, 12 чатов."""
    last, tens = int(number) % 10, int(number) % 100 // 10
    noun = many if tens == 1 or last in {0, 5, 6, 7, 8, 9} else one if last == 1 else few
    return f"{number:,} {noun}".replace(",", "\u00a0")
