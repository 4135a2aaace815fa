"""Audiences are kept the same way in memory and as files."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from housechats.adapters.audiences import S3Audiences
from housechats.adapters.files import S3Files
from housechats.domain.receipts import Recipient
from housechats.ports.broadcasts import Audience, Audiences, LeftOut
from support.broadcast_fakes import FakeAudiences

KEY = "previews/p-1"
Chat = tuple[int, Recipient] | LeftOut


def chat(number: int, community: int = 7) -> tuple[int, Recipient]:
    title = f"ул. «Мира», д. {number}"
    return community, Recipient(f"H{number:07}", 1000 + number, title, people=number)


def left_out(number: int, why: str = "no_chat_yet") -> LeftOut:
    return LeftOut(f"H{number:07}", f"ул. Мира, д. {number}", why)


def recipients(*numbers: int) -> tuple[Recipient, ...]:
    return tuple(chat(number)[1] for number in numbers)


@pytest.fixture(params=["in memory", "in a bucket"])
def audiences(request: pytest.FixtureRequest) -> Audiences:
    if request.param == "in memory":
        return FakeAudiences()
    return S3Audiences(S3Files(request.getfixturevalue("bucket")))


def read(audiences: Audiences, audience: Audience) -> dict[int, list[tuple[Recipient, ...]]]:
    return {
        community: [audiences.chunk(audience, number) for number in numbers]
        for community, numbers in audience.chunks.items()
    }


def test_chats_of_a_community_are_together_in_their_order(audiences: Audiences) -> None:
    chats = [chat(1), chat(2, 8), chat(3), chat(4, 8), chat(5), chat(6, 8), chat(7, 9), chat(8)]

    audience = audiences.write(KEY, iter(chats), together=2)

    assert read(audiences, audience) == {
        7: [recipients(1, 3), recipients(5, 8)],
        8: [recipients(2, 4), recipients(6)],
        9: [recipients(7)],
    }
    assert [*audiences.all_chunks(audience)] == [
        audiences.chunk(audience, number) for number in range(5)
    ]
    assert audience.size == 5
    assert sorted(number for those in audience.chunks.values() for number in those) == [*range(5)]
    assert [audience.community_of(number) for number in range(5)] == [7, 8, 7, 8, 9]
    assert (audience.chats, audience.people) == (8, 36)
    with pytest.raises(LookupError):
        audience.community_of(5)


def test_whom_it_was_asked_to_reach_stays_with_every_copy(audiences: Audiences) -> None:
    audiences.write(KEY, [chat(1)], together=100, asked=["тег «лифт» — домов: 1"])

    audiences.copy(KEY, "broadcasts/b-1")

    copied = audiences.get("broadcasts/b-1")
    assert copied
    assert copied.asked == ("тег «лифт» — домов: 1",)


def test_who_is_left_out_is_told_with_why(audiences: Audiences) -> None:
    houses = [left_out(1), left_out(3, "chat_lost"), left_out(4)]
    chats: list[Chat] = [houses[0], chat(2), *houses[1:]]

    audience = audiences.write(KEY, chats, together=100)

    assert audience.left_out == {"no_chat_yet": 2, "chat_lost": 1}
    assert [*audiences.left_out(audience)] == houses
    assert audience.chats == 1


def test_an_audience_is_found_again_as_it_was_written(audiences: Audiences) -> None:
    written = audiences.write(KEY, [chat(1), left_out(2), chat(3, 8)], together=100)

    assert audiences.get(KEY) == written
    assert audiences.get("previews/p-2") is None


def test_written_again_it_is_the_same(audiences: Audiences) -> None:
    chats: list[Chat] = [chat(number, 7 + number % 3) for number in range(20)]

    first, second = (audiences.write(KEY, chats, together=5) for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(lambda chats: [*chats, left_out(9)], True, id="more are left out"),
        pytest.param(lambda chats: chats[:-1], False, id="a house less"),
        pytest.param(lambda chats: [*chats, chat(9)], False, id="a house more"),
        pytest.param(lambda chats: [*chats[:-1], chat(3, 8)], False, id="another community"),
        pytest.param(
            lambda chats: [*chats[:-1], (7, replace(chats[-1][1], chat_id=77))],
            False,
            id="another chat of a house",
        ),
        pytest.param(
            lambda chats: [*chats[:-1], (7, replace(chats[-1][1], people=77))],
            True,
            id="more residents",
        ),
    ],
)
def test_a_digest_tells_whether_the_houses_and_chats_are_the_same(
    audiences: Audiences,
    other: Callable[[list[tuple[int, Recipient]]], list[Chat]],
    same: bool,
) -> None:
    chats = [chat(1), chat(2), chat(3)]

    digests = [audiences.write(KEY, those, together=100).digest for those in (chats, other(chats))]

    assert (digests[0] == digests[1]) == same


def test_nobody_is_an_audience_too(audiences: Audiences) -> None:
    audience = audiences.write(KEY, [], together=100)

    assert (audience.chats, audience.size, audience.chunks) == (0, 0, {})
    assert audiences.get(KEY) == audience
    assert [*audiences.left_out(audience)] == []
    assert [*audiences.all_chunks(audience)] == []


def test_a_copy_is_the_same_in_another_folder(audiences: Audiences) -> None:
    written = audiences.write(KEY, [chat(1), left_out(2), chat(3, 8)], together=100)

    audiences.copy(KEY, "broadcasts/p-1")

    copied = audiences.get("broadcasts/p-1")
    assert copied
    assert copied == replace(written, key="broadcasts/p-1")
    assert read(audiences, copied) == read(audiences, written)
    assert [*audiences.left_out(copied)] == [left_out(2)]


def test_an_audience_that_was_not_written_to_its_end_is_not_there(audiences: Audiences) -> None:
    def chats() -> Iterator[Chat]:
        yield chat(1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        audiences.write(KEY, chats(), together=1)

    assert audiences.get(KEY) is None
