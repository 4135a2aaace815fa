"""What a run holds while it lives: its ports and its folder."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local.children import StartError

TAKEN = "Порт {} занят: укажите другой, PORT=…"


def free_ports(front: int) -> list[int]:
    """Choose three free ports, the first as given; all are held until all are chosen."""
    with ExitStack() as held:
        ports = []
        for wanted in (front, 0, 0):
            listener = held.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", wanted))
            except PermissionError as error:
                raise StartError(f"Порт {wanted} занять нельзя: укажите другой, PORT=…") from error
            except OSError as error:
                raise StartError(TAKEN.format(wanted)) from error
            ports.append(listener.getsockname()[1])
        return ports


@contextmanager
def run_folder(home: Path) -> Iterator[None]:
    """Hold all that the stack writes; after a failure leave the logs, else nothing.

    What an ended run left there goes: the lock of a living one is let go only with its process.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = os.open(home, os.O_RDONLY)
    try:
        _take(lock, home)
        yield from _held(home)
    finally:
        os.close(lock)


def _take(lock: int, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError(TAKEN.format(home.name)) from error
    for left in home.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _held(home: Path) -> Iterator[None]:
    try:
        yield
    except Exception:
        shutil.rmtree(home / "tmp", ignore_errors=True)
        raise
    except BaseException:
        shutil.rmtree(home)
        raise
    shutil.rmtree(home)
