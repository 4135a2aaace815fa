"""Presses of buttons: the answers of one batch of events go out together."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from housechats.ports.talks import Pressed, Talk
from housechats.runtime.log import logger


def answer_presses(
    answers: Iterable[tuple[int, Pressed]], *, talk_of: Callable[[int], Talk | None]
) -> None:
    """Answer presses, each with its community; `talk_of` knows no talk for who is disconnected.

    What was done is done, whether those who pressed hear of it or not.
    """
    of_each: defaultdict[int, list[Pressed]] = defaultdict(list)
    for community, answer in answers:
        of_each[community].append(answer)
    for community, some in of_each.items():
        try:
            if talk := talk_of(community):
                talk.answer(some)
        except Exception:  # noqa: BLE001 - see above
            logger.exception("presses not answered", extra={"community": community})
