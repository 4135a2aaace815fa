"""A random_id is spent for an hour and a hundred messages of its dialog, and no longer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from support.vk_town import CHAT, FRIEND, Town


def test_a_repeat_makes_no_second_message() -> None:
    town = Town()
    town.chat()

    answers = [town.send(random_id=7) for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(town.vk.journal.messages(CHAT)) == 1


def test_a_repeat_is_known_by_the_dialog_and_not_by_the_call() -> None:
    town = Town()
    first, second = town.chat(), town.chat()
    town.send(first, random_id=7)

    items = town.call("messages.send", peer_ids=f"{first},{second}", message="x", random_id=7)

    assert [one["conversation_message_id"] for one in items] == [2, 2]
    assert len(town.vk.journal.messages(first)) == 1
    assert len(town.vk.journal.messages(second)) == 1


def test_the_first_text_stays_when_another_comes_with_its_random_id() -> None:
    town = Town()
    town.chat()
    town.send(text="Первый", random_id=7)

    town.send(text="Второй", random_id=7)

    assert [one.text for one in town.vk.journal.messages(CHAT)] == ["Первый"]


def test_after_an_hour_the_same_random_id_sends_again() -> None:
    town = Town()
    town.chat()
    town.send(random_id=7)

    town.now += 3500
    town.send(random_id=7)
    town.now += 100
    town.send(random_id=7)

    assert len(town.vk.journal.messages(CHAT)) == 2


def test_after_a_hundred_messages_of_residents_the_same_random_id_sends_again() -> None:
    town = Town()
    town.chat()
    town.vk.join(town.link(), FRIEND)
    town.send(random_id=7)

    for _ in range(99):
        town.vk.write(CHAT, FRIEND, "болтовня")
    town.send(random_id=7)
    town.vk.write(CHAT, FRIEND, "последняя капля")
    town.send(random_id=7)

    assert len(town.vk.journal.messages(CHAT)) == 2


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 4)),
        st.tuples(st.just("chatter"), st.integers(1, 60)),
        st.tuples(st.just("wait"), st.integers(1, 2000)),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_the_window_is_an_hour_and_a_hundred_messages_whatever_happens(
    steps: list[tuple[str, int]],
) -> None:
    town = Town()
    town.chat()
    town.vk.join(town.link(), FRIEND)
    # The rule said again in the plainest way: every message with its time and random_id.
    said: list[tuple[float, int]] = [(town.now, 0), (town.now, 0)]
    sent = 0

    for kind, number in steps:
        if kind == "wait":
            town.now += number
        elif kind == "chatter":
            for _ in range(number):
                town.vk.write(CHAT, FRIEND, "болтовня")
                said.append((town.now, 0))
        else:
            town.send(random_id=number)
            recent = [one for at, one in said[-100:] if at > town.now - 3600]
            if number not in recent:
                said.append((town.now, number))
                sent += 1

    assert len(town.vk.journal.messages(CHAT)) == sent
