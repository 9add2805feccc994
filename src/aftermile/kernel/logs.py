"""Structured logs that carry no secret and no personal data.

Everything that is logged, by us or by a library, passes `hide_private`: by the name of its key, by the
look of its text, and by its type (a row, a request or an exception is named, never written out). Write
events as sentences without values, and values as keys:

    log.info("inbound record refused", connector="shopify", why="signature")
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, TextIO
from uuid import UUID

import structlog

from aftermile.kernel.tokens import TOKEN_PATTERN

HIDDEN = "[hidden]"

# A key is hidden when any of its words is among these: `customer_email`, `X-Api-Key`, `shippingAddress`.
_PRIVATE_WORDS = frozenset(
    (
        *(
            "authorization",
            "auth",
            "cookie",
            "cookies",
            "token",
            "tokens",
            "key",
            "keys",
            "apikey",
            "signature",
        ),
        *("secret", "secrets", "password", "passwd", "passphrase", "hmac", "credential", "credentials"),
        *("email", "emails", "mail", "phone", "phones", "telephone", "mobile", "birthday", "ip"),
        *("name", "names", "firstname", "lastname", "fullname", "username", "recipient", "addressee"),
        *("address", "addresses", "street", "city", "zip", "postcode", "postal", "latitude", "longitude"),
        *("body", "payload", "content", "headers", "query", "params", "data", "form", "note", "text"),
    )
)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Most values are a word or a sentence of our own: nothing below can match these, and they cost nothing.
_HARMLESS = re.compile(r"(?!.*bearer)[a-z_ .,-]{0,120}")
# Written by the processors above the one that hides.
_OWN_KEYS = frozenset({"timestamp", "level"})

# In running text. An address goes before the e-mail address that may stand in it. Each pattern has a fixed
# start or a bounded one, so that none takes quadratic time on a text made to bring that about.
_PRIVATE_TEXTS: tuple[tuple[re.Pattern[str], str], ...] = (
    # PostgreSQL writes values and whole rows into these lines of its errors.
    (re.compile(r"\b(DETAIL|CONTEXT|QUERY):.*"), rf"\1: {HIDDEN}"),
    (re.compile(r"\bFailing row contains .*"), HIDDEN),
    (re.compile(r"\bKey \([^()]{1,200}\)=\(.*"), HIDDEN),
    # pydantic repeats the input.
    (re.compile(r"\binput_value=.*"), f"input_value={HIDDEN}"),
    (re.compile(r"(\w://)[^\s/@?#'\"]{1,300}@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(\w://[^\s?#'\"]{1,2000})[?#][^\s'\"]*"), rf"\1?{HIDDEN}"),
    (re.compile(r"(?<=[/\w])\?[\w.~%+\[\]-]{1,100}=[^\s'\"]*"), f"?{HIDDEN}"),
    (re.compile(r"\b([Bb]earer)\s+[\w.~+/=:-]{6,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\b(Basic|Token)\s+(?=[\w+/-]*[0-9=A-Z])[\w.~+/=:-]{6,}"), rf"\1 {HIDDEN}"),
    (
        re.compile(
            r"((?:token|secret|password|passwd|signature|hmac|api[_-]?key|authorization|cookie)['\"]?\s{0,3}[=:]"
            r"\s{0,3})(?:'[^']*'|\"[^\"]*\"|[^\s,;&)}]+)",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(TOKEN_PATTERN), HIDDEN),
    # Keys of Standard Webhooks, Shopify, Stripe, EasyPost and WooCommerce; JSON web tokens.
    (re.compile(r"\bwh(?:sec|sk|pk)_[\w+/=-]+"), HIDDEN),
    (re.compile(r"\b(?:shpat|shpss|shpca|shppa|sk|pk|rk|ck|cs)_\w{16,}|\bEZ[AT]K\w{16,}"), HIDDEN),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), HIDDEN),
    # E-mail addresses, and telephone numbers written internationally.
    (re.compile(r"(?<![^\s@<>\"'(),:;=\[\]/])[^\s@<>\"'(),:;=\[\]/]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
    (re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ ()./-]{0,2}\d){7,14}(?!\d)"), HIDDEN),
)
# Ids and tracking numbers, which staff look for, are as long as cards' numbers: first and check digit decide.
_CARD = re.compile(r"(?<![\w-])[2-6](?:[ -]?\d){13,18}(?![\w-])")

_PLAIN_TYPES = (bool, int, float, type(None), UUID, datetime, date, time, timedelta, Decimal)
_LONGEST_TEXT = 50_000
_DEEPEST = 6


def configure_logs(
    form: Literal["console", "json"], *, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Send everything logged, by us or through the standard library, to one stream (standard error).

    Once per process, at its start; a second call replaces the first.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    target = stream or sys.stderr
    handler = _Handler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared_processors(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # A traceback becomes text, without local variables, and is then searched like any text.
                structlog.processors.format_exc_info,
                hide_private,
                _renderer(form, colors=target.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level.upper())
    # Each would print addresses with their query, or its own copy of what doors log with a request id.
    for talkative in ("urllib3", "django.request", "django.server"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)


def log_of(module: str) -> structlog.stdlib.BoundLogger:
    """Give a module its log: `log = log_of(__name__)`."""
    log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(module)
    return log


def log_context(**values: str | UUID) -> AbstractContextManager[None]:
    """Say of everything logged inside the block what it belongs to: request_id, merchant_id, job."""
    return structlog.contextvars.bound_contextvars(**values)


def hide_private(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets and personal data of a log entry (a structlog processor)."""
    return {key: value if key in _OWN_KEYS else _shown(key, value, depth=0) for key, value in entry.items()}


