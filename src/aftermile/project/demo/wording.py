"""What carriers write, in the language in which they write it where a scan is made.

Our own translations; where there is none, the carrier writes English, as many do.
"""

from __future__ import annotations

from collections.abc import Mapping

_GERMAN = {
    "The shipment was announced electronically": "Die Sendung wurde elektronisch angekündigt",
    "Picked up from the sender": "Die Sendung wurde beim Absender abgeholt",
    "Left the sorting center": "Die Sendung hat das Sortierzentrum verlassen",
    "Label applied anew": "Das Etikett wurde erneuert",
    "Presented to customs": "Die Sendung wurde dem Zoll vorgelegt",
    "Released by customs": "Die Sendung wurde vom Zoll freigegeben",
    "Held by customs: an invoice is needed": "Beim Zoll angehalten: Eine Rechnung wird benötigt",
    "Arrived at the sorting center": "Die Sendung ist im Sortierzentrum eingetroffen",
    "On the way to the delivery depot": "Die Sendung ist auf dem Weg zur Zustellbasis",
    "Loaded onto the delivery vehicle": "Die Sendung wurde in das Zustellfahrzeug geladen",
    "Delivered": "Die Sendung wurde zugestellt",
    "Delivered to a neighbor": "Die Sendung wurde an einen Nachbarn übergeben",
    "Nobody was at home; another attempt follows on the next day": "Niemand angetroffen; erneute Zustellung am nächsten Tag",
    "Delayed by a strike at the sorting center": "Verzögerung durch einen Streik im Sortierzentrum",
    "Sorted; the journey goes on": "Die Sendung wurde sortiert und wird weiterbefördert",
    "The parcel could not be found; the search is closed": "Die Sendung konnte nicht gefunden werden; die Suche ist beendet",
    "The addressee refused the parcel": "Der Empfänger hat die Annahme verweigert",
    "On its way back to the sender": "Die Sendung wird an den Absender zurückgesandt",
    "The address is not complete": "Die Adresse ist unvollständig",
    "Returned to the sender": "Die Sendung geht zurück an den Absender",
    "Handed back to the sender": "Die Sendung wurde dem Absender übergeben",
    "Delayed by a storm: roads are closed": "Verzögerung durch Sturm: Straßen sind gesperrt",
    "Delayed by a storm in the north": "Verzögerung durch Sturm im Norden",
    "Roads are open again; on its way": "Die Straßen sind wieder frei; die Sendung ist unterwegs",
    "The parcel was damaged and cannot be delivered": "Die Sendung wurde beschädigt und kann nicht zugestellt werden",
    "Ready for collection for seven days": "Die Sendung liegt sieben Tage zur Abholung bereit",
    "Collected by the addressee": "Die Sendung wurde vom Empfänger abgeholt",
}
_FRENCH = {
    "Presented to customs": "Présenté en douane",
    "Released by customs": "Dédouané",
    "Arrived at the sorting center": "Arrivé au centre de tri",
    "On the way to the delivery depot": "En cours d'acheminement vers le site de distribution",
    "Loaded onto the delivery vehicle": "En cours de livraison",
    "Delivered": "Votre colis est livré",
    "Delivered to a neighbor": "Remis à un voisin",
    "Nobody was at home; another attempt follows on the next day": "Destinataire absent ; nouvelle présentation le lendemain",
    "Left the sorting center": "A quitté le centre de tri",
    "The addressee refused the parcel": "Refusé par le destinataire",
    "The address is not complete": "Adresse incomplète",
    "Ready for collection for seven days": "Disponible au retrait pendant sept jours",
    "Collected by the addressee": "Retiré par le destinataire",
}
_DUTCH = {
    "Arrived at the sorting center": "Aangekomen in het sorteercentrum",
    "On the way to the delivery depot": "Onderweg naar het bezorgdepot",
    "Loaded onto the delivery vehicle": "De bezorger is onderweg",
    "Delivered": "Bezorgd",
    "Delivered to a neighbor": "Bezorgd bij de buren",
    "Nobody was at home; another attempt follows on the next day": "Niemand thuis; morgen volgt een nieuwe poging",
    "Left the sorting center": "Heeft het sorteercentrum verlaten",
    "The addressee refused the parcel": "Geweigerd door de geadresseerde",
    "The address is not complete": "Het adres is onvolledig",
    "Ready for collection for seven days": "Ligt zeven dagen klaar om af te halen",
    "Collected by the addressee": "Afgehaald door de geadresseerde",
}
_SWEDISH = {
    "Arrived at the sorting center": "Har anlänt till sorteringsterminalen",
    "On the way to the delivery depot": "På väg till utdelningskontoret",
    "Loaded onto the delivery vehicle": "Har lastats för utkörning",
    "Delivered": "Utlämnad till mottagaren",
    "Ready for collection for seven days": "Kan hämtas i sju dagar",
    "Collected by the addressee": "Hämtad av mottagaren",
    "Delayed by a storm: ferries and bridges are closed": "Försenad av storm: färjor och broar är stängda",
}
_BY_COUNTRY: Mapping[str, Mapping[str, str]] = {
    "DE": _GERMAN, "AT": _GERMAN, "CH": _GERMAN, "FR": _FRENCH, "NL": _DUTCH, "BE": _DUTCH, "SE": _SWEDISH,
}  # fmt: skip


def as_written(message: str, country: str) -> str:
    """Return a carrier's message as it is written in a country (ISO 3166 alpha-2)."""
    return _BY_COUNTRY.get(country, {}).get(message, message)
