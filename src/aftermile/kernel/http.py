"""The one way out: every request to the world goes through `OutboundClient`.

It refuses addresses inside the operator's network, waits for a limited time and reads a limited amount, tries
again only what may be tried again, and never logs: an address's query and headers carry secrets.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, ClassVar, Protocol
from urllib.parse import urlencode, urljoin

from aftermile import __version__
from aftermile.kernel import metrics
from aftermile.kernel.outbound_addresses import AddressPolicy

if TYPE_CHECKING:
    import urllib3
    from urllib3.util import Url

#: Seconds to wait for a connection, and for each piece of the answer.
TIMEOUT = (3.05, 10.0)
#: Seconds a call may take all in all, further tries and the pauses between them included. Looking up the
#: host's name cannot be interrupted; the machine's resolver limits that (10 seconds, as it is mostly set).
DEADLINE_SECONDS = 30.0
LARGEST_RESPONSE_BYTES = 5_000_000
#: A peer that asks for a longer pause gets its answer handed back to the caller, who may come another day.
LONGEST_PAUSE_SECONDS = 10.0
MOST_REDIRECTS = 5

_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
_WORTH_ANOTHER_TRY = frozenset({429, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What another host may know of a request it was redirected; credentials come under too many names to list.
_HARMLESS_HEADERS = frozenset({"accept", "accept-language", "user-agent"})


class OutboundFailure(Exception):
    """A request had no answer. The message names the host and never the path, query or headers.

    `may_have_arrived` is False where it is certain that the peer has nothing of the last try.
    """

    outcome: ClassVar[str] = "failed"

    def __init__(self, says: str, *, may_have_arrived: bool = True) -> None:
        super().__init__(says)
        self.may_have_arrived = may_have_arrived


class AddressRefused(OutboundFailure):
    """The address is not one we connect to: malformed, inside the operator's network, a forbidden port."""

    outcome = "refused"


class RequestUnsendable(OutboundFailure):
    """A header or method holds what HTTP cannot carry, such as a line break in a pasted key."""

    outcome = "unsendable"


class Unreachable(OutboundFailure):
    """No such host, no connection, no valid certificate, or the connection broke off."""

    outcome = "unreachable"


class TimedOut(OutboundFailure):
    """The peer took too long to connect, to answer, or to finish."""

    outcome = "timed_out"


class TooLarge(OutboundFailure):
    """The answer is larger than the caller wants to read."""

    outcome = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, whatever its status. Header names are lower case; the body is decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    elapsed_seconds: float

    @property
    def is_success(self) -> bool:
        return 200 <= self.status <= 299


