"""Who presses on for ever is shown that it is enough, and is written to no more for a while."""

from datetime import timedelta

from housechats.domain.dialogues import ENOUGH, MOST_AT_WORK
from support.discussion_door import QUESTION, SPEAKER, DiscussionDoor


def test_a_script_of_an_officials_is_written_to_some_times_an_hour() -> None:
    door = DiscussionDoor()

    def press() -> str:
        pressed = door.forge_private("name_time", QUESTION)
        door.work_discussions()
        return door.snackbar(pressed) or ""

    shown = [press() for _ in range(MOST_AT_WORK + 2)]
    told = len(door.told_texts(SPEAKER))
    door.wait(timedelta(hours=1))

    assert shown[-3] != ENOUGH
    assert shown[-2:] == [ENOUGH, ENOUGH]
    assert told == MOST_AT_WORK
    assert press() != ENOUGH
