"""The command `aftermile`.

Django is loaded by the commands that need it, when they run: `serve` must stay small, and a wrong setting
must be told in words and not as a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from uuid import UUID

    from aftermile.project.config import Config
    from aftermile.project.processes import Command

app = typer.Typer(
    help="Aftermile looks after a shop's customers from the click on buy until they buy again.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a traceback must not print what a variable held
    pretty_exceptions_enable=False,
)
merchants = typer.Typer(help="The shops of this installation.", no_args_is_help=True)
connectors = typer.Typer(help="Connectors: what is there, and a start for a new one.", no_args_is_help=True)
staff = typer.Typer(help="Accounts of the people who work at the console.", no_args_is_help=True)
app.add_typer(merchants, name="merchant")
app.add_typer(staff, name="staff")
app.add_typer(connectors, name="connector")
promises = typer.Typer(help="Delivery dates: how good they are.", no_args_is_help=True)
app.add_typer(promises, name="promises")
insights = typer.Typer(help="What happened, counted.", no_args_is_help=True)
app.add_typer(insights, name="insights")
mail = typer.Typer(help="Mail that comes back.", no_args_is_help=True)
app.add_typer(mail, name="mail")

#: `EX_TEMPFAIL` of sysexits.h, which systems without it lack: a mail server keeps the mail and tries again.
TRY_AGAIN = 75

MerchantOption = Annotated[
    str,
    typer.Option(
        "--merchant", "-m", help="The shop: its id (mer_...) or its name. Not needed with one shop."
    ),
]


def main() -> None:
    """Run the command; expected problems are one sentence on standard error and exit code 1."""
    from aftermile.connectors.files.problems import FileUnreadable
    from aftermile.connectors.scaffold import BadSlug, FolderTaken
    from aftermile.project.config import ConfigProblem
    from aftermile.project.database import DatabaseProblem
    from aftermile.project.demo.resetting import StillRunning

    try:
        app()
    except (
        BadSlug, ConfigProblem, DatabaseProblem, FileUnreadable, FolderTaken, StillRunning, _Problem,
    ) as problem:  # fmt: skip
        typer.secho(str(problem), fg="red", err=True)
        sys.exit(1)


class _Problem(Exception):
    """Something the person at the terminal can put right."""


@app.command()
def serve() -> None:
    """Run everything: the database (unless one is named), the web server and the worker."""
    from aftermile.project.processes import Plan, become_supervisor

    config = _config()
    become_supervisor(
        Plan(
            data_dir=str(config.data_dir),
            commands=serve_commands(config),
            listens_on=(config.host, config.port),
            is_embedded=config.is_embedded,
            postgres_bin_dir=str(config.postgres_bin_dir) if config.postgres_bin_dir else None,
            log_format=config.log_format,
        )
    )


def serve_commands(config: Config) -> tuple[Command, ...]:
    """Return the programs of the tree, in the order of starting."""
    from aftermile.project.processes import Command

    figures = config.data_dir / "metrics"
    figures.mkdir(parents=True, exist_ok=True)
    for left_over in figures.glob("*.db"):
        left_over.unlink()
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(figures)}
    ours = (sys.executable, "-P", "-m", "aftermile")
    return (
        Command("migrate", (*ours, "migrate", "--quiet"), is_step=True),
        Command("web", (*ours, "web"), stop_timeout_seconds=10, environment=shared),
        Command("worker", (*ours, "worker"), stop_timeout_seconds=20, environment=shared),
    )


@app.command()
def web() -> None:
    """Run the web server alone; `serve` runs it beside the worker."""
    config = _config()
    host, port = config.host, str(config.port)
    granian = Path(sys.executable).with_name("granian")
    arguments = [
        str(granian), "--interface", "rsgi", "--host", host, "--port", port,
        "--workers", str(config.web_processes),
        # Requests beyond those being worked on wait here; more than this are refused at once.
        "--backpressure", str(config.web_threads * 8),
        "--workers-kill-timeout", "8", "--respawn-failed-workers", "--no-ws", "--log-level", "error",
        "aftermile.project.rsgi:application",
    ]  # fmt: skip
    os.execv(arguments[0], arguments)  # noqa: S606 - our own program, by its full path


@app.command()
def worker() -> None:
    """Run the worker alone: digestion, reactions, messages to other systems."""
    config = _config()
    _django()
    from aftermile.project.worker import run_worker

    run_worker(threads=config.worker_threads)


@app.command()
def migrate(
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when there is nothing to do.")] = False,
) -> None:
    """Bring the database's tables up to date, as the role that owns them."""
    config = _config()
    from aftermile.project.database import embedded_database
    from aftermile.project.database.backup import grant_application

    with embedded_database(config):
        os.environ["_AFTERMILE_AS_OWNER"] = "1"
        _django()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0 if quiet else 1)
        grant_application(config)


