"""Words for tests of messages: shoppers with addresses, messages wanted, and what became of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aftermile.capabilities.messaging.models import Message
from aftermile.capabilities.messaging.operations.record_outcomes import Sent, record_outcomes
from aftermile.capabilities.messaging.operations.take_due import Portion, take_due
from aftermile.capabilities.messaging.public import (
    MessageView,
    Mood,
    Purpose,
    Rendered,
    Status,
    Wanted,
    message,
    request_messages,
)
from aftermile.capabilities.shoppers.public import Answer, record_consent, record_shoppers
from aftermile.connectors.contracts.channels import Outcome, Result
from aftermile.connectors.contracts.facts import ShopperFact
from aftermile.kernel.tenancy import merchant_scope

#: One in the afternoon in Berlin, where the shop and most shoppers are.
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
#: Eleven at night there.
NIGHT = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
BY = "journey:jou_test"
SAID = Rendered(subject="A word", html="<p>A word</p>", text="A word")
TAKEN = Outcome(result=Result.TAKEN)
_keys = itertools.count()


def after(**how_much: float) -> datetime:
    return NOON + timedelta(**how_much)


def a_shopper(name: str, **told: Any) -> UUID:
    """A shopper of the open shop; `granted` and `refused` are purposes of e-mail."""
    granted, refused = told.pop("granted", ()), told.pop("refused", ())
    email = told.pop("email", f"{name.lower()}@shopper.example")
    fact = ShopperFact(external_id=name, name=name, email=email, country=told.pop("country", "DE"), **told)
    (shopper_id,) = record_shoppers(facts=[fact], source="shop", by="connection:con_test", at=NOON)
    answers = [Answer(medium="email", purpose=each, granted=True) for each in granted]
    answers += [Answer(medium="email", purpose=each, granted=False) for each in refused]
    record_consent(shopper_id=shopper_id, answers=answers, proof="said so", by=BY, at=NOON)
    return shopper_id


def wanted(shopper_id: UUID, purpose: Purpose = Purpose.TRANSACTIONAL, **how: Any) -> Wanted:
    how.setdefault("once_key", f"key-{next(_keys)}")
    how.setdefault("touchpoint", "confirmation")
    how.setdefault("content", SAID)
    return Wanted(shopper_id=shopper_id, purpose=purpose, **how)


def ask(*wishes: Wanted, at: datetime = NOON) -> list[MessageView]:
    return request_messages(wanted=wishes, by=BY, at=at)


def service(shopper_id: UUID, **how: Any) -> Wanted:
    return wanted(shopper_id, Purpose.SERVICE, **how)


def marketing(shopper_id: UUID, **how: Any) -> Wanted:
    return wanted(shopper_id, Purpose.MARKETING, mood=how.pop("mood", Mood.CHEERFUL), **how)


def now_is(view: MessageView) -> MessageView:
    """Read a message again."""
    return message(view.id)


def send_with(
    results: Callable[[UUID], Outcome] | Outcome = TAKEN,
    *,
    at: datetime,
) -> list[UUID]:
    """Take what is due and write down that a channel answered so, in the open scope; return what was taken."""
    sent: list[UUID] = []
    while (portion := take_due(at=at)) is not None:
        sent += [each.id for each in portion.messages]
        record_outcomes(lease=portion.lease, sent=answers(portion, results), at=at)
    return sent


def answers(portion: Portion, results: Callable[[UUID], Outcome] | Outcome) -> list[Sent]:
    return [
        Sent(
            message_id=each.id,
            outcome=results if isinstance(results, Outcome) else results(each.id),
            said=Rendered(**each.content),
        )
        for each in portion.messages
    ]


def statuses(merchant: Any) -> Mapping[str, int]:
    """How many messages of a shop stand where."""
    with merchant_scope(merchant.id):
        found: dict[str, int] = {}
        for status in Message.rows().values_list("status", flat=True):
            found[Status(status).value] = found.get(status, 0) + 1
        return found
