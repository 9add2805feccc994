"""Run the demonstration beside web and worker: make its shop once, tell its history, then go on living."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress

from aftermile.capabilities.orders.public import orders_by_external
from aftermile.intake.public import connect, health
from aftermile.kernel.access import create_key
from aftermile.kernel.clock import now
from aftermile.kernel.ids import public_id, read_public_id
from aftermile.kernel.merchants import create_merchant, list_merchants
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo import carrier, storefront
from aftermile.project.demo.goods import SHOP, SHOP_DOMAIN
from aftermile.project.demo.happenings import Happening, What, happenings
from aftermile.project.demo.memory import Memory, recall
from aftermile.project.demo.posting import Post
from aftermile.project.demo.tales import TALES
from aftermile.project.demo.webhook import Sender, Webhook
from aftermile.project.demo.world import CAST, World

if TYPE_CHECKING:
    from aftermile.project.config import Config

SEED = 2026
_BY = "demo"
_EVERYWHERE = {"0.0.0.0", "::", "localhost"}  # noqa: S104 - names of all addresses, not bound here
_DIGESTION_PATIENCE_SECONDS = 180.0


def run(config: Config) -> None:
    """Feed the demonstration for as long as the process lives."""
    console = Console(soft_wrap=True, highlight=False)
    post_to = "127.0.0.1" if config.host in _EVERYWHERE else config.host
    memory = _memory(config)
    post = Post(post_to, config.port, memory.addresses)
    post.wait_until_ready()
    world = World(memory.seed, memory.started_at)
    present = now()
    past = [each for each in _past(world, until=present) if _is_news(each, memory)]
    _tell(past, memory, world, post, console)
    _remember(memory, present, config)
    _wait_for_digestion(memory)
    memory.tales = _tales(memory, world)
    memory.save(config.data_dir)
    _show(memory, config, console)
    for each in happenings(world.orders()):
        if each.arrives_at <= present:
            continue
        while (ahead := (each.arrives_at - now()).total_seconds()) > 0:
            time.sleep(min(ahead, 60))
        post.send(write(each, memory.secrets))
        _remember(memory, each.arrives_at, config)


def write(happening: Happening, keys: dict[str, str]) -> Webhook:
    """Write a happening as its sender would, signed with the sender's key."""
    if happening.what is What.SCANNED:
        return carrier.webhook(happening, secret=keys[Sender.CARRIERS])
    return storefront.webhook(happening, secret=keys[Sender.STOREFRONT])


def _memory(config: Config) -> Memory:
    """Recall the demonstration's shop, or make it."""
    memory = recall(config.data_dir)
    if memory is not None and any(each.id == memory.merchant for each in list_merchants()):
        return memory
    at = now()
    merchant = create_merchant(
        name=SHOP, time_zone="Europe/Berlin", currency="EUR", country="DE", language="en", at=at
    )
    keys = {sender.value: secrets.token_urlsafe(24) for sender in Sender}
    with merchant_scope(merchant.id):
        made = {
            Sender.STOREFRONT.value: connect(
                connector="shopify",
                name="Simulated shop",
                credentials={
                    "shop_domain": SHOP_DOMAIN,
                    "secret": keys[Sender.STOREFRONT],
                    "currency": "EUR",
                },
                by=_BY,
                at=at,
            ),
            Sender.CARRIERS.value: connect(
                connector="aftership",
                name="Simulated carriers",
                credentials={"webhook_secret": keys[Sender.CARRIERS]},
                by=_BY,
                at=at,
            ),
        }
        _, api_key = create_key(name="demonstration", scopes=["*"], at=at)
    memory = Memory(
        merchant_id=str(merchant.id),
        shop=merchant.name,
        api_key=api_key,
        addresses={sender: view.address for sender, view in made.items()},
        secrets=keys,
        connections={sender: public_id("con", view.id) for sender, view in made.items()},
        seed=SEED,
        start=at.replace(microsecond=0).isoformat(),
    )
    memory.save(config.data_dir)
    return memory


def _past(world: World, *, until: datetime) -> Iterator[Happening]:
    return takewhile(lambda each: each.arrives_at <= until, happenings(world.orders()))


def _is_news(happening: Happening, memory: Memory) -> bool:
    return memory.known_until is None or happening.arrives_at > memory.known_until


def _remember(memory: Memory, until: datetime, config: Config) -> None:
    memory.told_until = until.isoformat()
    memory.save(config.data_dir)


def _tell(past: list[Happening], memory: Memory, world: World, post: Post, console: Console) -> None:
    """Send what has happened so far, as fast as it is taken."""
    webhooks = [write(each, memory.secrets) for each in past]
    if memory.known_until is None:
        key = memory.secrets[Sender.STOREFRONT]
        webhooks[:0] = storefront.products(at=world.start, secret=key)
        # One body is cut off on the way, and one request comes from somebody who does not know the key.
        first = past[0].order
        webhooks.append(storefront.unreadable(first, secret=key))
        webhooks.append(storefront.unreadable(first, secret="not the key"))  # noqa: S106
    if not webhooks:
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"Thirty days of {memory.shop}", total=len(webhooks))
        for count in post.send_all(webhooks):
            progress.advance(task, count)


def _wait_for_digestion(memory: Memory) -> None:
    """Wait until nothing is left to be read, so that the pages are complete when they are offered."""
    give_up_at = time.monotonic() + _DIGESTION_PATIENCE_SECONDS
    while time.monotonic() < give_up_at:
        with merchant_scope(memory.merchant):
            left = sum(
                health(read_public_id("con", each), today=now().date()).waiting
                for each in memory.connections.values()
            )
        if not left:
            return
        time.sleep(0.3)


def _tales(memory: Memory, world: World) -> list[dict[str, str]]:
    """Find the pages of the cast."""
    numbers = [str(world.order(index).number) for index in range(len(CAST))]
    with merchant_scope(memory.merchant):
        found = orders_by_external(memory.connections[Sender.STOREFRONT], numbers)
    return [
        {"title": role.title, "about": TALES[role.title], "path": f"/t/{found[number].page_token}"}
        for role, number in zip(CAST, numbers, strict=True)
        if number in found
    ]


def _show(memory: Memory, config: Config, console: Console) -> None:
    """Print where to look."""
    base = config.public_url
    longest = max((len(tale["title"]) for tale in memory.tales), default=0)
    console.print(f"\n[bold]{memory.shop}[/bold] is open: {base}/\n")
    for tale in memory.tales:
        console.print(f"  {tale['title']:<{longest}}  {base}{tale['path']}")
    console.print(f"\nAPI key: [bold]{memory.api_key}[/bold]  ({base}/api/v1/docs)\n")
    console.print(f"  curl -H 'Authorization: Bearer {memory.api_key}' '{base}/api/v1/orders?limit=3'\n")
    console.print("Scans go on coming in. Stop with Ctrl-C; the next start goes on with the same shop.\n")
