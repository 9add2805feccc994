"""The way out: what is refused before a byte is sent, and what a peer cannot do to us."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from aftermile.kernel.http import (
    AddressRefused,
    OutboundClient,
    OutboundFailure,
    RequestUnsendable,
    Response,
    TimedOut,
    TooLarge,
    Unreachable,
)
from aftermile.kernel.outbound_addresses import AddressPolicy


@dataclass
class Peer:
    """A server under the test's control: answers are taken in turn, requests are kept."""

    url: str = ""
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    connections: set[int] = field(default_factory=set)


def answering(
    status: int = 200, body: bytes = b"", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dripping(*pieces: bytes, seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        try:
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(seconds)
        except OSError:
            return

    return answer


def make_peer() -> tuple[Peer, ThreadingHTTPServer]:
    peer = Peer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.requests.append((self.command, self.path, headers, body))
            peer.connections.add(self.client_address[1])
            (peer.answers.pop(0) if peer.answers else answering(body=b"ok"))(self)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    return peer, server


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer, server = make_peer()
    yield peer
    server.shutdown()
    server.server_close()


@pytest.fixture
def other_peer() -> Iterator[Peer]:
    peer, server = make_peer()
    yield peer
    server.shutdown()
    server.server_close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def client(pauses: list[float]) -> Iterator[OutboundClient]:
    client = OutboundClient(allow_private=True, sleep=pauses.append)
    yield client
    client.close()


# --- what may be reached ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 192.0.0.192 192.88.99.1
    192.168.1.1 198.18.0.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16 100.100.100.200
    :: ::1 ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
    100::1 2001::1 2001:20::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1
    """.split(),
)
def test_no_inner_address_is_reached(address: str) -> None:
    assert not AddressPolicy().allows("shop.example", address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_reached(address: str) -> None:
    assert AddressPolicy().allows("shop.example", address)


def test_the_operator_opens_networks_and_hosts_by_name() -> None:
    policy = AddressPolicy({"10.1.0.0/16", "192.168.7.7", "ERP.example."})

    assert policy.allows("any.example", "10.1.2.3")
    assert policy.allows("any.example", "192.168.7.7")
    assert policy.allows("erp.example", "127.0.0.1")
    assert not policy.allows("any.example", "10.2.0.1")
    assert not policy.allows("not-erp.example", "127.0.0.1")
    assert not policy.allows("erp.example.evil.example", "127.0.0.1")


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "100.100.100.200"]
)
def test_opening_everything_private_leaves_the_metadata_of_clouds_shut(address: str) -> None:
    policy = AddressPolicy(True)

    assert policy.allows("x.example", "127.0.0.1")
    assert policy.allows("x.example", "10.0.0.1")
    assert not policy.allows("x.example", address)
    assert AddressPolicy({address}).allows("x.example", str(ip_address(address)))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"]
)
def test_nothing_is_sent_to_an_inner_address_however_it_is_spelled(peer: Peer, host: str) -> None:
    port = peer.url.rpartition(":")[2]

    with pytest.raises((AddressRefused, Unreachable)):
        OutboundClient().send("GET", f"http://{host}:{port}/", retries=0)

    assert peer.requests == []
    assert peer.connections == set()


def test_a_name_is_judged_by_what_it_resolves_to_when_connecting(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(peer.url.rpartition(":")[2])
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_args, **_kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
    )

    with pytest.raises(AddressRefused, match=r"shop\.example is inside a private network"):
        OutboundClient().send("GET", f"http://shop.example:{port}/")
    assert peer.requests == []

    allowed = OutboundClient(allow_private={"shop.example"})
    assert allowed.send("GET", f"http://shop.example:{port}/").body == b"ok"
    assert peer.requests[0][2]["host"] == f"shop.example:{port}"
    allowed.close()


def test_of_several_addresses_only_the_allowed_ones_are_tried(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(peer.url.rpartition(":")[2])
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    client = OutboundClient(allow_private={"127.0.0.1"})

    assert client.send("GET", f"http://shop.example:{port}/").status == 200
    client.close()


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "10.0.0.1", "192.168.1.1", "169.254.169.254", "2606:4700::1111", "0.0.0.0"]
)
def test_a_demonstration_reaches_this_machine_and_nobody_else(address: str) -> None:
    policy = AddressPolicy({"10.0.0.0/8", "shop.example"}, only_this_machine=True)

    assert policy.allows("localhost", "127.0.0.1")
    assert policy.allows("localhost", "::1")
    assert not policy.allows("shop.example", address)


def test_what_a_demonstration_may_not_reach_is_refused_before_anything_is_sent(
    peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    opened: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    monkeypatch.setattr(socket.socket, "connect", lambda *arguments: opened.append(arguments))

    with pytest.raises(AddressRefused, match="a demonstration reaches nobody else"):
        OutboundClient(only_this_machine=True).send("POST", "https://api.carrier.example/track")

    assert opened == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example/x",
        "//shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "http://",
        "http:///path",
        "https://user:swordfish@shop.example/",
        "https://shop.example:22/",
        "https://shop.example:0/",
        "https://shop.example:99999/",
        "https://shop.example/a b",
        "https://shop.example/\r\nX: y",
        "https://shop.example/\x00",
        "http://[::1",
    ],
)
def test_what_is_no_address_of_a_shop_is_refused_without_repeating_it(
    client: OutboundClient, url: str
) -> None:
    with pytest.raises(AddressRefused) as failure:
        client.send("GET", url)

    assert "swordfish" not in str(failure.value)


def test_the_environments_proxy_is_not_used(
    client: OutboundClient, peer: Peer, other_peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other_peer.url)

    client.send("GET", peer.url)

    assert (len(peer.requests), len(other_peer.requests)) == (1, 0)


# --- what is sent and what comes back --------------------------------------------------------------------


def test_a_request_arrives_as_given_and_the_answer_comes_back_whole(
    client: OutboundClient, peer: Peer
) -> None:
    peer.answers = [answering(201, b'{"id": 1}', X_Request_Id="abc")]

    answer = client.send(
        "post",
        peer.url + "/orders?a=1",
        headers={"Content-Type": "application/json"},
        params={"b": "ü &"},
        body=b"{}",
    )

    assert (answer.status, answer.body, answer.headers["x-request-id"]) == (201, b'{"id": 1}', "abc")
    assert answer.is_success
    method, path, headers, body = peer.requests[0]
    assert (method, path, body) == ("POST", "/orders?a=1&b=%C3%BC+%26", b"{}")
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("Aftermile/")


def test_any_status_is_an_answer(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(404), answering(500), answering(401)]

    assert [client.send("GET", peer.url).status for _ in range(3)] == [404, 500, 401]


def test_a_request_of_a_connector_is_sent_by_its_shape(client: OutboundClient, peer: Peer) -> None:
    @dataclass(frozen=True)
    class Request:
        method: str
        url: str
        headers: dict[str, str]
        params: dict[str, str]
        body: bytes

    answer = client.send_request(Request("PUT", peer.url + "/x", {"x-key": "1"}, {"n": "7"}, b"body"))

    assert answer.body == b"ok"
    method, path, headers, body = peer.requests[0]
    assert (method, path, headers["x-key"], body) == ("PUT", "/x?n=7", "1", b"body")


def test_a_connection_is_used_again(client: OutboundClient, peer: Peer) -> None:
    for _ in range(5):
        client.send("GET", peer.url)

    assert len(peer.connections) == 1


def test_threads_share_a_client(client: OutboundClient, peer: Peer) -> None:
    answers: list[Response] = []
    threads = [
        threading.Thread(target=lambda: answers.extend(client.send("GET", peer.url) for _ in range(10)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.body for answer in answers] == [b"ok"] * 80


def test_a_compressed_answer_is_read_as_what_it_holds(client: OutboundClient, peer: Peer) -> None:
    text = b"parcel " * 50_000
    peer.answers = [answering(body=gzip.compress(text), Content_Encoding="gzip")]

    assert client.send("GET", peer.url).body == text
    assert peer.requests[0][2]["accept-encoding"] == "gzip"


# --- what a peer cannot do to us -------------------------------------------------------------------------


def test_too_large_an_answer_is_not_read_to_its_end(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(body=b"x" * 1001), answering(body=b"x" * 1000)]

    with pytest.raises(TooLarge, match="more than 1000 bytes"):
        client.send("GET", peer.url, max_response_bytes=1000)
    assert len(client.send("GET", peer.url, max_response_bytes=1000).body) == 1000


def test_a_small_answer_that_unpacks_into_a_large_one_is_too_large(
    client: OutboundClient, peer: Peer
) -> None:
    peer.answers = [answering(body=gzip.compress(b"0" * 20_000_000), Content_Encoding="gzip")]

    with pytest.raises(TooLarge):
        client.send("GET", peer.url, max_response_bytes=100_000)


def test_a_peer_that_says_nothing_is_given_up(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [dripping(b"", seconds=1)]

    with pytest.raises(TimedOut):
        client.send("GET", peer.url, timeout=(1, 0.1), retries=0)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, *[b"x"] * 100),
        tuple(bytes([byte]) for byte in HEAD + b"x" * 100),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 100),
    ],
    ids=["body", "headers", "chunks"],
)
def test_a_peer_that_drips_does_not_outlast_the_deadline(
    client: OutboundClient, peer: Peer, pieces: tuple[bytes, ...]
) -> None:
    peer.answers = [dripping(*pieces, seconds=0.05)]
    started = time.monotonic()

    with pytest.raises(TimedOut):
        client.send("GET", peer.url, timeout=(1, 1), deadline_seconds=0.3)

    # All pieces would take five seconds or more.
    assert time.monotonic() - started < 4


def test_an_answer_that_breaks_off_is_none(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [dripping(HEAD + b"half", seconds=0)]

    with pytest.raises(Unreachable, match="broke off"):
        client.send("GET", peer.url, retries=0)


def test_what_is_not_http_is_no_answer(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [dripping(b"220 mail.example ESMTP\r\n", seconds=0)]

    with pytest.raises(Unreachable):
        client.send("GET", peer.url, retries=0)


def test_nobody_listening_and_no_such_name_are_told_apart(
    client: OutboundClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match=f"takes no connection on port {port}"):
        client.send("GET", f"http://127.0.0.1:{port}/", retries=0)

    def not_found(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", not_found)
    with pytest.raises(Unreachable, match=r"nowhere\.example is not found"):
        client.send("GET", "http://nowhere.example/", retries=0)


@pytest.mark.parametrize("headers", [{"x-key": "abc\r\nX-Other: 1"}, {"x-key": "ключ"}])
def test_a_header_http_cannot_carry_is_not_sent(
    client: OutboundClient, peer: Peer, headers: dict[str, str]
) -> None:
    with pytest.raises(RequestUnsendable, match="invisible signs") as failure:
        client.send("GET", peer.url, headers=headers)

    assert peer.requests == []
    assert not any(value in str(failure.value) for value in headers.values())


# --- trying again ----------------------------------------------------------------------------------------


def test_a_busy_peer_is_asked_again_with_growing_pauses(
    client: OutboundClient, peer: Peer, pauses: list[float]
) -> None:
    peer.answers = [answering(503), answering(502), answering(200)]

    assert client.send("GET", peer.url).status == 200
    assert len(peer.requests) == 3
    assert 0.125 <= pauses[0] <= 0.375
    assert 0.5 <= pauses[1] <= 1.5


def test_the_last_answer_is_handed_back_when_trying_again_does_not_help(
    client: OutboundClient, peer: Peer
) -> None:
    peer.answers = [answering(503, b"1"), answering(503, b"2"), answering(504, b"3"), answering(200)]

    answer = client.send("GET", peer.url)

    assert (answer.status, answer.body) == (504, b"3")


def test_a_post_is_sent_once_unless_asked_for(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(503), answering(503), answering(200)]

    assert client.send("POST", peer.url, body=b"1").status == 503
    assert client.send("POST", peer.url, body=b"1", retries=1).status == 200
    assert [body for _, _, _, body in peer.requests] == [b"1"] * 3


def test_a_broken_connection_is_tried_again(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [dripping(HEAD + b"half", seconds=0), answering(body=b"whole")]

    assert client.send("GET", peer.url).body == b"whole"


def test_a_refused_address_and_too_large_an_answer_are_not_tried_again(
    client: OutboundClient, peer: Peer, pauses: list[float]
) -> None:
    peer.answers = [answering(body=b"x" * 100)]

    with pytest.raises(TooLarge):
        client.send("GET", peer.url, max_response_bytes=10)
    with pytest.raises(AddressRefused):
        client.send("GET", "http://169.254.169.254/latest/meta-data/")

    assert len(peer.requests) == 1
    assert pauses == []


def test_the_pause_a_peer_asks_for_is_kept(client: OutboundClient, peer: Peer, pauses: list[float]) -> None:
    in_five_seconds = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
    peer.answers = [
        answering(429, Retry_After="3"),
        answering(503, Retry_After=in_five_seconds),
        answering(200),
    ]

    assert client.send("GET", peer.url).status == 200
    assert pauses[0] == 3
    assert 3 < pauses[1] <= 5


@pytest.mark.parametrize("retry_after", ["3600", "99999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_too_long_a_pause_is_left_to_the_caller(
    client: OutboundClient, peer: Peer, pauses: list[float], retry_after: str
) -> None:
    peer.answers = [answering(429, Retry_After=retry_after)]

    answer = client.send("GET", peer.url)

    assert (answer.status, answer.headers["retry-after"], pauses) == (429, retry_after, [])


def test_an_unreadable_pause_is_taken_as_none_asked_for(
    client: OutboundClient, peer: Peer, pauses: list[float]
) -> None:
    peer.answers = [answering(503, Retry_After="soon"), answering(200)]

    assert client.send("GET", peer.url).status == 200
    assert 0.125 <= pauses[0] <= 0.375


def test_no_pause_goes_beyond_the_deadline(client: OutboundClient, peer: Peer, pauses: list[float]) -> None:
    peer.answers = [answering(503, Retry_After="9")]

    assert client.send("GET", peer.url, deadline_seconds=5).status == 503
    assert pauses == []


# --- redirects -------------------------------------------------------------------------------------------


def test_a_redirect_is_handed_back_unless_followed(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(302, Location="/there"), answering(302, Location="/there")]

    assert client.send("GET", peer.url).status == 302
    assert client.send("GET", peer.url, follow_redirects=True).body == b"ok"
    assert [path for _, path, _, _ in peer.requests] == ["/", "/", "/there"]


def test_a_post_is_never_redirected(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(307, Location="/there")]

    assert client.send("POST", peer.url, body=b"1", follow_redirects=True).status == 307


def test_redirects_end(client: OutboundClient, peer: Peer) -> None:
    peer.answers = [answering(302, Location="/again") for _ in range(20)]

    assert client.send("GET", peer.url, follow_redirects=True).status == 302
    assert len(peer.requests) == 6


def test_another_host_does_not_get_our_keys(client: OutboundClient, peer: Peer, other_peer: Peer) -> None:
    peer.answers = [answering(302, Location="/here"), answering(302, Location=other_peer.url + "/there")]

    client.send(
        "GET",
        peer.url,
        headers={"X-Shop-Token": "swordfish", "Accept": "text/csv"},
        follow_redirects=True,
    )

    assert [headers.get("x-shop-token") for _, _, headers, _ in peer.requests] == [
        "swordfish",
        "swordfish",
    ]
    headers = other_peer.requests[0][2]
    assert "swordfish" not in headers.values()
    assert headers["accept"] == "text/csv"


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "file:///etc/passwd", "http://u:p@127.0.0.1:1/", "http://[::1"]
)
def test_a_redirect_is_judged_like_any_address(client: OutboundClient, peer: Peer, location: str) -> None:
    peer.answers = [answering(302, Location=location)]

    with pytest.raises(AddressRefused):
        client.send("GET", peer.url, follow_redirects=True)


# --- TLS -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_peer(certificate: Path) -> Iterator[Peer]:
    peer, server = make_peer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    peer.url = f"https://localhost:{server.server_port}"
    yield peer
    server.shutdown()
    server.server_close()


@pytest.fixture
def tls_client(certificate: Path) -> Iterator[OutboundClient]:
    client = OutboundClient(allow_private=True, ca_file=str(certificate))
    yield client
    client.close()


def test_a_trusted_certificate_is_accepted_and_the_connection_kept(
    tls_client: OutboundClient, tls_peer: Peer
) -> None:
    peer_body = b"x" * 300_000
    tls_peer.answers = [answering(body=peer_body), answering(body=peer_body)]

    bodies = [tls_client.send("POST", tls_peer.url, body=b"y" * 200_000, retries=0).body for _ in range(2)]

    assert bodies == [peer_body, peer_body]
    assert [len(body) for _, _, _, body in tls_peer.requests] == [200_000, 200_000]
    assert len(tls_peer.connections) == 1


def test_an_unknown_certificate_and_one_for_another_host_are_not_accepted(
    client: OutboundClient, tls_client: OutboundClient, tls_peer: Peer
) -> None:
    with pytest.raises(Unreachable, match="no valid certificate"):
        client.send("GET", tls_peer.url, retries=0)
    with pytest.raises(Unreachable, match="no valid certificate"):
        tls_client.send("GET", tls_peer.url.replace("localhost", "127.0.0.1"), retries=0)

    assert tls_peer.requests == []


def test_a_peer_that_drips_over_tls_does_not_outlast_the_deadline(
    tls_client: OutboundClient, tls_peer: Peer
) -> None:
    tls_peer.answers = [dripping(*[bytes([byte]) for byte in HEAD * 3], seconds=0.05)]
    started = time.monotonic()

    with pytest.raises(TimedOut):
        tls_client.send("GET", tls_peer.url, timeout=(1, 1), deadline_seconds=0.5)

    assert time.monotonic() - started < 4


def test_a_redirect_from_https_to_http_is_refused(
    tls_client: OutboundClient, tls_peer: Peer, peer: Peer
) -> None:
    tls_peer.answers = [answering(302, Location=peer.url)]

    with pytest.raises(AddressRefused, match="from https to http"):
        tls_client.send("GET", tls_peer.url, follow_redirects=True)
    assert peer.requests == []


# --- what is never told ----------------------------------------------------------------------------------


def test_neither_logs_nor_failures_nor_answers_show_path_query_headers_or_body(
    client: OutboundClient, peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    peer.answers = [answering(200, b"swordfish-body", X_Secret="swordfish-header"), dripping(HEAD, seconds=0)]

    answer = client.send(
        "GET", peer.url + "/swordfish-path?token=swordfish-query", headers={"x": "swordfish"}
    )
    with pytest.raises(OutboundFailure) as failure:
        client.send("GET", peer.url + "/swordfish-path?token=swordfish-query", retries=0)

    assert "swordfish" not in repr(answer)
    assert "swordfish" not in str(failure.value)
    assert failure.value.__suppress_context__
    assert "swordfish" not in caplog.text


def test_nothing_is_loaded_before_the_first_request() -> None:
    program = (
        "import sys; from aftermile.kernel.http import OutboundClient; OutboundClient();"
        "heavy = {'requests', 'urllib3', 'ssl', 'prometheus_client', 'cryptography'};"
        "raise SystemExit(bool(heavy & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
