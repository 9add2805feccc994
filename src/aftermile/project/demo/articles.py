"""What the demonstration's shop has written for its shoppers, in English and German."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aftermile.capabilities.content.public import create_article, publish_article, read_manuscript
from aftermile.project.demo.goods import PRODUCTS
from aftermile.project.demo.storefront import picture_address

_BY = "demo"
_NUMBERS = {product.slug: product for product in PRODUCTS}


def write_articles(*, source: str, base: str, at: datetime) -> None:
    """Write and publish the shop's articles, in the merchant's open scope.

    :param source: the connection that tells of the shop's products.
    :param base: where the demonstration answers; the pictures are there.
    """
    for position, given in enumerate(_ARTICLES):
        manuscript = read_manuscript(_given(given, position, source, base))
        made = create_article(manuscript=manuscript, by=_BY, at=at)
        publish_article(article_id=made.id, note="First version", by=_BY, at=at)


def _given(article: dict[str, Any], position: int, source: str, base: str) -> dict[str, Any]:
    slugs = article.get("products", ())
    placements = [
        *({"about": "product", "source": source, "value": str(_NUMBERS[slug].number)} for slug in slugs),
        *({"about": "type", "value": each} for each in article.get("types", ())),
    ]
    pictured = article.get("picture", "")
    return {
        "kind": article["kind"],
        "slug": article["slug"],
        "position": position,
        "video_url": article.get("video_url", ""),
        "picture_url": picture_address(_NUMBERS[pictured], base) if pictured else "",
        "placements": placements,
        "texts": article["texts"],
    }


_ARTICLES: tuple[dict[str, Any], ...] = (
    {
        "kind": "guide",
        "slug": "pitch-the-larch-tent",
        "products": ("larch-2", "larch-poles"),
        "picture": "larch-2",
        "texts": {
            "en": {
                "title": "Pitch the Larch in ten minutes",
                "summary": "Do it once in the garden or a park: the first time in rain is then the second time.",
                "body": """\
You need the tent, two poles, ten pegs and a flat place of about three by four meters.

## In six steps

1. Spread the **inner tent** with its door away from the wind.
2. Peg the two corners on the windward side.
3. Push both poles through the sleeves, the longer one first. Push, never pull: a pulled pole comes apart.
4. Set the ends into the eyelets, one side after the other, and the tent stands.
5. Throw the **fly sheet** over it, zip above door, and clip the four corners.
6. Peg out, tighten the lines, and open the vent at the top.

## If something does not fit

| What you see | What helps |
|---|---|
| The fly sheet sags | Shorten the corner straps by the same amount on all sides |
| A pole bends sharply | Its sections are not pushed together: feel each joint |
| The zip is hard to close | The corners are too tight; loosen the two at the door |

Wet from above and dry inside? Leave the vent open all the same: what runs down the fly sheet at night is your own
breath.
""",
            },
            "de": {
                "title": "Das Larch in zehn Minuten aufbauen",
                "summary": "Üben Sie es einmal im Garten oder im Park: dann ist das erste Mal im Regen das zweite.",
                "body": """\
Sie brauchen das Zelt, zwei Gestängebögen, zehn Heringe und eine ebene Fläche von etwa drei mal vier Metern.

## In sechs Schritten

1. Breiten Sie das **Innenzelt** aus, den Eingang vom Wind abgewandt.
2. Setzen Sie die Heringe an den beiden Ecken auf der Windseite.
3. Schieben Sie beide Bögen durch die Kanäle, den längeren zuerst. Schieben, nicht ziehen: gezogen gehen sie auseinander.
4. Stecken Sie die Enden in die Ösen, erst eine Seite, dann die andere, und das Zelt steht.
5. Werfen Sie das **Außenzelt** darüber, Reißverschluss über Eingang, und klipsen Sie die vier Ecken fest.
6. Heringe setzen, Leinen spannen, oben den Lüfter öffnen.

## Wenn etwas nicht passt

| Was Sie sehen | Was hilft |
|---|---|
| Das Außenzelt hängt durch | Die Eckgurte auf allen Seiten gleich weit kürzen |
| Ein Bogen knickt scharf | Die Teile sitzen nicht ganz ineinander: fühlen Sie jede Verbindung nach |
| Der Reißverschluss geht schwer | Die Ecken sind zu straff; lockern Sie die beiden am Eingang |

Außen nass und innen trocken? Lassen Sie den Lüfter trotzdem offen: was nachts innen am Außenzelt herabläuft, ist Ihr
eigener Atem.
""",
            },
        },
    },
    {
        "kind": "care_tips",
        "slug": "dry-a-tent-before-it-is-packed-away",
        "types": ("Tents",),
        "picture": "tarp",
        "texts": {
            "en": {
                "title": "Dry a tent before it is packed away",
                "summary": "Nothing ages a tent faster than a night in its bag while it is still damp.",
                "body": """\
