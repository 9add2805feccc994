"""The shop's own words that count: which there are is asked for every batch, what they say is read once a version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from aftermile.capabilities.messaging.models import OwnTouchpoint, Template, TemplateVersion
from aftermile.capabilities.messaging.templates.drafting import read_compiled
from aftermile.capabilities.messaging.templates.phrases import PHRASES
from aftermile.capabilities.messaging.templates.source import Compiled
from aftermile.connectors.contracts.channels import Medium
from aftermile.kernel.languages import FIRST
from aftermile.kernel.rowsets import run, select, text_array, texts_in

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Words:
    """The shop's own words for a touchpoint on a medium, by language; without any, what we ship counts.

    `needs`: a value without which they say nothing.
    """

    compiled: Mapping[str, Compiled]
    needs: str


@dataclass(frozen=True, slots=True)
class Own:
    """What the shop has changed of what a batch needs. `needs_order`: its own touchpoints, and of which they tell."""

    words: Mapping[tuple[str, Medium], Words]
    needs_order: Mapping[str, bool]


# A version never changes and its id is nobody else's, so all shops share the cache.
_versions: OrderedDict[UUID, Words] = OrderedDict()
_lock = Lock()


def own_words(touchpoints: Collection[str]) -> Own:
    """Read what the shop has published of these touchpoints: one trip, and another for versions not seen yet."""
    wanted = text_array(sorted(set(touchpoints)))
    templates, own = run(
        select(
            Template,
            ("touchpoint", "medium", "published_id"),
            f"{texts_in('touchpoint')} AND published_id IS NOT NULL",
            [wanted],
        ),
        select(OwnTouchpoint, ("slug", "needs_order"), texts_in("slug"), [wanted]),
    )
    versions = _read({row["published_id"] for row in templates})
    return Own(
        words={
            (row["touchpoint"], Medium(row["medium"])): versions[row["published_id"]] for row in templates
        },
        needs_order={row["slug"]: row["needs_order"] for row in own},
    )


def language_of(wishes: Sequence[str], written: Collection[str], *, is_shipped: bool) -> tuple[str, str]:
    """Choose the language to write in ("" : the shipped letter), and the wish it answers: how days are written.

    Every wish in its turn, the shop's language last: in its region ("de-AT"), without it, and as we ship it. Then
    English, then whichever language there is.
    """
    for wish in wishes:
        language, _, region = wish.strip().replace("_", "-").partition("-")
        language = language.lower()
        for code in (f"{language}-{region.upper()}", language):
            if code in written:
                return code, wish
        if is_shipped and language in PHRASES.languages:
            return "", wish
    if FIRST in written:
        return FIRST, FIRST
    return ("", FIRST) if is_shipped or not written else (min(written), min(written))


def _read(ids: Collection[UUID]) -> dict[UUID, Words]:
    with _lock:
        found = {each: _versions[each] for each in ids if each in _versions}
    for row in TemplateVersion.rows().filter(id__in=ids - found.keys()) if ids - found.keys() else ():
        found[row.id] = Words(read_compiled(row.compiled), row.needs)
    with _lock:
        for each, words in found.items():
            _versions[each] = words
            _versions.move_to_end(each)
        while len(_versions) > _KEPT:
            _versions.popitem(last=False)
    return found
