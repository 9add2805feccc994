"""What every connector must do, as checks that take one connector.

`test_conformance` runs them over all connectors of the registry; the test of the scaffold runs them over
a folder just written. A check is a function whose name tells what must hold.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftermile.connectors.contracts.facts import (
    CarrierProblem,
    ProblemKind,
    TrackingEventFact,
    TrackingReport,
    Translation,
)
from aftermile.connectors.contracts.samples import Samples
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind, RawRecord, Unreadable
from tests.connectors.disorder import doubled_and_shuffled
from tests.connectors.folding import milestone_of, parcels_of
from tests.connectors.sampling import GONE, Answer

RECEIVED_AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
STRANGE_CODE = "QZ9!"
README_LINES = 60  # one screen
TOLD_APART = {ProblemKind.NOT_FOUND, ProblemKind.UNAUTHORIZED}


@dataclass(frozen=True)
class Subject:
    """A connector under trial, with the package it lives in."""

    package: ModuleType

    @property
    def connector(self) -> Connector:
        found: Connector = self.package.connector
        return found

    @property
    def folder(self) -> Path:
        return Path(str(self.package.__file__)).parent

    @property
    def samples(self) -> Samples:
        found = getattr(import_module(f"{self.package.__name__}.samples"), "samples", None)
        assert isinstance(found, Samples), f"{self.folder.name}/samples.py holds no Samples"
        return found

    def read(self, body: bytes) -> Translation:
        return self.connector.translate(
            RawRecord(
                kind=self.samples.kind if self.has_samples else "",
                body=body,
                headers=self.samples.headers if self.has_samples else {},
                received_at=RECEIVED_AT,
            )
        )

    @property
    def has_samples(self) -> bool:
        """Tell whether it brings samples of scans along; a storefront's `samples` may be of another kind."""
        if not (self.folder / "samples.py").exists():
            return False
        module = import_module(f"{self.package.__name__}.samples")
        return isinstance(getattr(module, "samples", None), Samples)

    def scans(self, body: bytes) -> list[TrackingEventFact]:
        return [event for report in reports(self.read(body)) for event in report.events]


def reports(translation: Translation) -> list[TrackingReport]:
    return [fact for fact in translation.facts if isinstance(fact, TrackingReport)]


# -- every connector ---------------------------------------------------------------------------------


def the_slug_is_the_folder_with_dashes(subject: Subject) -> None:
    assert subject.connector.slug == subject.folder.name.replace("_", "-")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", subject.connector.slug)


def the_readme_fits_one_screen(subject: Subject) -> None:
    lines = (subject.folder / "README.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {subject.connector.name}"
    assert 5 <= len(lines) <= README_LINES


def its_card_can_be_shown(subject: Subject) -> None:
    card = subject.connector
    assert card.name.strip() == card.name != ""
    assert [alias for alias in card.aliases if alias != alias.casefold()] == []
    assert [code for code in card.countries if not re.fullmatch(r"[A-Z]{2}", code)] == []
    assert card.website == "" or card.website.startswith("https://")
    if card.tracking_url:
        assert card.tracking_url.startswith("https://")
        assert card.tracking_url.format(tracking_number="1Z9") != card.tracking_url
    if card.home_time_zone:
        assert ZoneInfo(card.home_time_zone).key == card.home_time_zone


def credentials_are_named_once(subject: Subject) -> None:
    names = [field.name for field in subject.connector.credentials]
    assert len(set(names)) == len(names)
    assert [field.name for field in subject.connector.credentials if not field.label] == []


def its_set_up_is_told_in_steps(subject: Subject) -> None:
    plug = subject.connector
    assert plug.setup, "setup says nothing: tell where the credentials are found"
    assert [step for step in plug.setup if not re.search(r"(\.|\{address\})$", step) or len(step) > 300] == []
    with_address = [step for step in plug.setup if "{address}" in step]
    assert len(with_address) == (1 if plug.verify is not None else 0)
    assert [step for step in plug.setup if re.sub(r"\{address\}", "", step).count("{")] == []
    assert [field.name for field in plug.credentials if field.ours and not field.secret] == []


def what_cannot_be_read_is_unreadable(subject: Subject) -> None:
    for body in (
        b"",
        b" ",
        b"null",
        b"[]",
        b"42",
        b'"text"',
        b"true",
        b"NaN",
        b"<html><body>Bad Gateway</body></html>",
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"<a>" * 5_000,
        b"\xff\xfe\x00",
        b'{"unterminated": "',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ):
        with pytest.raises(Unreadable) as refusal:
            subject.read(body)
        assert str(refusal.value), f"says nothing about {body[:20]!r}"


def random_bytes_are_unreadable(subject: Subject) -> None:
    @settings(max_examples=150, database=None)
    # Not `st.binary`: it draws on byte literals of the code under test, which are good answers.
    @given(st.lists(st.integers(0, 255), max_size=200).map(bytes))
    def trial(body: bytes) -> None:
        with pytest.raises(Unreadable):
            subject.read(body)

    trial()


def any_json_reads_or_is_unreadable(subject: Subject) -> None:
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=8)
    )
    values = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    )

    @settings(max_examples=150, database=None)
    @given(st.dictionaries(st.text(max_size=8), values, max_size=4))
    def trial(body: object) -> None:
        with suppress(Unreadable):
            subject.read(json.dumps(body).encode())

    trial()


