"""Plugin that gives a test run its own PostgreSQL and Valkey, in memory, gone afterwards.

It is loaded by `-p tests.engines` because settings are read before any conftest.
With DATABASE_URL and REDIS_URL set, those servers are used.
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


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: Any, parser: Any, args: Any) -> None:
    os.environ.setdefault("SECRET_KEY", "only-for-tests")
    os.environ.setdefault("FIELD_KEYS", f"1:{_KEY}")
    os.environ.setdefault("BLIND_INDEX_KEY", _KEY)
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-var-")
    (Path(os.environ["PORTAL_VAR"]) / "static").mkdir()  # whitenoise warns where it is missing
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)
    if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
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
    port = engines.free_port()
    valkey = engines.start_valkey(
        home / "valkey", port, "tests", home / "valkey.log", durable=False
    )
    atexit.register(_stop, [valkey, postgres], home)
    engines.wait_for(
        "PostgreSQL", lambda: engines.postgres_answers(place), postgres, 60, home / "pg.log"
    )
    engines.wait_for(
        "Valkey", lambda: engines.valkey_answers(port, "tests"), valkey, 30, home / "valkey.log"
    )
    os.environ["DATABASE_URL"] = place.url("postgres")
    os.environ["REDIS_URL"] = f"redis://:tests@127.0.0.1:{port}/0"


def _stop(processes: list[subprocess.Popen[bytes]], home: Path) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    shutil.rmtree(home, ignore_errors=True)