- Hang it up **the same day**, over a line or a door, the fly sheet and the inner tent apart.
- Brush sand out of the zips; a grain in the slider wears it out within a season.
- Wash off dirt with a sponge and lukewarm water. No washing machine, no detergent: both take the coating along.
- Store it loosely in a large cotton bag. Folded tightly it breaks along the folds.

Mold spots that are already there can be stopped, not removed. Write to us before you try: the wrong cleaner does more
harm than the mold.
""",
            },
            "de": {
                "title": "Ein Zelt trocknen, bevor es weggepackt wird",
                "summary": "Nichts lässt ein Zelt schneller altern als eine Nacht feucht im Packsack.",
                "body": """\
- Hängen Sie es **noch am selben Tag** auf, über eine Leine oder eine Tür, Außen- und Innenzelt getrennt.
- Bürsten Sie Sand aus den Reißverschlüssen; ein Korn im Schieber nutzt ihn in einer Saison ab.
- Schmutz mit Schwamm und lauwarmem Wasser abwaschen. Keine Maschine, kein Waschmittel: beides nimmt die Beschichtung mit.
- Lagern Sie es locker in einem großen Baumwollbeutel. Eng gefaltet bricht es in den Falten.

Stockflecken, die schon da sind, lassen sich aufhalten, aber nicht entfernen. Schreiben Sie uns vorher: das falsche Mittel
schadet mehr als der Fleck.
""",
            },
        },
    },
    {
        "kind": "care_tips",
        "slug": "wash-merino-and-wool",
        "products": ("merino-shirt", "wool-socks", "beanie"),
        "picture": "merino-shirt",
        "texts": {
            "en": {
                "title": "Wash merino and wool",
                "summary": "Less often than you think, cooler than you think, and never in the dryer.",
                "body": """\
Wool cleans itself to a good part. A night by the open window does for most days of walking.

When it does need a wash:

1. Inside out, at **30 °C**, on the wool program or by hand.
2. Wool detergent only. Ordinary powder and softener eat the fiber.
3. Press the water out in a towel; do not wring.
4. Dry it **lying flat**, away from the heater.

Little balls of fluff come in the first weeks and go with the wash. Moths do not like cedar, and they do not like clean
wool: put it away washed.
""",
            },
            "de": {
                "title": "Merino und Wolle waschen",
                "summary": "Seltener, als man denkt, kühler, als man denkt, und nie in den Trockner.",
                "body": """\
Wolle reinigt sich zum guten Teil selbst. Eine Nacht am offenen Fenster genügt nach den meisten Wandertagen.

Wenn sie doch gewaschen werden muss:

1. Auf links, bei **30 °C**, im Wollprogramm oder von Hand.
2. Nur Wollwaschmittel. Vollwaschmittel und Weichspüler greifen die Faser an.
3. Wasser im Handtuch ausdrücken, nicht wringen.
4. **Liegend** trocknen, nicht auf der Heizung.

Kleine Knötchen kommen in den ersten Wochen und gehen mit der Wäsche. Motten mögen kein Zedernholz, und sie mögen keine
saubere Wolle: räumen Sie sie gewaschen weg.
""",
            },
        },
    },
    {
        "kind": "care_tips",
        "slug": "make-a-rain-jacket-repel-water-again",
        "products": ("skur-jacket",),
        "picture": "skur-jacket",
        "texts": {
            "en": {
                "title": "When rain no longer runs off the Skur",
                "summary": "The jacket is not leaking: its outside wants washing and a little warmth.",
                "body": """\
If the outer fabric turns dark in the rain, the finish that makes water run off is tired. The membrane below still keeps
you dry, but it breathes badly.

1. Close all zips and wash at **30 °C** with a liquid detergent for rainwear. No softener.
2. Rinse twice.
3. Tumble it dry at low heat for **20 minutes**: warmth wakes the finish up again. No dryer? Iron it lukewarm, with a cloth
   between.
4. Still dark in the rain? Now, and only now, a spray-on proofing helps.

Twice a year is enough for most people.
""",
            },
            "de": {
                "title": "Wenn der Regen an der Skur nicht mehr abperlt",
                "summary": "Die Jacke ist nicht undicht: ihre Außenseite braucht eine Wäsche und etwas Wärme.",
                "body": """\
Wird der Oberstoff im Regen dunkel, ist die Ausrüstung müde, die das Wasser abperlen lässt. Die Membran darunter hält Sie
weiter trocken, aber sie atmet schlecht.

1. Alle Reißverschlüsse schließen und bei **30 °C** mit flüssigem Waschmittel für Regenkleidung waschen. Kein Weichspüler.
2. Zweimal spülen.
3. **20 Minuten** bei niedriger Temperatur in den Trockner: Wärme weckt die Ausrüstung wieder auf. Kein Trockner? Lauwarm
   bügeln, mit einem Tuch dazwischen.
4. Immer noch dunkel im Regen? Jetzt, und erst jetzt, hilft ein Imprägnierspray.

