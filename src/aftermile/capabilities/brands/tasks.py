"""Asking hosts whether they lead here."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.conf import settings

from aftermile.capabilities.brands import challenge
from aftermile.capabilities.brands.operations.domains import CHECK, own_name, record_check
from aftermile.capabilities.brands.queries import domain, verified_domains
from aftermile.kernel import jobs
from aftermile.kernel.clock import now
from aftermile.kernel.http import AddressRefused, OutboundClient, OutboundFailure, TimedOut, outbound_client
from aftermile.kernel.ids import public_id
from aftermile.kernel.tenancy import merchant_scope, run_in_scope

_LARGEST_ANSWER_BYTES = 4_096


@jobs.job(CHECK)
def check_domain(merchant_id: UUID, payload: jobs.Payload) -> None:
    """Ask a claimed host once, and keep what came of it."""
    host, tries = str(payload["host"]), int(str(payload["tries"]))
    with merchant_scope(merchant_id):
        claim = domain()
    if claim is None or claim.host != host:
        return
    problem = ask(outbound_client("domains"), host, merchant_id)
    run_in_scope(merchant_id, lambda: record_check(host=host, problem=problem, tries=tries, at=now()))


@jobs.periodic("brands.check_domains", cron="23 5 * * *")
def check_verified_domains() -> None:
    """Ask, each day, whether the verified domains still lead here: links are made with them."""
    for merchant_id, host in verified_domains():
        problem = ask(outbound_client("domains"), host, merchant_id)
        run_in_scope(
            merchant_id,
            lambda: record_check(host=host, problem=problem, tries=0, at=now()),  # noqa: B023
        )


def ask(client: OutboundClient, host: str, merchant_id: UUID) -> str:
    """Ask a host whether it leads here; return why not, with the next step, or "" when it does."""
    scheme, _, rest = str(settings.CONFIG.public_url).partition("://")
    _, colon, port = rest.partition("/")[0].rpartition(":")
    where = f"{host}:{port}" if colon and port.isdigit() else host
    nonce = secrets.token_hex(16)
    try:
        response = client.send(
            "GET",
            f"{scheme}://{where}{challenge.PATH}",
            params={"shop": public_id("mer", merchant_id), "nonce": nonce},
            deadline_seconds=20.0,
            retries=1,
            max_response_bytes=_LARGEST_ANSWER_BYTES,
        )
    except AddressRefused:
        return (
            f"{host} leads into a private network, where this installation does not look."
            f" Point its DNS record at {own_name()}."
        )
    except TimedOut:
        return f"{host} takes too long to answer. Check where its DNS record leads, and the proxy there."
    except OutboundFailure as failure:
        return _in_words(str(failure), host)
    answered = challenge.read_answer(response.body, merchant_id=merchant_id, nonce=nonce)
    if answered.is_ours and answered.host == host:
        return ""
    if answered.is_ours:
        return (
            f"{host} leads here, but as {answered.host or 'another name'}: the proxy before this installation"
            " has to pass on the Host header as it came."
        )
    if 300 <= response.status <= 399:
        return (
            f"{host} sends visitors on to another address. It has to answer itself:"
            f" point its DNS record at {own_name()}."
        )
    return (
        f"{host} leads to another server (it answers {response.status})."
        f" Point its DNS record at {own_name()}; a change may take some hours to be seen everywhere."
    )


def _in_words(failure: str, host: str) -> str:
    if "not found" in failure:
        return (
            f"The internet does not know {host} yet. Add the DNS record; a new one may take some hours to be"
            " seen everywhere."
        )
    if "certificate" in failure:
        return (
            f"{host} leads to a server, but it has no valid certificate for this name. Whoever runs the"
            " installation has to add the name to its proxy, which then fetches one."
        )
    return f"{host} takes no connection. Check where its DNS record leads, and the proxy there."
