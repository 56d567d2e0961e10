"""What every benchmark needs: a scratch database on servers of its own, and a report.

    from benchmarks import harness

    harness.boot()   # before anything that imports models

Without DATABASE_URL and REDIS_URL, throwaway servers are started; with them, those are used.
Either way the work happens in a scratch database that is dropped at the end.

BENCH_HOME names a folder where the migrated database and the big bank are kept between benchmarks:
they are made there once, and each gets a copy. `make bench` gives one for as long as it runs; name
your own to keep it longer.
"""

import atexit
import base64
import contextlib
import hashlib
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from portal.runtime import engines, services, stack

# As the runner sets it, with more memory, as a big bank has it; it need not survive a crash.
_POSTGRES = services.POSTGRES_OPTIONS | {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "shared_buffers": "512MB", "max_wal_size": "4GB", "effective_cache_size": "4GB",
}  # fmt: skip
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_booted: list[bool] = []
_broken: list[str] = []
_EXISTS = "SELECT FROM pg_database WHERE datname = %s"
_COPY = 'CREATE DATABASE "{}" TEMPLATE "{}" STRATEGY FILE_COPY'
_KEY = base64.b64encode(b"k" * 32).decode()


def boot(*, is_durable: bool = False, **options: str) -> None:
    """This will start servers where none are named, set Django up and make a scratch database.

    With `is_durable` PostgreSQL keeps what it says it keeps; `options` are settings of it.
    """
    if _booted:
        return  # a benchmark that uses parts of another
    _booted.append(True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    os.environ.setdefault("FIELD_KEYS", f"1:{_KEY}")
    os.environ.setdefault("BLIND_INDEX_KEY", _KEY)
    home = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    home.chmod(0o755)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["PORTAL_VAR"] = str(home)
    if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
        lax = _POSTGRES if not is_durable else _POSTGRES | _DURABLE
        _start_engines(home, lax | options)

    import django

    django.setup()
    from django.db import connection

    _make_scratch()
    # Exit handlers run last in, first out: the database goes before the servers do.
    atexit.register(connection.creation.destroy_test_db, "", verbosity=0)


def _make_scratch() -> None:
    """Migrated once where a folder is kept between benchmarks, and then copied."""
    from django.db import connection

    scratch_name = f"test_{connection.settings_dict['NAME']}"
    kept, is_kept = f"migrated_{_fingerprint()}", "BENCH_HOME" in os.environ
    with _from_outside() as outside:
        if is_kept and outside.execute(_EXISTS, [kept]).rowcount:
            outside.execute(f'DROP DATABASE IF EXISTS "{scratch_name}"')
            outside.execute(_COPY.format(scratch_name, kept))
            connection.creation.create_test_db(verbosity=0, keepdb=True, serialize=False)
            return
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        if is_kept:
            connection.close()
            outside.execute(_COPY.format(kept, scratch_name))


def _start_engines(home: Path, options: dict[str, str]) -> None:
    account = engines.server_account()
    kept = Path(os.environ.get("BENCH_HOME") or home)
    kept.mkdir(exist_ok=True)
    sockets = engines.socket_folder(home / "s", account)
    place = engines.PostgresPlace(kept / "pg", sockets, "bench", account)
    if not place.data.exists():
        engines.init_postgres(place, durable=False)
    postgres = engines.start_postgres(place, home / "pg.log", options)
    port = engines.free_port()
    valkey_log = home / "valkey.log"
    valkey = engines.start_valkey(home / "valkey", port, "bench", valkey_log, durable=False)
    atexit.register(_stop, [valkey, postgres])
    engines.wait_for(
        "PostgreSQL", lambda: engines.postgres_answers(place), postgres, 60, home / "pg.log"
    )
    engines.wait_for(
        "Valkey", lambda: engines.valkey_answers(port, "bench"), valkey, 30, valkey_log
    )
    os.environ["DATABASE_URL"] = place.url("postgres")
    os.environ["REDIS_URL"] = f"redis://:bench@127.0.0.1:{port}/0"


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def is_full() -> bool:
    """This will tell whether the sizes of a whole bank were asked for (`--full`)."""
    return os.environ.get("BENCH_SIZES") == "full"


def load_bank(*, customers: int, transactions: int) -> None:
    """This will turn the scratch database into a big bank, by a copy where one is kept."""
    from django.db import connection

    from benchmarks import bank

    if "BENCH_HOME" not in os.environ:
        bank.fill(customers=customers, transactions=transactions)
        return
    scratch_name = connection.settings_dict["NAME"]
    kept = f"bank_{customers}_{transactions}_{_fingerprint()}"
    with _from_outside() as outside:
        if not outside.execute(_EXISTS, [kept]).rowcount:
            bank.fill(customers=customers, transactions=transactions)
            connection.close()
            outside.execute(f'ALTER DATABASE "{scratch_name}" RENAME TO "{kept}"')
        connection.close()
        outside.execute(f'DROP DATABASE IF EXISTS "{scratch_name}"')
        outside.execute(_COPY.format(scratch_name, kept))


@contextlib.contextmanager
def _from_outside() -> Iterator[Any]:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as outside:
        yield outside


def _fingerprint() -> str:
    """What a kept database was made by: the scripts of the bank and the migrations."""
    scripts = sorted((stack.PROJECT / "benchmarks" / "bank").glob("[!_]*.py"))
    migrations = sorted(stack.PROJECT.glob("*/migrations/0*.py"))
    text = "".join(path.read_text() for path in [*scripts, *migrations])
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def scratch() -> Path:
    """This will return a folder for a benchmark's files, gone at the end."""
    return Path(os.environ["PORTAL_VAR"])


def scratch_url() -> str:
    """This will return the address of the scratch database, for processes of a benchmark."""
    from django.db import connection

    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def start(*words: object, **more: str) -> subprocess.Popen[str]:
    """This will start a module on the scratch database, spoken to by lines; `more` is set in its
    environment."""
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, words)], text=True,
        env={**os.environ, "DATABASE_URL": scratch_url(), **more},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def line_of(process: subprocess.Popen[str]) -> str:
    """This will wait for the next line of a process that `start` started."""
    assert process.stdout is not None
    return process.stdout.readline()


