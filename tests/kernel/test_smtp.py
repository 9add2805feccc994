"""Handing letters to mail servers, good ones and bad ones, over real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from aftermile.kernel.handover import Result
from aftermile.kernel.smtp import Patience, SmtpOutcome, SmtpPools
from aftermile.kernel.smtp_server import Security, SmtpServer
from tests.kernel.certificate import localhost_certificate
from tests.kernel.mail_server import Inbox, answer, mail_server, scripted_server

LETTER = (
    b"From: shop@shop.example\r\nTo: ann@example.com\r\nSubject: Hello\r\n\r\nGood day.\r\n.\r\n..two\r\nend"
)
QUICK = Patience(connect=2.0, reply=0.5, send=2.0, taken=0.5)


OPENED: list[SmtpPools] = []


@pytest.fixture(autouse=True)
def _closed_pools() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def pools(**options: Any) -> SmtpPools:
    made = SmtpPools(**{"allow_private": True, "local_name": "aftermile.example"} | options)
    OPENED.append(made)
    return made


def send(
    pool: SmtpPools, server: SmtpServer, *, to: str = "ann@example.com", mail: bytes = LETTER
) -> SmtpOutcome:
    return pool.send(server, sender="shop@shop.example", recipient=to, mail=mail)


def test_a_letter_arrives_byte_by_byte_with_its_dots() -> None:
    inbox = Inbox()
    with mail_server(inbox) as server:
        outcome = send(pools(), server)

    assert outcome == SmtpOutcome(result=Result.TAKEN, code=250, enhanced_code="2.0.0")
    assert inbox.letters == [("shop@shop.example", ["ann@example.com"], LETTER + b"\r\n")]


def test_connections_are_used_again_up_to_a_number_of_letters() -> None:
    inbox = Inbox()
    pool = pools(most_letters=3)
    with mail_server(inbox) as server:
        results = [send(pool, server).result for _ in range(7)]

    assert results == [Result.TAKEN] * 7
    assert (len(inbox.letters), len(inbox.sessions)) == (7, 3)


def test_eight_threads_share_no_more_connections_than_allowed() -> None:
    inbox = Inbox()
    pool = pools(most_connections=4)
    with mail_server(inbox) as server, ThreadPoolExecutor(8) as threads:
        people = [f"p{number}@example.com" for number in range(80)]
        outcomes = list(threads.map(lambda person: send(pool, server, to=person), people))

    assert {outcome.result for outcome in outcomes} == {Result.TAKEN}
    assert sorted(to for _, [to], _ in inbox.letters) == sorted(people)
    assert len(inbox.sessions) <= 4


@pytest.mark.parametrize(
    ("reply", "result", "code", "dead"),
    [
        ("550 5.1.1 <ann@example.com>: no such user", Result.NEVER, "5.1.1", True),
        ("550 5.1.10 null MX", Result.NEVER, "5.1.10", True),
        ("550 5.2.1 mailbox disabled", Result.NEVER, "5.2.1", True),
        ("550 5.7.1 not from you", Result.NEVER, "5.7.1", False),
        ("550 go away", Result.NEVER, "", False),
        ("452 4.2.2 mailbox full", Result.LATER, "4.2.2", False),
        ("450 4.1.1 greylisted", Result.LATER, "4.1.1", False),
        ("530 5.7.0 sign in first", Result.LATER, "5.7.0", False),
    ],
)
def test_a_refused_recipient(reply: str, result: Result, code: str, dead: bool) -> None:
    inbox = Inbox(at_recipient=lambda address: reply if address.startswith("ann") else "")
    pool = pools()
    with mail_server(inbox) as server:
        refused = send(pool, server)
        taken = send(pool, server, to="ben@example.com")

    assert (refused.result, refused.enhanced_code, refused.address_is_dead) == (result, code, dead)
    assert "ann@" not in refused.detail
    assert taken.result is Result.TAKEN  # the refusal has spoilt nothing for the next letter


@pytest.mark.parametrize(
    ("reply", "result"),
    [
        ("554 5.6.0 looks like spam", Result.NEVER),
        ("550 5.1.1 no such user", Result.NEVER),
        ("451 4.3.0 try again", Result.LATER),
        ("421 4.3.2 shutting down", Result.LATER),
    ],
)
def test_a_refused_letter_says_nothing_about_the_address(reply: str, result: Result) -> None:
    with mail_server(Inbox(at_data=lambda content: reply)) as server:
        outcome = send(pools(), server)

    assert (outcome.result, outcome.address_is_dead) == (result, False)


def test_a_line_that_breaks_after_the_dot_leaves_the_fate_unknown() -> None:
    def after_the_dot(line: socket.socket) -> None:
        answer(line, "250 here", "250 ok", "250 ok", "354 go")
        read_until(line, b"\r\n.\r\n")

    with scripted_server(after_the_dot) as server:
        outcome = send(pools(), server)

    assert outcome == SmtpOutcome(result=Result.UNKNOWN, detail="after the letter was sent, it hung up")


def test_silence_after_the_dot_leaves_the_fate_unknown() -> None:
    over = threading.Event()

    def silent(line: socket.socket) -> None:
        answer(line, "250 here", "250 ok", "250 ok", "354 go")
        read_until(line, b"\r\n.\r\n")
        over.wait(5)

    with scripted_server(silent) as server:
        outcome = send(pools(patience=QUICK), server)
        over.set()

    assert outcome.result is Result.UNKNOWN


def test_a_line_that_breaks_in_the_middle_of_the_letter_is_tried_later() -> None:
    def mid_data(line: socket.socket) -> None:
        answer(line, "250 here", "250 ok", "250 ok", "354 go")
        line.recv(1000)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    with scripted_server(mid_data) as server:
        outcome = send(pools(), server, mail=LETTER + b"\r\n" + b"x" * 30_000_000)

    assert outcome.result is Result.LATER


@pytest.mark.parametrize(
    "replies", [(), ("250 here",), ("250 here", "250 ok"), ("250 here", "250 ok", "250 ok")]
)
def test_a_line_that_breaks_before_the_letter_is_tried_later(replies: tuple[str, ...]) -> None:
    with scripted_server(lambda line: answer(line, *replies)) as server:
        outcome = send(pools(), server)

    assert outcome.result is Result.LATER


@pytest.mark.parametrize("drip", [b"2", b"250-and\r\n"])
def test_a_server_that_drips_is_not_waited_for(drip: bytes) -> None:
    over = threading.Event()

    def dripping(line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        while not over.is_set():
            line.sendall(drip)
            time.sleep(0.05)

    with scripted_server(dripping) as server:
        outcome = send(pools(patience=QUICK), server)
        over.set()

    assert outcome.result is Result.LATER


def test_nonsense_instead_of_a_reply_is_tried_later() -> None:
    with scripted_server(lambda line: line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        assert send(pools(), server).result is Result.LATER


def test_a_reply_without_end_is_cut_off() -> None:
    with scripted_server(lambda line: line.sendall(b"2" * 1_000_000)) as server:
        assert send(pools(), server).result is Result.LATER


def test_an_idle_line_the_server_has_closed_costs_no_letter() -> None:
    """The first connection is good for one letter, then the server hangs up without a word."""

    def one_letter(line: socket.socket) -> None:
        answer(line, "250 here", "250 ok", "250 ok", "354 go", "250 taken")

    pool = pools()
    with scripted_server(one_letter) as server:
        results = [send(pool, server).result for _ in range(3)]

    assert results == [Result.TAKEN] * 3


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    outcome = send(pools(), SmtpServer(host="127.0.0.1", port=port, security=Security.NONE))

    assert outcome == SmtpOutcome(result=Result.LATER, detail=f"127.0.0.1 takes no connection on port {port}")


# -- walls -----------------------------------------------------------------------------------------


def test_a_private_server_is_refused_unless_the_operator_named_it() -> None:
    inbox = Inbox()
    with mail_server(inbox) as server:
        typed_by_merchant = send(pools(allow_private=False), server)
        named = SmtpServer(host=server.host, port=server.port, security=Security.NONE, named_by_operator=True)
        by_operator = send(pools(allow_private=False), named)

    assert (typed_by_merchant.result, by_operator.result) == (Result.LATER, Result.TAKEN)
    assert "private network" in typed_by_merchant.detail


def test_a_demonstration_reaches_this_machine_only() -> None:
    server = SmtpServer(host="192.0.2.1", named_by_operator=True)

    outcome = send(pools(only_this_machine=True), server)

    assert (outcome.result, "demonstration" in outcome.detail) == (Result.LATER, True)


def test_ports_of_other_services_are_not_spoken_to() -> None:
    outcome = send(pools(), SmtpServer(host="127.0.0.1", port=22, security=Security.NONE))

    assert (outcome.result, "not for mail" in outcome.detail) == (Result.LATER, True)


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@", "a b@example.com", "ann@example.com\r\nDATA", "<a>@b.example"]
)
def test_an_address_that_is_none_is_dead_and_never_said_to_a_server(address: str) -> None:
    inbox = Inbox()
    with mail_server(inbox) as server:
        outcome = send(pools(), server, to=address)

    assert (outcome.result, outcome.address_is_dead, inbox.letters) == (Result.NEVER, True, [])


def test_letters_too_large_for_the_server_are_not_sent() -> None:
    inbox = Inbox()
    with mail_server(inbox, data_size_limit=1000) as server:
        outcome = send(pools(), server, mail=LETTER + b"x" * 2000)

    assert (outcome.result, outcome.enhanced_code, inbox.letters) == (Result.NEVER, "5.3.4", [])


def test_addresses_in_other_scripts() -> None:
    inbox = Inbox()
    pool = pools()
    with mail_server(inbox) as server:
        assert send(pool, server, to="jörg@bücher.example").result is Result.TAKEN
    with scripted_server(lambda line: answer(line, "250 here")) as old:
        refused = send(pools(), old, to="jörg@bücher.example")

    assert [to for _, to, _ in inbox.letters] == [["jörg@xn--bcher-kva.example"]]
    assert (refused.result, refused.address_is_dead) == (Result.NEVER, False)


# -- TLS and signing in ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, in one file."""
    return localhost_certificate(tmp_path_factory.mktemp("tls"))


