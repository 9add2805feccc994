"""Handing letters to a mail server over connections that are kept and used again.

The line is spoken here rather than by `smtplib`, whose time-outs are per read (a server that drips a byte now
and then holds a worker for ever) and which does not tell whether the final dot was sent when a line breaks.

Walls: those of `kernel.mail_lines`. A mail server on the own network is legitimate, and usual, when the *operator*
names it in the configuration (`SmtpServer.named_by_operator`): then its name is allowed whatever it resolves to. One
that a merchant types into the console has to be public, or allowed by the operator by name. No password travels over
an unprotected line.
"""

from __future__ import annotations

import base64
import re
import socket
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from aftermile.kernel.handover import Result
from aftermile.kernel.mail import MailUnwritable, mail_address
from aftermile.kernel.mail_lines import NoLine, open_line, protect
from aftermile.kernel.mail_status import enhanced_code, is_address_dead
from aftermile.kernel.outbound_addresses import AddressPolicy
from aftermile.kernel.smtp_server import Security, SmtpServer

_MAIL_PORTS = frozenset({25, 465, 587})
# RFC 4954: not signed in, or not well enough. The operator mends that, and the letter is as good as before.
_OURS_TO_MEND = frozenset({530, 534, 535, 538})
_LONGEST_REPLY_BYTES = 65_536
_ADDRESS_IN_TEXT = re.compile(r"\S+@\S+")
_DOT_AT_START = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait. A reply has to be complete by then, however it drips."""

    connect: float = 10.0
    reply: float = 30.0
    send: float = 60.0
    #: After the final dot. RFC 5321, 4.5.3.2.6 asks for ten minutes: giving up early makes the fate unknown.
    taken: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOutcome:
    """What became of one letter. `detail` is the server's words with every address taken out."""

    result: Result
    code: int = 0
    enhanced_code: str = ""
    detail: str = ""
    address_is_dead: bool = False


