r"""Looking into a mailbox for what nobody has taken yet, over IMAP (RFC 3501) under TLS.

`\Seen` is the cursor: a mail is marked once it has been taken, and never before. So nothing is lost, and who dies in
between is handed the same mails again: the taker has to know them. A mail that somebody marks unread is taken anew.

The commands are `imaplib`'s; the line is ours (`kernel.mail_lines`), and bounded: in time all in all, in the mails of one
look, in the bytes of each, and in what the server may say altogether.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aftermile.kernel.imap_mailbox import ImapMailbox
from aftermile.kernel.mail_lines import NoLine, open_line, protect
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.outbound_connections import TlsSocket, patience

_IMAP_PORTS = frozenset({993})
_MARKED_AT_ONCE = 20
#: What a server may say beside the mails asked for.
_MOST_TALK_BYTES = 4_000_000
_ADDRESS_IN_TEXT = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one look may cost. Of a mail that is larger than `mail_bytes`, so much is taken from its beginning."""

    mails: int = 200
    mail_bytes: int = 262_144
    seconds: float = 120.0
    connect_seconds: float = 10.0
    read_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of looking. `new` were not known to the taker; `is_more`: some were left for the next look.

    `problem` says in a sentence or two why not all of it was well, and what to do ("" : it was).
    """

    new: int = 0
    is_more: bool = False
    problem: str = ""


def look_into(
    mailbox: ImapMailbox,
    *,
    policy: AddressPolicy,
    take: Callable[[bytes], bool],
    bounds: Bounds = Bounds(),
) -> Look:
    """Hand each unseen mail to `take`, oldest first, and mark it as seen; never raises for what a server does.

    `take` returns whether the mail is new to it. What it raises ends the look, and the mail stays unseen.
    """
    new = 0
    patience.read_seconds, patience.deadline = bounds.read_seconds, time.monotonic() + bounds.seconds
    try:
        with _signed_in(mailbox, policy, bounds) as session:
            unseen = session.unseen()
            chosen = unseen[: bounds.mails]
            lost = 0
            for begin in range(0, len(chosen), _MARKED_AT_ONCE):
                taken = []
                for uid in chosen[begin : begin + _MARKED_AT_ONCE]:
                    mail = session.mail(uid)
                    if mail is None:
                        lost += 1
                        continue
                    new += take(mail)
                    taken.append(uid)
                session.mark(taken)
    except (NoLine, _Unread) as unread:
        return Look(new=new, problem=f"{unread}.")
    finally:
        patience.deadline = float("inf")
    if lost:
        said = (
            f"{mailbox.host} did not hand out {lost} unread mail{'s'[: lost > 1]}. They are asked for again."
        )
        return Look(new=new, problem=said)
    return Look(new=new, is_more=len(unseen) > len(chosen))


class _Unread(Exception):
    """The mailbox could not be read, or not to its end; why, and what to do."""


@contextmanager
def _signed_in(mailbox: ImapMailbox, policy: AddressPolicy, bounds: Bounds) -> Iterator[_Session]:
    """:raises NoLine, _Unread: no conversation came about."""
    if not (mailbox.user + mailbox.password + mailbox.folder).isprintable() or not mailbox.folder.isascii():
        # A line break would begin a command; folders outside ASCII have an encoding of their own (RFC 3501, 5.1.3).
        raise _Unread("The user, password or folder has signs that no mailbox has. Enter them again")
    session = _Session(mailbox, policy, bounds)
    try:
        session.sign_in()
        yield session
    finally:
        session.close()


class _Session:
    """One conversation; every command either succeeds or says in words why not."""

    def __init__(self, mailbox: ImapMailbox, policy: AddressPolicy, bounds: Bounds) -> None:
        self._mailbox = mailbox
        self._bounds = bounds
        with self._heard("greeting us"):
            self._line = _Line(mailbox, policy, bounds)

    def sign_in(self) -> None:
        box = self._mailbox
        with self._heard("signing in", "Enter user and password again; some providers want an app password"):
            if "AUTH=PLAIN" in self._line.capabilities:
                # Takes words outside ASCII, which LOGIN does not.
                self._line.authenticate("PLAIN", lambda _: f"\0{box.user}\0{box.password}".encode())
            else:
                self._line.login(box.user, box.password)
        with self._heard(f"opening the folder {box.folder}", "Check how the folder is written"):
            self._said(self._line.select(_quoted(box.folder)))

    def unseen(self) -> list[int]:
        with self._heard("telling what is unread"):
            found = self._said(self._line.uid("SEARCH", "UNSEEN"))
        words = b" ".join(part for part in found if isinstance(part, bytes)).split()
        return sorted(int(word) for word in words if word.isdigit())

    def mail(self, uid: int) -> bytes | None:
        """Fetch a mail without marking it; None when the server does not have it (any more)."""
        with self._heard("handing out a mail"):
            status, parts = self._line.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{self._bounds.mail_bytes}>)")
        bodies = [part[1] for part in parts if isinstance(part, tuple)] if status == "OK" else []
        return bodies[0] if bodies else None

    def mark(self, uids: list[int]) -> None:
        if uids:
            with self._heard(
                "marking what was taken", "Let the user change the folder; until then nothing counts twice"
            ):
                self._said(self._line.uid("STORE", ",".join(map(str, uids)), "+FLAGS.SILENT", r"(\Seen)"))

    def close(self) -> None:
        patience.deadline = min(patience.deadline, time.monotonic() + 2)
        with suppress(imaplib.IMAP4.error, OSError, ValueError):
            self._line.logout()
        with suppress(imaplib.IMAP4.error, OSError, ValueError):
            self._line.shutdown()

    @contextmanager
    def _heard(self, act: str, advice: str = "It is tried again") -> Iterator[None]:
        """:raises _Unread: whatever imaplib raises, in words."""
        host = self._mailbox.host
        try:
            yield
        except imaplib.IMAP4.readonly:
            raise _Unread(f"{host} lets this user only read the folder. Let the user change it") from None
        except (TimeoutError, imaplib.IMAP4.abort, OSError) as broke:
            why = "took too long" if isinstance(broke, TimeoutError) else "broke off"
            raise _Unread(f"{host} {why} at {act}. It is tried again") from None
        except imaplib.IMAP4.error as refusal:
            raise _Unread(f"{host} refused at {act}{_in_its_words(refusal)}. {advice}") from None
        except ValueError:
            raise _Unread(f"{host} does not speak IMAP at {act}. Check server and port") from None

    @staticmethod
    def _said(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
        status, told = answer
        if status != "OK":
            raise imaplib.IMAP4.error(told[0] if told else "")
        return told


class _Line(imaplib.IMAP4):
    """imaplib's commands over a line of ours."""

    def __init__(self, mailbox: ImapMailbox, policy: AddressPolicy, bounds: Bounds) -> None:
        self._mailbox = mailbox
        self._policy = policy
        self._bounds = bounds
        self._left = bounds.mails * bounds.mail_bytes + _MOST_TALK_BYTES
        super().__init__(mailbox.host, mailbox.port)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:  # noqa: ARG002 - ours are stricter
        box, seconds = self._mailbox, self._bounds.connect_seconds
        line: socket.socket = open_line(
            box.host, box.port, ports=_IMAP_PORTS, policy=self._policy, seconds=seconds
        )
        try:
            return protect(line, box.host, ca_file=box.ca_file, seconds=seconds, kind=TlsSocket)
        except BaseException:
            line.close()
            raise

    def read(self, size: int) -> bytes:
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        """Judge before anything so large is kept in memory."""
        self._left -= size
        if self._left < 0 or size > self._bounds.mail_bytes + _MOST_TALK_BYTES:
            raise self.abort("it says more than it was asked for")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _in_its_words(refusal: imaplib.IMAP4.error) -> str:
    said = refusal.args[0] if refusal.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    text = "".join(_ADDRESS_IN_TEXT.sub("(address)", text)[:200].split("\x00")).strip().rstrip(".")
    return f" (“{text}”)" if text else ""
