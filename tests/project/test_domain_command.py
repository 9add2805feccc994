"""Whoever runs the installation decides whose a contested domain is."""

from __future__ import annotations

import pytest

from aftermile.capabilities.brands.operations.domains import record_check
from aftermile.capabilities.brands.public import DomainNotFound, DomainState, brand, claim_domain, domain
from aftermile.capabilities.team.public import audit_log
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import merchant_scope
from aftermile.project.domain_command import claims, release
from tests.capabilities.shop import later
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
HOST = "track.lindgren.example"


def claim(merchant: Merchant) -> None:
    with merchant_scope(merchant.id):
        claim_domain(host=HOST, by="staff:1", at=NOON)


def check(merchant: Merchant) -> DomainState:
    with merchant_scope(merchant.id):
        found = record_check(host=HOST, problem="", tries=1, at=later(hours=1))
    assert found is not None
    return found.state


def test_one_lets_go_and_the_other_gets_it(merchant: Merchant, other_merchant: Merchant) -> None:
    claim(merchant)
    assert [(each.shop, each.is_contested) for each in claims()] == [(merchant.name, False)]
    claim(other_merchant)
    assert {(each.shop, each.is_contested) for each in claims()} == {
        (merchant.name, True),
        (other_merchant.name, True),
    }
    assert check(merchant) is DomainState.WAITING

    assert release(other_merchant.id, at=later(hours=1)) == HOST

    assert [(each.shop, each.is_contested) for each in claims()] == [(merchant.name, False)]
    assert check(merchant) is DomainState.VERIFIED
    with merchant_scope(merchant.id):
        assert brand().host == HOST
    with merchant_scope(other_merchant.id):
        assert domain() is None
        assert [(each.act, each.subject, each.actor) for each in audit_log(limit=1)] == [
            ("brand.domain_released", HOST, "command:merchant")
        ]


def test_a_verified_one_is_taken_off_its_pages(merchant: Merchant) -> None:
    claim(merchant)
    assert check(merchant) is DomainState.VERIFIED
    release(merchant.id, at=later(hours=2))
    with merchant_scope(merchant.id):
        assert brand().host == ""


def test_none_to_let_go(merchant: Merchant) -> None:
    with pytest.raises(DomainNotFound):
        release(merchant.id, at=NOON)
