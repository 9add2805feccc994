"""Files in the console: chosen, looked at, read in the background, stopped, removed."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from aftermile.capabilities.orders.public import list_orders
from aftermile.capabilities.team.public import Role, audit_log
from aftermile.doors.console import uploads
from aftermile.intake.models import ImportFile, ImportRun
from aftermile.intake.public import run_import
from aftermile.kernel import jobs
from aftermile.kernel.events import latest_position
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from tests.doors.console.conftest import base, make_person, signed_in
from tests.doors.console.test_lists import shown

DeskClient = Callable[[Role], Client]
pytestmark = pytest.mark.django_db

ORDERS = b"""order number,created at,currency,total,e-mail,product,quantity,price,remark
100,2026-03-01 10:00,EUR,30.00,rae@example.org,The Long Way,1,10.00,a
101,never,EUR,10.00,lin@example.org,The Long Way,1,10.00,=1+1
102,2026-03-02 12:00,EUR,10.00,ida@example.org,The Long Way,1,10.00,
"""


def sent(client: Client, merchant: Merchant, *files: tuple[str, bytes]) -> Any:
    return client.post(
        base(merchant) + "imports/upload/",
        {"files": [SimpleUploadedFile(name, body) for name, body in files]},
        follow=True,
    )


def the_import(merchant: Merchant) -> ImportRun:
    with merchant_scope(merchant.id):
        return ImportRun.rows().get()


def read_it(merchant: Merchant) -> ImportRun:
    """Do what the worker does with the import's newest job."""
    run = the_import(merchant)
    jobs.run("intake.import", jobs.encode(merchant.id, {"run": str(run.id), "attempt": run.attempt}))
    return the_import(merchant)


def place(answer: Any) -> str:
    """Return the address of the import's page, as the last redirect said it."""
    return str(answer.redirect_chain[-1][0])


def form_of(page: str) -> dict[str, str]:
    """Read the form of columns as a browser would send it."""
    fields = {"kinds": "1"}
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        fields[name] = chosen[1] if chosen else ""
    fields["time_zone"] = re.findall(r'name="time_zone" value="([^"]*)"', page)[0]
    return fields


def numbers(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.id):
        return sorted(each.number for each in list_orders())