class SmtpPools:
    """Connections to every server in use; one per process, shared by its threads."""

    def __init__(
        self,
        *,
        allow_private: bool | Collection[str] = False,
        only_this_machine: bool = False,
        most_connections: int = 8,
        most_letters: int = 100,
        most_age_seconds: float = 300.0,
        most_idle_seconds: float = 20.0,
        patience: Patience = Patience(),
        local_name: str = "",
    ) -> None:
        """Make a pool; nothing is opened yet.

        `allow_private` and `only_this_machine` are described at `AddressPolicy`. To one server at most
        `most_connections` are open; each carries `most_letters` and lives `most_age_seconds`, and is not used
        again after `most_idle_seconds` (servers hang up on idlers, and a letter would meet the closed line).
        `local_name` is what we call ourselves (EHLO); "" says the machine's address.
        """
        self._policy = AddressPolicy(allow_private, only_this_machine=only_this_machine)
        self._only_this_machine = only_this_machine
        self._most_connections = most_connections
        self._most_letters = most_letters
        self._most_age = most_age_seconds
        self._most_idle = most_idle_seconds
        self._patience = patience
        self._local_name = local_name
        self._lock = threading.Lock()
        self._idle: dict[SmtpServer, list[_Session]] = {}
        self._slots: dict[SmtpServer, threading.BoundedSemaphore] = {}

    def send(self, server: SmtpServer, *, sender: str, recipient: str, mail: bytes) -> SmtpOutcome:
        """Hand one letter to a server; never raises for what a server does.

        `sender` and `recipient` are the envelope's addresses, `mail` the complete letter in CRLF lines.

        TAKEN: the server answered for it. NEVER: it refused this letter or address for good. UNKNOWN: the line
        broke, or no answer came in time, after the final dot. LATER: everything else, wrong passwords and
        certificates included: those are not the letter's fault.
        """
        try:
            envelope = _Envelope(mail_address(sender) if sender else "", mail_address(recipient))
        except MailUnwritable as error:
            return SmtpOutcome(
                result=Result.NEVER, enhanced_code="5.1.3", detail=str(error), address_is_dead=True
            )
        slot = self._slot(server)
        if not slot.acquire(timeout=self._patience.send):
            return SmtpOutcome(result=Result.LATER, detail="every connection to the server is busy")
        try:
            return self._send(server, envelope, mail)
        finally:
            slot.release()

    def close(self) -> None:
        """Close the idle connections; the pool may be used again."""
        with self._lock:
            sessions = [session for idle in self._idle.values() for session in idle]
            self._idle.clear()
        for session in sessions:
            session.close()

    def _send(self, server: SmtpServer, envelope: _Envelope, mail: bytes) -> SmtpOutcome:
        session = self._idle_session(server)
        if session is not None:
            try:
                return self._over(session, server, envelope, mail)
            except _LineBroke:
                pass  # hung up while it idled: nothing of the letter was taken, so once more on a new line
        try:
            session = self._connect(server)
        except _NoSession as refusal:
            return SmtpOutcome(result=Result.LATER, code=refusal.code, detail=str(refusal))
        try:
            return self._over(session, server, envelope, mail)
        except _LineBroke as broke:
            return SmtpOutcome(result=Result.LATER, detail=str(broke))

    def _over(self, session: _Session, server: SmtpServer, envelope: _Envelope, mail: bytes) -> SmtpOutcome:
        """:raises _LineBroke: the connection is gone, and the server does not have the letter."""
        keep = False
        try:
            outcome = session.send(envelope, mail)
            keep = session.is_usable and session.letters < self._most_letters
            return outcome
        finally:
            if keep and time.monotonic() - session.opened_at < self._most_age:
                session.idle_since = time.monotonic()
                with self._lock:
                    self._idle.setdefault(server, []).append(session)
            else:
                session.close()

    def _idle_session(self, server: SmtpServer) -> _Session | None:
        with self._lock:
            stale = self._take_stale()
            idle = self._idle.get(server)
            found = idle.pop() if idle else None  # the one used last; the others may grow stale
        for session in stale:
            session.close()
        return found

    def _take_stale(self) -> list[_Session]:
        """Take out what has idled too long, at whatever server: a merchant's may be used once a month."""
        oldest = time.monotonic() - self._most_idle
        stale = [session for idle in self._idle.values() for session in idle if session.idle_since < oldest]
        if stale:
            for server, idle in list(self._idle.items()):
                self._idle[server] = [session for session in idle if session.idle_since >= oldest]
        return stale

    def _slot(self, server: SmtpServer) -> threading.BoundedSemaphore:
        with self._lock:
            if server not in self._slots:
                self._slots[server] = threading.BoundedSemaphore(self._most_connections)
            return self._slots[server]

    def _connect(self, server: SmtpServer) -> _Session:
        """:raises _NoSession: no connection that letters may travel over."""
        policy = self._policy
        if server.named_by_operator and not self._only_this_machine:
            policy = AddressPolicy((server.host,))
        try:
            line = _Line(
                open_line(
                    server.host, server.port, ports=_MAIL_PORTS, policy=policy, seconds=self._patience.connect
                )
            )
        except NoLine as none:
            raise _NoSession(str(none)) from None
        session = _Session(line, self._patience)
        try:
            session.begin(server, self._local_name)
        except _LineBroke as broke:
            line.close()
            raise _NoSession(f"{server.host} broke off before the first letter: {broke}") from None
        except BaseException:
            line.close()
            raise
        return session


class _NoSession(Exception):
    """No connection came about."""

    def __init__(self, says: str, code: int = 0) -> None:
        super().__init__(says)
        self.code = code


