"""Plugin that gives a test run its own PostgreSQL and Valkey, in memory, gone afterwards.

It is loaded by `-p tests.engines` because settings are read before any conftest.
With DATABASE_URL and REDIS_URL set, those servers are used. Of the processes of pytest-xdist each
has a database of its own by pytest-django, and by this a Valkey of its own: tests empty it.
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
}  # fmt: skip
_KEY = base64.b64encode(b"k" * 32).decode()
_HOME = "PORTAL_TESTS_HOME"


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
    if _HOME in os.environ:
        worker = os.environ["PYTEST_XDIST_WORKER"]
        valkey = _start_valkey(Path(os.environ[_HOME]) / worker)
        atexit.register(_stop, [valkey])
    elif "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
        _start_engines()


def _start_engines() -> None:
    from portal.runtime import engines

    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    home = Path(tempfile.mkdtemp(prefix="portal-tests-", dir=shm))
    home.chmod(0o755)
    account = engines.server_account()
    sockets = engines.socket_folder(home / "s", account)
    place = engines.PostgresPlace(home / "pg", sockets, "tests", account)
    engines.init_postgres(place, durable=False)
    postgres = engines.start_postgres(place, home / "pg.log", _PG_OPTIONS)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(_stop, [postgres, _start_valkey(home / "valkey")])
    engines.wait_for(
        "PostgreSQL", lambda: engines.postgres_answers(place), postgres, 60, home / "pg.log"
    )
    os.environ["DATABASE_URL"] = place.url("postgres")
    os.environ[_HOME] = str(home)


def _start_valkey(folder: Path) -> subprocess.Popen[bytes]:
    from portal.runtime import engines

    port, log = engines.free_port(), folder.with_suffix(".log")
    valkey = engines.start_valkey(folder, port, "tests", log, durable=False)
    engines.wait_for("Valkey", lambda: engines.valkey_answers(port, "tests"), valkey, 30, log)
    os.environ["REDIS_URL"] = f"redis://:tests@127.0.0.1:{port}/0"
    return valkey


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
