"""The tasks of `bench.inside` about messages, journeys and segments."""

from __future__ import annotations

import statistics
import time
from uuid import UUID

from django.db import connection, transaction

from aftermile.capabilities.journeys.operations.start import start_for_segment
from aftermile.capabilities.journeys.public import (
    State,
    create_journey,
    move_journey,
    publish_draft,
    switch_on_standard,
)
from aftermile.capabilities.journeys.rules import read_runs, runs_where
from aftermile.capabilities.messaging.public import MessagingSettings, change_messaging_settings, keep_sender
from aftermile.capabilities.segments.public import count_members, read_condition, refresh_profiles
from aftermile.capabilities.shoppers.public import record_shoppers
from aftermile.connectors.contracts.channels import Medium
from aftermile.connectors.contracts.facts import ShopperFact
from aftermile.kernel.clock import now
from aftermile.kernel.tenancy import merchant_scope

_BY = "bench:1"
_SEGMENTS = {
    "ordered twice, from two countries": {
        "all": [
            {"field": "shopper.orders_count", "is": "at_least", "value": 2},
            {"field": "shopper.country", "is": "one_of", "value": ["DE", "AT"]},
        ]
    },
    "not for half a year, allows marketing": {
        "all": [
            {"field": "shopper.last_order_at", "is": "days_ago", "value": 180},
            {"field": "shopper.marketing_email", "is": "yes"},
        ]
    },
    "bought one of three products, or tagged": {
        "any": [
            {"field": "shopper.products", "is": "has_any", "value": ["p1", "p2", "p3"]},
            {"field": "shopper.tags", "is": "has", "value": "vip"},
        ]
    },
    "has a birthday": {"field": "shopper.birthday", "is": "is_today"},
}


def send_by(merchant_id: str, port: int) -> None:
    """Let mail go by SMTP to a port of this machine, at any hour and without a cap."""
    with merchant_scope(UUID(merchant_id)):
        free = MessagingSettings(quiet_until=MessagingSettings().quiet_from, cap_count=100)
        change_messaging_settings(free, by=_BY, at=now())
        keep_sender(
            medium=Medium.EMAIL,
            channel_slug="smtp",
            credentials={"host": "127.0.0.1", "port": str(port), "security": "none"},
            address="shop@example.com",
            by=_BY,
            at=now(),
        )


def switch_on(merchant_id: str, slugs: list[str]) -> None:
    """Switch on ready-made journeys."""
    with merchant_scope(UUID(merchant_id)):
        switch_on_standard(slugs=slugs, by=_BY, at=now())


def fill_shoppers(merchant_id: str, count: int) -> None:
    """Make shoppers whom one may write to, and count them."""
    for first in range(0, count, 500):
        facts = [
            ShopperFact(
                external_id=f"letter-{number}", email=f"letter.{number}@example.com", name=f"Ada Moon {number}",
                country="DE", tags=("letters",),
            )
            for number in range(first, min(first + 500, count))
        ]  # fmt: skip
        with merchant_scope(UUID(merchant_id)):
            ids = record_shoppers(facts=facts, source="bench", by=_BY, at=now())
            refresh_profiles(shopper_ids=ids, at=now())


def write_to_everybody(merchant_id: str, name: str) -> None:
    """Start a journey by hand that writes one letter to each of those shoppers."""
    with merchant_scope(UUID(merchant_id)):
        definition = {
            "trigger": {"by_hand": True},
            "entry": {"field": "shopper.tags", "is": "has", "value": "letters"},
            "steps": [{"id": "tell", "do": "message", "touchpoint": "founders_note", "mood": "neutral"}],
        }
        made = create_journey(name=name, definition=definition, by=_BY, at=now())
        publish_draft(journey_id=made.id, by=_BY, at=now())
        move_journey(journey_id=made.id, to=State.LIVE, by=_BY, at=now())
        start_for_segment(journey_id=made.id)


