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
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "aftermile.kernel",
    "aftermile.capabilities.team",
    "aftermile.capabilities.brands",
    "aftermile.capabilities.shoppers",
    "aftermile.capabilities.catalog",
    "aftermile.capabilities.orders",
    "aftermile.capabilities.shipments",
    "aftermile.capabilities.shipping",
    "aftermile.capabilities.packing",
    "aftermile.capabilities.promises",
    "aftermile.capabilities.exceptions",
    "aftermile.capabilities.search",
    "aftermile.capabilities.content",
    "aftermile.capabilities.messaging",
    "aftermile.capabilities.segments",
    "aftermile.capabilities.journeys",
    "aftermile.insights",
    "aftermile.intake",
    "aftermile.doors.webhooks",
    "aftermile.doors.api",
    "aftermile.doors.shopper",
    "aftermile.doors.widgets",
    "aftermile.doors.console",  # before allauth: its templates take the place of theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "aftermile.project.middleware.RequestContext",
    # Which doors there are depends on the host; before all that looks at the path.
    "aftermile.project.hosts.ShopHosts",
    "django.middleware.security.SecurityMiddleware",
    # Sessions, sign-in and their cookies are the console's alone.
    "aftermile.doors.console.middleware.ConsoleDoor",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["aftermile.doors.console.shell.for_account_pages"]},
    }
]

# Staff accounts and their sign-in.
AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["aftermile.capabilities.team.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console"
PASSWORD_RESET_TIMEOUT = 3600
# What allauth counts per process it counts for all of them: the cache is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "TIMEOUT": 3600,
    }
}
_IS_HTTPS = CONFIG.public_url.startswith("https://")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "aftermile_session", "aftermile_csrf"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/console/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # without a request; the absolute end is the door's
# Behind a proxy that ends TLS, the browser's origin is not the one that is seen here.
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]
CSRF_FAILURE_VIEW = "aftermile.doors.console.answers.forged"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

ACCOUNT_ADAPTER = "aftermile.doors.console.accounts.adapter.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_USER_DISPLAY = "aftermile.doors.console.accounts.adapter.display_name"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _IS_HTTPS else "http"
ACCOUNT_RATE_LIMITS = {"login": ""}  # counted by our adapter, for all processes together
ACCOUNT_FORMS = {
    "login": "aftermile.doors.console.accounts.forms.SignIn",
    "reset_password": "aftermile.doors.console.accounts.forms.ForgottenPassword",
    "reset_password_from_key": "aftermile.doors.console.accounts.forms.NewPassword",
    "change_password": "aftermile.doors.console.accounts.forms.ChangePassword",
    "set_password": "aftermile.doors.console.accounts.forms.FirstPassword",
    "reauthenticate": "aftermile.doors.console.accounts.forms.Again",
}
MFA_FORMS = {
    "authenticate": "aftermile.doors.console.accounts.forms.Code",
    "reauthenticate": "aftermile.doors.console.accounts.forms.CodeAgain",
    "activate_totp": "aftermile.doors.console.accounts.forms.NewApp",
    "add_webauthn": "aftermile.doors.console.accounts.forms.NewPasskey",
    "edit_webauthn": "aftermile.doors.console.accounts.forms.NamedPasskey",
}
MFA_ADAPTER = "aftermile.doors.console.accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Aftermile"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = CONFIG.public_url.startswith(("http://localhost", "http://127.0.0.1"))

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
FILE_UPLOAD_HANDLERS = [
    "aftermile.doors.console.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
configure_logs(CONFIG.log_format, level=CONFIG.log_level)
# The pool tells of each of its attempts to connect; that the database is away is told by whoever needs it.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGGING_CONFIG = None
