"""Refusals: by one click, by the reader's word at a channel, on the preference page."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.events import ShopperUnsubscribed
from aftermile.capabilities.messaging.links import UnsubscribeLink
from aftermile.capabilities.messaging.states import Purpose
from aftermile.capabilities.shoppers.public import Answer, reach, record_consent
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish

_OPTIONAL = (Purpose.SERVICE, Purpose.MARKETING)
#: Whoever refuses to hear of what they bought does not want offers either.
_REFUSED_WITH: dict[Purpose, tuple[Purpose, ...]] = {
    Purpose.MARKETING: (Purpose.MARKETING,),
    Purpose.SERVICE: _OPTIONAL,
    Purpose.TRANSACTIONAL: _OPTIONAL,
}


def unsubscribe(*, link: UnsubscribeLink, by: str, at: datetime) -> bool:
    """Refuse, for whoever a letter was written to, more of its kind on its medium. Again: nothing changes.

    For the POST of a mail program or a person; never for a GET, which link scanners make. Return whether anything
    is refused now that was not before.

    :raises ShopperNotFound: no such shopper.
    """
    return _refuse(
        link.shopper_id,
        link.medium,
        _REFUSED_WITH[link.purpose],
        message_id=link.message_id,
        proof=f"unsubscribed from message {link.message_id}",
        by=by,
        at=at,
    )


def refuse_optional(
    *, shopper_id: UUID, medium: Medium, message_id: UUID | None, proof: str, by: str, at: datetime
) -> bool:
    """Refuse everything on a medium that is not transactional; return whether anything is other than before.

    :raises ShopperNotFound: no such shopper.
    """
    return _refuse(shopper_id, medium, _OPTIONAL, message_id=message_id, proof=proof, by=by, at=at)


def take_back_refusal(*, shopper_id: UUID, medium: Medium, proof: str, by: str, at: datetime) -> bool:
    """Allow again on a medium what was refused, and nothing that had never been allowed; return whether there was any.

    :raises ShopperNotFound: no such shopper.
    """
    known = reach([shopper_id]).get(shopper_id)
    held = known.consents if known else {}
    again = [
        Answer(medium=medium, purpose=purpose, granted=True)
        for purpose in _OPTIONAL
        if held.get((medium, purpose)) is False
    ]
    return bool(record_consent(shopper_id=shopper_id, answers=again, proof=proof, by=by, at=at))


def _refuse(
    shopper_id: UUID,
    medium: Medium,
    purposes: tuple[Purpose, ...],
    *,
    message_id: UUID | None,
    proof: str,
    by: str,
    at: datetime,
) -> bool:
    answers = [Answer(medium=medium, purpose=purpose, granted=False) for purpose in purposes]
    changed = record_consent(shopper_id=shopper_id, answers=answers, proof=proof, by=by, at=at)
    if changed:
        publish(
            ShopperUnsubscribed(
                shopper_id=shopper_id,
                medium=medium,
                purposes=tuple(answer.purpose for answer in changed),
                message_id=message_id,
            ),
            by=by,
            at=at,
        )
    return bool(changed)