Zweimal im Jahr genügt den meisten.
""",
            },
        },
    },
    {
        "kind": "guide",
        "slug": "set-the-hip-belt-of-a-backpack",
        "types": ("Packs",),
        "picture": "ridge-28",
        "texts": {
            "en": {
                "title": "Set a backpack so that the hips carry it",
                "summary": "Four straps, in this order, with something heavy in it.",
                "body": """\
1. Loosen all straps and put the pack on with **five kilograms** in it.
2. Close the **hip belt** over the hip bones, not on the waist.
3. Pull the **shoulder straps** until they touch; they guide, they do not carry.
4. Pull the **load lifters** above the shoulders to about 45 degrees.
5. Close the **chest strap** a hand's breadth below the collarbone, loosely enough to breathe.

Heavy things belong close to the back, between the shoulder blades; light and bulky ones at the bottom.
""",
            },
            "de": {
                "title": "Den Rucksack so einstellen, dass die Hüfte trägt",
                "summary": "Vier Gurte, in dieser Reihenfolge, mit etwas Schwerem darin.",
                "body": """\
1. Alle Gurte lockern und den Rucksack mit **fünf Kilogramm** aufsetzen.
2. Den **Hüftgurt** über den Hüftknochen schließen, nicht in der Taille.
3. Die **Schultergurte** ziehen, bis sie anliegen; sie führen, sie tragen nicht.
4. Die **Lageverstellriemen** über den Schultern auf etwa 45 Grad ziehen.
5. Den **Brustgurt** eine Handbreit unter dem Schlüsselbein schließen, so locker, dass Sie frei atmen.

Schweres gehört nah an den Rücken, zwischen die Schulterblätter; Leichtes und Sperriges nach unten.
""",
            },
        },
    },
    {
        "kind": "video",
        "slug": "light-the-camp-stove",
        "products": ("camp-stove",),
        "picture": "camp-stove",
        "video_url": "https://videos.fjell-and-field.example/camp-stove",
        "texts": {
            "en": {
                "title": "Light the camp stove",
                "summary": "Two minutes: connect the cartridge, check for gas, light it, put it out.",
                "body": """\
What the film shows, in words:

- Screw the cartridge on **outdoors**, upright and hand-tight.
- Hiss or smell? Unscrew it, look at the rubber ring, and do not light it.
- Open the valve a quarter turn, and only then light it from the side.
- Never use it inside a tent: the gas you do not smell is the one that harms.
""",
            },
            "de": {
                "title": "Den Campingkocher anzünden",
                "summary": "Zwei Minuten: Kartusche anschließen, auf Gas prüfen, anzünden, löschen.",
                "body": """\
Was der Film zeigt, in Worten:

- Die Kartusche **im Freien** aufschrauben, aufrecht und handfest.
- Zischt oder riecht es? Abschrauben, den Gummiring ansehen, nicht anzünden.
- Das Ventil eine Vierteldrehung öffnen, und erst dann von der Seite anzünden.
- Nie im Zelt benutzen: schädlich ist das Gas, das man nicht riecht.
""",
            },
        },
    },
    {
        "kind": "faq",
        "slug": "how-do-i-send-something-back",
        "texts": {
            "en": {
                "title": "How do I send something back?",
                "summary": "Sixty days, free of charge, in any box.",
                "body": """\
Write to us or answer the message that confirmed your order, and say what does not suit. You get a label by mail within a
working day. Pack it in any box, stick the label over the old one, and hand it in at any shop of the carrier.

Your money is back **within five working days** of the parcel's arrival, the way you paid.
""",
            },
            "de": {
                "title": "Wie schicke ich etwas zurück?",
                "summary": "Sechzig Tage, kostenlos, in jedem Karton.",
                "body": """\
Schreiben Sie uns oder antworten Sie auf die Bestätigung Ihrer Bestellung, und sagen Sie, was nicht passt. Sie bekommen
innerhalb eines Werktags ein Etikett per E-Mail. Packen Sie es in irgendeinen Karton, kleben Sie das Etikett über das alte,
und geben Sie es in einer Filiale des Versenders ab.

Ihr Geld ist **innerhalb von fünf Werktagen** nach Ankunft des Pakets zurück, auf dem Weg, auf dem Sie bezahlt haben.
""",
            },
        },
    },
    {
        "kind": "faq",
        "slug": "can-you-repair-it",
        "texts": {
            "en": {
                "title": "Can you repair it?",
                "summary": "Nearly always, and for as long as the thing is worth it to you.",
                "body": """\
Zips, buckles, seams, poles and coatings: yes. Send a picture first, and we tell you what it costs before anything is done.
In the first **three years** it costs nothing, unless the dog did it; then we share.
""",
            },
            "de": {
                "title": "Können Sie es reparieren?",
                "summary": "Fast immer, und so lange, wie es Ihnen die Sache wert ist.",
                "body": """\
Reißverschlüsse, Schnallen, Nähte, Gestänge und Beschichtungen: ja. Schicken Sie zuerst ein Bild, und wir sagen Ihnen den
Preis, bevor etwas geschieht. In den ersten **drei Jahren** kostet es nichts, es sei denn, der Hund war es; dann teilen wir.
""",
            },
        },
    },
)