@merchants.command("create")
def merchant_create(
    name: Annotated[str, typer.Argument(help="What the shop is called.")],
    time_zone: Annotated[str, typer.Option(help="Where its warehouse's clock is.")] = "UTC",
    currency: Annotated[str, typer.Option(help="ISO 4217, such as EUR.")] = "EUR",
    country: Annotated[str, typer.Option(help="ISO 3166, such as DE.")] = "",
    language: Annotated[str, typer.Option(help="Of its shoppers, where an order does not say.")] = "en",
) -> None:
    """Make a shop and its first API key, which is shown once."""
    with _database():
        from aftermile.kernel.access import create_key
        from aftermile.kernel.clock import now
        from aftermile.kernel.ids import public_id
        from aftermile.kernel.merchants import create_merchant
        from aftermile.kernel.tenancy import merchant_scope

        merchant = create_merchant(
            name=name, time_zone=time_zone, currency=currency, country=country, language=language, at=now()
        )
        with merchant_scope(merchant.id):
            _, token = create_key(name="first key", scopes=["*"], at=now())
        typer.echo(f"{merchant.name}: {public_id('mer', merchant.id)}")
        typer.echo(f"API key (kept nowhere, note it now): {token}")


@merchants.command("list")
def merchant_list() -> None:
    """List the shops of this installation."""
    with _database():
        from rich.console import Console
        from rich.table import Table

        from aftermile.kernel.ids import public_id
        from aftermile.kernel.merchants import list_merchants

        found = list_merchants()
        if not found:
            typer.echo("There is no shop yet. Make one: aftermile merchant create NAME")
            return
        table = Table("id", "name", "time zone", "currency", box=None)
        for merchant in found:
            table.add_row(public_id("mer", merchant.id), merchant.name, merchant.time_zone, merchant.currency)
        Console().print(table)


@merchants.command("domains")
def merchant_domains() -> None:
    """List the host names that shops claim, and which two of them claim at a time."""
    with _database():
        from rich.console import Console
        from rich.table import Table

        from aftermile.project.domain_command import claims

        found = claims()
        if not found:
            typer.echo("No shop claims a domain of its own.")
            return
        table = Table("domain", "shop", "state", "claimed", box=None)
        for each in found:
            state = f"{each.state}, contested" if each.is_contested else each.state
            table.add_row(each.host, each.shop, state, f"{each.claimed_at:%Y-%m-%d %H:%M} UTC")
        Console().print(table)
        if any(each.is_contested for each in found):
            typer.echo(
                "Of a contested domain neither shop's pages are shown. Decide whose it is, then let the other's"
            )
            typer.echo("claim go: aftermile merchant release-domain --merchant SHOP")


@merchants.command("release-domain")
def merchant_release_domain(merchant: MerchantOption = "") -> None:
    """Let a shop's domain go: its pages are at this installation's own address again, and another may have it."""
    with _database():
        from aftermile.kernel.clock import now
        from aftermile.kernel.errors import NotFound
        from aftermile.project.domain_command import release

        try:
            host = release(_merchant(merchant), at=now())
        except NotFound as missing:
            raise _Problem(missing.message) from None
        typer.echo(
            f"{host} is free. Another shop that claims it gets it with its next check, within 15 minutes."
        )