class Sendable(Protocol):
    """A request as connectors describe it."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def params(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class OutboundClient:
    """Sends requests over pooled connections; one per process and purpose, shared by its threads."""

    def __init__(
        self,
        *,
        purpose: str = "other",
        allow_private: bool | Collection[str] = False,
        only_this_machine: bool = False,
        user_agent: str = f"Aftermile/{__version__}",
        ca_file: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Make a client; nothing is loaded or opened before the first request.

        `purpose` labels its figures in the metrics (one word from a small set). `allow_private` and
        `only_this_machine` are described at `AddressPolicy`. `ca_file` names the certificates to trust instead of the machine's.
        """
        self._purpose = purpose
        self._policy = AddressPolicy(allow_private, only_this_machine=only_this_machine)
        self._user_agent = user_agent
        self._ca_file = ca_file
        self._sleep = sleep

    def send_request(self, request: Sendable, *, retries: int | None = None) -> Response:
        """Send a request as a connector describes it, otherwise as `send` does.

        :raises OutboundFailure: as `send`.
        """
        return self.send(
            request.method,
            request.url,
            headers=request.headers,
            params=request.params,
            body=request.body,
            retries=retries,
        )

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: tuple[float, float] = TIMEOUT,
        deadline_seconds: float = DEADLINE_SECONDS,
        retries: int | None = None,
        max_response_bytes: int = LARGEST_RESPONSE_BYTES,
        follow_redirects: bool = False,
    ) -> Response:
        """Send a request and read the whole answer; any status is an answer.

        No answer, and a 429, 502, 503 or 504, are tried again `retries` times with growing pauses, or after
        the pause the peer asks for. By default that is twice for GET, HEAD, OPTIONS, PUT and DELETE, and not
        at all for the others: whoever gives `retries` says that repeating does no harm.

        Redirects come back as they are, unless followed: then up to five, of GET and HEAD only, never from
        https to http; another host does not get the headers.

        :raises AddressRefused: not an address we connect to; nothing was sent there.
        :raises RequestUnsendable: method or headers hold what HTTP cannot carry.
        :raises Unreachable: no connection, no valid certificate, or it broke off.
        :raises TimedOut: `timeout` (connecting, each read) or `deadline_seconds` (everything) has passed.
        :raises TooLarge: more than `max_response_bytes`, decompressed.
        """
        method = method.upper()
        attempt = _Attempt(
            method=method,
            url=_with_params(url, params or {}),
            headers=self._headers(headers or {}),
            body=body,
            timeout=timeout,
            max_response_bytes=max_response_bytes,
        )
        tries_left = retries if retries is not None else (2 if method in _REPEATABLE else 0)
        follows = follow_redirects and method in {"GET", "HEAD"}
        deadline = time.monotonic() + deadline_seconds
        pause = 0.25
        while True:
            answer = self._try(attempt, deadline, follows)
            if tries_left == 0 or not _is_worth_another_try(answer):
                break
            wait = _pause_asked_for(answer)
            if wait is None:
                # Half of it by chance, so that those who failed together do not come back together.
                wait = pause * random.uniform(0.5, 1.5)  # noqa: S311
            if wait > LONGEST_PAUSE_SECONDS or time.monotonic() + wait >= deadline:
                break
            self._sleep(wait)
            pause *= 4
            tries_left -= 1
        if isinstance(answer, OutboundFailure):
            raise answer
        return answer

    def close(self) -> None:
        """Close the idle connections; the client may be used again."""
        self._pools.clear()

    @cached_property
    def _pools(self) -> urllib3.PoolManager:
        from aftermile.kernel.outbound_connections import connection_pools

        return connection_pools(self._policy, self._ca_file)

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        ours = {"user-agent": self._user_agent, "accept-encoding": "gzip"}
        return ours | {name.lower(): value for name, value in headers.items()}

    def _try(self, attempt: _Attempt, deadline: float, follows: bool) -> Response | OutboundFailure:
        """Send once, redirects included; a failure is handed back, so that the caller may try again."""
        started = time.monotonic()
        answer: Response | OutboundFailure
        try:
            answer = self._exchange(attempt, deadline)
            for _ in range(MOST_REDIRECTS):
                if not (follows and answer.status in _REDIRECTS and answer.headers.get("location")):
                    break
                attempt = attempt.redirected(answer.headers["location"])
                answer = self._exchange(attempt, deadline)
        except OutboundFailure as failure:
            answer = failure
        outcome = answer.outcome if isinstance(answer, OutboundFailure) else f"{answer.status // 100}xx"
        metrics.OUTBOUND_REQUESTS.add(purpose=self._purpose, outcome=outcome)
        metrics.OUTBOUND_SECONDS.observe(time.monotonic() - started, purpose=self._purpose)
        return answer

    def _exchange(self, attempt: _Attempt, deadline: float) -> Response:
        import urllib3.exceptions as broken
        from urllib3.util import Timeout

        from aftermile.kernel.outbound_connections import NoAddressAllowed, patience

        address = _checked(attempt.url)
        connect_seconds, read_seconds = attempt.timeout
        patience.read_seconds, patience.deadline = read_seconds, deadline
        started = time.monotonic()
        try:
            answer = self._pools.urlopen(
                attempt.method,
                address.url,
                headers=attempt.headers,
                body=attempt.body or None,
                timeout=Timeout(connect=connect_seconds, read=read_seconds),
                redirect=False,
                retries=False,
                preload_content=False,
            )
            try:
                body = _read(answer, attempt.max_response_bytes, address.host or "")
            except BaseException:
                # What is left unread makes the connection useless.
                answer.close()
                raise
            answer.release_conn()
        except NoAddressAllowed:
            raise AddressRefused(self._policy.refusal(address.host or "")) from None
        # urllib3 derives NewConnectionError from its time-outs, so it goes first.
        except broken.SSLError as error:
            raise Unreachable(
                f"{address.host} has no valid certificate: {error}",
                may_have_arrived="CERTIFICATE_VERIFY_FAILED" not in str(error),
            ) from None
        except broken.NameResolutionError:
            raise Unreachable(
                f"{address.host} is not found: check the spelling of the address", may_have_arrived=False
            ) from None
        except broken.NewConnectionError:
            raise Unreachable(
                f"{address.host} takes no connection on port {_port(address)}", may_have_arrived=False
            ) from None
        except broken.ConnectTimeoutError:
            raise TimedOut(f"{address.host} took too long to answer", may_have_arrived=False) from None
        except (broken.TimeoutError, TimeoutError):
            raise TimedOut(f"{address.host} took too long to answer") from None
        except (broken.HTTPError, OSError) as error:
            raise Unreachable(f"{address.host} broke off: {type(error).__name__}") from None
        except ValueError:
            raise RequestUnsendable(
                f"the request to {address.host} has a header or method that HTTP cannot carry:"
                " look for line breaks and other invisible signs in pasted keys"
            ) from None
        return Response(
            status=answer.status,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=body,
            elapsed_seconds=time.monotonic() - started,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attempt:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    timeout: tuple[float, float]
    max_response_bytes: int

    def redirected(self, location: str) -> _Attempt:
        try:
            target = urljoin(self.url, location)
        except ValueError:
            raise AddressRefused("the address it redirects to cannot be read") from None
        before, after = _checked(self.url), _checked(target)
        if before.scheme == "https" and after.scheme == "http":
            raise AddressRefused(f"{before.host} redirects from https to http")
        headers = self.headers
        if (before.scheme, before.host, _port(before)) != (after.scheme, after.host, _port(after)):
            headers = {name: value for name, value in headers.items() if name in _HARMLESS_HEADERS}
        return replace(self, url=after.url, headers=headers, body=b"")


def _checked(url: str) -> Url:
    """Read an address and refuse what we never connect to, whatever it resolves to."""
    from urllib3.exceptions import LocationParseError
    from urllib3.util import parse_url

    if not url.isprintable() or " " in url:
        raise AddressRefused("the address holds spaces or invisible signs")
    try:
        address = parse_url(url)
    except LocationParseError:
        raise AddressRefused("the address cannot be read: it looks like https://shop.example/path") from None
    if address.scheme not in {"http", "https"} or not address.host:
        raise AddressRefused("the address must begin with https:// or http:// and name a host")
    if address.auth is not None:
        raise AddressRefused(f"the address of {address.host} holds a user name or password; leave them out")
    port = _port(address)
    # Below 1024 sit mail, directory and file services that an HTTP request can be made to talk to.
    if port not in {80, 443} and port < 1024:
        raise AddressRefused(f"{address.host}: port {port} is not for HTTP (80, 443, or 1024 and above)")
    return address


def _port(address: Url) -> int:
    # Port 0 is written out, not missing.
    if address.port is not None:
        return address.port
    return 443 if address.scheme == "https" else 80


def _with_params(url: str, params: Mapping[str, str]) -> str:
    if not params:
        return url
    address, mark, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(params)}{mark}{fragment}"