class _LineBroke(Exception):
    """The connection is gone, silent for too long, or talks what is no SMTP."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class _Reply:
    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    @property
    def is_good(self) -> bool:
        return 200 <= self.code <= 299


class _Line:
    """A connection and what has come over it; every wait has an end."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def protect(self, host: str, ca_file: str, seconds: float) -> None:
        """Go on under TLS.

        :raises _LineBroke: something was said before protection began that would be taken as said after.
        :raises NoLine: no TLS, or no valid certificate.
        """
        if self._received:
            raise _LineBroke("it went on talking before TLS began")
        self._connection = protect(self._connection, host, ca_file=ca_file, seconds=seconds)

    def send(self, data: bytes, seconds: float) -> None:
        """:raises _LineBroke: not all of it was sent."""
        try:
            self._connection.settimeout(seconds)
            self._connection.sendall(data)
        except TimeoutError:
            raise _LineBroke("it took too long to take what was sent") from None
        except OSError as error:
            raise _LineBroke(f"the line broke ({type(error).__name__})") from None

    def reply(self, seconds: float) -> _Reply:
        """Read one reply of one or more lines (RFC 5321, 4.2.1).

        :raises _LineBroke: none came in time, or not one of SMTP's.
        """
        deadline = time.monotonic() + seconds
        lines: list[str] = []
        while True:
            line = self._read_line(deadline)
            code, mark, text = line[:3], line[3:4], line[4:]
            if not (code.isascii() and code.isdigit()) or mark not in {"", " ", "-"}:
                raise _LineBroke("it answered with something that is no reply")
            lines.append(text.strip())
            if mark != "-":
                return _Reply(int(code), tuple(lines))
            if sum(map(len, lines)) > _LONGEST_REPLY_BYTES or len(lines) > 1000:
                raise _LineBroke("its reply has no end")

    def _read_line(self, deadline: float) -> str:
        while b"\n" not in self._received:
            if len(self._received) > _LONGEST_REPLY_BYTES:
                raise _LineBroke("its reply has no end")
            left = deadline - time.monotonic()
            if left <= 0:
                raise _LineBroke("it took too long to answer")
            try:
                self._connection.settimeout(left)
                received = self._connection.recv(8192)
            except TimeoutError:
                raise _LineBroke("it took too long to answer") from None
            except OSError as error:
                raise _LineBroke(f"the line broke ({type(error).__name__})") from None
            if not received:
                raise _LineBroke("it hung up")
            self._received += received
        line, _, self._received = self._received.partition(b"\n")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def own_name(self) -> str:
        """Name this end by its address (RFC 5321, 4.1.3), for machines without a public name."""
        try:
            address = str(self._connection.getsockname()[0])
        except OSError as error:
            raise _LineBroke(f"the line broke ({type(error).__name__})") from None
        return f"[IPv6:{address}]" if ":" in address else f"[{address}]"

    def close(self) -> None:
        with suppress(OSError):
            self._connection.close()