@staff.command("create")
def staff_create(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    role: Annotated[
        str,
        typer.Option(help="owner, operations, care, marketing, warehouse, analyst or read_only."),
    ] = "owner",
    merchant: MerchantOption = "",
    operator: Annotated[
        bool, typer.Option("--operator", help="May enter every shop of this installation; needs --name.")
    ] = False,
    name: Annotated[str, typer.Option(help="What colleagues call the person; needed with a password.")] = "",
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password here, instead of making an invitation.")
    ] = False,
) -> None:
    """Let somebody into the console: print an invitation's link, or make the account with a password at once."""
    if (password or operator) and not name:
        raise _Problem('Say what the person is called: --name "Nadia Brandt".')
    with _database():
        from aftermile.capabilities.team.public import Role
        from aftermile.kernel.clock import now
        from aftermile.project import staff_command

        if role not in list(Role):
            raise _Problem(f"There is no role {role}; there are {', '.join(Role)}.")
        merchant_id = None if operator else _merchant(merchant)
        if merchant_id is not None and not password:
            typer.echo("Pass this link on; it works once, for seven days:")
            typer.echo(staff_command.invite_to(merchant_id, email=email, role=role, at=now()))
            return
        secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        staff_command.create_with_password(
            email=email, name=name, password=secret, merchant_id=merchant_id, role=role,
            is_operator=operator, at=now(),
        )  # fmt: skip
        typer.echo(f"{name} can sign in as {email}.")


@staff.command("reset-link")
def staff_reset_link(
    email: Annotated[str, typer.Argument(help="The e-mail address of the account.")],
) -> None:
    """Print a link that sets a new password; it works once, for one hour."""
    with _database():
        from aftermile.project import staff_command

        link = staff_command.reset_link(email)
        if link is None:
            raise _Problem(f"Nobody signs in as {email}.")
        typer.echo(link)


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV files; those that belong together (orders, lines, customers) at once."),
    ],
    merchant: MerchantOption = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Show how the columns are read; import nothing.")
    ] = False,
    time_zone: Annotated[str, typer.Option(help="Of times without one; the shop's own unless given.")] = "",
    report: Annotated[
        Path | None, typer.Option(help="Write the rows that could not be read to this CSV file.")
    ] = None,
) -> None:
    """Import orders, lines, shoppers, products, shipments or scans from CSV files.

    The kind of each file and its columns are recognized; `--preview` shows how. Running it again changes
    nothing. Rows that cannot be read are told with their line and reason and stop no other.
    """
    with _database():
        from aftermile.project.import_command import import_paths

        import_paths(
            files, merchant_id=_merchant(merchant), preview=preview, time_zone=time_zone, report=report
        )


@promises.command("evaluate")
def promises_evaluate(
    name: Annotated[str, typer.Argument(metavar="SET", help="olist or scms.")],
    data: Annotated[Path, typer.Option(help="The folder with the public files of the set.")],
    out: Annotated[Path, typer.Option(help="The CSV or Parquet file to write, one row an order.")],
) -> None:
    """Measure our delivery dates on public data: train by its protocol, forecast, and score the past in order of time.

    Needs no database. What the figures mean is told in docs/guides/delivery-dates.md.
    """
    _config()
    _django()
    from aftermile.capabilities.promises.public import DataUnreadable
    from aftermile.project.promises_command import evaluate

    try:
        evaluate(name, data=data, out=out)
    except DataUnreadable as problem:
        raise _Problem(str(problem)) from None


@insights.command("rebuild")
def insights_rebuild(merchant: MerchantOption = "") -> None:
    """Count a shop's scorecards anew from its event log, after a figure was defined anew or looks wrong.

    Until it is done everybody sees the old ones; what happens meanwhile is counted after it.
    """
    with _database():
        from aftermile.insights.public import LogPruned, rebuild
        from aftermile.kernel.events import latest_position
        from aftermile.kernel.tenancy import merchant_scope

        with merchant_scope(_merchant(merchant)):
            from rich.progress import Progress

            try:
                with Progress(transient=True) as progress:
                    task = progress.add_task("Counting", total=latest_position())
                    read = 0
                    for part in rebuild():
                        progress.advance(task, part)
                        read += part
            except LogPruned as problem:
                raise _Problem(problem.message) from None
        typer.echo(f"Counted anew from {read:,} events.")


