"""Run the demonstration beside web and worker: make its shop once, tell its history, then go on living."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from rich.console import Console
from rich.progress import Progress

from aftermile.capabilities.orders.public import orders_by_external
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id
from aftermile.kernel.merchants import list_merchants
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo.articles import write_articles
from aftermile.project.demo.memory import Memory, recall
from aftermile.project.demo.played_time import FARTHEST, go_on, speed_of, stop_at, take_wish
from aftermile.project.demo.posting import Post
from aftermile.project.demo.shop import SEED, make_shop
from aftermile.project.demo.tales import TALES
from aftermile.project.demo.telling import Teller
from aftermile.project.demo.webhook import Sender
from aftermile.project.demo.world import CAST, World

if TYPE_CHECKING:
    from aftermile.project.config import Config

_EVERYWHERE = {"0.0.0.0", "::", "localhost"}  # noqa: S104 - names of all addresses, not bound here
_LOOK_EVERY_SECONDS = 0.2


def run(config: Config, *, speed: float = 1.0) -> None:
    """Feed the demonstration for as long as the process lives."""
    console = Console(soft_wrap=True, highlight=False)
    post_to = "127.0.0.1" if config.host in _EVERYWHERE else config.host
    base = f"http://{post_to}:{config.port}"
    memory = _memory(config, base)
    post = Post(post_to, config.port, memory.addresses)
    post.wait_until_ready()
    world = World(memory.seed, memory.started_at)
    teller = Teller(memory, world, post, base=base, data_dir=config.data_dir)
    if not memory.is_settled:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"{memory.days} days of {memory.shop}", total=memory.days)
            for day in teller.tell_history():
                progress.update(task, completed=day)
        memory.tales = _tales(memory, world)
        memory.is_settled = True
        memory.save(config.data_dir)
        go_on(config.data_dir, speed=speed, since=world.start)
    _show(memory, config, console)
    _live(teller, memory, config)


def _live(teller: Teller, memory: Memory, config: Config) -> None:
    """Tell what happens as it happens, and walk through time where a page asks for it."""
    looked_at = time.monotonic()
    speed = speed_of(config.data_dir)
    while True:
        if (until := take_wish(config.data_dir)) is not None:
            teller.walk_to(min(until, memory.started_at + FARTHEST))
        before, looked_at = looked_at, time.monotonic()
        if speed != 1:
            jobs.hasten(timedelta(seconds=(looked_at - before) * (speed - 1)))
        teller.tell_until(now(), is_played=speed != 1)
        connection.close()
        time.sleep(_LOOK_EVERY_SECONDS)


def _memory(config: Config, base: str) -> Memory:
    """Recall the demonstration's shop, or make it."""
    memory = recall(config.data_dir)
    if memory is not None and any(each.id == memory.merchant for each in list_merchants()):
        return memory
    start = datetime.now(UTC).replace(microsecond=0)
    world = World(SEED, start)
    stop_at(config.data_dir, world.begins_at)
    memory = make_shop(start=start, begins_at=world.begins_at, days=world.days)
    with merchant_scope(memory.merchant):
        write_articles(source=memory.connections[Sender.STOREFRONT], base=base, at=world.begins_at)
    memory.save(config.data_dir)
    return memory


def _tales(memory: Memory, world: World) -> list[dict[str, str]]:
    """Find the pages of the cast."""
    orders = [world.order(index) for index in range(len(CAST))]
    numbers = [str(order.number) for order in orders]
    with merchant_scope(memory.merchant):
        found = orders_by_external(memory.connections[Sender.STOREFRONT], numbers)
    return [
        {
            "title": role.title,
            "about": TALES[role.title],
            "path": f"/t/{found[number].page_token}",
            "order": public_id("ord", found[number].id),
            "name": order.name,
            "email": order.shopper.email,
            "country": order.shopper.country,
            "picture": order.lines[0].product.slug,
        }
        for role, order, number in zip(CAST, orders, numbers, strict=True)
        if number in found
    ]


def _show(memory: Memory, config: Config, console: Console) -> None:
    """Print where to look."""
    base = config.public_url
    longest = max((len(tale["title"]) for tale in memory.tales), default=0)
    console.print(f"\n[bold]{memory.shop}[/bold] is open: {base}/\n")
    for tale in memory.tales:
        console.print(f"  {tale['title']:<{longest}}  {base}{tale['path']}")
    console.print(f"\nConsole: {base}/console/")
    for person in memory.staff:
        console.print(f"  {person['role']:<10}  {person['email']}")
    console.print(f"  Password of all of them: [bold]{memory.sign_in_password}[/bold]")
    console.print(f"\nAPI key: [bold]{memory.api_key}[/bold]  ({base}/api/v1/docs)\n")
    console.print(f"  curl -H 'Authorization: Bearer {memory.api_key}' '{base}/api/v1/orders?limit=3'\n")
    console.print("Scans go on coming in. Stop with Ctrl-C; the next start goes on with the same shop.\n")
