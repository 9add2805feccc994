"""The command as a person at a terminal meets it: a fresh folder, a shop, files, and plain words on mistakes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from aftermile.project.database import EmbeddedDatabase

ORDERS = """order number,created at,currency,total,e-mail,product,quantity,price
100,2026-03-01 10:00,EUR,30.00,rae@example.org,The Long Way,1,10.00
101,2026-03-01 10:00,EUR,much,lin@example.org,The Long Way,1,10.00
"""


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERMILE_")}
        self.environment = {**kept, "AFTERMILE_DATA_DIR": str(folder / "data"), "COLUMNS": "200"}

    def run(self, *words: str, given: str = "", **settings: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "aftermile", *words],
            cwd=self.folder,
            env={**self.environment, **settings},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def terminal(open_folder: Path) -> Iterator[Terminal]:
    made = Terminal(open_folder)
    database = EmbeddedDatabase(open_folder / "data")
    database.start()  # as `serve` would; the commands take part in it
    try:
        code, said = made.run("migrate", "--quiet")
        assert (code, said) == (0, "")
        code, said = made.run("merchant", "create", "Lindgren Books", "--time-zone", "Europe/Berlin")
        assert code == 0
        assert "am_" in said
        yield made
    finally:
        database.stop()


def test_the_shop_is_listed(terminal: Terminal) -> None:
    code, said = terminal.run("merchant", "list")
    assert code == 0
    assert "Lindgren Books" in said


def test_an_import_is_previewed_then_done_and_odd_rows_are_reported(terminal: Terminal) -> None:
    (terminal.folder / "orders.csv").write_text(ORDERS)
    code, said = terminal.run("import", "orders.csv", "--preview")
    assert code == 0
    assert "is read as" in said
    code, said = terminal.run("import", "orders.csv", "--report", "odd.csv")
    assert code == 2
    assert "Read 1 orders." in said
    assert "orders.csv line 3" in said
    assert (terminal.folder / "odd.csv").read_text().splitlines()[0] == "file,line,column,reason"


def test_an_import_tells_words_without_a_meaning(terminal: Terminal) -> None:
    rows = "order number,created at,status\n1,2026-03-01,being knitted\n2,2026-03-01,being knitted\n"
    (terminal.folder / "knitted.csv").write_text(rows)
    code, said = terminal.run("import", "knitted.csv")
    assert code == 0, said
    assert "order status 'being knitted', 2 times" in said


def test_a_shop_without_a_domain_has_none_to_let_go(terminal: Terminal) -> None:
    assert terminal.run("merchant", "domains") == (0, "No shop claims a domain of its own.\n")
    code, said = terminal.run("merchant", "release-domain")
    assert (code != 0, "This shop has no domain of its own." in said) == (True, True)


def test_scorecards_are_counted_anew(terminal: Terminal) -> None:
    code, said = terminal.run("insights", "rebuild")
    assert (code, said.strip()) == (0, "Counted anew from 0 events.")


def test_doctor_finds_all_well(terminal: Terminal) -> None:
    code, said = terminal.run("doctor")
    assert code == 0, said
    assert "is bound by row-level security" in said
    assert "every merchant's table has its wall" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "nowhere.csv"], "nowhere.csv cannot be opened"),
        (["merchant", "create", "X", "--time-zone", "Mars"], "no time zone"),
        (["merchant", "create", "X", "--currency", "coins"], "no ISO 4217 currency code"),
        (["import", "x.csv", "--merchant", "Nobody"], "Say which shop with --merchant"),
        (["replay"], "Name records"),
        (["replay", "rec_nonsense"], "Expected the id of one inbound record"),
        (["restore", "nothing.dump"], "There is no file"),
        (["connector", "new", "Bad_Slug", "Bad"], "is no slug"),
    ],
)
def test_mistakes_are_told_in_a_sentence(terminal: Terminal, words: list[str], says: str) -> None:
    code, said = terminal.run(*words)
    assert code == 1
    assert says in said
    assert "Traceback" not in said


def test_a_misspelled_setting_is_an_error(terminal: Terminal) -> None:
    code, said = terminal.run("doctor", AFTERMILE_PROT="8001")
    assert code == 1
    assert "Did you mean AFTERMILE_PORT?" in said


def test_a_mail_from_a_pipe_is_kept_or_the_mail_server_is_to_try_again(terminal: Terminal) -> None:
    mail = "From: MAILER-DAEMON@mx.example\n\nNobody is there.\n" + "x" * 3_000_000
    assert terminal.run("mail", "take", "--merchant", "Lindgren Books", given=mail) == (0, "Kept.\n")
    away = "postgresql://nobody@127.0.0.1:1/none"
    code, said = terminal.run("mail", "take", given=mail, AFTERMILE_DATABASE_URL=away)
    assert (code, "Traceback" in said, said.strip() == "") == (75, False, False)
