"""Words in cells that mean something to us: order statuses, milestones, directions, countries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from aftermile.connectors.contracts.facts import Direction, OrderState
from aftermile.connectors.contracts.words import Milestone, SubStatus
from aftermile.connectors.files.fields import plain

_OPEN = (
    "open created pending approved authorized paid unpaid invoiced processing unfulfilled new confirmed accepted "
    "partially_fulfilled on-hold hold awaiting_payment awaiting_shipment ready_to_ship shipped sent in_transit "
    "dispatched fulfilled offen neu bezahlt versendet versandt expédié enviado spedito verzonden"
)
_COMPLETED = (
    "completed complete closed archived delivered refunded done abgeschlossen erledigt zugestellt geliefert livré "
    "terminé entregado completado entregue concluído consegnato completato afgerond bezorgd"
)
_CANCELLED = "cancelled canceled voided storniert annulé cancelado anulado annullato geannuleerd"
#: What shops call the state of an order. A word that is not here is kept as it is and moves nothing.
ORDER_STATES: Mapping[str, OrderState] = {
    **{plain(word): OrderState.OPEN for word in _OPEN.split()},
    **{plain(word): OrderState.COMPLETED for word in _COMPLETED.split()},
    **{plain(word): OrderState.CANCELLED for word in _CANCELLED.split()},
}

#: Our own words, AfterShip's tags and subtags, and milestones that are no sub-status by themselves.
SUB_STATUSES: Mapping[str, SubStatus] = {
    **{plain(each.aftership_subtag): each for each in reversed(SubStatus)},
    **{plain(each.value): each for each in SubStatus},
    plain(Milestone.INFO_RECEIVED): SubStatus.LABEL_CREATED,
    "attemptfail": SubStatus.ATTEMPT_FAILED,
}

_RETURN_WORDS = "return returned rma inbound reverse retoure rücksendung retour devolución devolução reso"
DIRECTIONS: Mapping[str, Direction] = {
    **{plain(word): Direction.RETURN for word in _RETURN_WORDS.split()},
    **{
        plain(word): Direction.OUTBOUND
        for word in ["outbound", "forward", "sale", "order", "shipment", "versand"]
    },
}

_OTHER_COUNTRY_NAMES = {
    "AT": "Österreich", "BE": "België Belgique", "BR": "Brasil", "CH": "Schweiz Suisse Svizzera", "CZ": "Česko Czechia",
    "DE": "Deutschland Allemagne Alemania Alemanha Germania Duitsland", "DK": "Danmark", "ES": "España Spanien Espagne",
    "FI": "Suomi", "FR": "Frankreich Francia França", "GB": "UK GreatBritain UnitedKingdom England Großbritannien",
    "GR": "Hellas", "HU": "Magyarország", "IT": "Italia Italien Italie", "KR": "SouthKorea", "LU": "Luxemburg",
    "MX": "México", "NL": "Nederland Niederlande PaysBas TheNetherlands Holland", "NO": "Norge", "PL": "Polska Polen",
    "PT": "Portogallo", "SE": "Sverige Schweden", "TR": "Türkiye", "US": "USA UnitedStatesofAmerica",
}  # fmt: skip


@cache
def country_codes() -> Mapping[str, str]:
    """Return ISO 3166 codes by plain country name: the tz database's English ones, and their own."""
    codes: dict[str, str] = {}
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, name = line.partition("\t")
            codes[plain(code)] = codes[plain(name)] = code
    for code, names in _OTHER_COUNTRY_NAMES.items():
        codes.update({plain(name): code for name in names.split()})
    return codes
