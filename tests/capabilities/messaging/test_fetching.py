"""What came back to the mail sender, from a mailbox to the message's fate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from aftermile.capabilities.messaging import fetching
from aftermile.capabilities.messaging.models import MailboxRow, ReceiptRecord, SenderRow
from aftermile.capabilities.messaging.operations.digest_receipts import digest_receipts
from aftermile.capabilities.messaging.operations.mailbox import EVERY, MailboxView, ask_for_look
from aftermile.capabilities.messaging.public import (
    Lines,
    SenderUnusable,
    keep_sender,
    mailbox,
    receipts_of,
    remove_sender,
    run_turn,
    senders,
    suppressions,
)
from aftermile.connectors.channels.smtp import samples
from aftermile.connectors.contracts.channels import Fate, Medium
from aftermile.kernel.http import OutboundClient
from aftermile.kernel.ids import public_id
from aftermile.kernel.imap_mailbox import ImapMailbox
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.smtp import SmtpPools
from aftermile.kernel.smtp_server import SmtpServer
from aftermile.kernel.tenancy import merchant_scope
from tests.capabilities.messaging.stories import BY, NOON, a_shopper, after, ask, now_is, wanted
from tests.kernel.certificate import localhost_certificate
from tests.kernel.imap_server import Folder, imap_server
from tests.kernel.mail_server import Inbox, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return localhost_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def box(folder: Folder, certificate: Path) -> Iterator[ImapMailbox]:
    with imap_server(folder, certificate) as named:
        yield named


def set_up(box: ImapMailbox, *, smtp: SmtpServer | None = None, **changed: str) -> None:
    credentials = {
        "host": smtp.host if smtp else "mail.shop.example",
        "port": str(smtp.port) if smtp else "",
        "security": "none",
        "bounces_to": "bounces@shop.example",
        "mailbox_host": box.host,
        "mailbox_port": str(box.port),
        "mailbox_user": box.user,
        "mailbox_password": box.password,
    } | changed
    keep_sender(
        medium=Medium.EMAIL,
        channel_slug="smtp",
        credentials=credentials,
        address="care@shop.example",
        by=BY,
        at=NOON,
    )
    row = SenderRow.rows().get()
    row.settings = {**row.settings, "ca_file": box.ca_file}  # as the operator may
    row.save()


def fetch(merchant: Any, *, at: datetime = NOON) -> None:
    """Look once, and read what was kept."""
    fetching.fetch_mail(merchant.id, policy=AddressPolicy(True), clock=lambda: at)
    digest_receipts(merchant.id, at=at)


def how_it_goes(merchant: Any) -> MailboxView:
    with merchant_scope(merchant.id):
        view = mailbox()
    assert view
    return view


def bounce(letter: bytes, envelope_sender: str) -> bytes:
    """What a server writes when nobody is there: a report that names neither our Message-ID nor the letter."""
    to = message_from_bytes(letter)["To"]
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {envelope_sender}
Message-ID: <1@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {to}
Action: failed
Status: 5.1.1

--b--
""".encode()


def test_an_undeliverable_letter_is_told_and_its_address_suppressed(
    merchant: Any, folder: Folder, box: ImapMailbox
) -> None:
    """The whole way: the letter goes out under an address of its own, and what comes back there names it."""
    inbox, pools = Inbox(), SmtpPools(allow_private=True)
    with mail_server(inbox) as smtp:
        with merchant_scope(merchant.id):
            set_up(box, smtp=smtp)
            (view,) = ask(wanted(a_shopper("Ana")))
        run_turn(merchant.id, lines=Lines(OutboundClient(), pools), clock=lambda: NOON)
        pools.close()
    ((envelope_sender, _, letter),) = inbox.letters
    assert envelope_sender == f"bounces+{public_id('mes', view.id)}@shop.example"

    folder.add(bounce(letter, envelope_sender))
    fetch(merchant, at=after(minutes=5))

    with merchant_scope(merchant.id):
        assert now_is(view).fate is Fate.BOUNCED
        assert [each.code for each in receipts_of(view.id)] == ["5.1.1"]
        assert [each.message_id for each in suppressions()] == [view.id]
    assert folder.seen == {1}
    going = how_it_goes(merchant)
    assert (going.looked_at, going.came, going.came_at, going.problem) == (
        after(minutes=5),
        1,
        after(minutes=5),
        "",
    )


