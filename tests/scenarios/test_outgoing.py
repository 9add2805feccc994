"""A merchant's own servers hear of everything once, signed, whatever state their neighbors are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from threading import Event

import pytest
from standardwebhooks import Webhook as Verifier

from tests.doors.webhooks.receiver import Answer, Receiver
from tests.scenarios.installation import eventually, installation, migrated
from tests.scenarios.senders import Client, sending

pytestmark = [pytest.mark.kill, pytest.mark.slow]


@pytest.fixture
def neighbors() -> Iterator[dict[str, Receiver]]:
    """One that is well, one that takes calls and never answers, one with a bug, one that moved away."""
    hung_up = Event()
    made = {
        "well": Receiver(),
        "silent": Receiver(usual=Answer(until=hung_up)),
        "broken": Receiver(usual=Answer(status=500)),
        "gone": Receiver(usual=Answer(status=410)),
    }
    yield made
    hung_up.set()
    for each in made.values():
        each.close()


def test_dead_endpoints_leave_the_healthy_one_each_event_once(neighbors: dict[str, Receiver]) -> None:
    # Only a demonstration may send to this machine itself.
    with installation(copy_of=migrated(), demo="true") as it:
        shop = it.open_shop()
        client = Client(it, shop)
        endpoints = {}
        for name, receiver in neighbors.items():
            status, endpoints[name] = client.call("POST", "webhook-endpoints", {"url": receiver.url})
            assert status == 200
        with sending(it, shop, clients=2) as senders:
            senders.wait_for_more(100)
        it.wait_until_drained()

        expected = it.one(
            "SELECT count(*) FROM webhooks_message m JOIN webhooks_endpoint e ON e.id = m.endpoint_id"
            " WHERE e.url = %s",
            neighbors["well"].url,
        )
        assert expected > 100
        assert neighbors["well"].wait_for(expected)
        verifier = Verifier(endpoints["well"]["secret"])
        for request in neighbors["well"].requests:
            verifier.verify(request.body, request.headers)

        eventually(lambda: it.sql("SELECT 1 FROM webhooks_attempt WHERE error = 'timed_out'"))
        states = {
            name: client.call("GET", f"webhook-endpoints/{endpoint['id']}")[1]
            for name, endpoint in endpoints.items()
        }
        assert {name: (state["status"], state["disabled_reason"]) for name, state in states.items()} == {
            "well": ("active", ""), "silent": ("active", ""), "broken": ("active", ""), "gone": ("disabled", "gone"),
        }  # fmt: skip
        assert states["well"]["failures"] == 0
        assert states["silent"]["resting_until"] is not None
        assert states["broken"]["resting_until"] is not None
        assert len(neighbors["gone"].requests) == 1
        # Counted at the end, so that a second one would have had its time.
        assert Counter(Counter(neighbors["well"].ids).values()) == {1: expected}
        assert it.stop() == 0
