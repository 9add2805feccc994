"""La Poste: letters, Colissimo and Chronopost through one tracking API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aftermile.connectors.carriers.la_poste.reader import HOME_ZONE, SLUG, translate
from aftermile.connectors.contracts.sockets import (
    Connector,
    ConnectorKind,
    CredentialField,
    OutboundRequest,
    Poll,
    PollLimits,
)


def _ask(numbers: Sequence[str], credentials: Mapping[str, str], _token: str) -> OutboundRequest:
    wanted = ",".join(quote(number, safe="") for number in numbers)
    return OutboundRequest(
        method="GET",
        url=f"https://api.laposte.fr/suivi/v2/idships/{wanted}",
        headers={"x-okapi-key": credentials["okapi_key"], "accept": "application/json"},
        params={"lang": "fr_FR"},
    )


connector = Connector(
    slug=SLUG,
    name="La Poste",
    kind=ConnectorKind.CARRIER,
    translate=translate,
    credentials=(
        CredentialField(name="okapi_key", label="Okapi key", help="developer.laposte.fr, Suivi v2"),
    ),
    poll=Poll(
        request=_ask,
        limits=PollLimits(numbers_per_request=10, requests_per_minute=30, every=timedelta(hours=2)),
    ),
    tracking_url="https://www.laposte.fr/outils/suivre-vos-envois?code={tracking_number}",
    aliases=(
        "laposte",
        "la poste colissimo",
        "colissimo",
        "la poste courrier",
        "lettre suivie",
        "laposte france",
    ),
    countries=("FR", "GP", "MQ", "GF", "RE", "YT", "MC", "AD"),
    setup=("On developer.laposte.fr, subscribe to Suivi v2 and copy the Okapi key of production.",),
    home_time_zone=HOME_ZONE,
    website="https://www.laposte.fr",
    phone="3631",
)