class TestReading:
    def test_looked_at_then_read_with_a_report(self, merchant: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.OPERATIONS)
        answer = sent(client, merchant, ("orders.csv", ORDERS))
        page = answer.content.decode()
        assert "Nothing is read yet." in page
        assert "<b>Order 100</b>" in page
        assert "<b>Line 3 cannot be read</b><small>created at: " in page
        assert numbers(merchant) == []
        here = place(answer)
        began = client.post(here + "start/", form_of(page), follow=True).content.decode()
        assert "Waits for the worker" in began
        run = read_it(merchant)
        assert (run.status, run.problem_count, run.read_count) == ("done", 1, 3)
        assert numbers(merchant) == ["100", "102"]
        page = shown(client, here)
        assert "Rows that could not be read" in page
        report = client.get(here + "problems.csv")
        (row,) = csv.DictReader(report.content.decode("utf-8-sig").splitlines())
        assert (row["file"], row["line"], row["column"]) == ("orders.csv", "3", "created at")
        with merchant_scope(merchant.id):
            assert [each.act for each in audit_log(limit=5)] == ["import.start", "import.upload"]

    def test_a_second_time_changes_nothing(self, merchant: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, ("orders.csv", ORDERS)))
        client.post(here + "start/")
        read_it(merchant)
        with merchant_scope(merchant.id):
            before = latest_position()
        client.post(here + "start/")
        assert read_it(merchant).status == "done"
        with merchant_scope(merchant.id):
            assert latest_position() == before

    def test_columns_are_read_as_they_are_said_to_be(
        self, merchant: Merchant, desk_client: DeskClient
    ) -> None:
        client = desk_client(Role.OPERATIONS)
        body = b"Nummer A,remark,when\nA-1,wrap it,03/04/2026\n"
        answer = sent(client, merchant, ("odd.csv", body))
        page, here = answer.content.decode(), place(answer)
        assert "Rows cannot be read yet" in page
        refused = client.post(here + "start/", form_of(page), follow=True).content.decode()
        assert "odd.csv: say which column holds" in refused
        with merchant_scope(merchant.id):
            file_id = ImportFile.rows().get().id
        form = form_of(page) | {
            f"column-{file_id}-0": "order_id", f"column-{file_id}-1": "note", f"column-{file_id}-2": "placed_at",
        }  # fmt: skip
        seen = client.post(here + "change/", form, follow=True).content.decode()
        assert "Line 2" in seen  # nothing says which is the day
        seen = client.post(here + "change/", form | {"date_order": "dmy"}, follow=True).content.decode()
        assert ("Line 2" in seen, "<b>Order A-1</b>" in seen) == (False, True)
        client.post(here + "start/", form_of(seen))
        read_it(merchant)
        with merchant_scope(merchant.id):
            (order,) = list_orders()
        assert (order.note, order.placed_at and f"{order.placed_at:%d %B}") == ("wrap it", "03 April")

    def test_another_kind_is_recognized_anew(self, merchant: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.OPERATIONS)
        answer = sent(client, merchant, ("people.csv", b"e-mail,name\nrae@example.org,Rae\n"))
        form = form_of(answer.content.decode())
        kind = next(name for name in form if name.startswith("kind-"))
        for wanted in ("orders", "shoppers"):
            page = client.post(place(answer) + "change/", form | {kind: wanted}, follow=True).content.decode()
            form = form_of(page)
        assert form[kind] == "shoppers"
        assert "email" in form.values()

    @pytest.mark.parametrize(
        ("name", "body", "said"),
        [
            ("a.xlsx", b"PK\x03\x04xxxxxxxx", "a.xlsx"),
            ("empty.csv", b"", "empty.csv"),
        ],
    )
    def test_what_is_no_csv_is_said_beside_the_field(
        self, merchant: Merchant, desk_client: DeskClient, name: str, body: bytes, said: str
    ) -> None:
        answer = sent(desk_client(Role.OPERATIONS), merchant, (name, body))
        page = answer.content.decode()
        assert (answer.status_code, 'id="files_problem"' in page, said in page) == (422, True, True)

    def test_too_much_is_dropped_and_said(
        self, merchant: Merchant, desk_client: DeskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "LARGEST_UPLOAD_BYTES", 50)
        answer = sent(desk_client(Role.OPERATIONS), merchant, ("orders.csv", ORDERS))
        assert answer.status_code == 422
        assert "larger than" in answer.content.decode()

    def test_no_file_and_too_many(self, merchant: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.OPERATIONS)
        assert "Choose a file first." in sent(client, merchant).content.decode()
        many = [(f"{n}.csv", ORDERS) for n in range(11)]
        assert "At most 10 files" in sent(client, merchant, *many).content.decode()

    @pytest.mark.parametrize("field", ["time_zone", "twice"])
    def test_a_form_that_cannot_be_is_told(
        self, merchant: Merchant, desk_client: DeskClient, field: str
    ) -> None:
        client = desk_client(Role.OPERATIONS)
        answer = sent(client, merchant, ("orders.csv", ORDERS))
        form = form_of(answer.content.decode())
        if field == "time_zone":
            form["time_zone"] = "Mars/North"
        else:
            columns = [name for name in form if name.startswith("column-")]
            form |= dict.fromkeys(columns[:2], "note")
        refused = client.post(place(answer) + "start/", form)
        assert refused.status_code == 422
        assert the_import(merchant).status == "draft"