def hide_in_text(text: str) -> str:
    """Hide what looks like a secret or like personal data in running text.

    Other long numbers stay: order ids and tracking numbers are what the log is searched for.
    """
    if _HARMLESS.fullmatch(text):
        return text
    if len(text) > _LONGEST_TEXT:
        # At a space, so that no half of a secret is left that nobody recognizes.
        text = text[:_LONGEST_TEXT].rpartition(" ")[0] + " [cut]"
    for pattern, instead in _PRIVATE_TEXTS:
        text = pattern.sub(instead, text)
    return _CARD.sub(lambda found: HIDDEN if _has_card_check_digit(found[0]) else found[0], text)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to the stream; of an entry that cannot be formatted it says only where it came from.

    The standard library would print the entry with all its arguments.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        kind = sys.exc_info()[0]
        place = f"{record.module}:{record.lineno}"
        self.stream.write(f"a log entry of {place} cannot be written: {kind.__name__ if kind else ''}\n")


def _shared_processors() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _renderer(form: Literal["console", "json"], *, colors: bool) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(sort_keys=False)
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _shown(key: str, value: Any, *, depth: int) -> Any:
    if _is_private(key):
        return HIDDEN
    if isinstance(value, str) and not isinstance(value, Enum):
        return hide_in_text(value)
    if isinstance(value, Enum):
        return _shown("", value.value, depth=depth)
    if isinstance(value, _PLAIN_TYPES):
        return value if isinstance(value, bool | int | float | None) else str(value)
    if depth < _DEEPEST and isinstance(value, Mapping):
        return {hide_in_text(str(k)): _shown(str(k), held, depth=depth + 1) for k, held in value.items()}
    if depth < _DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_shown("", each, depth=depth + 1) for each in value]
    if isinstance(value, type):
        return value.__qualname__
    # Its text may hold anything: rows print their fields, requests their addresses.
    return f"<{type(value).__qualname__}>"


@lru_cache(maxsize=2048)
def _is_private(key: str) -> bool:
    return not _PRIVATE_WORDS.isdisjoint(word.lower() for word in _WORDS.findall(key))


def _has_card_check_digit(text: str) -> bool:
    """Check a number as ISO/IEC 7812-1 does (Luhn)."""
    digits = [int(each) for each in reversed(text) if each.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
