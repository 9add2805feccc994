"""What the documentation and the log promise is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aftermile.kernel.events import event_types, outside_events, reactions
from aftermile.kernel.jobs import registered_jobs

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/README.md")]
OURS = [name for name, cls in event_types().items() if cls.__module__.startswith("aftermile.")]


def test_every_event_is_heard_by_somebody() -> None:
    heard = {name for reaction in reactions().values() for name in reaction.types}
    assert len(OURS) >= 12
    assert [name for name in OURS if name not in heard and name not in outside_events()] == []


def test_every_event_is_named_thing_happened() -> None:
    assert [name for name in OURS if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", name)] == []


def test_every_job_says_whose_it_is() -> None:
    rooms = {name.split(".")[0] for name in registered_jobs()}
    assert rooms <= {
        "kernel",
        "intake",
        "webhooks",
        "brands",
        "catalog",
        "exceptions",
        "promises",
        "journeys",
        "messaging",
        "search",
        "console",
        "team",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/adr/README.md").read_text("utf-8")
    written = [page.name for page in (ROOT / "docs/adr").glob("0*.md")]
    assert written
    assert [name for name in written if name not in listed] == []