@mail.command("take")
def mail_take(merchant: MerchantOption = "") -> None:
    """Take a mail that came back from standard input, as the pipe of Postfix or Exim hands it over.

    Exit code 75 when it could not be kept, whatever the reason: the mail server tries again.
    """
    try:
        with _database():
            from aftermile.project.mail_command import take

            is_new = take(sys.stdin.buffer, merchant_id=_merchant(merchant))
    except Exception as failure:
        # With any other code the mail server gives the mail up, and nobody gets to know of it.
        typer.secho(str(failure) or type(failure).__name__, fg="red", err=True)
        raise typer.Exit(TRY_AGAIN) from None
    typer.echo("Kept." if is_new else "It was kept before.")


@app.command()
def replay(
    records: Annotated[list[str] | None, typer.Argument(help="Records (rec_...) to read again.")] = None,
    merchant: MerchantOption = "",
    quarantined: Annotated[bool, typer.Option("--quarantined", help="All that wait in quarantine.")] = False,
) -> None:
    """Read kept records again, after a connector or a table was mended."""
    if bool(records) == quarantined:
        raise _Problem("Name records (rec_...), or say --quarantined.")
    with _database():
        from aftermile.intake.public import digest, replay, replay_many
        from aftermile.kernel.ids import read_public_id
        from aftermile.kernel.tenancy import merchant_scope

        merchant_id = _merchant(merchant)
        with merchant_scope(merchant_id):
            named = [read_public_id("rec", each) for each in records or []]
            count = replay_many() if quarantined else replay(record_ids=named)
        from rich.progress import Progress

        with Progress(transient=True) as progress:
            task = progress.add_task("Reading", total=count)
            while read := digest(merchant_id):
                progress.advance(task, read)
        typer.echo(f"{count} record{'' if count == 1 else 's'} read again.")


