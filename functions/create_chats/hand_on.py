"""What comes after a chat is settled: its poster, then its elder."""

from housechats.domain.houses import ChatState, House
from housechats.ports.queues import Queue


def hand_on(house: House, *, posters: Queue, instructions: Queue) -> None:
    """Pass a settled house on: an open chat gets its poster, then the elder is told."""
    if house.state == ChatState.OPEN:
        posters.send([{"house_id": house.id}])
    elif house.elder_id:
        instructions.send([{"batch_id": house.letter_id, "elder_id": house.elder_id}])
