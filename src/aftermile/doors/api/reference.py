"""The reference: the OpenAPI document, and the same as a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from pydantic_core import to_json

from aftermile.doors.api.api import document
from aftermile.doors.api.scopes import SCOPES


def openapi_json(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the OpenAPI document."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return to_json(document())


def docs(request: HttpRequest) -> HttpResponse:
    """Show the reference as one page, with nothing fetched from elsewhere."""
    return render(request, "api_door/reference.html", {"reference": _reference()})


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer, in words."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    schema: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page shows it."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: tuple[Field, ...]
    body: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """One schema as the page shows it."""

    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    title: str
    version: str
    description: str
    scopes: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Operation, ...]], ...]
    shapes: tuple[Shape, ...]


@cache
def _reference() -> Reference:
    content = document()
    groups: dict[str, list[Operation]] = {}
    for path, operations in content["paths"].items():
        for method, operation in operations.items():
            tag = operation.get("tags", ["Other"])[0]
            groups.setdefault(tag, []).append(_operation(method.upper(), path, operation))
    return Reference(
        title=content["info"]["title"],
        version=content["info"]["version"],
        description=content["info"]["description"],
        scopes=tuple(SCOPES.items()),
        groups=tuple((tag, tuple(found)) for tag, found in groups.items()),
        shapes=tuple(
            Shape(name, schema.get("description", ""), _fields(schema))
            for name, schema in sorted(content["components"]["schemas"].items())
            if "properties" in schema
        ),
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    return Operation(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        scope=next(iter(operation["security"][0].values()))[0],
        parameters=tuple(
            Field(each["name"], kind_of(each["schema"]), each["required"], each.get("description", ""))
            for each in operation["parameters"]
        ),
        body=_schema_name(operation.get("requestBody", {})),
        answers=tuple(
            Answer(status, answer["description"], _schema_name(answer))
            for status, answer in _answers(operation)
        ),
    )


def _answers(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    described = document()["components"]["responses"]
    for status, answer in operation["responses"].items():
        yield status, described[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer


def _fields(schema: dict[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(
        Field(name, kind_of(each), name in required, each.get("description", ""))
        for name, each in schema["properties"].items()
    )


def _schema_name(holder: dict[str, Any]) -> str:
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return kind_of(schema) if schema else ""


def kind_of(schema: dict[str, Any]) -> str:
    """Say in a few words what a schema allows."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for choice in ("anyOf", "allOf", "oneOf"):
        if choice in schema:
            return " or ".join(kind_of(each) for each in schema[choice])
    if "enum" in schema:
        return " or ".join(f'"{each}"' for each in schema["enum"])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")