@app.command()
def doctor() -> None:
    """Tell what is configured, reachable and walled off; exit code 1 when something needs attention."""
    config = _config()
    from aftermile.project.database import embedded_database

    with embedded_database(config):
        _django()
        from aftermile.project.doctor import examine, show

        findings = examine(config)
    show(findings)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Save the whole database to one file, while it is in use. The keys in the data folder are not in it."""
    from aftermile.project.database import backup as save

    config = _config()
    with _steps("Saving") as step:
        save(config, to, on_progress=step)
    typer.echo(
        f"Saved to {to}. Keep {config.data_dir / 'encryption.key'} with it: stored secrets open with that key only."
    )


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file written by `aftermile backup`.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a database that is not empty.")] = False,
) -> None:
    """Read a saved database back. `serve` must be stopped."""
    from aftermile.project.database import restore as read_back

    with _steps("Restoring") as step:
        read_back(_config(), source, force=force, on_progress=step)
    typer.echo("Restored. Start with: aftermile serve")


@app.command()
def demo(
    port: Annotated[int, typer.Option(envvar="AFTERMILE_PORT", help="Where to serve.")] = 8000,
    speed: Annotated[
        float,
        typer.Option(
            min=0.1,
            max=3600,
            help="How fast time goes: 60 makes an hour of each minute, once the shop is set up.",
        ),
    ] = 1.0,
    reset: Annotated[bool, typer.Option("--reset", help="Begin with a fresh shop.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a reset.")] = False,
) -> None:
    """Serve a demonstration: a shop with parcels on their way, fed by a simulated storefront and carriers.

    Nothing of it leaves this machine. Stopped and started again, it goes on with the same shop.
    """
    data_dir = Path(os.environ.get("AFTERMILE_DATA_DIR", ".demo")).absolute()
    if reset and (data_dir / "demo.json").exists():
        if not yes:
            typer.confirm(f"Remove the demo shop in {data_dir}, and all that was done in it?", abort=True)
        from aftermile.project.demo.resetting import clear_away

        clear_away(data_dir)
    os.environ |= {
        "AFTERMILE_DATA_DIR": str(data_dir),
        "AFTERMILE_PORT": str(port),
        "AFTERMILE_DEMO": "true",
        "AFTERMILE_LOG_LEVEL": os.environ.get("AFTERMILE_LOG_LEVEL", "warning"),
    }
    from aftermile.project.processes import Command, Plan, become_supervisor

    config = _config()
    from aftermile.project.demo.played_time import set_going

    set_going(config.data_dir, speed=speed)
    ours = (sys.executable, "-P", "-m", "aftermile")
    demonstration = Command("demo", (*ours, "demo-run", "--speed", str(speed)))
    become_supervisor(
        Plan(
            data_dir=str(config.data_dir),
            commands=(*serve_commands(config), demonstration),
            listens_on=(config.host, config.port),
            is_embedded=config.is_embedded,
            postgres_bin_dir=str(config.postgres_bin_dir) if config.postgres_bin_dir else None,
            log_format=config.log_format,
        )
    )


@app.command("demo-run", hidden=True)
def demo_run(speed: Annotated[float, typer.Option()] = 1.0) -> None:
    """Feed the demonstration (started by `demo`)."""
    _django()
    from aftermile.project.demo.run import run

    run(_config(), speed=speed)


@connectors.command("list")
def connector_list() -> None:
    """List every connector that is found."""
    from rich.console import Console
    from rich.table import Table

    from aftermile.connectors.registry import connectors as found

    table = Table("slug", "name", "kind", "webhooks", "polling", "history", box=None)
    for plug in sorted(found().values(), key=lambda each: (each.kind, each.slug)):
        marks = ["yes" if socket else "-" for socket in (plug.verify, plug.poll, plug.backfill)]
        table.add_row(plug.slug, plug.name, plug.kind, *marks)
    Console().print(table)


@connectors.command("new")
def connector_new(
    slug: Annotated[str, typer.Argument(help="Lower case with dashes, such as swift-post.")],
    name: Annotated[str, typer.Argument(help="What people call the carrier.")],
    into: Annotated[Path, typer.Option(help="The folder of the carriers.")] = Path(
        "src/aftermile/connectors/carriers"
    ),
) -> None:
    """Write the folder of a new carrier, which passes the conformance suite as it is."""
    from aftermile.connectors.scaffold import scaffold_carrier

    for written in scaffold_carrier(slug, name, into):
        typer.echo(written)


def _config() -> Config:
    from aftermile.project.config import load

    return load()


def _django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "aftermile.project.settings"
    django.setup()


@contextmanager
def _database() -> Iterator[None]:
    """Use the running server, or start one for the time of a command."""
    from aftermile.kernel.errors import Refusal
    from aftermile.project.database import embedded_database

    with embedded_database(_config()):
        _django()
        try:
            yield
        except Refusal as refusal:
            raise _Problem(refusal.message) from None
        finally:
            from django.db import connection

            connection.close()


@contextmanager
def _steps(title: str) -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    with Console(stderr=True).status(title) as status:
        yield lambda step: status.update(f"{title}: {step}")


def _merchant(wanted: str) -> UUID:
    """Find the shop a command is about.

    :raises _Problem: none or several fit.
    """
    from aftermile.kernel.ids import public_id
    from aftermile.kernel.merchants import list_merchants

    found = list_merchants()
    fitting = [each for each in found if not wanted or wanted in (each.name, public_id("mer", each.id))]
    if len(fitting) == 1:
        return fitting[0].id
    names = ", ".join(f"{each.name} ({public_id('mer', each.id)})" for each in found[:10])
    raise _Problem(
        f"Say which shop with --merchant: {names}."
        if found
        else "There is no shop yet: aftermile merchant create NAME"
    )
