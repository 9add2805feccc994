"""A real mail server on loopback, well-behaved (aiosmtpd) or not (a script of replies)."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from aftermile.kernel.smtp_server import Security, SmtpServer


@dataclass
class Inbox:
    """What a server took, and the words it answers with instead of taking ("" : take it)."""

    letters: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    at_recipient: Callable[[str], str] = lambda address: ""
    at_data: Callable[[bytes], str] = lambda content: ""

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        refusal = self.at_recipient(address)
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.sessions.add(id(session))
        refusal = self.at_data(envelope.content)
        if not refusal:
            self.letters.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return refusal or "250 2.0.0 taken"


@contextmanager
def mail_server(inbox: Inbox, **options: Any) -> Iterator[SmtpServer]:
    """Serve an inbox; options are those of aiosmtpd's SMTP."""

    class Serving(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, enable_SMTPUTF8=True, **options)

    controller = Serving(inbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=controller.port, security=Security.NONE)
    finally:
        # Whoever is still connected is heard out first: a transport under TLS cannot be closed without its loop.
        asyncio.run_coroutine_threadsafe(_all_gone(), controller.loop).result(5)
        controller.stop()


@contextmanager
def scripted_server(script: Callable[[socket.socket], None]) -> Iterator[SmtpServer]:
    """Serve every connection with a script of what is read and written."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_play, args=(script, connection), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield SmtpServer(host="127.0.0.1", port=listening.getsockname()[1], security=Security.NONE)
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _play(script: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection:
        try:
            script(connection)
        except OSError:
            return


def answer(connection: socket.socket, *replies: str) -> None:
    """Greet, then answer each command (or, after 354, the whole letter) with the next reply."""
    lines = connection.makefile("rb")
    connection.sendall(b"220 here\r\n")
    in_data = False
    for reply in replies:
        for line in lines:
            if not in_data or line == b".\r\n":
                break
        else:
            return
        connection.sendall(reply.encode() + b"\r\n")
        in_data = reply.startswith("354")


async def _all_gone() -> None:
    talking = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    await asyncio.wait(talking, timeout=0.1) if talking else None
    await asyncio.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as probing:
        probing.bind(("127.0.0.1", 0))
        port: int = probing.getsockname()[1]
        return port
