"""What channels told and could not be read: listed with its reason, shown as it came, and read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from aftermile.capabilities.messaging.models import ReceiptRecord
from aftermile.capabilities.messaging.operations.digest_receipts import digest_receipts
from aftermile.capabilities.messaging.public import ReceiptStatus, Told, keep_receipts, receipt_records
from aftermile.capabilities.team.models import AuditEntry
from aftermile.capabilities.team.public import PERMISSIONS, Permission, Role
from aftermile.connectors.channels.postmark.samples import record
from tests.capabilities.shop import scope
from tests.conftest import NOON
from tests.doors.console.conftest import base, counted

pytestmark = pytest.mark.django_db
At = Callable[[Role], Client]
ODD = b'{"RecordType": "Bounce", "note": "<script>alert(1)</script>"'


@pytest.fixture
def here(merchant: Any) -> str:
    return f"{base(merchant)}settings/receipts/"


def told(merchant: Any, *bodies: bytes, channel: str = "postmark", kind: str = "Bounce") -> list[UUID]:
    """Keep what a channel tells and have it read; return the ids of what could not be, oldest first."""
    with scope(merchant):
        for body in bodies:
            keep_receipts(Told(channel=channel, body=body, kind=kind), at=NOON)
    digest_receipts(merchant.id, at=NOON)
    with scope(merchant):
        return [view.id for view in reversed(receipt_records(status=ReceiptStatus.QUARANTINED))]


def states(merchant: Any) -> list[str]:
    with scope(merchant):
        return [row.status for row in ReceiptRecord.rows().order_by("id")]


def noted(merchant: Any) -> list[str]:
    with scope(merchant):
        return [row.summary for row in AuditEntry.rows().order_by("id")]


def test_nothing_waits(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    assert "All that channels told of messages could be read." in client.get(here).content.decode()
    senders = client.get(f"{base(merchant)}settings/senders/").content.decode()
    assert here not in senders


@pytest.mark.parametrize(
    ("channel", "body", "says"),
    [
        ("postmark", ODD, "It is not what Postmark sends: it was cut off, or another program sent it."),
        ("postmark", b"[]", "It is of a form that our reader for Postmark does not know."),
        ("amazon-ses", b"{}", "It is of a form that our reader for Amazon SES does not know."),
        ("pigeon-post", b"{}", "pigeon-post is not installed here any more."),
    ],
)
def test_each_says_in_plain_words_why_it_waits(
    desk_client: At, merchant: Any, here: str, channel: str, body: bytes, says: str
) -> None:
    (odd,) = told(merchant, body, channel=channel)
    client = desk_client(Role.OWNER)
    assert says in client.get(here).content.decode()
    assert says in client.get(f"{here}{odd}/").content.decode()


def test_a_bug_of_ours_is_told_as_one(
    desk_client: At, merchant: Any, here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every record of a batch fails, each waits by itself."""

    def fails(**_: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("aftermile.capabilities.messaging.operations.digest_receipts.record_receipts", fails)
    ids = told(merchant, record("Delivery"))
    assert len(ids) == 1
    page = desk_client(Role.OWNER).get(here).content.decode()
    assert "It was read, and what it tells could not be taken in." in page


def test_it_is_shown_as_it_came_and_nothing_in_it_runs(desk_client: At, merchant: Any, here: str) -> None:
    (odd,) = told(merchant, ODD)
    client = desk_client(Role.OPERATIONS)
    page = client.get(f"{here}{odd}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    sent = client.get(f"{here}{odd}/file/")
    assert (sent.content, sent["Content-Type"], sent["X-Content-Type-Options"]) == (
        ODD,
        "application/octet-stream",
        "nosniff",
    )
    assert sent["Content-Disposition"] == f'attachment; filename="receipt-{odd}.json"'


def test_one_or_all_are_read_again(desk_client: At, merchant: Any, here: str) -> None:
    ids = told(merchant, b"1", b"2", b"3")
    client = desk_client(Role.OWNER)
    client.post(f"{here}again/", {"chosen": str(ids[0])})
    assert states(merchant) == ["pending", "quarantined", "quarantined"]
    client.post(f"{here}again/all/")
    assert states(merchant) == ["pending"] * 3
    client.post(f"{here}again/all/")
    assert noted(merchant) == [
        "Had 1 receipt of channels read again",
        "Had 2 receipts of channels read again",
    ]
    digest_receipts(merchant.id, at=NOON)
    assert states(merchant) == ["quarantined"] * 3


def test_choosing_none_reads_none_again(desk_client: At, merchant: Any, here: str) -> None:
    told(merchant, b"1")
    answer = desk_client(Role.OWNER).post(f"{here}again/", follow=True)
    assert "Choose at least one." in answer.content.decode()
    assert states(merchant) == ["quarantined"]


def test_what_was_erased_is_neither_shown_nor_read_again(desk_client: At, merchant: Any, here: str) -> None:
    (odd,) = told(merchant, ODD)
    with scope(merchant):
        ReceiptRecord.rows().update(status=ReceiptStatus.ERASED, body=b"", reason="")
    client = desk_client(Role.OWNER)
    page = client.get(f"{here}{odd}/").content.decode()
    assert "Its content was erased because a person asked for it." in page
    assert "Read again" not in page
    client.post(f"{here}again/", {"chosen": str(odd)})
    assert states(merchant) == ["erased"]


def test_the_list_asks_the_same_questions_however_long(desk_client: At, merchant: Any, here: str) -> None:
    client = desk_client(Role.OWNER)
    client.get(here)  # the first visit notes which shop it was
    told(merchant, b"1")
    page, queries = counted(client, here)
    assert page.count('class="row mono"') == 1
    told(merchant, b"2", b"3")
    page, again = counted(client, here)
    assert (page.count('class="row mono"'), again) == (3, queries)


def test_pages_go_on_where_the_last_one_ended(desk_client: At, merchant: Any, here: str) -> None:
    told(merchant, *(str(number).encode() for number in range(53)))
    client = desk_client(Role.OWNER)
    page = client.get(here).content.decode()
    assert page.count('class="row mono"') == 50
    follows = page.partition('rel="next" href="')[2].partition('"')[0]
    assert client.get(follows).content.decode().count('class="row mono"') == 3
    assert client.get(f"{here}?after=soon").status_code == 404
    assert "More than 50 wait" in client.get(f"{base(merchant)}settings/senders/").content.decode()


def test_another_shops_are_not_there(desk_client: At, merchant: Any, other_merchant: Any, here: str) -> None:
    (theirs,) = told(other_merchant, b"1")
    client = desk_client(Role.OWNER)
    assert str(theirs) not in client.get(here).content.decode()
    assert client.get(f"{here}{theirs}/").status_code == 404
    assert client.get(f"{here}{theirs}/file/").status_code == 404
    client.post(f"{here}again/", {"chosen": str(theirs)})
    client.post(f"{here}again/all/")
    assert states(other_merchant) == ["quarantined"]
    assert noted(merchant) == []


@pytest.mark.parametrize("role", [Role.CARE, Role.MARKETING, Role.ANALYST, Role.READ_ONLY])
def test_who_sets_up_no_sender_sees_none(desk_client: At, merchant: Any, here: str, role: Role) -> None:
    (odd,) = told(merchant, b"1")
    client = desk_client(role)
    for address in (here, f"{here}{odd}/", f"{here}{odd}/file/"):
        assert client.get(address).status_code == 403
    for address in (f"{here}again/", f"{here}again/all/"):
        assert client.post(address, {"chosen": str(odd)}).status_code == 403
    assert states(merchant) == ["quarantined"]


def test_who_sees_them_may_see_shoppers() -> None:
    """A body names whom a message went to, so the page needs no second question."""
    managing = {role for role, may in PERMISSIONS.items() if Permission.SETTINGS_MANAGE in may}
    assert {role for role in managing if Permission.SHOPPERS_READ not in PERMISSIONS[role]} == set()
