"""What of the home is shown, as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from aftermile.capabilities.exceptions.public import Group, Tab

_LONGEST = 200
#: No list goes on for longer; who is there narrows it down.
_FURTHEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeState:
    """Tab, group, carrier and words; what cannot be read narrows nothing."""

    tab: Tab = Tab.EVERYTHING
    group: Group | None = None
    carrier: str = ""
    words: str = ""
    after: int = 0

    @property
    def is_narrowed(self) -> bool:
        return bool(self.carrier or self.words)

    def url(self, base: str, **changes: object) -> str:
        """Return the address of the home with some of this changed; another part of the list begins at its start."""
        state = replace(self, **{"after": 0, **changes})  # type: ignore[arg-type]
        pairs = [
            ("tab", state.tab.value if state.tab is not Tab.EVERYTHING else ""),
            ("group", state.group.value if state.group else ""),
            ("carrier", state.carrier),
            ("q", state.words),
            ("after", str(state.after) if state.after else ""),
        ]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"{base}?{query}" if query else base


def read_state(query: QueryDict) -> HomeState:
    """Read what is to be shown from an address."""
    tab, group, after = query.get("tab", ""), query.get("group", ""), query.get("after", "")
    return HomeState(
        tab=Tab(tab) if tab in set(Tab) else Tab.EVERYTHING,
        group=Group(group) if group in set(Group) else None,
        carrier=query.get("carrier", "")[:_LONGEST],
        words=query.get("q", "").strip()[:_LONGEST],
        after=min(int(after), _FURTHEST) if after.isascii() and after.isdigit() and len(after) < 9 else 0,
    )
