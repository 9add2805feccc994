"""The documents: OpenAPI, the page for people, and the pages in the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from aftermile.doors.api.api import document
from aftermile.doors.api.reference_pages import FOLDER, pages
from aftermile.doors.api.scopes import SCOPES
from aftermile.kernel.events import outside_events

ROOT = Path(__file__).resolve().parents[3]


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_document_is_openapi_3_1_and_served() -> None:
    served = Client().get("/api/v1/openapi.json")
    assert served.json() == json.loads(json.dumps(document()))
    assert served.json()["openapi"] == "3.1.0"


@pytest.mark.parametrize(("name", "operation"), operations())
def test_every_operation_is_described_with_its_scope_and_errors(name: str, operation: dict[str, Any]) -> None:
    assert operation["summary"], name
    ((scheme, (scope,)),) = operation["security"][0].items()
    assert (scheme, scope in SCOPES) == ("ApiKey", True)
    assert {"400", "401", "403", "422", "503"} <= operation["responses"].keys()
    if "requestBody" in operation:
        assert "413" in operation["responses"]
    if name.startswith("POST"):
        assert "409" in operation["responses"]
        assert "Idempotency-Key" in [each["name"] for each in operation["parameters"]]


def test_every_reference_points_somewhere() -> None:
    whole = json.dumps(document())
    for pointer in set(re.findall(r'"#/components/(\w+/\w+)"', whole)):
        kind, name = pointer.split("/")
        assert name in document()["components"][kind]


def test_every_error_has_an_example_in_the_one_shape() -> None:
    for name, response in document()["components"]["responses"].items():
        for code, example in response["content"]["application/json"]["examples"].items():
            assert code in name
            assert example["value"]["error"]["code"] == code


def test_every_event_of_the_feed_is_described_as_a_webhook() -> None:
    webhooks = document()["webhooks"]
    assert webhooks.keys() == outside_events().keys()
    told = webhooks["parcel.milestone_reached"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert told["properties"]["type"] == {"const": "parcel.milestone_reached"}
    parcel_id = told["properties"]["data"]["properties"]["parcel_id"]
    assert parcel_id == {
        "title": "Parcel Id",
        "type": "string",
        "pattern": "^par_[0-7][0-9a-hjkmnp-tv-z]{25}$",
    }
    assert '"uuid"' not in json.dumps(webhooks)


def test_the_page_for_people_fetches_nothing_from_elsewhere() -> None:
    response = Client().get("/api/v1/docs")
    page = response.content.decode()
    assert response.status_code == 200
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//[^\"']*", page) == []
    for name, operation in operations():
        assert escape(operation["summary"]) in page, name


@pytest.mark.parametrize("name", ["api.md", "errors.md"])
def test_the_pages_in_the_repository_are_up_to_date(name: str) -> None:
    written = (ROOT / FOLDER / name).read_text("utf-8")
    assert pages()[name] == written, "run `python -m aftermile.doors.api.reference_pages`"
