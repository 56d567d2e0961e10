"""Gunicorn's settings: `gunicorn -c python:portal.runtime.webserver portal.wsgi`.

Threads suit pages that wait for the database, processes the making of pages: one for each
processor, at most four, or as many as WEB_CONCURRENCY says. A process makes one page after the
other, however many threads it has: more of them make everybody wait longer when many ask at once.
"""

import os
import signal
from collections.abc import Sequence
from typing import Any

from portal.kit import lifeline, minutely
from portal.runtime import counters, warming

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, os.cpu_count() or 1))
threads = int(os.environ.get("WEB_THREADS", "4"))
# The counts of all processes are added up: they are written to files, which begin empty.
counters.keep_apart(workers)
# The application is loaded once, before the fork: the processes share its memory.
preload_app = True
graceful_timeout = 10
timeout = 60
loglevel = "warning"
control_socket_disable = True
if os.path.isdir("/dev/shm"):  # noqa: S108 (gunicorn's heartbeat file, which it names itself)
    worker_tmp_dir = "/dev/shm"  # noqa: S108

_master = os.getpid()


def when_ready(_server: Any) -> None:
    """This will make the pages ready once, in the memory that the processes share."""
    warming.warm()
    warming.set_aside()


def post_fork(_server: Any, _worker: Any) -> None:
    """This will tie a web worker to its master: killed with -9, it leaves none behind. What the
    worker sums up is written down from now on."""
    lifeline.die_with_parent(signal.SIGKILL, _master)
    minutely.start(_works())


def worker_exit(_server: Any, _worker: Any) -> None:
    """This will write down what an orderly ending worker has summed up."""
    minutely.finish(_works())


def _works() -> Sequence[minutely.Work]:
    # Its import reads the settings, which begin with the application.
    from portal.kit.registry import registry

    return registry.minutely


def child_exit(_server: Any, worker: Any) -> None:
    """This will close the files of a web worker's counts."""
    counters.close_for(worker.pid)
