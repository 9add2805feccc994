"""Logs: each test first writes something that would leak."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.logs import HIDDEN, configure_logs, hide_in_text, log_context, log_of
from aftermile.kernel.secrets import new_secret_key
from aftermile.kernel.tokens import KINDS, mint_token

MERCHANT = UUID("01900000-0000-7000-8000-0000000000aa")
SECRET = "swordfish"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """JSON logs into memory; what the process had configured is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    former_levels = {
        name: logging.getLogger(name).level for name in ("urllib3", "django.request", "django.server")
    }
    stream = io.StringIO()
    configure_logs("json", level="DEBUG", stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in former_levels.items():
        logging.getLogger(name).setLevel(former)
    structlog.reset_defaults()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_entry_says_when_where_and_what(stream: io.StringIO) -> None:
    log_of("aftermile.intake").info("inbound record refused", connector="shopify", count=3, late=False)

    (entry,) = entries(stream)
    datetime.fromisoformat(entry.pop("timestamp"))
    assert entry == {
        "event": "inbound record refused",
        "connector": "shopify",
        "count": 3,
        "late": False,
        "logger": "aftermile.intake",
        "level": "info",
    }


def test_the_context_is_said_of_everything_inside_it_and_of_nothing_after(stream: io.StringIO) -> None:
    with log_context(request_id="r1", merchant_id=MERCHANT), log_context(job="digest"):
        log_of("a").info("one")
        logging.getLogger("library").warning("two")
    log_of("a").info("three")

    context = {"request_id": "r1", "merchant_id": str(MERCHANT), "job": "digest"}
    told = [{key: entry[key] for key in context if key in entry} for entry in entries(stream)]
    assert told == [context, context, {}]


def test_the_level_is_kept() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs("json", level="warning", stream=stream)
        log_of("a").info("quiet")
        log_of("a").warning("loud")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()

    assert [entry["event"] for entry in entries(stream)] == ["loud"]


@pytest.mark.parametrize(
    "key",
    [
        *(
            "authorization",
            "Authorization",
            "HTTP_AUTHORIZATION",
            "cookie",
            "Set-Cookie",
            "token",
            "access_token",
        ),
        *(
            "secret",
            "client_secret",
            "clientSecret",
            "password",
            "DB_PASSWORD",
            "signature",
            "webhook-signature",
        ),
        *(
            "X-Shopify-Hmac-Sha256",
            "api_key",
            "X-API-Key",
            "apiKey",
            "credentials",
            "email",
            "customer_email",
        ),
        *("emailAddress", "phone", "name", "first_name", "firstName", "address", "shippingAddress", "street"),
        *(
            "zip",
            "postcode",
            "city",
            "ip",
            "body",
            "raw_body",
            "payload",
            "headers",
            "query",
            "params",
            "data",
        ),
    ],
)
@pytest.mark.parametrize("value", [SECRET, SECRET.encode(), [SECRET], {"x": SECRET}, 4711])
def test_a_private_key_hides_whatever_it_holds(stream: io.StringIO, key: str, value: object) -> None:
    log_of("a").info("event", **{key: value, "nested": {"deep": [{key: value}]}})

    (entry,) = entries(stream)
    assert entry[key] == HIDDEN
    assert entry["nested"] == {"deep": [{key: HIDDEN}]}


@pytest.mark.parametrize(
    "key",
    [
        "connector",
        "count",
        "status",
        "order_id",
        "tracking_number",
        "zipped",
        "recipe",
        "tokenizer",
        "keyboard",
    ],
)
def test_other_keys_are_shown(stream: io.StringIO, key: str) -> None:
    log_of("a").info("event", **{key: "value"})

    assert entries(stream)[0][key] == "value"


LEAKS = [
    *(mint_token(prefix, MERCHANT).text for prefix in KINDS),
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    "shpat_0123456789abcdef0123456789abcdef",
    "sk_live_0123456789abcdefghij",
    "EZTK0123456789abcdef0123456789abcdef",
    "ck_0123456789abcdef0123456789abcdef01234567",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "ada@shop.example",
    "ada.lovelace+orders@mail.shop.example",
    "ädä@bücher.example",
    "+49 30 901820",
    "+1 (415) 555-0132",
    "0044 20 7946 0018",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "378282246310005",
]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak[:6])
@pytest.mark.parametrize(
    "frame", ["{}", "said {}.", "<{}>", '{{"x": "{}"}}', "a={},b", "[{}]", "/path/{}", "{}\n"]
)
def test_a_secret_is_hidden_wherever_it_stands_in_a_text(leak: str, frame: str) -> None:
    written = hide_in_text(frame.format(leak))

    assert leak not in written
    assert HIDDEN in written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sent Bearer swordfish to it", f"sent Bearer {HIDDEN} to it"),
        ("Authorization: Bearer swordfish", f"Authorization: {HIDDEN} {HIDDEN}"),
        ("Basic c3dvcmRmaXNoOg== came", f"Basic {HIDDEN} came"),
        ("password='sword fish' user=x", f"password={HIDDEN} user=x"),
        ('{"client_secret": "swordfish", "x": 1}', f'{{"client_secret": {HIDDEN}, "x": 1}}'),
        ("api_key=swordfish&x=1", f"api_key={HIDDEN}&x=1"),
        ("GET /orders?email=swordfish HTTP/1.1", f"GET /orders?{HIDDEN} HTTP/1.1"),
        ("see https://shop.example/a?k=swordfish#frag now", f"see https://shop.example/a?{HIDDEN} now"),
        ("see https://shop.example/a#swordfish", f"see https://shop.example/a?{HIDDEN}"),
        ("postgresql://app:swordfish@db/aftermile", f"postgresql://{HIDDEN}@db/aftermile"),
        ("twice\nDETAIL:  Key (email)=(swordfish) exists.\nnext", f"twice\nDETAIL: {HIDDEN}\nnext"),
        ("Key (email)=(swordfish) already exists.", HIDDEN),
        ("Failing row contains (1, swordfish, null).", HIDDEN),
        ('CONTEXT:  COPY orders, line 3, column email: "swordfish"', f"CONTEXT: {HIDDEN}"),
        (
            "not valid [type=int, input_value={'a': ['swordfish'], 'b': 1}, input_type=dict]\nnext",
            f"not valid [type=int, input_value={HIDDEN}\nnext",
        ),
    ],
)
def test_only_what_is_private_is_hidden_and_the_rest_of_the_text_stays(text: str, shown: str) -> None:
    assert hide_in_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "order ord_01jh8x7v1mf3qav9c2tnyw5zke shipped",
        "parcel 1Z999AA10123456784 of order 5678901234567",
        "parcel 9400111899223197428490 delivered",
        "batch of 1774747800123 rows in 0.25 s",
        "merchant 01900000-0000-7000-8000-0000000000aa",
        "at 2026-03-29T01:30:00.123456+00:00",
        "GET /api/v1/orders 200",
        "see https://docs.shop.example/guide",
        "the token was refused",
        "digest failed, token refused, Basic knowledge",
        "is it lost? nobody knows",
    ],
)
def test_what_staff_search_for_stays_readable(text: str) -> None:
    assert hide_in_text(text) == text


