"""The children of `make run`, as data: what starts them, when they are ready, how they stop."""

import http.client
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.runtime import engines, stack
from portal.runtime.supervisor import Child

POSTGRES_OPTIONS = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
}
POSTGRES_STOPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
# A worker finishes the tasks in hand; one that takes longer goes back to the queue.
WORKER_STOPS = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 5.0))


def postgres(place: engines.PostgresPlace, log: Path) -> Child:
    """The embedded PostgreSQL, durable."""
    return Child(
        name="PostgreSQL",
        start=lambda: engines.start_postgres(place, log, POSTGRES_OPTIONS),
        ready=lambda: engines.postgres_answers(place),
        log=log,
        stops=POSTGRES_STOPS,
    )


def valkey(folder: Path, port: int, password: str, log: Path) -> Child:
    """The embedded Valkey, which keeps an append-only file."""
    return Child(
        name="Valkey",
        start=lambda: engines.start_valkey(folder, port, password, log),
        ready=lambda: engines.valkey_answers(port, password),
        log=log,
    )


def sandbox(environment: Mapping[str, str], log: Path) -> Child:
    """The practice gateways for e-mail and SMS."""
    return Child(
        name="Practice gateways",
        start=_python(environment, log, str(stack.PROJECT / "manage.py"), "run_sandbox"),
        ready=lambda: all(
            engines.port_answers(int(environment[name]))
            for name in ("SANDBOX_SMTP_PORT", "SANDBOX_HTTP_PORT")
        ),
        log=log,
    )


def web(environment: Mapping[str, str], log: Path) -> Child:
    """The web server."""
    host, port = environment["HOST"], environment["PORT"]
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 (compared, not bound)
    return Child(
        name="Web server",
        start=_python(
            environment,
            log,
            *("-m", "gunicorn", "-c", "python:portal.runtime.webserver"),
            *("--no-control-socket", "portal.wsgi"),
        ),
        ready=lambda: page_answers(reached, int(port), "/healthz"),
        log=log,
    )


def worker(environment: Mapping[str, str], log: Path) -> Child:
    """The Celery worker: two processes, one of which stays free while the other sends; each is
    renewed when it has grown."""
    return Child(
        name="Worker",
        start=_python(
            environment,
            log,
            *("-m", "celery", "-A", "portal", "worker", "-c", "2", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--max-memory-per-child", "180000"),
        ),
        log=log,
        stops=WORKER_STOPS,
    )


def beat(environment: Mapping[str, str], schedule: Path, log: Path) -> Child:
    """Celery's clock. What it remembers may be lost, and is thrown away at each start."""

    def start() -> engines.Process:
        for old in schedule.parent.glob(f"{schedule.name}*"):
            old.unlink()
        return _python(
            environment,
            log,
            *("-m", "celery", "-A", "portal", "beat", "--loglevel", "WARNING"),
            *("-s", str(schedule), "--pidfile="),
        )()

    return Child(name="Clock", start=start, log=log)


def page_answers(host: str, port: int, path: str) -> bool:
    """This will tell whether a page of ours answers with success."""
    line = http.client.HTTPConnection(host, port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": "localhost"})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _python(
    environment: Mapping[str, str], log: Path, *arguments: str
) -> Callable[[], engines.Process]:
    """This will return what starts our Python with `arguments`.

    It dies at once with the runner: tasks are acknowledged late, so nothing is lost by that.
    """
    return lambda: engines.spawn(
        [sys.executable, *arguments],
        death_signal=signal.SIGKILL,
        log=log,
        env={**os.environ, **environment},
        cwd=stack.PROJECT,
    )