def test_who_dies_before_marking_is_handed_the_mail_again_and_counts_it_once(
    merchant: Any, folder: Folder, box: ImapMailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with merchant_scope(merchant.id):
        set_up(box)
    folder.add(samples.delivery_report("failed", "5.1.1"))

    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as death:
        death.setattr("aftermile.kernel.imap._Session.mark", dies)
        with pytest.raises(Killed):
            fetch(merchant)
    with merchant_scope(merchant.id):
        assert ReceiptRecord.rows().count() == 1
    assert folder.seen == set()

    fetch(merchant, at=NOON + EVERY)
    with merchant_scope(merchant.id):
        assert ReceiptRecord.rows().count() == 1
    assert (folder.seen, how_it_goes(merchant).came) == ({1}, 0)


def test_a_wrong_password_is_said_and_asked_later_and_later_until_it_is_mended(
    merchant: Any, folder: Folder, box: ImapMailbox
) -> None:
    with merchant_scope(merchant.id):
        set_up(box, mailbox_password="wrong")
    looks, at = [], NOON
    for minute in range(0, 600, 5):
        at = after(minutes=minute)
        fetch(merchant, at=at)
        if how_it_goes(merchant).looked_at == at:
            looks.append(minute)
    assert looks == [0, 10, 30, 65, 125, 185, 245, 305, 365, 425, 485, 545]
    assert how_it_goes(merchant).problem == (
        "localhost refused at signing in (“who is (address)”)."
        " Enter user and password again; some providers want an app password."
    )

    with merchant_scope(merchant.id):
        set_up(box)
    folder.add(samples.delivery_report("failed", "5.1.1"))
    fetch(merchant, at=NOON)
    going = how_it_goes(merchant)
    assert (going.problem, going.came, going.next_at) == ("", 1, NOON + EVERY)


def test_one_hostile_mail_costs_only_itself(merchant: Any, folder: Folder, box: ImapMailbox) -> None:
    with merchant_scope(merchant.id):
        set_up(box)
    folder.add(
        b"\x00" * 1_000_000,
        bytes(range(256)) * 100,
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" * 3000,
        samples.delivery_report("failed", "5.1.1"),
    )
    fetch(merchant)
    with merchant_scope(merchant.id):
        kept = list(ReceiptRecord.rows().order_by("id"))
    assert {row.status for row in kept} == {"digested"}
    assert [len(row.body) for row in kept][:2] == [fetching.MAIL_BYTES, 25_600]
    assert how_it_goes(merchant).came == 4


def test_a_shop_gets_nothing_of_anothers_mailbox(
    merchant: Any, other_merchant: Any, folder: Folder, box: ImapMailbox
) -> None:
    """Not even when mail about one shop's letter arrives in the other's mailbox."""
    with merchant_scope(merchant.id):
        (view,) = ask(wanted(a_shopper("Ana")))
    with merchant_scope(other_merchant.id):
        set_up(box)
    folder.add(bounce(b"To: ana@shopper.example\r\n\r\n", f"b+{public_id('mes', view.id)}@shop.example"))
    fetch(merchant)
    assert folder.asked == []
    fetch(other_merchant)
    with merchant_scope(merchant.id):
        assert (now_is(view).fate, mailbox(), suppressions()) == (None, None, [])
        assert ReceiptRecord.rows().count() == 0
    assert how_it_goes(other_merchant).came == 1


def test_only_whose_time_has_come_is_looked_into(merchant: Any, box: ImapMailbox) -> None:
    def asked(at: datetime) -> int:
        with merchant_scope(merchant.id), connection.cursor() as cursor:
            # One that is queued would do for this moment, too.
            cursor.execute("DELETE FROM pgqueuer")
            ask_for_look(at=at)
            return queued()

    with merchant_scope(merchant.id):
        set_up(box)
    fetch(merchant, at=NOON)
    assert asked(NOON + EVERY - timedelta(seconds=1)) == 0
    assert asked(NOON + EVERY) == 1


def test_a_mailbox_is_named_whole_or_not_at_all(merchant: Any, box: ImapMailbox) -> None:
    with merchant_scope(merchant.id):
        with pytest.raises(SenderUnusable) as refused:
            set_up(box, mailbox_host="", mailbox_password="")
        assert refused.value.details == {
            "mailbox_host": "Mailbox for what comes back needs this.",
            "mailbox_password": "Mailbox for what comes back needs this.",
        }
        set_up(box)
        set_up(box, mailbox_password="")  # kept
        assert "mailbox_password" in senders()[0].secret_names
        none = dict.fromkeys(("mailbox_host", "mailbox_port", "mailbox_user", "mailbox_password"), "")
        set_up(box, **none)
        assert ("mailbox_password" in senders()[0].secret_names, mailbox()) == (False, None)
        set_up(box)
        remove_sender(medium=Medium.EMAIL, by=BY, at=NOON)
        assert MailboxRow.rows().count() == 0


@pytest.mark.parametrize("odd", ["bounces", "a@b@shop.example", f"{'long' * 12}@shop.example"])
def test_an_address_that_nothing_can_come_back_to_is_refused(
    in_scope: Any, box: ImapMailbox, odd: str
) -> None:
    with pytest.raises(SenderUnusable) as refused:
        set_up(box, bounces_to=odd)
    assert list(refused.value.details) == ["bounces_to"]


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'messaging.fetch_mail'")
        return int(cursor.fetchone()[0])
