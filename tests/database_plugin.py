"""Start one embedded PostgreSQL for the whole test run, before Django reads its settings.

Loaded with `-p tests.database_plugin`. The processes of pytest-xdist inherit the address and start nothing.
Row-level security binds the role the tests connect as, too: every policy is forced.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

#: Names a folder of this test run that all its processes share.
HOME = "TESTS_HOME"


def _make_home() -> Path:
    home = Path(tempfile.mkdtemp(prefix="aftermile-tests-"))
    os.chmod(home, 0o755)
    os.environ[HOME] = str(home)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def _start(home: Path) -> None:
    from aftermile.project.database import EmbeddedDatabase

    data = home / "data"
    # Tests kill processes, not machines: what fsync protects against cannot happen here.
    database = EmbeddedDatabase(data, settings={"fsync": "off", "max_connections": "150"})
    urls = database.start()
    assert urls.superuser is not None
    import psycopg

    with psycopg.connect(urls.superuser.url, autocommit=True) as superuser:
        # Django makes each run a database of its own, by way of the one called postgres.
        superuser.execute(f"ALTER ROLE {urls.owner.role} CREATEDB")  # type: ignore[call-overload]
        superuser.execute(f"GRANT CONNECT ON DATABASE postgres TO {urls.owner.role}")  # type: ignore[call-overload]

    atexit.register(database.stop)
    os.environ["AFTERMILE_DATABASE_URL"] = urls.owner.url
    os.environ["AFTERMILE_DATA_DIR"] = str(data)


if HOME not in os.environ:
    made = _make_home()
    if "AFTERMILE_DATABASE_URL" not in os.environ:
        _start(made)