def serving_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def sign_in(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
    return AuthResult(success=data == LoginPassword(b"shop", b"secret"), handled=False)


@pytest.mark.parametrize("mechanisms_off", [[], ["PLAIN"]])
def test_starttls_and_a_password(certificate: Path, mechanisms_off: list[str]) -> None:
    inbox = Inbox()
    with mail_server(
        inbox,
        tls_context=serving_tls(certificate),
        require_starttls=True,
        auth_required=True,
        authenticator=sign_in,
        auth_exclude_mechanism=mechanisms_off,
    ) as plain:
        right, wrong = (
            SmtpServer(
                host="localhost",
                port=plain.port,
                security=Security.STARTTLS,
                user="shop",
                password=password,
                ca_file=str(certificate),
            )
            for password in ("secret", "guess")
        )
        pool = pools()
        outcomes = [send(pool, right), send(pool, wrong)]
        pool.close()

    assert [outcome.result for outcome in outcomes] == [Result.TAKEN, Result.LATER]
    assert outcomes[1].code == 535
    assert len(inbox.letters) == 1


def test_a_certificate_nobody_vouches_for_ends_it(certificate: Path) -> None:
    inbox = Inbox()
    with mail_server(inbox, tls_context=serving_tls(certificate)) as plain:
        outcome = send(pools(), SmtpServer(host="localhost", port=plain.port, security=Security.STARTTLS))

    assert (outcome.result, inbox.letters) == (Result.LATER, [])
    assert "no valid certificate" in outcome.detail


def test_a_server_without_starttls_gets_nothing() -> None:
    inbox = Inbox()
    with mail_server(inbox) as plain:
        server = SmtpServer(host=plain.host, port=plain.port, security=Security.STARTTLS)
        outcome = send(pools(), server)

    assert (outcome.result, inbox.letters) == (Result.LATER, [])
    assert "offers no STARTTLS" in outcome.detail


def test_words_slipped_in_before_tls_are_not_believed(certificate: Path) -> None:
    """The injection of CVE-2011-0411, against the client."""

    def injecting(line: socket.socket) -> None:
        answer(line, "250-here\r\n250 STARTTLS", "220 go\r\n250 injected")

    with scripted_server(injecting) as plain:
        server = SmtpServer(
            host="localhost", port=plain.port, security=Security.STARTTLS, ca_file=str(certificate)
        )
        outcome = send(pools(), server)

    assert (outcome.result, "before TLS began" in outcome.detail) == (Result.LATER, True)


def test_no_password_over_an_unprotected_line() -> None:
    heard: list[bytes] = []

    def listening(line: socket.socket) -> None:
        line.sendall(b"220 here\r\n")
        heard.append(line.recv(1000))
        line.sendall(b"250-here\r\n250 AUTH PLAIN\r\n")
        heard.append(line.recv(1000))

    with scripted_server(listening) as plain:
        server = SmtpServer(
            host=plain.host, port=plain.port, security=Security.NONE, user="shop", password="secret"
        )
        outcome = send(pools(), server)

    assert outcome.result is Result.LATER
    assert b"AUTH" not in b"".join(heard)


def read_until(line: socket.socket, end: bytes) -> None:
    received = b""
    while not received.endswith(end):
        piece = line.recv(65536)
        if not piece:
            return
        received += piece
