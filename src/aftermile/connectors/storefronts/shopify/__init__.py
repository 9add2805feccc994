"""Shopify: orders, fulfilments, their events, refunds, products, customers and privacy requests."""

from aftermile.connectors.contracts.sockets import Connector, ConnectorKind, CredentialField
from aftermile.connectors.storefronts.shopify.backfill import backfill
from aftermile.connectors.storefronts.shopify.reader import translate
from aftermile.connectors.storefronts.shopify.signature import verify

connector = Connector(
    slug="shopify",
    name="Shopify",
    kind=ConnectorKind.STOREFRONT,
    translate=translate,
    verify=verify,
    backfill=backfill,
    credentials=(
        CredentialField(
            name="shop_domain",
            label="Shop domain",
            help="The shop's permanent domain, such as example.myshopify.com.",
            secret=False,
            names_host=True,
        ),
        CredentialField(
            name="secret",
            label="API secret key",
            help="Signs the webhooks: the app's client secret, or the key Shopify shows under Notifications.",
        ),
        CredentialField(
            name="previous_secret",
            label="Previous API secret key",
            help="Only while rotating: Shopify may sign with the old key for up to an hour.",
            required=False,
        ),
        CredentialField(
            name="access_token",
            label="Admin API access token",
            help="Fetches the shop's history and registers the webhooks. Not needed to receive webhooks.",
            required=False,
        ),
        CredentialField(
            name="currency",
            label="Shop currency",
            help="ISO 4217, such as EUR. Products come without one; leave empty to go without their prices.",
            secret=False,
            required=False,
        ),
    ),
    setup=(
        (
            "In Shopify, open Settings, then Notifications, then Webhooks; the API secret key stands at "
            "the foot of that page."
        ),
        (
            "Make a webhook for each of these events: order creation, update and cancellation, "
            "fulfillment creation and update, refund creation. Format JSON, the newest version, and as "
            "URL {address}"
        ),
        (
            "To fetch the orders there are already, and to have the webhooks made for you, give your own "
            "app the scopes read_orders, read_fulfillments, read_products and read_customers, and enter "
            "its Admin API access token here."
        ),
    ),
    website="https://www.shopify.com",
)
