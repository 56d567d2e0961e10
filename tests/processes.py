"""Real processes of the portal against the test's database, for tests that kill them.

Use with `@pytest.mark.django_db(transaction=True)`: the processes see only what is committed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from portal.runtime import engines, services
from tests.ports import free_port

# What is waited for comes, or the test fails: the seconds of each wait are those of a machine with
# little else to do, and a slow one may take so many times as long.
_SLOWER = 4


def wait_until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """This will wait until `holds()` is true. Raises AssertionError naming `what`."""
    seconds *= _SLOWER
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def database_url(**options: str) -> str:
    """This will return the address of the test's database, with more `options` of libpq."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    query = "&".join(filter(None, [parts.query, urlencode(options, quote_via=quote)]))
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}", query=query))


class Processes:
    """Celery workers and practice gateways of one test; all are gone when the block ends.

    `env` adds to their environment, such as OUTBOX_LEASE_SECONDS="3".
    """

    def __init__(self, **env: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="portal-processes-"))
        self._running: list[subprocess.Popen[bytes]] = []
        self._logs: dict[int, Path] = {}
        # A queue of its own, which what the test itself puts on the queue does not reach.
        self._broker_url = urlunsplit(urlsplit(settings.REDIS_URL)._replace(path="/1"))
        self._smtp_port, self._http_port = free_port(), free_port()
        self.web_port = free_port()
        self._valkey_port: int | None = None
        self._env = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": self._broker_url,
            **{name: str(value) for name, value in self.gateways().items()},
            "SANDBOX_SMTP_PORT": str(self._smtp_port),
            "SANDBOX_HTTP_PORT": str(self._http_port),
            # Receipts come to the web server, while it runs.
            "CALLBACK_URL": f"http://127.0.0.1:{self.web_port}",
            "SMS_CALLBACK_SECRET": "practice",
            **env,
        }
        self._celery = Celery(broker=self._broker_url)

    def __enter__(self) -> "Processes":
        self.flush_queue()
        return self

    def __exit__(self, *_error: Any) -> None:
        for process in list(self._running):
            self.kill(process)
        if self._valkey_port is None:
            self.flush_queue()
        self._celery.close()
        shutil.rmtree(self._folder)

    def gateways(self) -> dict[str, str | int]:
        """This will return the settings under which the practice gateways are reached."""
        web = f"http://127.0.0.1:{self._http_port}"
        return {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self._smtp_port,
            "EMAIL_STATUS_URL": f"{web}/status",
            "SMS_URL": f"{web}/cgi-bin/sendsms",
            "SMS_STATUS_URL": f"{web}/status",
            "SMS_USER": "portal",
            "SMS_PASSWORD": "practice",
        }

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """This will start a Celery worker with one process for tasks."""
        return self._start(
            "-m", "celery", "-A", "portal", "worker", "-P", "prefork", "-c", "1",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def use_own_valkey(self) -> "subprocess.Popen[bytes]":
        """This will start a Valkey of these processes' own, which may be killed. It keeps nothing;
        started again, it is reached as before."""
        if self._valkey_port is None:
            self._valkey_port = free_port()
            self._broker_url = f"redis://:own@127.0.0.1:{self._valkey_port}/0"
            self._env["REDIS_URL"] = self._broker_url
            self._celery.close()
            self._celery = Celery(broker=self._broker_url)
        port = self._valkey_port
        process = engines.start_valkey(
            self._folder / "valkey", port, "own", self._folder / "valkey.log", durable=False
        )
        wait_until(lambda: engines.valkey_answers(port, "own"), 60, "the own Valkey")
        return process

    def start_beat(self) -> "subprocess.Popen[bytes]":
        """This will start the clock that asks for the work."""
        schedule = self._folder / "beat"
        schedule.unlink(missing_ok=True)
        return self._start(
            "-m", "celery", "-A", "portal", "beat", "-s", str(schedule), "--pidfile=",
        )  # fmt: skip

    def start_web(self) -> "subprocess.Popen[bytes]":
        """This will start the web server, on the same port each time."""
        self._env["PORT"] = str(self.web_port)
        return self._start(
            "-m", "gunicorn", "-c", "python:portal.runtime.webserver", "--no-control-socket",
            "portal.wsgi",
        )  # fmt: skip

    def web_answers(self) -> bool:
        """This will tell whether the web server answers."""
        return services.page_answers("127.0.0.1", self.web_port, "/healthz")

    def start_sandbox(self, *, has_faults: bool = False) -> "subprocess.Popen[bytes]":
        """This will start the practice gateways, which practise faults where they are to, and wait
        until they answer."""
        process = self._start("manage.py", "run_sandbox", *(["--faults"] if has_faults else []))
        wait_until(lambda: "SMTP on port" in self.log_of(process), 60, "the practice gateways")
        return process

    def start_command(self, *words: str) -> "subprocess.Popen[bytes]":
        """This will start a command of manage.py."""
        return self._start("manage.py", *words)

    def start_module(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """This will start a module of the tests as a program."""
        return self._start("-m", module, *arguments)

    def wait_for(self, process: "subprocess.Popen[bytes]", seconds: float) -> int:
        """This will wait until a process has ended by itself, and return its code."""
        code = process.wait(timeout=seconds * _SLOWER)
        self._running.remove(process)
        return code

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """This will end a process and its children at once, with no chance to tidy up (-9)."""
        with contextlib.suppress(ProcessLookupError):  # it ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
        if process in self._running:
            self._running.remove(process)

    def kill_alone(self, process: "subprocess.Popen[bytes]") -> None:
        """This will end a process at once (-9), and leave its children to see to themselves."""
        process.kill()
        process.wait(timeout=60)

    def children_of(self, process: "subprocess.Popen[bytes]") -> set[int]:
        """This will return the process ids of a process's children."""
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        return {int(pid) for pid in listed.split()}

    def freeze(self, process: "subprocess.Popen[bytes]") -> None:
        """This will stop a process and its children where they are."""
        os.killpg(process.pid, signal.SIGSTOP)

    def thaw(self, process: "subprocess.Popen[bytes]") -> None:
        """This will let frozen processes go on."""
        os.killpg(process.pid, signal.SIGCONT)

    def answers(self) -> bool:
        """This will tell whether a worker takes tasks from the queue."""
        return bool(self._celery.control.ping(timeout=1))

    def send_task(self, name: str, *args: Any) -> None:
        """This will put a task on the queue of these processes."""
        self._celery.send_task(name, args)

    def flush_queue(self) -> None:
        """This will empty the whole of Valkey, whatever it holds."""
        client = redis.Redis.from_url(self._broker_url)
        client.flushall()
        client.close()

    def log_of(self, process: "subprocess.Popen[bytes]") -> str:
        """This will return what a process has written so far."""
        return self._logs[process.pid].read_text("utf-8", "replace")

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        name = f"{len(self._logs)}.log"
        with (self._folder / name).open("wb") as log:
            # The session of its own is what lets `kill` reach the children too.
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=self._env,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._running.append(process)
        self._logs[process.pid] = self._folder / name
        return process