class TestStopping:
    def test_a_stopped_import_keeps_what_was_read_and_can_go_on(
        self, merchant: Merchant, desk_client: DeskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("aftermile.intake.operations.import_files.BATCH", 1)
        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, ("orders.csv", ORDERS)))
        client.post(here + "start/")
        run = the_import(merchant)

        def after_a_batch(_: int) -> None:
            if numbers(merchant):
                client.post(here + "stop/")

        done = run_import(merchant.id, run.id, attempt=run.attempt, on_progress=after_a_batch)
        assert (done.is_whole, the_import(merchant).status) == (False, "stopped")
        assert numbers(merchant) == ["100"]
        assert "Stopped half way." in shown(client, here)
        client.post(here + "start/")
        assert read_it(merchant).status == "done"
        assert numbers(merchant) == ["100", "102"]

    def test_a_job_of_an_earlier_start_reads_nothing(
        self, merchant: Merchant, desk_client: DeskClient
    ) -> None:
        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, ("orders.csv", ORDERS)))
        for _ in range(2):
            client.post(here + "start/")
            client.post(here + "stop/")
        client.post(here + "start/")
        run = the_import(merchant)
        jobs.run("intake.import", jobs.encode(merchant.id, {"run": str(run.id), "attempt": run.attempt - 1}))
        assert (the_import(merchant).status, numbers(merchant)) == ("pending", [])

    def test_under_way_it_is_neither_changed_nor_removed(
        self, merchant: Merchant, desk_client: DeskClient
    ) -> None:
        client = desk_client(Role.OPERATIONS)
        answer = sent(client, merchant, ("orders.csv", ORDERS))
        here = place(answer)
        client.post(here + "start/")
        for address in ("remove/", "start/"):
            told = client.post(here + address, follow=True).content.decode()
            assert "This import is under way." in told
        assert the_import(merchant).status == "pending"

    def test_a_failure_is_said_and_not_tried_for_ever(
        self, merchant: Merchant, desk_client: DeskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def break_down(*_: object, **__: object) -> object:
            raise ZeroDivisionError

        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, ("orders.csv", ORDERS)))
        client.post(here + "start/")
        monkeypatch.setattr("aftermile.intake.operations.import_files.apply", break_down)
        with pytest.raises(ZeroDivisionError):
            read_it(merchant)
        assert read_it(merchant).status == "failed"
        assert "Something went wrong on our side." in shown(client, here)

    def test_removed_with_its_files(self, merchant: Merchant, desk_client: DeskClient) -> None:
        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, ("orders.csv", ORDERS)))
        told = client.post(here + "remove/", follow=True).content.decode()
        assert "The files are removed." in told
        assert client.get(here).status_code == 404
        with merchant_scope(merchant.id):
            assert ImportFile.rows().count() == 0


class TestWho:
    @pytest.mark.parametrize("role", [Role.CARE, Role.ANALYST, Role.READ_ONLY, Role.WAREHOUSE])
    def test_who_manages_no_connection_sees_no_file(
        self, merchant: Merchant, desk_client: DeskClient, role: Role
    ) -> None:
        here = place(sent(desk_client(Role.OWNER), merchant, ("orders.csv", ORDERS)))
        client = desk_client(role)
        assert [client.get(each).status_code for each in (here, here + "problems.csv")] == [403, 403]
        assert sent(client, merchant, ("orders.csv", ORDERS)).status_code == 403

    def test_another_shops_files_are_not_there(
        self, merchant: Merchant, other_merchant: Merchant, desk_client: DeskClient
    ) -> None:
        here = place(sent(desk_client(Role.OWNER), merchant, ("orders.csv", ORDERS)))
        client = signed_in(make_person("Ada", (other_merchant, Role.OWNER)))
        theirs = here.replace(base(merchant), base(other_merchant))
        assert [client.get(here).status_code, client.get(theirs).status_code] == [404, 404]
        client.post(theirs + "start/")
        client.post(theirs + "remove/")
        assert the_import(merchant).status == "draft"

    @pytest.mark.parametrize("files", [1, 3, 10])
    def test_queries_do_not_grow(
        self,
        merchant: Merchant,
        desk_client: DeskClient,
        django_assert_max_num_queries: DjangoAssertNumQueries,
        files: int,
    ) -> None:
        client = desk_client(Role.OPERATIONS)
        here = place(sent(client, merchant, *((f"{n}.csv", ORDERS) for n in range(files))))
        for _ in range(files):
            sent(client, merchant, ("more.csv", ORDERS))
        with django_assert_max_num_queries(18):
            shown(client, here)
        with django_assert_max_num_queries(18):
            shown(client, base(merchant) + "imports/")
