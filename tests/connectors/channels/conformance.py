"""What every channel must do, as checks that take one channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftermile.connectors.channels.example_messages import EMAIL, HOOK, PUSH, SMS
from aftermile.connectors.contracts.channel_samples import ChannelSamples
from aftermile.connectors.contracts.channels import Attempt, Channel, Fate, Outgoing, Unsendable, media_of
from aftermile.connectors.contracts.sockets import (
    Accepted,
    InboundRequest,
    OutboundRequest,
    RawRecord,
    Refused,
    Unreadable,
)
from aftermile.kernel.handover import Result

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
README_LINES = 60  # one screen


@dataclass(frozen=True)
class Subject:
    """A channel under trial, with its folder and samples."""

    channel: Channel
    folder: Path
    samples: ChannelSamples

    def request(self, outgoing: Outgoing) -> OutboundRequest:
        assert self.channel.request is not None
        credentials = self.samples.credentials
        return self.channel.request(
            Attempt(outgoing=outgoing, credentials=credentials, idempotency_key="key_1", at=AT)
        )

    def record(self, body: bytes) -> RawRecord:
        return RawRecord(kind="", body=body, received_at=AT)


def it_has_a_readme_of_one_screen(subject: Subject) -> None:
    assert len((subject.folder / "README.md").read_text().splitlines()) in range(5, README_LINES + 1)


def its_slug_is_its_folder(subject: Subject) -> None:
    assert subject.channel.slug == subject.folder.name.replace("_", "-")


def it_goes_one_way(subject: Subject) -> None:
    ways = (subject.channel.request is not None, subject.channel.smtp is not None, subject.channel.keeps)
    assert sum(ways) == 1


def its_samples_cover_its_media(subject: Subject) -> None:
    assert {media_of(outgoing) for outgoing in subject.samples.outgoing} == set(subject.channel.media)


def its_samples_name_every_required_credential(subject: Subject) -> None:
    required = {field.name for field in subject.channel.credentials if field.required and not field.group}
    assert required <= set(subject.samples.credentials)


def its_request_is_plain_https(subject: Subject) -> None:
    for outgoing in subject.samples.outgoing:
        request = subject.request(outgoing)
        assert (request.method, urlsplit(request.url).scheme) == ("POST", "https")
        assert request.body
        assert not [text for pair in request.headers.items() for text in pair if not text.isprintable()]


def no_secret_stands_in_its_address(subject: Subject) -> None:
    secrets = [
        subject.samples.credentials[field.name]
        for field in subject.channel.credentials
        if field.secret and subject.samples.credentials.get(field.name)
    ]
    for outgoing in subject.samples.outgoing:
        url = subject.request(outgoing).url
        assert [secret for secret in secrets if secret in url] == []


def it_refuses_what_it_does_not_carry(subject: Subject) -> None:
    for outgoing in (EMAIL, SMS, PUSH, HOOK):
        if media_of(outgoing) not in subject.channel.media:
            with pytest.raises(Unsendable):
                subject.request(outgoing)


def it_reads_a_taken_message(subject: Subject) -> None:
    answer = subject.samples.taken
    assert answer is not None
    assert subject.channel.outcome is not None
    outcome = subject.channel.outcome(answer.status, answer.headers, answer.body)
    assert (outcome.result, outcome.external_id) == (Result.TAKEN, subject.samples.external_id)


def it_knows_a_dead_address(subject: Subject) -> None:
    answer = subject.samples.address_is_dead
    assert answer is not None
    assert subject.channel.outcome is not None
    outcome = subject.channel.outcome(answer.status, answer.headers, answer.body)
    assert (outcome.result, outcome.address_is_dead) == (Result.NEVER, True)
    assert "ann@" not in outcome.detail
    assert "+49" not in outcome.detail


def too_many_requests_are_tried_later(subject: Subject) -> None:
    assert subject.channel.outcome is not None
    outcome = subject.channel.outcome(429, {"retry-after": "7"}, b"slow down")
    assert (outcome.result, outcome.retry_after_seconds) == (Result.LATER, 7)


def any_answer_is_an_outcome(subject: Subject) -> None:
    read = subject.channel.outcome
    assert read is not None

    @given(status=st.integers(100, 999), body=st.binary(max_size=200) | st.sampled_from(ODD_JSON))
    @settings(max_examples=60, deadline=None)
    def holds(status: int, body: bytes) -> None:
        outcome = read(status, {}, body)
        assert (outcome.result is Result.TAKEN) <= (200 <= status <= 299)

    holds()


ODD_JSON = [
    b"null",
    b"[]",
    b'"x"',
    b"{}",
    b'{"code": {}}',
    b'{"sid": []}',
    b'{"ErrorCode": "406"}',
    b'{"id": 5}',
]


def it_reads_its_receipts(subject: Subject) -> None:
    assert subject.channel.receipts is not None
    read = {
        fate: [receipt.fate for receipt in subject.channel.receipts(subject.record(body))]
        for fate, body in subject.samples.receipts.items()
    }
    assert read == {fate: [fate] for fate in subject.samples.receipts}


def it_keeps_a_word_it_does_not_know(subject: Subject) -> None:
    assert subject.channel.receipts is not None
    [receipt] = subject.channel.receipts(subject.record(subject.samples.receipts[None]))
    assert (receipt.fate, receipt.address_is_dead) == (None, False)
    assert receipt.code


def its_receipts_name_their_message(subject: Subject) -> None:
    assert subject.channel.receipts is not None
    for body in subject.samples.receipts.values():
        for receipt in subject.channel.receipts(subject.record(body)):
            named = (receipt.reference, receipt.message_id, receipt.external_id, receipt.address)
            assert any(named)


def the_same_receipt_twice_is_one(subject: Subject) -> None:
    read = subject.channel.receipts
    assert read is not None
    bodies = list(subject.samples.receipts.values())
    later = [replace(subject.record(body), received_at=AT.replace(hour=20)) for body in bodies]
    first = [receipt.identity for body in bodies for receipt in read(subject.record(body))]
    again = [receipt.identity for record in later for receipt in read(record)]
    assert (first, len(set(first))) == (again, len(bodies))


def only_dead_addresses_are_dead(subject: Subject) -> None:
    read = subject.channel.receipts
    assert read is not None
    told = [
        r.address_is_dead for body in subject.samples.receipts.values() for r in read(subject.record(body))
    ]
    dead = [r.address_is_dead for body in subject.samples.dead_receipts for r in read(subject.record(body))]
    assert (set(told), set(dead)) == ({False}, {True})


def its_receipts_tell_no_address_in_words(subject: Subject) -> None:
    read = subject.channel.receipts
    assert read is not None
    for body in (*subject.samples.receipts.values(), *subject.samples.dead_receipts):
        for receipt in read(subject.record(body)):
            assert "ann@" not in f"{receipt.detail} {receipt.code} {receipt!r}".replace(
                repr(receipt.address), ""
            )


def any_body_is_receipts_or_unreadable(subject: Subject) -> None:
    read = subject.channel.receipts
    assert read is not None
    bodies = list(subject.samples.receipts.values())

    @given(body=st.binary(max_size=300) | st.sampled_from(ODD_JSON) | damaged(bodies))
    @settings(max_examples=150, deadline=None)
    def holds(body: bytes) -> None:
        try:
            told = read(subject.record(body))
        except Unreadable:
            return
        assert all(receipt.fate is None or isinstance(receipt.fate, Fate) for receipt in told)

    holds()


def it_refuses_receipts_without_proof(subject: Subject) -> None:
    verify = subject.channel.verify
    assert verify is not None
    for body in (b"", b"{}", *subject.samples.receipts.values()):
        request = InboundRequest(
            method="POST", headers={"content-type": "application/json"}, query={}, body=body, received_at=AT
        )
        assert isinstance(verify(request, {}), Refused)
        proven_by_its_body = isinstance(verify(request, subject.samples.credentials), Accepted)
        assert proven_by_its_body == (subject.channel.slug == "mailgun" and body not in {b"", b"{}"})


@st.composite
def damaged(draw: st.DrawFn, bodies: list[bytes]) -> bytes:
    """A real body with a piece cut out, doubled or overwritten."""
    body = draw(st.sampled_from(bodies))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 60)))
    return (
        body[:start]
        + draw(st.sampled_from([b"", b"\xff\x00", b"{", b"\r\n\r\n", body[start:end] * 2]))
        + body[end:]
    )


_ALL: list[Callable[[Subject], None]] = [
    it_has_a_readme_of_one_screen,
    its_slug_is_its_folder,
    it_goes_one_way,
    its_samples_cover_its_media,
    its_samples_name_every_required_credential,
]
_OVER_HTTP: list[Callable[[Subject], None]] = [
    its_request_is_plain_https,
    no_secret_stands_in_its_address,
    it_refuses_what_it_does_not_carry,
    it_reads_a_taken_message,
    too_many_requests_are_tried_later,
    any_answer_is_an_outcome,
]
_WITH_RECEIPTS: list[Callable[[Subject], None]] = [
    it_reads_its_receipts,
    it_keeps_a_word_it_does_not_know,
    its_receipts_name_their_message,
    the_same_receipt_twice_is_one,
    only_dead_addresses_are_dead,
    its_receipts_tell_no_address_in_words,
    any_body_is_receipts_or_unreadable,
]


def checks_for(subject: Subject) -> list[Callable[[Subject], None]]:
    """Return the checks that concern a channel."""
    return [
        *_ALL,
        *(_OVER_HTTP if subject.channel.request else []),
        *([it_knows_a_dead_address] if subject.samples.address_is_dead else []),
        *(_WITH_RECEIPTS if subject.channel.receipts else []),
        *([it_refuses_receipts_without_proof] if subject.channel.verify else []),
    ]
