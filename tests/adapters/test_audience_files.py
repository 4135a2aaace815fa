"""Audiences of any size: memory stays the same, chunks are small ranges of a file."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from housechats.adapters.audiences import S3Audiences
from housechats.adapters.files import PART
from housechats.domain.receipts import Recipient
from housechats.ports.broadcasts import LeftOut
from support.fakes import FakeFiles

KEY = "previews/p-1"
Chat = tuple[int, Recipient] | LeftOut


class Endless(FakeFiles):
    """Takes files and keeps as much of each as goes out at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    @contextmanager
    def upload(self, key: str, *, content_type: str) -> Iterator[Callable[[bytes], None]]:
        pieces = bytearray()

        def take(piece: bytes) -> None:
            pieces.extend(piece)
            self.bytes += len(piece)
            if len(pieces) >= PART:
                pieces.clear()

        yield take


class Counting(FakeFiles):
    """Counts the ranges that are read."""

    reads = 0

    def get_range(self, key: str, first: int, last: int) -> bytes:
        self.reads += 1
        return super().get_range(key, first, last)


def chats(number: int) -> Iterator[Chat]:
    for n in range(number):
        house = f"H{n:07}"
        if n % 10 == 0:
            yield LeftOut(house, f"ул. Мира, д. {n}", "no_chat_yet")
        else:
            yield n % 20, Recipient(house, n, f"проспект Ленинградский, д. {n}", people=11)


def peak_of_writing(number: int) -> int:
    audiences = S3Audiences(Endless())
    tracemalloc.start()
    try:
        audiences.write(KEY, chats(number), together=100)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_chats() -> None:
    few, many = peak_of_writing(20_000), peak_of_writing(200_000)

    assert many < few + PART


def test_a_chunk_of_a_large_audience_is_a_few_kilobytes_of_its_file() -> None:
    audiences = S3Audiences(FakeFiles())

    audience = audiences.write(KEY, chats(20_000), together=100)

    sizes = {
        end - first for first, end in zip(audience.offsets, audience.offsets[1:], strict=False)
    }
    assert max(sizes) < 10_000
    assert audience.chats == 18_000
    last = audiences.chunk(audience, audience.size - 1)
    assert {audience.community_of(audience.size - 1)} == {r.chat_id % 20 for r in last}


def test_what_is_read_whole_is_read_in_blocks() -> None:
    files = Counting()
    audiences = S3Audiences(files)
    houses = [*chats(30_000)]

    audience = audiences.write(KEY, houses, together=100)

    assert [*audiences.left_out(audience)] == [h for h in houses if isinstance(h, LeftOut)]
    read = [recipient for chunk in audiences.all_chunks(audience) for recipient in chunk]
    assert sorted(read, key=lambda one: one.chat_id) == [
        h[1] for h in houses if isinstance(h, tuple)
    ]
    assert files.reads < 6
