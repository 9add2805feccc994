"""The delivery promise on a shop's own site: product page, cart and checkout."""