def _read(answer: urllib3.BaseHTTPResponse, most: int, host: str) -> bytes:
    body = bytearray()
    # Piece by piece as they arrive: asking for a full piece would wait for the slowest peer to fill it.
    while piece := answer.read1(65536):
        body += piece
        if len(body) > most:
            raise TooLarge(f"{host} answers with more than {most} bytes")
    if getattr(answer, "length_remaining", 0):
        raise Unreachable(f"{host} broke off in the middle of its answer")
    return bytes(body)


def _is_worth_another_try(answer: Response | OutboundFailure) -> bool:
    if isinstance(answer, Response):
        return answer.status in _WORTH_ANOTHER_TRY
    return isinstance(answer, Unreachable | TimedOut)


def _pause_asked_for(answer: Response | OutboundFailure) -> float | None:
    """Read Retry-After (RFC 9110, section 10.2.3): seconds, or a moment."""
    if isinstance(answer, OutboundFailure) or "retry-after" not in answer.headers:
        return None
    text = answer.headers["retry-after"].strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


@cache
def outbound_client(purpose: str) -> OutboundClient:
    """Return this process's client for a purpose; private addresses only where the settings allow them.

    In a demonstration it reaches this machine and nobody else.
    """
    from django.conf import settings

    return OutboundClient(
        purpose=purpose,
        allow_private=settings.OUTBOUND_ALLOW_PRIVATE,
        only_this_machine=settings.OUTBOUND_ONLY_THIS_MACHINE,
    )
