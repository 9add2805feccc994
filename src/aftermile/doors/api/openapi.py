"""The OpenAPI document: ninja's, with every error named, examples, scopes and what a key may be told."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from http.client import responses as reasons
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from pydantic_core import from_json, to_json

from aftermile.doors.api.event_payloads import event_schema
from aftermile.doors.api.problems import UNAVAILABLE
from aftermile.kernel.errors import Refusal
from aftermile.kernel.events import outside_events

#: Code, what it means, and a message it comes with.
_Error = tuple[str, str, str]

_SIGNATURE = (
    ("webhook-id", "The same for every attempt: drop what you have seen."),
    ("webhook-timestamp", "When it was signed, in Unix seconds."),
    (
        "webhook-signature",
        "`v1,` and the signature; several are separated by spaces. See standardwebhooks.com.",
    ),
)
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A text of your own, at most 255 characters. The same key and request again is answered"
    " as the first time, with the header `Idempotent-Replayed: true`, and nothing happens twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "5f0c2b1e-8d1f-4d5e-9b0a-3c1d2e4f5a6b",
}


def openapi(api: NinjaAPI, root: str) -> dict[str, Any]:
    """Return the document of the whole API, as it is served and checked."""
    document: dict[str, Any] = dict(OpenAPISchema(api, root))
    errors: dict[str, Any] = {}
    for operations in document["paths"].values():
        for operation in operations.values():
            _finish(operation, errors)
    document["components"]["responses"] = dict(sorted(errors.items()))
    document["webhooks"] = {name: {"post": _webhook(name)} for name in sorted(outside_events())}
    return _with_plain_names(document)


def _finish(operation: dict[str, Any], errors: dict[str, Any]) -> None:
    """Complete one operation; each set of errors is described once, among `errors`."""
    scope = operation.pop("x-scope", None)
    if scope:
        operation["security"] = [{"ApiKey": [scope]}]
    if operation.pop("x-takes-key", False):
        operation["parameters"] = [*operation["parameters"], _IDEMPOTENCY_KEY]
    for parameter in operation["parameters"]:
        parameter["schema"] = _without_null(parameter["schema"])
    refusals: Iterable[type[Refusal]] = operation.pop("x-refusals", ())
    by_status: dict[int, list[_Error]] = defaultdict(list)
    for refusal in dict.fromkeys(refusals):
        says = (refusal.__doc__ or "").partition("\n")[0]
        by_status[refusal.status].append((refusal.code, says, refusal.message))
    if 503 in operation["responses"]:
        by_status[503].append((*UNAVAILABLE, UNAVAILABLE[1]))
    for status, each in by_status.items():
        name = "_or_".join(code for code, _, _ in each)
        if name not in errors:
            errors[name] = _describe(operation["responses"][status], status, each)
        operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    for status, response in operation["responses"].items():
        if "$ref" not in response:
            response["description"] = reasons[status]
    operation["responses"] = {
        str(status): operation["responses"][status] for status in sorted(operation["responses"])
    }
    body = operation.get("requestBody")
    if body:
        body["required"] = True


def _with_plain_names(document: dict[str, Any]) -> dict[str, Any]:
    """Call a page of orders `OrderGivenPage`, not `Page_OrderGiven_`."""
    written = re.sub(r"\bPage_(\w+?)_(?=\")", r"\1Page", to_json(document).decode())
    renamed: dict[str, Any] = from_json(written)
    return renamed


def _webhook(name: str) -> dict[str, Any]:
    """Describe what a webhook endpoint of ours is sent: signed as Standard Webhooks has it."""
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": event_schema(name),
        },
    }
    return {
        "summary": outside_events()[name].rstrip("."),
        "parameters": [
            {
                "in": "header",
                "name": header,
                "required": True,
                "schema": {"type": "string"},
                "description": says,
            }
            for header, says in _SIGNATURE
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"2XX": {"description": "Received. Any other answer, or none in time, is tried again."}},
    }


def _describe(response: dict[str, Any], status: int, errors: list[_Error]) -> dict[str, Any]:
    described = {
        "description": " ".join(f"`{code}`: {says}" for code, says, _ in errors),
        "content": {
            "application/json": {
                **response["content"]["application/json"],
                "examples": {code: {"value": _example(code, message)} for code, _, message in errors},
            }
        },
    }
    if status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return described


def _example(code: str, message: str) -> dict[str, Any]:
    request_id = "7c9f0a52c1c84d2f9d6e1a4b8f0e3d5c"
    return {"error": {"code": code, "message": message, "details": {}, "request_id": request_id}}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Drop the null of an optional parameter: left out is not null."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return {**kinds[0], **rest}
