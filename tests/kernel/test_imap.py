"""Looking into a mailbox: each mail is handed over and then marked, within bounds, and what is wrong is said in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aftermile.kernel.imap import Bounds, Look, look_into
from aftermile.kernel.imap_mailbox import ImapMailbox
from aftermile.kernel.outbound_addresses import AddressPolicy
from tests.kernel.certificate import localhost_certificate
from tests.kernel.imap_server import Folder, imap_server

LETTERS = [b"Subject: %d\r\n\r\n\x00\xff)\r\n" % number for number in range(45)]
#: For a server that says nothing more.
QUICK = Bounds(read_seconds=2.0)
PATIENT = Bounds()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return localhost_certificate(tmp_path_factory.mktemp("tls"))


def look(
    mailbox: ImapMailbox, *, bounds: Bounds = PATIENT, allow_private: bool = True
) -> tuple[Look, list[bytes]]:
    taken: list[bytes] = []

    def take(mail: bytes) -> bool:
        taken.append(mail)
        return True

    return look_into(mailbox, policy=AddressPolicy(allow_private), take=take, bounds=bounds), taken


@pytest.mark.parametrize(("capabilities", "password"), [("IMAP4rev1 AUTH=PLAIN", ""), ("IMAP4rev1", "plain")])
def test_each_mail_is_handed_over_once(certificate: Path, capabilities: str, password: str) -> None:
    folder = Folder(capabilities=capabilities)
    folder.add(*LETTERS)
    with imap_server(folder, certificate) as mailbox:
        mine = replace(mailbox, password=password or mailbox.password)
        first, again = look(mine), look(mine)

    assert first == (Look(new=45), LETTERS)
    assert again == (Look(), [])


def test_a_look_takes_so_many_and_the_next_the_others(certificate: Path) -> None:
    folder = Folder()
    folder.add(*LETTERS)
    with imap_server(folder, certificate) as mailbox:
        looks = [look(mailbox, bounds=Bounds(mails=25)) for _ in range(2)]

    assert looks == [(Look(new=25, is_more=True), LETTERS[:25]), (Look(new=20), LETTERS[25:])]


def test_of_a_huge_mail_the_beginning_is_taken(certificate: Path) -> None:
    folder = Folder()
    folder.add(b"Subject: big\r\n\r\n" + b"x" * 3_000_000, b"Subject: small\r\n\r\n")
    with imap_server(folder, certificate) as mailbox:
        found, taken = look(mailbox, bounds=Bounds(mail_bytes=1000))

    assert (found, [len(mail) for mail in taken]) == (Look(new=2), [1000, 18])


def test_a_taker_that_fails_leaves_the_mail_unread(certificate: Path) -> None:
    folder = Folder()
    folder.add(*LETTERS[:3])

    def fails(mail: bytes) -> bool:
        raise RuntimeError("the database is away")

    with imap_server(folder, certificate) as mailbox:
        with pytest.raises(RuntimeError):
            look_into(mailbox, policy=AddressPolicy(True), take=fails, bounds=PATIENT)
        assert folder.seen == set()
        assert look(mailbox) == (Look(new=3), LETTERS[:3])


def test_a_mail_the_server_does_not_hand_out_costs_only_itself(certificate: Path) -> None:
    folder = Folder(instead=lambda asked: b"TAG NO damaged\r\n" if asked.startswith("UID FETCH 2 ") else None)
    folder.add(*LETTERS[:3])
    with imap_server(folder, certificate) as mailbox:
        found, taken = look(mailbox)

    assert taken == [LETTERS[0], LETTERS[2]]
    assert found.problem == "localhost did not hand out 1 unread mail. They are asked for again."
    assert folder.seen == {1, 3}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda box: replace(box, password="wrong"),
            (
                "localhost refused at signing in (“who is (address)”)."
                " Enter user and password again; some providers want an app password."
            ),
        ),
        (
            lambda box: replace(box, folder='Ret"urns'),
            (
                'localhost refused at opening the folder Ret"urns (“there is no such thing”).'
                " Check how the folder is written."
            ),
        ),
        (
            lambda box: replace(box, user="a\r\nA1 LOGOUT"),
            "The user, password or folder has signs that no mailbox has. Enter them again.",
        ),
        (
            lambda box: replace(box, port=143),
            "localhost: port 143 is not for mail (993, or 1024 and above).",
        ),
        (
            lambda box: replace(box, ca_file=""),
            "localhost has no valid certificate: self-signed certificate.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    certificate: Path, change: Callable[[ImapMailbox], ImapMailbox], says: str
) -> None:
    with imap_server(Folder(), certificate) as mailbox:
        assert look(change(mailbox)) == (Look(problem=says), [])


def test_a_private_address_is_not_connected_to(certificate: Path) -> None:
    folder = Folder()
    with imap_server(folder, certificate) as mailbox:
        found, _ = look(mailbox, allow_private=False)

    assert "inside a private network" in found.problem
    assert folder.asked == []


@pytest.mark.parametrize(
    ("command", "instead", "says"),
    [
        ("UID SEARCH UNSEEN", b"", "localhost broke off at telling what is unread. It is tried again."),
        (
            "UID SEARCH UNSEEN",
            b"* SEA",
            "localhost took too long at telling what is unread. It is tried again.",
        ),
        (
            "UID FETCH 1 (BODY.PEEK[]<0.262144>)",
            b"* 1 FETCH (BODY[]<0> {9000000000}\r\n",
            "localhost broke off at handing out a mail. It is tried again.",
        ),
        (
            "UID STORE 1 +FLAGS.SILENT (\\Seen)",
            b"TAG NO not yours\r\n",
            (
                "localhost refused at marking what was taken (“not yours”)."
                " Let the user change the folder; until then nothing counts twice."
            ),
        ),
        (
            "CAPABILITY",
            b"* CAPABILITY \xff\r\nTAG OK done\r\n",
            "localhost does not speak IMAP at greeting us. Check server and port.",
        ),
    ],
)
def test_a_hostile_server_costs_one_look(certificate: Path, command: str, instead: bytes, says: str) -> None:
    folder = Folder(instead=lambda asked: instead if asked == command else None)
    folder.add(b"Subject: one\r\n\r\n")
    with imap_server(folder, certificate) as mailbox:
        found, _ = look(mailbox, bounds=QUICK)

    assert found.problem == says
    assert folder.seen == set()