def median_of(
    runs: int, work: Callable[[], object], before: Callable[[], object] = lambda: None
) -> float:
    """This will do `work` `runs` times and return the median of the seconds it took.

    `before` is done ahead of each run and not counted.
    """
    taken = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def median(values: list[float]) -> float:
    """This will return the median of times that were taken elsewhere."""
    return statistics.median(values)


def megabytes() -> float:
    """This will return the most memory that this process took so far. Where the kernel tells it of
    the program alone: `getrusage` counts what the process that started it had taken."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report_memory(before: float) -> None:
    """This will print the most memory that this process took: before its runs (MB), and by now."""
    print(f"memory of this process: {before:.0f} MB before the runs, {megabytes():.0f} MB after")


def check_flat(name: str, taken: Sequence[float], most: float) -> float:
    """This will print the most memory (MB) that a process took by the end of its first part and by
    the end of its last, and return by how much it grew. Raises AssertionError where that is more
    than `most`: what the first part needs, each later one may use again."""
    grown = taken[-1] - taken[0]
    print(
        f"{name}: {taken[0]:.0f} MB after the first of {len(taken)} parts,"
        f" {taken[-1]:.0f} MB after the last"
    )
    assert grown <= most, f"{name}: grew by {grown:.1f} MB, more than {most:.0f}"
    return grown


def report(name: str, ours: float, bare: float, most: float | None = None) -> float:
    """This will print both times (seconds) and return how many times the bare one ours took, where
    `most` is the promised ratio, if one is."""
    ratio = ours / bare
    print(f"{name}: ours {ours:.3f} s, bare {bare:.3f} s, ratio {ratio:.2f}", flush=True)
    if most is not None:
        promise(f"{name}, ratio", ratio, most)
    return ratio


def promise(what: str, value: float, most: float, unit: str = "") -> bool:
    """This will print whether `what` (a time, a ratio, a share) stays at or below `most`, its
    promise, and return that; `end` fails for what did not."""
    is_kept = value <= most
    said = f"{what}: {value:,.4g}{unit}, promised at most {most:g}{unit}"
    print(f"{said}: {'kept' if is_kept else 'BROKEN'}", flush=True)
    if not is_kept:
        _broken.append(said)
    return is_kept


def end(*, is_judged: bool) -> None:
    """This will end a benchmark: with code 1 where a promise was broken at the size it was made
    for (`is_judged`). What is smaller shows only that the benchmark works."""
    if is_judged and _broken:
        raise SystemExit("\n".join(["promises broken:", *_broken]))
