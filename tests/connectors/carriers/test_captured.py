"""Captured answers of the carriers read as what they say, in any order and however often.

The expectations are rows in `captured/`; the payloads lie outside the repository and are read by path.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from aftermile.connectors.contracts.facts import Translation
from aftermile.connectors.contracts.sockets import RawRecord
from aftermile.connectors.registry import connector
from tests.connectors.carriers.captured import dhl_to_chronopost, ups_to_postnord
from tests.connectors.carriers.captured.row import Row
from tests.connectors.disorder import doubled_and_shuffled
from tests.connectors.folding import parcels_of
from tests.shared_data import shared_data

ROWS = (*ups_to_postnord.ROWS, *dhl_to_chronopost.ROWS)
FOLDERS = (
    *("ups", "fedex", "usps", "usps_international", "canadapost"),
    *("dhl_express", "mydhl", "dhl_universal", "dhl_parcel_de"),
    *("dpd", "gls", "hermes", "laposte", "chronopost"),
)

rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join((row.file, *row.example[-2:-1])))


@rows
def test_reads_as_what_it_says(row: Row) -> None:
    translation = _read(row, _body(row))

    parcels = parcels_of(translation.facts)
    assert {number: milestone for number, (_, milestone) in parcels.items()} == {
        parcel.number: parcel.milestone for parcel in row.parcels
    }
    assert {number: len(events) for number, (events, _) in parcels.items()} == {
        parcel.number: parcel.events for parcel in row.parcels
    }
    moments = {
        number: sorted(event.time.occurred_at for event in events) for number, (events, _) in parcels.items()
    }
    assert {number: (known[0], known[-1]) if known else None for number, known in moments.items()} == {
        parcel.number: parcel.span for parcel in row.parcels
    }


@rows
def test_errors_are_told_apart(row: Row) -> None:
    translation = _read(row, _body(row))

    assert sorted((problem.kind, problem.code) for problem in translation.problems) == sorted(row.problems)


@rows
def test_no_code_is_a_stranger(row: Row) -> None:
    translation = _read(row, _body(row))

    assert sorted(word.word for word in translation.unknown if word.what == "status") == sorted(row.unknown)
    assert [word for word in translation.unknown if word.what == "scan"] == []


@rows
@pytest.mark.parametrize("seed", range(5))
def test_doubled_and_shuffled_it_reads_the_same(row: Row, seed: int) -> None:
    plain = _read(row, _body(row))
    disordered = _read(row, doubled_and_shuffled(_body(row), seed))

    assert parcels_of(disordered.facts) == parcels_of(plain.facts)
    assert set(disordered.problems) == set(plain.problems)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_captured_answer_has_a_row(folder: str) -> None:
    answers = {
        path.name
        for path in shared_data("carriers", "karrio", folder).iterdir()
        if "Parsed" not in path.name and "Request" not in path.name
    }

    assert answers == {Path(row.file).name for row in ROWS if row.file.startswith(f"karrio/{folder}/")}


def _body(row: Row) -> bytes:
    body = shared_data("carriers", *row.file.split("/")).read_bytes()
    if not row.example:
        return body
    found = yaml.safe_load(body)
    for step in row.example:
        found = found[step]
    return json.dumps(found).encode()


def _read(row: Row, body: bytes) -> Translation:
    record = RawRecord(
        kind="", body=body, headers=row.headers, received_at=datetime(2026, 11, 21, 12, tzinfo=UTC)
    )
    return connector(row.slug).translate(record)
