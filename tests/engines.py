"""Plugin that gives a test run its own PostgreSQL and Valkey, in memory, gone afterwards.

It is loaded by `-p tests.engines` because settings are read before any conftest.
With DATABASE_URL and REDIS_URL set, those servers are used. Otherwise each of the processes of
pytest-xdist has servers of its own: tests empty Valkey, and PostgreSQL counts the transactions of
all its databases together.
"""

import atexit
import base64
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

_PG_OPTIONS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
    "max_connections": "100", "shared_buffers": "64MB", "max_wal_size": "1GB",
    "statement_timeout": "300s",  # what hangs fails, and does not keep the others waiting
}  # fmt: skip
_KEY = base64.b64encode(b"k" * 32).decode()
_OWN = "PORTAL_TESTS_OWN_SERVERS"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: Any) -> None:
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    os.environ.setdefault("FIELD_KEYS", f"1:{_KEY}")
    os.environ.setdefault("BLIND_INDEX_KEY", _KEY)
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-var-")
    # Where `collectstatic` would have put the static files; its absence is a warning.
    (Path(os.environ["PORTAL_VAR"]) / "static").mkdir()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)
    if _OWN in os.environ or not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        _start_engines()


def pytest_configure(config: Any) -> None:
    """The database is there and migrated: it is not made anew."""
    config.option.reuse_db |= _OWN in os.environ


def _start_engines() -> None:
    from portal.runtime import engines
    from tests import migrated
    from tests.ports import free_port

    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    home = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=shm))
    home.chmod(0o755)
    account = engines.server_account()
    sockets = engines.socket_folder(home / "s", account)
    place = engines.PostgresPlace(home / "pg", sockets, "tests", account)
    migrated.lay(place, _PG_OPTIONS, home / "pg.log")
    postgres = engines.start_postgres(place, home / "pg.log", _PG_OPTIONS)
    port = free_port()
    valkey = engines.start_valkey(
        home / "valkey", port, "tests", home / "valkey.log", durable=False
    )
    atexit.register(_stop, [valkey, postgres], home)
    engines.wait_for(
        "PostgreSQL", lambda: engines.postgres_answers(place), postgres, 120, home / "pg.log"
    )
    engines.wait_for(
        "Valkey", lambda: engines.valkey_answers(port, "tests"), valkey, 30, home / "valkey.log"
    )
    migrated.name_for(place, os.environ.get("PYTEST_XDIST_WORKER", ""))
    os.environ["DATABASE_URL"] = place.url("postgres")
    os.environ["REDIS_URL"] = f"redis://:tests@127.0.0.1:{port}/0"
    os.environ[_OWN] = "1"  # known to the processes of pytest-xdist, which this one starts


def _stop(processes: list[subprocess.Popen[bytes]], home: Path) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    shutil.rmtree(home, ignore_errors=True)
