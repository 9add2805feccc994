"""Every published test number: the right courier among the candidates, the right check-digit verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator

from aftermile.connectors.recognition import Verdict, recognize
from aftermile.connectors.recognition.formats import FORMATS
from tests.shared_data import shared_data


def published() -> Iterator[tuple[str, bool, bool, str]]:
    """Yield format name, whether it has a check digit, whether the number is valid, and the number."""
    for file in sorted(shared_data("tracking_numbers", "couriers").glob("*.json")):
        for row in json.loads(file.read_text("utf-8"))["tracking_numbers"]:
            for kind in ("valid", "invalid"):
                for number in row["test_numbers"][kind]:
                    yield row["name"], "checksum" in row["validation"], kind == "valid", number


def test_every_published_format_is_in_our_table() -> None:
    assert {name for name, *_ in published()} - {row.name for row in FORMATS} == set()


def test_valid_numbers_are_recognized_with_the_right_verdict() -> None:
    wrong = [
        (name, number)
        for name, checked, valid, number in published()
        if valid and _verdicts(name, number) != [Verdict.VALID if checked else Verdict.NONE]
    ]
    assert wrong == []


def test_invalid_numbers_either_do_not_fit_or_have_a_wrong_check_digit() -> None:
    wrong = [
        (name, number)
        for name, _, valid, number in published()
        if not valid and _verdicts(name, number) not in ([], [Verdict.INVALID])
    ]
    assert wrong == []


def _verdicts(name: str, number: str) -> list[Verdict]:
    return [found.check_digit for found in recognize(number) if found.format_name == name]
