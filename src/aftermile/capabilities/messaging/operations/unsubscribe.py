"""Refusals: by one click, by the reader's word at a channel, on the preference page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from aftermile.capabilities.messaging.events import ShopperUnsubscribed
from aftermile.capabilities.messaging.links import MessageLink
from aftermile.capabilities.messaging.policy import is_allowed
from aftermile.capabilities.messaging.states import Purpose
from aftermile.capabilities.shoppers.public import Answer, ShopperNotFound, reach, record_consent
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.events import publish

_OPTIONAL = (Purpose.SERVICE, Purpose.MARKETING)
#: Whoever refuses to hear of what they bought does not want offers either.
_REFUSED_WITH: dict[Purpose, tuple[Purpose, ...]] = {
    Purpose.MARKETING: (Purpose.MARKETING,),
    Purpose.SERVICE: _OPTIONAL,
    Purpose.TRANSACTIONAL: _OPTIONAL,
}


def unsubscribe(*, link: MessageLink, by: str, at: datetime) -> bool:
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


def allowed_still(*, link: MessageLink) -> tuple[Purpose, ...]:
    """Tell what unsubscribing by a message would take away now: so that it can be given back whole.

    :raises ShopperNotFound: no such shopper, or an erased one.
    """
    known = reach([link.shopper_id]).get(link.shopper_id)
    if known is None or known.erased:
        raise ShopperNotFound
    return tuple(
        purpose
        for purpose in _REFUSED_WITH[link.purpose]
        if is_allowed(purpose, known.consents.get((link.medium, purpose)))
    )


def resubscribe(*, link: MessageLink, purposes: Collection[Purpose], by: str, at: datetime) -> bool:
    """Take back an unsubscribing by a message: allow again those of the purposes that it may have refused.

    Return whether anything is allowed now that was not before.

    :raises ShopperNotFound: no such shopper.
    """
    answers = [
        Answer(medium=link.medium, purpose=purpose, granted=True)
        for purpose in _REFUSED_WITH[link.purpose]
        if purpose in purposes
    ]
    proof = f"took back that they unsubscribed from message {link.message_id}"
    return bool(record_consent(shopper_id=link.shopper_id, answers=answers, proof=proof, by=by, at=at))


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
