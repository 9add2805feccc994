"""WooCommerce: orders with their refunds and tracking numbers, products and customers."""

from aftermile.connectors.contracts.sockets import Connector, ConnectorKind, CredentialField
from aftermile.connectors.storefronts.woocommerce.backfill import backfill
from aftermile.connectors.storefronts.woocommerce.reader import translate
from aftermile.connectors.storefronts.woocommerce.signature import verify

connector = Connector(
    slug="woocommerce",
    name="WooCommerce",
    kind=ConnectorKind.STOREFRONT,
    translate=translate,
    verify=verify,
    backfill=backfill,
    credentials=(
        CredentialField(
            name="shop_url",
            label="Shop address",
            help="Where WordPress lives, such as https://shop.example/store.",
            secret=False,
            names_host=True,
            required=False,
        ),
        CredentialField(
            name="secret",
            label="Webhook secret",
            help="Signs the webhooks; enter the same in WooCommerce.",
            ours=True,
        ),
        CredentialField(
            name="consumer_key",
            label="REST API consumer key",
            help="Fetches the shop's history and registers the webhooks. Not needed to receive webhooks.",
            required=False,
        ),
        CredentialField(name="consumer_secret", label="REST API consumer secret", required=False),
        CredentialField(
            name="time_zone",
            label="Time zone of the shop",
            help="IANA, such as Europe/Berlin. Only for dates that come without their UTC twin.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="currency",
            label="Shop currency",
            help="ISO 4217, such as EUR. Products come without one; leave empty to go without their prices.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="weight_unit",
            label="Weight unit of the shop",
            help="kg, g, lbs or oz, as set under Products. Leave empty to go without weights.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="dimension_unit",
            label="Dimension unit of the shop",
            help="m, cm, mm, in or yd, as set under Products. Leave empty to go without dimensions.",
            secret=False,
            required=False,
        ),
    ),
    setup=(
        (
            "In WordPress, open WooCommerce, Settings, Advanced, Webhooks, and add a webhook for each "
            "topic: order created, order updated, order deleted."
        ),
        (
            "Status Active, API version WP REST API v3, the webhook secret as entered here, and as "
            "delivery URL {address}"
        ),
        (
            "To fetch the orders there are already, and to have the webhooks made for you, make a key "
            "under Advanced, REST API with the permission Read/Write and enter it here with the shop's "
            "address."
        ),
    ),
    website="https://woocommerce.com",
)