def test_a_positional_argument_of_a_library_is_searched_too(stream: io.StringIO) -> None:
    logging.getLogger("library").warning(
        "could not write to %s at %s", "ada@shop.example", "https://x.example/?k=v"
    )

    assert entries(stream)[0]["event"] == f"could not write to {HIDDEN} at https://x.example/?{HIDDEN}"


def test_an_exception_is_shown_without_local_variables_and_searched(stream: io.StringIO) -> None:
    def fail() -> None:
        local = SECRET
        raise ValueError(f"no such shopper: ada@{local}.example")

    try:
        fail()
    except ValueError:
        log_of("a").exception("job failed")
        logging.getLogger("library").exception("job failed")

    for entry in entries(stream):
        assert entry["exception"].endswith(f"ValueError: no such shopper: {HIDDEN}")
        assert "in fail" in entry["exception"]
        assert SECRET not in json.dumps(entry)


def test_causes_and_notes_of_an_exception_are_searched_too(stream: io.StringIO) -> None:
    try:
        try:
            raise KeyError("ada@shop.example")
        except KeyError as cause:
            cause.add_note("token=swordfish")
            raise RuntimeError("digest failed") from cause
    except RuntimeError:
        log_of("a").exception("job failed")

    text = stream.getvalue()
    assert "ada@shop" not in text
    assert SECRET not in text
    assert "digest failed" in text