def sleepers(merchant_id: str, due: int, asleep: int) -> str:
    """Make a journey on which some are due and some asleep; return its id."""
    with merchant_scope(UUID(merchant_id)):
        definition = {"trigger": {"by_hand": True}, "steps": [{"id": "wait", "do": "wait", "days": 1}]}
        made = create_journey(name="Sleepers", definition=definition, by=_BY, at=now())
        publish_draft(journey_id=made.id, by=_BY, at=now())
        # Paused, so that the worker lets them sleep.
        move_journey(journey_id=made.id, to=State.LIVE, by=_BY, at=now())
        move_journey(journey_id=made.id, to=State.PAUSED, by=_BY, at=now())
    _fill_runs(merchant_id, made.id, "due", due, "now() - interval '1 hour'")
    _fill_runs(merchant_id, made.id, "few", asleep, "now() + n * interval '1 minute' + interval '1 day'")
    return str(made.id)


def more_sleepers(merchant_id: str, journey_id: str, asleep: int) -> None:
    """Let many more sleep on the same journey."""
    _fill_runs(
        merchant_id, UUID(journey_id), "more", asleep, "now() + n * interval '1 minute' + interval '1 day'"
    )


def claim(merchant_id: str, journey_id: str, due: int, times: int) -> dict[str, float]:
    """Claim the due as the worker does, and give them back, several times; return seconds."""
    spent = []
    began = time.process_time()
    for _ in range(times):
        with merchant_scope(UUID(merchant_id)):
            start = time.perf_counter()
            found = read_runs(
                runs_where(
                    "journey_id = %s AND state = %s AND wake_at <= %s",
                    [UUID(journey_id), "waiting", now()],
                    then=f"ORDER BY wake_at, id LIMIT {due} FOR NO KEY UPDATE SKIP LOCKED",
                )
            )
            spent.append(time.perf_counter() - start)
            transaction.set_rollback(True)
        if len(found) != due:
            raise SystemExit(f"{len(found)} of {due} were claimed")
    return {"median": statistics.median(spent), "cpu": (time.process_time() - began) / times}


def fill_profiles(merchant_id: str, count: int) -> None:
    """Make what is counted of shoppers, without the shoppers."""
    with merchant_scope(UUID(merchant_id)), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segments_profile (merchant_id, id, orders_count, cancelled_count, spent, average_order,"
            " first_order_at, last_order_at, known_since, first_order_on, birthday, country, language, tags, products,"
            " marketing_email, marketing_sms)"
            " SELECT %s, gen_random_uuid(), n %% 7, 0, n %% 900, 40, now() - n %% 900 * interval '1 day',"
            " now() - n %% 400 * interval '1 day', now(), '2024-01-01',"
            " '1990-' || lpad((1 + n %% 12)::text, 2, '0') || '-' || lpad((1 + n %% 28)::text, 2, '0'),"
            " (ARRAY['DE','AT','FR','US'])[1 + n %% 4], 'de', CASE n %% 50 WHEN 0 THEN ARRAY['vip'] ELSE '{}' END,"
            " ARRAY['p' || n %% 500, 'p' || n %% 311], n %% 2 = 0, false FROM generate_series(1, %s) AS s(n)",
            [merchant_id, count],
        )


def count_segments(merchant_id: str) -> dict[str, float]:
    """Count each segment; return seconds by name."""
    spent = {}
    for name, condition in _SEGMENTS.items():
        read = read_condition(condition)
        with merchant_scope(UUID(merchant_id)):
            began = time.perf_counter()
            matched, everybody = count_members(read, at=now())
            spent[name] = time.perf_counter() - began
        if not 0 <= matched < everybody:
            raise SystemExit(f"{name}: {matched} of {everybody}")
    return spent


def _fill_runs(merchant_id: str, journey_id: UUID, what: str, count: int, wake_at: str) -> None:
    with merchant_scope(UUID(merchant_id)), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_run (merchant_id, id, journey_id, version, entry_key, shopper_id, state, step, wake_at,"
            " wait_from, heard, cause, entered_at, ended_for) SELECT %s, gen_random_uuid(), %s, 1, %s || n,"
            f" gen_random_uuid(), 'waiting', 'wait', {wake_at}, now(), '{{}}', '{{}}', now(), ''"
            " FROM generate_series(1, %s) AS s(n)",
            [merchant_id, journey_id, what, count],
        )
