"""Django's settings, made from the one typed configuration (`aftermile.project.config`)."""

from __future__ import annotations

import logging
import os

from aftermile.kernel import clock
from aftermile.kernel.logs import configure_logs
from aftermile.project.config import load
from aftermile.project.database import django_database

CONFIG = load()

DEBUG = False
SECRET_KEY = CONFIG.secret_key.get_secret_value()
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
ROOT_URLCONF = "aftermile.project.urls"
WSGI_APPLICATION = "aftermile.project.wsgi.application"

INSTALLED_APPS = [
    "aftermile.kernel",
    "aftermile.capabilities.team",
    "aftermile.capabilities.brands",
    "aftermile.capabilities.shoppers",
    "aftermile.capabilities.catalog",
    "aftermile.capabilities.orders",
    "aftermile.capabilities.shipments",
    "aftermile.capabilities.exceptions",
    "aftermile.capabilities.search",
    "aftermile.intake",
    "aftermile.doors.webhooks",
    "aftermile.doors.api",
    "aftermile.doors.shopper",
]
MIDDLEWARE = [
    "aftermile.project.middleware.RequestContext",
    "django.middleware.security.SecurityMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    }
]

# Whom the outbound client may reach beyond the public internet: nobody, unless the operator names them. A
# demonstration reaches this machine alone, and its time can be played.
OUTBOUND_ALLOW_PRIVATE = CONFIG.outbound_allow_private
OUTBOUND_ONLY_THIS_MACHINE = CONFIG.demo
clock.follow(CONFIG.data_dir / "clock.json" if CONFIG.demo else None)
ENCRYPTION_KEYS = [key.get_secret_value() for key in CONFIG.encryption_keys]

# One bounded pool per process: a burst of requests waits for a connection instead of exhausting the server.
# `migrate` alone connects as the role that owns the tables.
DATABASES = {"default": django_database(CONFIG, as_owner="_AFTERMILE_AS_OWNER" in os.environ)}
# Statements are prepared on the server from their third use: planning them anew costs more than running them.
DATABASES["default"]["OPTIONS"] |= {
    "server_side_binding": True,
    "prepare_threshold": 3,
    "pool": {"min_size": 1, "max_size": CONFIG.database_pool_size, "timeout": 10, "max_idle": 60},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# Bodies are bounded at the door itself, with an answer that says so.
DATA_UPLOAD_MAX_MEMORY_SIZE = None
configure_logs(CONFIG.log_format, level=CONFIG.log_level)
# The pool tells of each of its attempts to connect; that the database is away is told by whoever needs it.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING_CONFIG = None