def asking_is_pure_and_within_limits(subject: Subject) -> None:
    poll = subject.connector.poll
    if poll is None:
        return
    credentials = {field.name: f"value-of-{field.name}" for field in subject.connector.credentials}
    numbers = [f"NUMBER{index}X" for index in range(poll.limits.numbers_per_request)]
    assert numbers
    request = poll.request(numbers, credentials, "the-token")

    assert request == poll.request(numbers, credentials, "the-token")
    assert request.url.startswith("https://")
    everything = json.dumps([request.url, dict(request.params), request.body.decode()])
    assert [number for number in numbers if number not in everything] == []
    assert poll.limits.requests_per_minute >= 1
    if poll.authorize is not None:
        assert poll.token_of is not None
        assert "the-token" in json.dumps([dict(request.headers), request.body.decode()])
        assert poll.authorize(credentials).url.startswith("https://")
        for body in (b"", b"[]", b"{}", b"<html/>"):
            with pytest.raises(Unreadable):
                poll.token_of(body)
        token, lives = poll.token_of(b'{"access_token": "t", "token_type": "Bearer", "expires_in": 3599}')
        assert (token, 0 < lives <= 3599) == ("t", True)


# -- connectors that report scans --------------------------------------------------------------------


def the_sample_reads_whole(subject: Subject) -> None:
    answer = Answer(subject.samples)
    translation = subject.read(subject.samples.answer)
    found = reports(translation)

    assert answer.count >= 3
    assert len(found) == 1
    assert found[0].tracking_number
    assert found[0].carrier == subject.connector.slug or subject.connector.kind is not ConnectorKind.CARRIER
    assert len(set(found[0].events)) == answer.count
    assert len({event.time.occurred_at for event in found[0].events}) == answer.count
    assert [event for event in found[0].events if event.time.occurred_at.utcoffset() is None] == []
    assert [event for event in found[0].events if not event.code or not event.time.reported] == []
    assert translation.problems == ()
    assert translation.unknown == ()


def an_unknown_code_is_kept_and_moves_nothing(subject: Subject) -> None:
    samples, answer = subject.samples, Answer(subject.samples)
    for index in range(answer.count):
        translation = subject.read(answer.with_fields(index, dict.fromkeys(samples.code, STRANGE_CODE)))
        without = subject.scans(answer.with_scan(index, lambda _: GONE))
        events = [event for report in reports(translation) for event in report.events]
        strangers = [event for event in events if event.sub_status is None and STRANGE_CODE in event.code]

        assert len(strangers) == 1
        assert sorted(events, key=_order) == sorted([*without, *strangers], key=_order)
        assert milestone_of(events) == milestone_of(without)
        assert [word for word in translation.unknown if STRANGE_CODE in word.word and word.what == "status"]


def an_absurd_date_costs_only_its_scan(subject: Subject) -> None:
    answer = Answer(subject.samples)
    for absurd in ("0001-01-01T00:00:00", "9999-12-31T23:59:59", "yesterday", "", "99999999", "0"):
        for index in range(answer.count):
            body = answer.with_fields(index, dict.fromkeys(subject.samples.moment, absurd))
            translation = subject.read(body)
            expected = subject.scans(answer.with_scan(index, lambda _: GONE))

            assert sorted(_events(translation), key=_order) == sorted(expected, key=_order), absurd
            assert [word.what for word in translation.unknown] == ["scan"], absurd


