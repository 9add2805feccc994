"""Every merchant's table has the shape that can be spread by merchant, and the wall that holds today.

Walks all models and the catalog: a new table without its wall fails here.
"""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models

from aftermile.capabilities.brands.models import Domain
from aftermile.kernel.models import Merchant
from aftermile.kernel.tenancy import MerchantModel

pytestmark = pytest.mark.django_db

#: Tables that are nobody's: the list of merchants, the domains they claimed, people's accounts, Django's and the queue's own.
SHARED = {
    "kernel_merchant",
    "kernel_allowance",
    "brands_domain",
    "team_user",
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_cache",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "usersessions_usersession",
}
#: Beside its wall: what a person may read of their own, in whichever shop (`kernel.tenancy.person_scope`).
OWN_PLACES = {"team_membership": [("SELECT", "PERMISSIVE", None)]}
#: Serves that reading, which names a person and no merchant.
BY_PERSON = {"team_places_of_a_person"}
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("aftermile.") and model not in (Merchant, Domain, get_user_model())
]


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table


def test_there_are_models_to_walk() -> None:
    assert len(OURS) >= 15


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_the_model_is_a_merchants(model: type[models.Model]) -> None:
    assert issubclass(model, MerchantModel)
    assert model._meta.base_manager_name == "objects"


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_every_unique_index_begins_with_the_merchant(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indrelid = %s::regclass AND i.indisunique",
            [table_of(model)],
        )
        firsts = dict(cursor.fetchall())
    assert firsts
    assert set(firsts.values()) == {"merchant_id"}


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_every_index_begins_with_the_merchant(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
            " WHERE i.indrelid = %s::regclass AND a.attname IS DISTINCT FROM 'merchant_id'",
            [table_of(model)],
        )
        assert {row[0] for row in cursor.fetchall()} - BY_PERSON == set()


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_the_key_is_the_merchant_and_the_id(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'",
            [table_of(model)],
        )
        assert cursor.fetchall() == [("PRIMARY KEY (merchant_id, id)",)]


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_references_carry_the_merchant_on_both_ends(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table_of(model)],
        )
        references = [row[0] for row in cursor.fetchall()]
    for reference in references:
        assert reference.startswith("FOREIGN KEY (merchant_id, ")
        assert "(merchant_id, id)" in reference
    columns = {field.column for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}
    assert columns <= {reference.split(", ")[1].split(")")[0] for reference in references}


@pytest.mark.parametrize("model", OURS, ids=table_of)
def test_row_level_security_is_on_and_binds_the_owner(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
            [table_of(model)],
        )
        assert cursor.fetchone() == (True, True)
        cursor.execute(
            "SELECT cmd, permissive, qual = with_check FROM pg_policies WHERE tablename = %s ORDER BY cmd",
            [table_of(model)],
        )
        assert cursor.fetchall() == [("ALL", "PERMISSIVE", True), *OWN_PLACES.get(table_of(model), [])]


def test_no_table_was_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'pgqueuer%%'"
        )
        tables = {row[0] for row in cursor.fetchall()}
    assert tables - SHARED == {table_of(model) for model in OURS}
