"""Judge messages nobody asked for yet: what a plan would come to."""

from __future__ import annotations

from collections.abc import Sequence

from aftermile.capabilities.messaging.operations.surroundings import Judged, read_surroundings
from aftermile.capabilities.messaging.policy import Verdict
from aftermile.capabilities.messaging.states import REACHED, Status


def judge_messages(
    judged: Sequence[Judged], *, trouble: Sequence[Sequence[str]] | None = None
) -> list[Verdict]:
    """Judge messages in the order in which they would be asked for; nothing is written.

    Those judged earlier count for the cap of those judged later, beside what was really sent. A constant number of
    statements.

    :param trouble: what was wrong for each message's shopper at its moment; None: what is wrong now.
    """
    if not judged:
        return []
    around = read_surroundings(judged, counting=REACHED | {Status.PLANNED})
    verdicts = []
    for number, each in enumerate(judged):
        if trouble is not None:
            known = around.reached.get(each.shopper_id)
            around.trouble = {known.shopper_id: tuple(trouble[number])} if known else {}
        verdicts.append(around.judge(each).verdict)
    return verdicts
