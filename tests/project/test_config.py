"""Settings: where they come from, what is refused, and what a refusal says."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from aftermile.project.config import Config, ConfigProblem, load, settings_page

KEY = "0123456789abcdef0123456789abcdef"
PAGE = Path(__file__).parents[2] / "docs" / "operations" / "settings.md"


def loaded(folder: Path, **variables: str) -> Config:
    return load({"AFTERMILE_DATA_DIR": str(folder), **variables})


def refusal(folder: Path, **variables: str) -> str:
    with pytest.raises(ConfigProblem) as caught:
        loaded(folder, **variables)
    return str(caught.value)


def test_without_any_setting_everything_has_a_default(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.allowed_hosts == ("127.0.0.1", "localhost")
    assert config.is_embedded


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    (tmp_path / "aftermile.toml").write_text('port = 9000\nweb_threads = 3\nallowed_hosts = ["a.example"]\n')
    config = loaded(tmp_path, AFTERMILE_PORT="9001")
    assert (config.port, config.web_threads, config.worker_threads) == (9001, 3, 4)
    assert config.allowed_hosts == ("a.example",)


def test_the_file_may_lie_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text(f'data_dir = "{tmp_path / "kept"}"\nlog_format = "json"\n')
    config = load({"AFTERMILE_CONFIG": str(file)})
    assert (config.data_dir, config.log_format) == (tmp_path / "kept", "json")


def test_lists_are_written_with_commas_and_an_empty_value_means_unset(tmp_path: Path) -> None:
    config = loaded(tmp_path, AFTERMILE_ALLOWED_HOSTS="a.example, b.example", AFTERMILE_DATABASE_URL="")
    assert config.allowed_hosts == ("a.example", "b.example")
    assert config.database_url is None


@pytest.mark.parametrize(
    ("variable", "advice"),
    [
        ("AFTERMILE_DATABSE_URL", "Did you mean AFTERMILE_DATABASE_URL?"),
        ("AFTERMILE_PROT", "Did you mean AFTERMILE_PORT?"),
        ("AFTERMILE_QQQQQQ", "docs/operations/settings.md lists all of them."),
    ],
)
def test_a_misspelled_variable_is_refused(tmp_path: Path, variable: str, advice: str) -> None:
    assert refusal(tmp_path, **{variable: "s3cret"}) == f"{variable}: there is no such setting. {advice}"


def test_a_misspelled_name_in_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "aftermile.toml"
    file.write_text("retention_raw_day = 3\n")
    assert refusal(tmp_path) == (
        f"retention_raw_day in {file}: there is no such setting. Did you mean retention_raw_days?"
    )


def test_every_refusal_names_the_setting_and_says_what_it_does(tmp_path: Path) -> None:
    assert refusal(tmp_path, AFTERMILE_PORT="eighty", AFTERMILE_LOG_LEVEL="loud").splitlines() == [
        (
            "AFTERMILE_PORT: Input should be a valid integer, unable to parse string as an integer."
            " Port to listen on."
        ),
        (
            "AFTERMILE_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'."
            " The least important lines to write."
        ),
    ]


@pytest.mark.parametrize(
    ("variable", "secret"),
    [
        ("AFTERMILE_DATABASE_URL", "mysql://root:hunter2@db/shop"),
        ("AFTERMILE_SECRET_KEY", "hunter2"),
        ("AFTERMILE_ENCRYPTION_KEYS", "hunter2"),
    ],
)
def test_a_refusal_never_shows_a_secret(tmp_path: Path, variable: str, secret: str) -> None:
    said = refusal(tmp_path, **{variable: secret})
    assert said.startswith(f"{variable}: ")
    assert "hunter2" not in said


def test_neither_does_the_configuration_itself(tmp_path: Path) -> None:
    config = loaded(tmp_path, AFTERMILE_DATABASE_URL="postgresql://shop:hunter2@db/shop")
    assert "hunter2" not in repr(config)
    assert config.secret_key.get_secret_value() not in repr(config)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", "is not TOML"),
        ('data_dir = "/somewhere"', "cannot name another one"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "aftermile.toml").write_text(text)
    assert said in refusal(tmp_path)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    assert (
        refusal(tmp_path, AFTERMILE_CONFIG=str(missing)) == f"AFTERMILE_CONFIG: there is no file {missing}."
    )


def test_more_connections_than_the_embedded_database_has_are_refused(tmp_path: Path) -> None:
    asked = {"AFTERMILE_WEB_PROCESSES": "4", "AFTERMILE_DATABASE_POOL_SIZE": "16"}
    assert "ask for 90 database connections" in refusal(tmp_path, **asked)
    outside = loaded(tmp_path, AFTERMILE_DATABASE_URL="postgresql://shop@db/shop", **asked)
    assert outside.database_pool_size == 16


def test_an_admin_role_without_an_outside_database_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, AFTERMILE_DATABASE_ADMIN_URL="postgresql://a@db/shop") == (
        "database_admin_url is set without database_url: set both, or neither."
    )


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    first, second = loaded(data_dir), loaded(data_dir)
    assert first.secret_key == second.secret_key
    assert first.encryption_keys == second.encryption_keys
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data_dir.iterdir()}
    assert modes == {"secret.key": 0o600, "encryption.key": 0o600}
    opened = Fernet(first.encryption_keys[0].get_secret_value())
    assert opened.decrypt(opened.encrypt(b"parcel")) == b"parcel"


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: loaded(tmp_path).secret_key.get_secret_value(), range(16)))
    assert keys == {(tmp_path / "secret.key").read_text().strip()}


def test_given_keys_are_used_and_no_file_is_made(tmp_path: Path) -> None:
    newer, older = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    config = loaded(tmp_path, AFTERMILE_SECRET_KEY=KEY, AFTERMILE_ENCRYPTION_KEYS=f"{newer},{older}")
    assert config.secret_key.get_secret_value() == KEY
    assert [each.get_secret_value() for each in config.encryption_keys] == [newer, older]
    assert list(tmp_path.iterdir()) == []


def test_an_emptied_key_file_is_refused_rather_than_replaced(tmp_path: Path) -> None:
    (tmp_path / "encryption.key").touch()
    assert "encryption.key is empty" in refusal(tmp_path)


def test_the_configuration_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(tmp_path).port = 1  # type: ignore[misc]


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Config.model_fields.items() if not field.description] == []


def test_the_page_of_settings_is_in_step() -> None:
    assert PAGE.read_text() == settings_page()