def an_odd_scan_costs_at_most_itself(subject: Subject) -> None:
    samples, answer = subject.samples, Answer(subject.samples)
    oddities: list[dict[str, object]] = [{samples.description: None}, {samples.description: GONE}]
    if samples.place:
        oddities += [{samples.place: None}, {samples.place: GONE}]
    for index in range(answer.count):
        for oddity in oddities:
            assert len(_surviving(subject, answer, index, answer.with_fields(index, oddity))) == answer.count
        exact = {field: _with_fraction(answer.value(index, field)) for field in samples.moment}
        _surviving(subject, answer, index, answer.with_fields(index, exact))
        if not answer.is_xml:
            for stranger in (None, "scan", 7, [], [[]]):
                body = answer.with_scan(index, lambda _, value=stranger: value)  # type: ignore[misc]
                assert len(_surviving(subject, answer, index, body)) == answer.count - 1
                assert [word.what for word in subject.read(body).unknown] == ["scan"]


def any_value_anywhere_costs_at_most_its_scan(subject: Subject) -> None:
    answer = Answer(subject.samples)
    values = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=12)
        | st.sampled_from(["\x00", "\ud800", "2024-02-30", "24:60:61", "10" * 3000, "١٢", "+99:99"])
        | st.lists(st.integers(), max_size=2)
        | st.dictionaries(st.text(string.ascii_letters, max_size=4), st.integers(), max_size=2)
    )

    @settings(max_examples=200, database=None)
    @given(st.integers(0, answer.count - 1), st.sampled_from(answer.leaves()), values)
    def trial(index: int, field: str, value: object) -> None:
        if answer.is_xml and isinstance(value, str):
            value = re.sub(r"[^\x20-\ud7ff]", "", value)
        _surviving(subject, answer, index, answer.with_fields(index, {field: value}))

    trial()


def doubled_and_shuffled_it_reads_the_same(subject: Subject) -> None:
    plain = subject.read(subject.samples.answer)
    for seed in range(10):
        disordered = subject.read(doubled_and_shuffled(subject.samples.answer, seed))
        assert parcels_of(disordered.facts) == parcels_of(plain.facts)


def errors_are_told_apart_from_nothing_yet(subject: Subject) -> None:
    samples = subject.samples
    if subject.connector.kind is ConnectorKind.CARRIER:
        assert set(samples.errors) >= TOLD_APART
    for kind, body in samples.errors.items():
        translation = subject.read(body)
        assert [(problem.kind, type(problem)) for problem in translation.problems] == [(kind, CarrierProblem)]
        assert _events(translation) == []
    for body in filter(None, (samples.empty, Answer(samples).without_scans())):
        translation = subject.read(body)
        assert translation.problems == ()
        assert [report.events for report in reports(translation)] == [()]


EVERY: tuple[Callable[[Subject], None], ...] = (
    the_slug_is_the_folder_with_dashes,
    the_readme_fits_one_screen,
    its_card_can_be_shown,
    credentials_are_named_once,
    what_cannot_be_read_is_unreadable,
    random_bytes_are_unreadable,
    any_json_reads_or_is_unreadable,
    asking_is_pure_and_within_limits,
)
REPORTING: tuple[Callable[[Subject], None], ...] = (
    the_sample_reads_whole,
    an_unknown_code_is_kept_and_moves_nothing,
    an_absurd_date_costs_only_its_scan,
    an_odd_scan_costs_at_most_itself,
    any_value_anywhere_costs_at_most_its_scan,
    doubled_and_shuffled_it_reads_the_same,
    errors_are_told_apart_from_nothing_yet,
)


def checks_for(subject: Subject) -> tuple[Callable[[Subject], None], ...]:
    """Return the checks a connector must pass: carriers bring samples, others may."""
    if subject.connector.kind is ConnectorKind.CARRIER or subject.has_samples:
        return (*EVERY, *REPORTING)
    return EVERY


def _surviving(subject: Subject, answer: Answer, index: int, body: bytes) -> list[TrackingEventFact]:
    """Return all scans of a changed answer, having made sure that the siblings are as they were."""
    translation = subject.read(body)
    events = _events(translation)
    siblings = subject.scans(answer.with_scan(index, lambda _: GONE))
    others = list(events)
    for sibling in siblings:
        assert sibling in others, f"a sibling was lost: {sibling}"
        others.remove(sibling)
    assert len(others) <= 1
    assert others or [word for word in translation.unknown if word.what == "scan"]
    return events


def _events(translation: Translation) -> list[TrackingEventFact]:
    return [event for report in reports(translation) for event in report.events]


def _order(event: TrackingEventFact) -> tuple[datetime, str]:
    return event.time.occurred_at, event.code


def _with_fraction(written: object) -> object:
    return re.sub(r"(\d{2}:\d{2}:\d{2})(?:\.\d+)?", r"\1.1234567", str(written))
