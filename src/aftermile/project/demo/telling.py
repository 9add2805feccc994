"""Tell the house what happens: over HTTP, in the order in which it arrives, and at its time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from croniter import croniter  # type: ignore[import-untyped]

from aftermile.intake.public import RecordStatus, count_records
from aftermile.kernel import clock, jobs
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.demo import carrier, storefront
from aftermile.project.demo.desk import Desk
from aftermile.project.demo.happenings import Happening, What, happenings
from aftermile.project.demo.memory import Memory
from aftermile.project.demo.places import WAREHOUSE
from aftermile.project.demo.played_time import stop_at
from aftermile.project.demo.posting import Post
from aftermile.project.demo.webhook import Sender, Webhook
from aftermile.project.demo.world import World

log = logging.getLogger(__name__)

_QUIET_PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.05
_PERIODICS_EVERY = timedelta(minutes=5)
_REMEMBERED_EVERY = timedelta(minutes=1)
#: Since so many days before the start the shop writes to its shoppers: enough to look at, soon made.
_WRITES_SINCE_DAYS = 8
#: How far the clock goes at once when time is played: what is heard late is heard late by no more.
STRIDE = timedelta(hours=6)
#: An hour of the shop's clock: parcels are on their vans, and few have come.
_VANS_ARE_OUT_AT = 10


def write(happening: Happening, keys: dict[str, str], base: str) -> Webhook:
    """Write a happening as its sender would, signed with the sender's key; its pictures lie at `base`."""
    if happening.what is What.SCANNED:
        return carrier.webhook(happening, secret=keys[Sender.CARRIERS])
    return storefront.webhook(happening, secret=keys[Sender.STOREFRONT], base=base)


class Teller:
    """Knows what comes next, and tells it when its time has come."""

    def __init__(self, memory: Memory, world: World, post: Post, *, base: str, data_dir: Path) -> None:
        self._memory, self._world, self._post = memory, world, post
        self._base, self._data_dir = base, data_dir
        since = memory.known_until
        self._coming = (
            each for each in happenings(world.orders()) if since is None or each.arrives_at > since
        )
        self._next = next(self._coming)
        self._periodics_until = self._saved_until = since or world.begins_at

    def tell_history(self) -> Iterator[int]:
        """Live through the days until the start, and yield how many are told.

        The clock stands at the end of each while it is told. What the shop had before its first order comes
        first, and last what nobody can read.
        """
        memory, world = self._memory, self._world
        key = memory.secrets[Sender.STOREFRONT]
        desk = Desk(memory, [world.order(index).name for index in range(len(world.cast))])
        if memory.known_until is None:
            stop_at(self._data_dir, world.begins_at)
            self._send(storefront.products(at=world.begins_at, secret=key, base=self._base))
        while memory.days_told < memory.days:
            # The older, the coarser: days that nobody looks at closely are told some at a time.
            left = memory.days - memory.days_told
            day = memory.days_told + (1 if left <= 8 else 2 if left <= 20 else 4)
            end = self._end_of(day)
            if left <= _WRITES_SINCE_DAYS:
                desk.begin_to_write(self._end_of(memory.days_told))
            stop_at(self._data_dir, end)
            self._tell(end, is_played=True)
            desk.see_to_what_is_old(end)
            memory.days_told = day
            memory.save(self._data_dir)
            yield day
        first = world.order(len(world.cast))
        self._send(storefront.odd_records(first, secret=key))
        # One request comes from somebody who does not know the key.
        self._send(storefront.odd_records(first, secret="not the key")[:1])  # noqa: S106
        desk.share_out(world.start)
        desk.label_some(world.start)
        desk.leave_a_file(world.start)
        self._wait_until_quiet()

    def _end_of(self, day: int) -> datetime:
        """Tell when a day of the history is told: the last at the start, the others at an hour of the shop's clock.

        A day told in the evening would be told after its parcels came, and nobody had expected them.
        """
        if day == self._memory.days:
            return self._world.start
        start = self._world.start.astimezone(WAREHOUSE.zone)
        last = start.replace(hour=_VANS_ARE_OUT_AT, minute=0, second=0)
        if last >= start:
            last -= timedelta(days=1)
        days = timedelta(days=self._memory.days - 1 - day)
        return max(last - days, self._world.begins_at).astimezone(UTC)

    def tell_until(self, moment: datetime, *, is_played: bool) -> None:
        """Tell all that has happened until the clock's present moment.

        :param is_played: time went faster than the machine's, so that what is done by the hour is due here.
        """
        if self._tell(moment, is_played=is_played) or moment - self._saved_until > _REMEMBERED_EVERY:
            self._memory.save(self._data_dir)
            self._saved_until = moment

    def walk_to(self, moment: datetime) -> None:
        """Move the clock of the installation to a moment, in strides, and tell what happens on the way."""
        while (left := moment - clock.now()) > timedelta():
            stride = min(left, STRIDE)
            shown = clock.move(stride)
            jobs.hasten(stride)
            self.tell_until(shown, is_played=True)
        self._memory.save(self._data_dir)

    def _tell(self, until: datetime, *, is_played: bool) -> bool:
        """Tell what is due; return whether there was anything."""
        due = self._due(until)
        self._send([write(each, self._memory.secrets, self._base) for each in due])
        if due:
            self._wait_until_quiet()
        if not is_played:
            self._periodics_until = until
        elif until - self._periodics_until >= _PERIODICS_EVERY:
            self._do_periodics(until)
            self._wait_until_quiet()
        self._memory.told_until = until.isoformat()
        return bool(due)

    def _due(self, until: datetime) -> list[Happening]:
        if self._next.arrives_at > until:
            return []
        return [self._next, *takewhile(lambda each: each.arrives_at <= until, self._peeked())]

    def _peeked(self) -> Iterator[Happening]:
        for each in self._coming:
            self._next = each
            yield each

    def _send(self, webhooks: list[Webhook]) -> None:
        for _ in self._post.send_all(webhooks):
            pass

    def _wait_until_quiet(self) -> None:
        """Wait until nothing is left to be read or done, so that pages are complete when they are looked at."""
        give_up_at = time.monotonic() + _QUIET_PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            with merchant_scope(self._memory.merchant):
                waiting = count_records(RecordStatus.PENDING)
            if not waiting and jobs.is_quiet():
                break
            time.sleep(_LOOK_EVERY_SECONDS)

    def _do_periodics(self, until: datetime) -> None:
        """Do what would have been done at its hour, had time not been played: the queue goes by the machine's."""
        since, self._periodics_until = self._periodics_until, until
        for each in jobs.registered_periodics().values():
            if croniter(each.cron, since).get_next(datetime) <= until:
                try:
                    each.run()
                except Exception:
                    log.exception("periodic %s failed; it is done again at its next time", each.name)
