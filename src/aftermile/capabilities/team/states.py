"""Roles, what each may do, and why: a table, so that it can be read and shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """Something staff may or may not do. The console asks for one before it opens a page or runs an act."""

    ORDERS_READ = "orders.read"
    ORDERS_ACT = "orders.act"
    SHIPMENTS_ACT = "shipments.act"
    EXCEPTIONS_ACT = "exceptions.act"
    SHOPPERS_READ = "shoppers.read"
    SHOPPERS_ERASE = "shoppers.erase"
    EXPORTS_MAKE = "exports.make"
    INSIGHTS_READ = "insights.read"
    CONNECTIONS_READ = "connections.read"
    CONNECTIONS_MANAGE = "connections.manage"
    WEBHOOKS_MANAGE = "webhooks.manage"
    BRAND_MANAGE = "brand.manage"
    MESSAGES_MANAGE = "messages.manage"
    CONTENT_MANAGE = "content.manage"
    SETTINGS_MANAGE = "settings.manage"
    API_KEYS_MANAGE = "api_keys.manage"
    TEAM_MANAGE = "team.manage"
    AUDIT_READ = "audit.read"


#: What each permission lets people do, in words.
MEANING: Mapping[Permission, str] = {
    Permission.ORDERS_READ: "See orders and shipments",
    Permission.ORDERS_ACT: "Work on orders",
    Permission.SHIPMENTS_ACT: "Work on shipments",
    Permission.EXCEPTIONS_ACT: "Work through exceptions",
    Permission.SHOPPERS_READ: "See shoppers and their history",
    Permission.SHOPPERS_ERASE: "Export and erase a shopper",
    Permission.EXPORTS_MAKE: "Make exports",
    Permission.INSIGHTS_READ: "See insights",
    Permission.CONNECTIONS_READ: "See connections and raw records",
    Permission.CONNECTIONS_MANAGE: "Set up connections, replay records",
    Permission.WEBHOOKS_MANAGE: "Set up outgoing webhooks",
    Permission.BRAND_MANAGE: "Change the brand",
    Permission.MESSAGES_MANAGE: "Write what shoppers are told",
    Permission.CONTENT_MANAGE: "Write and publish help pages",
    Permission.SETTINGS_MANAGE: "Change calendars and retention",
    Permission.API_KEYS_MANAGE: "Make and revoke API keys",
    Permission.TEAM_MANAGE: "Invite and remove people",
    Permission.AUDIT_READ: "Read the audit log",
}


class Role(StrEnum):
    """What somebody is at one shop."""

    OWNER = "owner"
    OPERATIONS = "operations"
    CARE = "care"
    MARKETING = "marketing"
    WAREHOUSE = "warehouse"
    ANALYST = "analyst"
    READ_ONLY = "read_only"


_P = Permission

#: What each role may do. An owner may do everything, also what later versions add.
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.OPERATIONS: frozenset(Permission) - {_P.TEAM_MANAGE, _P.API_KEYS_MANAGE, _P.SHOPPERS_ERASE},
    Role.CARE: frozenset(
        {
            *(_P.ORDERS_READ, _P.ORDERS_ACT, _P.SHIPMENTS_ACT, _P.EXCEPTIONS_ACT, _P.SHOPPERS_READ),
            _P.CONTENT_MANAGE,
        }
    ),
    Role.MARKETING: frozenset(
        {
            *(_P.ORDERS_READ, _P.SHOPPERS_READ, _P.INSIGHTS_READ, _P.EXPORTS_MAKE, _P.BRAND_MANAGE),
            *(_P.MESSAGES_MANAGE, _P.CONTENT_MANAGE),
        }
    ),
    Role.WAREHOUSE: frozenset({_P.ORDERS_READ, _P.SHIPMENTS_ACT, _P.EXCEPTIONS_ACT}),
    Role.ANALYST: frozenset(
        {_P.ORDERS_READ, _P.INSIGHTS_READ, _P.EXPORTS_MAKE, _P.CONNECTIONS_READ, _P.AUDIT_READ}
    ),
    Role.READ_ONLY: frozenset({_P.ORDERS_READ, _P.SHOPPERS_READ, _P.INSIGHTS_READ}),
}

#: Each role in one sentence, for the person who picks one.
ABOUT: Mapping[Role, str] = {
    Role.OWNER: "Everything, the team and API keys included.",
    Role.OPERATIONS: "Everything of the daily business: orders, exceptions, connections, settings. Not the team.",
    Role.CARE: "Helps shoppers: works on orders, shipments and exceptions, and writes help pages.",
    Role.MARKETING: "The brand's look, the words of messages and help pages, and the numbers; reads orders and shoppers.",
    Role.WAREHOUSE: "Works on shipments and exceptions; sees no shopper's history.",
    Role.ANALYST: "Reads the numbers, the connections and the audit log, and takes exports.",
    Role.READ_ONLY: "Looks and changes nothing.",
}

INVITATION_DAYS = 7
