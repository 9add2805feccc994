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


def _start() -> None:
    from aftermile.project.database import EmbeddedDatabase

    home = Path(tempfile.mkdtemp(prefix="aftermile-tests-"))
    os.chmod(home, 0o755)
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

    def stop() -> None:
        database.stop()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    os.environ["AFTERMILE_DATABASE_URL"] = urls.owner.url
    os.environ["AFTERMILE_DATA_DIR"] = str(data)


if "AFTERMILE_DATABASE_URL" not in os.environ:
    _start()
