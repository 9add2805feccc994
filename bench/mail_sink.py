"""A mail server that takes everything and tells when: `python -m bench.mail_sink FILE`.

It prints its port, then notes one line per message in the file: the moment it was taken (`time.monotonic`, the same
clock for all processes of a machine), the first recipient, and the size in bytes. It does as little as a server can, so
that what is measured is who sends.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TextIO

_END = b"\r\n.\r\n"


class _Line(asyncio.Protocol):
    """One connection. Commands may come several at a time."""

    def __init__(self, notes: TextIO) -> None:
        self.notes = notes
        self.held = b""
        self.recipient = ""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.held += data
        while True:
            if self.in_data:
                end = self.held.find(_END)
                if end < 0:
                    return
                self.notes.write(f"{time.monotonic()} {self.recipient} {end}\n")
                self.held = self.held[end + len(_END) :]
                self.in_data, self.recipient = False, ""
                self.transport.write(b"250 2.0.0 taken\r\n")
                continue
            line, found, rest = self.held.partition(b"\r\n")
            if not found:
                return
            self.held = rest
            self.transport.write(self._answer(line))

    def _answer(self, line: bytes) -> bytes:
        word = line[:4].upper()
        if word == b"EHLO":
            return b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        if word == b"RCPT":
            self.recipient = self.recipient or line[8:].decode().strip("<> ").partition(">")[0]
        elif word == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        elif word == b"QUIT":
            return b"221 2.0.0 bye\r\n"
        return b"250 2.0.0 OK\r\n"


async def _serve(path: Path) -> None:
    with path.open("w", buffering=1) as notes:
        server = await asyncio.get_running_loop().create_server(lambda: _Line(notes), "127.0.0.1", 0)
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