class _Session:
    """One conversation with a server, letter after letter."""

    def __init__(self, line: _Line, patience: Patience) -> None:
        self._line = line
        self._patience = patience
        self._extensions: dict[str, str] = {}
        self.letters = 0
        self.opened_at = time.monotonic()
        self.idle_since = self.opened_at
        self.is_usable = True

    def begin(self, server: SmtpServer, local_name: str) -> None:
        """Greet, protect, sign in.

        :raises _NoSession: the server refuses us, or cannot be trusted.
        :raises _LineBroke: the connection is gone.
        """
        if server.security is Security.TLS:
            self._protect(server)
        self._expect_good(self._line.reply(self._patience.reply), server.host, "greeting us")
        self._greet(server, local_name)
        if server.security is Security.STARTTLS:
            if "STARTTLS" not in self._extensions:
                raise _NoSession(f"{server.host} offers no STARTTLS: it asks for letters in the clear")
            self._expect_good(self._say("STARTTLS"), server.host, "beginning TLS")
            self._protect(server)
            self._greet(server, local_name)  # what was offered before TLS may have been written by others
        if server.user:
            if server.security is Security.NONE:
                raise _NoSession(f"no password is sent to {server.host} over an unprotected line")
            self._sign_in(server)

    def send(self, envelope: _Envelope, mail: bytes) -> SmtpOutcome:
        """:raises _LineBroke: the connection is gone, and the server does not have the letter."""
        self.is_usable = False  # until the conversation has come to an end that both sides know
        unsupported = self._unsupported(envelope, mail)
        if unsupported is not None:
            self.is_usable = True
            return unsupported
        for command in (self._mail_from(envelope, mail), f"RCPT TO:<{envelope.recipient}>"):
            reply = self._say(command)
            if not reply.is_good:
                return self._refused(reply, about_recipient=command.startswith("RCPT"))
        reply = self._say("DATA")
        if reply.code != 354:
            return self._refused(reply)
        # The dot goes with the last bytes, in one call: while sending fails, the server cannot have it.
        self._line.send(_stuffed(mail), self._patience.send)
        self.letters += 1
        try:
            reply = self._line.reply(self._patience.taken)
        except _LineBroke as broke:
            return SmtpOutcome(result=Result.UNKNOWN, detail=f"after the letter was sent, {broke}")
        self.is_usable = reply.code != 421
        if reply.is_good:
            return SmtpOutcome(result=Result.TAKEN, code=reply.code, enhanced_code=enhanced_code(reply.text))
        return _refusal(reply, about_recipient=False)

    def close(self) -> None:
        if self.is_usable:
            with suppress(_LineBroke):
                self._line.send(b"QUIT\r\n", 0.5)
        self.is_usable = False
        self._line.close()

    def _say(self, command: str) -> _Reply:
        self._line.send(command.encode() + b"\r\n", self._patience.reply)
        return self._line.reply(self._patience.reply)

    def _mail_from(self, envelope: _Envelope, mail: bytes) -> str:
        command = f"MAIL FROM:<{envelope.sender}>"
        if "SIZE" in self._extensions:
            command += f" SIZE={len(mail)}"
        if _needs_utf8(envelope, mail):
            command += " SMTPUTF8"
        return command

    def _unsupported(self, envelope: _Envelope, mail: bytes) -> SmtpOutcome | None:
        """Say what the server has told us it will not take."""
        if _needs_utf8(envelope, mail) and "SMTPUTF8" not in self._extensions:
            return SmtpOutcome(
                result=Result.NEVER,
                enhanced_code="5.6.7",
                detail="the server takes no addresses outside ASCII (SMTPUTF8)",
            )
        largest = self._extensions.get("SIZE", "")
        if largest.isascii() and largest.isdigit() and 0 < int(largest) < len(mail):
            return SmtpOutcome(
                result=Result.NEVER,
                enhanced_code="5.3.4",
                detail=f"the server takes no more than {largest} bytes",
            )
        return None

    def _refused(self, reply: _Reply, *, about_recipient: bool = False) -> SmtpOutcome:
        """Read a refusal and clear the table for the next letter."""
        with suppress(_LineBroke):
            self.is_usable = reply.code != 421 and self._say("RSET").is_good
        return _refusal(reply, about_recipient=about_recipient)

    def _greet(self, server: SmtpServer, local_name: str) -> None:
        name = local_name or self._line.own_name()
        reply = self._say(f"EHLO {name}")
        if not reply.is_good:
            reply = self._say(f"HELO {name}")
            self._expect_good(reply, server.host, "greeting us")
            self._extensions = {}
            return
        self._extensions = {}
        for line in reply.lines[1:]:
            word, _, rest = line.partition(" ")
            self._extensions[word.upper()] = rest.strip()

    def _protect(self, server: SmtpServer) -> None:
        try:
            self._line.protect(server.host, server.ca_file, self._patience.connect)
        except NoLine as none:
            raise _NoSession(str(none)) from None

    def _sign_in(self, server: SmtpServer) -> None:
        """RFC 4954: PLAIN where it is offered, else LOGIN, which some offer alone."""
        offered = self._extensions.get("AUTH", "").upper().split()
        if "PLAIN" in offered:
            reply = self._say("AUTH PLAIN " + _base64(f"\0{server.user}\0{server.password}"))
        elif "LOGIN" in offered:
            reply = self._say("AUTH LOGIN")
            for word in (server.user, server.password):
                if reply.code == 334:
                    reply = self._say(_base64(word))
        else:
            raise _NoSession(f"{server.host} offers no way to sign in that we know (PLAIN, LOGIN)")
        self._expect_good(reply, server.host, "signing in")

    @staticmethod
    def _expect_good(reply: _Reply, host: str, act: str) -> None:
        if not reply.is_good:
            raise _NoSession(f"{host} refused at {act}: {reply.code} {_redacted(reply.text)}", reply.code)


def _refusal(reply: _Reply, *, about_recipient: bool) -> SmtpOutcome:
    enhanced = enhanced_code(reply.text)
    for_good = 500 <= reply.code <= 599 and reply.code not in _OURS_TO_MEND
    return SmtpOutcome(
        result=Result.NEVER if for_good else Result.LATER,
        code=reply.code,
        enhanced_code=enhanced,
        detail=f"{reply.code} {_redacted(reply.text)}",
        # Of our own address or the letter's content, the same codes say nothing about the recipient.
        address_is_dead=about_recipient and for_good and is_address_dead(enhanced),
    )


def _redacted(text: str) -> str:
    return _ADDRESS_IN_TEXT.sub("(address)", text)[:200]


def _needs_utf8(envelope: _Envelope, mail: bytes) -> bool:
    if not (envelope.sender.isascii() and envelope.recipient.isascii()):
        return True
    return not mail[: mail.find(b"\r\n\r\n")].isascii()


def _stuffed(mail: bytes) -> bytes:
    """RFC 5321, 4.5.2, with the final dot."""
    if b"\n." in mail or mail.startswith(b"."):
        mail = _DOT_AT_START.sub(b"..", mail)
    return mail + (b".\r\n" if mail.endswith(b"\r\n") else b"\r\n.\r\n")


def _base64(word: str) -> str:
    return base64.b64encode(word.encode()).decode()
