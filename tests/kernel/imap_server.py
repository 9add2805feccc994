"""A small IMAP server under TLS on loopback: a folder of mails, and only the commands that a look needs."""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aftermile.kernel.imap_mailbox import ImapMailbox

USER, PASSWORD = "returns", "se“cret"


@dataclass
class Folder:
    """The mails of INBOX by their UID, those marked as seen, and what the server was asked."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    #: Called with each command; what it returns is said instead of the answer, `b""` hangs up.
    instead: Callable[[str], bytes | None] = lambda command: None

    def add(self, *mails: bytes) -> None:
        for mail in mails:
            self.mails[max(self.mails, default=0) + 1] = mail


@contextmanager
def imap_server(folder: Folder, certificate: Path) -> Iterator[ImapMailbox]:
    """Serve a folder to whoever knows `USER` and `PASSWORD`."""

    class Talk(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            self.wfile.write(b"* OK here\r\n")
            while line := self.rfile.readline():
                tag, _, command = line.decode().rstrip("\r\n").partition(" ")
                folder.asked.append(command)
                said = folder.instead(command)
                if said == b"":
                    return
                self.wfile.write(said.replace(b"TAG", tag.encode()) if said else self.answer(tag, command))
                if command == "LOGOUT":
                    return

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def answer(self, tag: str, command: str) -> bytes:
            ok = f"{tag} OK done\r\n".encode()
            if command == "CAPABILITY":
                return f"* CAPABILITY {folder.capabilities}\r\n".encode() + ok
            if command == "AUTHENTICATE PLAIN":
                self.wfile.write(b"+ \r\n")
                given = base64.b64decode(self.rfile.readline())
                good = given == f"\0{USER}\0{PASSWORD}".encode()
                return ok if good else f"{tag} NO who is {USER}@shop.example?\r\n".encode()
            if command == f'LOGIN {USER} "plain"':
                return ok
            if command == 'SELECT "INBOX"':
                return f"* {len(folder.mails)} EXISTS\r\n* OK [UIDVALIDITY 1]\r\n".encode() + ok
            if command == "UID SEARCH UNSEEN":
                unseen = " ".join(str(uid) for uid in folder.mails if uid not in folder.seen)
                return f"* SEARCH {unseen}\r\n".encode() + ok
            if fetch := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
                mail = folder.mails.get(int(fetch[1]), b"")[: int(fetch[2])]
                head = f"* 1 FETCH (UID {fetch[1]} BODY[]<0> {{{len(mail)}}}\r\n".encode()
                return (head + mail + b")\r\n" + ok) if mail else ok
            if store := re.fullmatch(r"UID STORE ([\d,]+) \+FLAGS\.SILENT \(\\Seen\)", command):
                folder.seen |= {int(uid) for uid in store[1].split(",")}
                return ok
            if command == "LOGOUT":
                return b"* BYE\r\n" + ok
            return f"{tag} NO there is no such thing\r\n".encode()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients hang up when they like."""

    with Server(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield ImapMailbox(
                host="localhost",
                port=server.server_address[1],
                user=USER,
                password=PASSWORD,
                ca_file=str(certificate),
            )
        finally:
            server.shutdown()
            thread.join(5)
