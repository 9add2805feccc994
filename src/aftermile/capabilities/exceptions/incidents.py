"""When many parcels stand still at once, that is one incident: who moves and who does not in, incidents out.

Pure. Each parcel on its way either stands still by what is usual on its lane, or does not. Where far more stand still than
would by chance, something is wrong with the carrier, the lane or the hub, and not with each parcel.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from aftermile.capabilities.exceptions.lanes import LaneKey

#: Chance alone would bring as many once in so many looks: there are dozens of lanes, looked at a hundred times a day.
CHANCE = 1e-6
#: Less of a lane is no incident of the lane, however unlikely.
LEAST_SHARE = 0.4
#: Over when fewer of those concerned still stand.
OVER_BELOW = 0.5
#: At one place, when so many of them were last seen there.
AT_ONE_PLACE = 0.6


class Scope(StrEnum):
    """What stands still, from the widest to the narrowest."""

    CARRIER = "carrier"
    LANE = "lane"
    HUB = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWay:
    """A parcel on its way. `chance`: the part of its time in which one on its lane stands still."""

    parcel_id: UUID
    lane: LaneKey
    stands_still: bool
    chance: float
    since_at: datetime
    place: str = ""  # where it was last seen
    stands_long: bool = False  # longer than could be "at once" with others


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An incident as it is today. `watched`: how many are on their way there at all."""

    scope: Scope
    lane: LaneKey
    place: str
    parcels: frozenset[UUID]
    watched: int
    since_at: datetime

    @property
    def key(self) -> tuple[Scope, LaneKey, str]:
        return self.scope, self.lane, self.place if self.scope is Scope.HUB else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """An incident that is not over, and whom it concerns: the parcel, and its last scan when it joined."""

    id: UUID
    scope: Scope
    lane: LaneKey
    place: str
    members: Mapping[UUID, datetime]

    @property
    def key(self) -> tuple[Scope, LaneKey, str]:
        return self.scope, self.lane, self.place if self.scope is Scope.HUB else ""


@dataclass(frozen=True, slots=True)
class Steps:
    """What becomes of incidents: new ones, those that go on (with whom they concern now), those that are over."""

    opened: list[Found] = field(default_factory=list)
    going_on: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    over: list[UUID] = field(default_factory=list)


def chance_of(count: int, among: int, chance: float) -> float:
    """Bound the chance that so many stand still by themselves: the Chernoff bound of the binomial tail."""
    if among == 0 or count <= among * chance:
        return 1.0
    share = count / among
    distance = share * math.log(share / chance)
    if share < 1:
        distance += (1 - share) * math.log((1 - share) / (1 - chance))
    return math.exp(-among * distance)


def find(parcels: Iterable[OnItsWay], *, fewest: int) -> list[Found]:
    """Find where many stand still at once; a parcel belongs to one incident at most, the widest that holds.

    A carrier stands still when at least two of its lanes do. The order of the parcels does not matter.

    :param fewest: so many at least.
    """
    by_lane: dict[LaneKey, list[OnItsWay]] = defaultdict(list)
    for parcel in sorted(parcels, key=lambda one: one.parcel_id):
        by_lane[parcel.lane].append(parcel)
    still_lanes = {lane for lane, mine in by_lane.items() if _is_unusual(mine, fewest)}
    by_carrier: dict[str, list[OnItsWay]] = defaultdict(list)
    for lane, mine in by_lane.items():
        by_carrier[lane.carrier] += mine
    found: list[Found] = []
    taken = set[LaneKey]()
    for carrier, mine in sorted(by_carrier.items()):
        lanes = {lane for lane in still_lanes if lane.carrier == carrier}
        if len(lanes) >= 2 and _is_unusual(mine, fewest):
            found.append(_found(Scope.CARRIER, LaneKey(carrier), mine))
            taken |= {lane for lane in by_lane if lane.carrier == carrier}
    for lane in sorted(still_lanes - taken):
        found.append(_found(Scope.LANE, lane, by_lane[lane]))
        taken.add(lane)
    return found + _hubs((one for lane, mine in by_lane.items() if lane not in taken for one in mine), fewest)


def next_steps(
    found: Sequence[Found], held: Sequence[OpenIncident], moving: Mapping[UUID, OnItsWay]
) -> Steps:
    """Decide what becomes of incidents; the same again changes nothing.

    An incident goes on while at least half of those it ever concerned stand where they stood, or while it is found again.
    What is found within one that goes on belongs to that one.
    """
    steps = Steps()
    concerned = set[UUID]()
    again = {one.key: one for one in found}
    for incident in sorted(held, key=lambda one: one.id):
        standing = frozenset(
            parcel_id
            for parcel_id, since_at in incident.members.items()
            if parcel_id in moving and moving[parcel_id].since_at <= since_at
        )
        same = again.pop(incident.key, None)
        if same is None and len(standing) < OVER_BELOW * len(incident.members):
            steps.over.append(incident.id)
            continue
        joined = (same.parcels if same is not None else frozenset()) - concerned
        steps.going_on[incident.id] = (standing | joined) - concerned
        concerned |= steps.going_on[incident.id]
    for one in again.values():
        # What a wider incident holds already is not opened a second time.
        if len(one.parcels - concerned) > len(one.parcels) / 2:
            steps.opened.append(one)
            concerned |= one.parcels
    return steps


def _hubs(parcels: Iterable[OnItsWay], fewest: int) -> list[Found]:
    """Find places at which nearly all who were last seen there stand still."""
    by_place: dict[tuple[str, str], list[OnItsWay]] = defaultdict(list)
    for parcel in parcels:
        if parcel.place:
            by_place[parcel.lane.carrier, parcel.place].append(parcel)
    return [
        _found(Scope.HUB, LaneKey(carrier), mine)
        for (carrier, _), mine in sorted(by_place.items())
        if _is_unusual(mine, fewest)
    ]


def _is_unusual(parcels: Sequence[OnItsWay], fewest: int) -> bool:
    still = sum(one.stands_still for one in parcels)
    if still < fewest or still < LEAST_SHARE * len(parcels):
        return False
    chance = sum(one.chance for one in parcels) / len(parcels)
    return chance_of(still, len(parcels), chance) <= CHANCE


def _found(scope: Scope, lane: LaneKey, parcels: Sequence[OnItsWay]) -> Found:
    still = [one for one in parcels if one.stands_still]
    places = Counter(one.place for one in still if one.place)
    place, count = min(places.items(), key=lambda held: (-held[1], held[0]), default=("", 0))
    since = sorted(one.since_at for one in still)
    return Found(
        scope=scope,
        lane=lane,
        place=place if count >= AT_ONE_PLACE * len(still) else "",
        parcels=frozenset(one.parcel_id for one in still),
        watched=len(parcels),
        since_at=since[len(since) // 2],
    )