def test_an_object_is_named_and_never_written_out(stream: io.StringIO) -> None:
    @dataclass
    class Shopper:
        full_name: str

    class Milestone(StrEnum):
        DELIVERED = "delivered"

    log_of("a").info(
        "event",
        shopper=Shopper(SECRET),
        error=ValueError(SECRET),
        raw=SECRET.encode(),
        kind=Shopper,
        milestone=Milestone.DELIVERED,
        merchant_id=MERCHANT,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        took=timedelta(seconds=1),
        amount=Decimal("1.50"),
        nothing=None,
    )

    (entry,) = entries(stream)
    assert SECRET not in json.dumps(entry)
    assert entry["shopper"].endswith("Shopper>")
    assert (entry["error"], entry["raw"]) == ("<ValueError>", "<bytes>")
    assert (entry["milestone"], entry["merchant_id"]) == ("delivered", str(MERCHANT))
    assert (entry["at"], entry["amount"], entry["nothing"]) == ("2026-01-01 00:00:00+00:00", "1.50", None)


def test_the_extra_of_a_library_is_left_out(stream: io.StringIO) -> None:
    logging.getLogger("library").warning("event", extra={"request": SECRET})

    assert SECRET not in stream.getvalue()


def test_an_entry_that_cannot_be_formatted_does_not_show_its_arguments(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    (handler,) = (each for each in logging.getLogger().handlers if getattr(each, "stream", None) is stream)
    handler.handle(logging.LogRecord("library", 30, "test_logs.py", 1, "%d parcels", (SECRET,), None))

    assert SECRET not in stream.getvalue() + capsys.readouterr().err
    assert stream.getvalue().startswith("a log entry of test_logs:1 cannot be written")


def test_warnings_are_logged_and_searched(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("ada@shop.example is deprecated", stacklevel=1)

    assert "ada@" not in stream.getvalue()
    assert entries(stream)[0]["logger"] == "py.warnings"


def test_the_client_library_cannot_print_addresses_even_at_debug_level(stream: io.StringIO) -> None:
    logging.getLogger("urllib3.connectionpool").debug('"GET /x?token=swordfish"')

    assert stream.getvalue() == ""


def test_the_console_form_hides_as_much() -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs("console", stream=stream)
        try:
            local = SECRET
            raise ValueError("ada@shop.example")
        except ValueError:
            log_of("a").exception("failed", password=local)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()

    text = stream.getvalue()
    assert SECRET not in text.replace("local = SECRET", "")
    assert "ada@shop" not in text.replace('raise ValueError("ada@shop.example")', "")
    assert f"password={HIDDEN}" in text


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=100), st.text(max_size=100))
def test_no_text_around_it_makes_a_token_readable(prefix: str, before: str, after: str) -> None:
    token = mint_token(prefix, MERCHANT).text

    assert token not in hide_in_text(f"{before} {token} {after}")


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "a" * n,
        lambda n: "a.a-" * (n // 4),
        lambda n: "a@" * (n // 2),
        lambda n: "http://" * (n // 7),
        lambda n: "+1" * (n // 2),
        lambda n: "1 " * (n // 2),
        lambda n: "token" * (n // 5),
        lambda n: "DETAIL:" * (n // 7),
        lambda n: "?a" * (n // 2),
        lambda n: "Key (" * (n // 5),
        lambda n: "eyJ-" * (n // 4),
        lambda n: "Bearer " * (n // 7),
        lambda n: "in_" * (n // 3),
    ],
)
def test_a_text_made_to_be_slow_to_search_is_not(make: Callable[[int], str]) -> None:
    # Quadratic time would take minutes here and run into the suite's time limit.
    assert len(hide_in_text(make(2_000_000))) < 200_000


def test_a_very_long_text_is_cut_at_a_space() -> None:
    key = new_secret_key()
    text = "word " * 9_998 + f"token={key}"

    assert key[:8] not in hide_in_text(text)
    assert hide_in_text(text).endswith(" [cut]")
