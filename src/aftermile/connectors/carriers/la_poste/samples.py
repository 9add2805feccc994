"""Payloads of our own in the Suivi v2 shape."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples

samples = Samples(
    answer="""{"lang": "fr_FR", "scope": "open", "returnCode": 200, "shipment": {
      "idShip": "6A00000000017", "holder": 4, "product": "colissimo", "isFinal": false,
      "estimDate": "2026-01-16T00:00:00+01:00",
      "contextData": {"originCountry": "FR", "arrivalCountry": "FR"},
      "event": [
        {"code": "MD2", "label": "Mis en livraison", "date": "2026-01-16T08:12:00+01:00"},
        {"code": "ET1", "label": "En cours d'acheminement", "date": "2026-01-15T21:40:05+01:00"},
        {"code": "PC1", "label": "Pris en charge", "date": "2026-01-14T17:00:00+01:00"},
        {"code": "DR1", "label": "Annonc\u00e9", "date": "2026-01-14T09:30:00+01:00"}
      ]}}""".encode(),
    scans="shipment/event",
    code=("code",),
    moment=("date",),
    description="label",
    errors={
        ProblemKind.NOT_FOUND: b'{"returnCode": 404, "returnMessage": "Ressource non trouvee"}',
        ProblemKind.INVALID_NUMBER: b'{"returnCode": 400, "returnMessage": "Numero invalide"}',
        ProblemKind.UNAUTHORIZED: b'{"code": "UNAUTHORIZED", "message": "Unknown key"}',
        ProblemKind.UNAVAILABLE: b'{"returnCode": 504, "returnMessage": "Service indisponible"}',
    },
)
