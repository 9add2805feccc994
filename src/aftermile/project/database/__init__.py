"""The database: embedded by default, an outside PostgreSQL where one is named.

Light on purpose: the supervisor of `aftermile serve` imports it, and holds neither Django nor pydantic.
"""

from aftermile.project.database.backup import backup, restore
from aftermile.project.database.problems import DatabaseProblem
from aftermile.project.database.server import EmbeddedDatabase, embedded_database
from aftermile.project.database.targets import DatabaseUrls, Target, database_urls, django_database

__all__ = [
    "DatabaseProblem",
    "DatabaseUrls",
    "EmbeddedDatabase",
    "Target",
    "backup",
    "database_urls",
    "django_database",
    "embedded_database",
    "restore",
]
