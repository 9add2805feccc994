"""When a message that was not taken is tried again. Pure."""

from __future__ import annotations

from datetime import timedelta

#: After the first, second ... failed try. All in all a day and a half: a mail server that is down over a
#: night is up again by then, and what is told later than that is no news.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 720))
MOST_TRIES = len(PAUSES) + 1
#: A channel that asks for a longer pause is asked again all the same.
LONGEST_PAUSE = timedelta(hours=12)


def pause_after(tries: int, *, asked_seconds: int | None = None) -> timedelta | None:
    """Return how long to wait after so many tries; None when it is time to give up.

    :param asked_seconds: the pause the channel asks for: at least that, as long as it is within reason.
    """
    if tries >= MOST_TRIES:
        return None
    asked = timedelta(seconds=max(0, asked_seconds or 0))
    return max(PAUSES[tries - 1], min(asked, LONGEST_PAUSE))
