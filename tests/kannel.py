"""A real SMS gateway for a test: Kannel with its practice centre (fakesmsc), on this machine."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.ports import free_port

_FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
_WAIT_SECONDS = 60
_CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = {password}
smsbox-port = {inner}
box-allow-ip = "127.0.0.1"
log-file = "{folder}/bearerbox.log"
log-level = 0

group = smsc
smsc = fake
smsc-id = practice
host = 127.0.0.1
port = {centre}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {http}
log-file = "{folder}/smsbox.log"
log-level = 0

group = sendsms-user
username = portal
password = {password}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{answers}?token={secret}&from=%p&text=%a&reference=%I&time=%T"
"""


def why_absent() -> str:
    """Why Kannel cannot run here; empty where it can."""
    missing = [name for name in ("bearerbox", "smsbox") if _binary(name) is None]
    if not os.access(_FAKESMSC, os.X_OK):
        missing.append("fakesmsc")
    if missing:
        return f"Kannel is not here ({', '.join(missing)}): apt-get install kannel kannel-extras"
    return ""


def _binary(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


class Kannel:
    """The two boxes, and one centre at a time."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.password = folder, password
        self.http_port, self._centre_port = free_port(), free_port()
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *, answers: str, secret: str) -> None:
        """This will start the boxes, which call `answers` with the secret for what people write."""
        ports = {"admin": free_port(), "inner": free_port()}
        path = self.folder / "kannel.conf"
        path.write_text(
            _CONFIGURATION.format(
                folder=self.folder, password=self.password, answers=answers, secret=secret,
                http=self.http_port, centre=self._centre_port, **ports,
            )
        )  # fmt: skip
        self._run("bearerbox", _binary("bearerbox") or "", str(path))
        wait_for(lambda: _listens(self._centre_port) and _listens(ports["inner"]), "bearerbox")
        self._run("smsbox", _binary("smsbox") or "", str(path))
        wait_for(lambda: _listens(self.http_port), "smsbox")

    @contextlib.contextmanager
    def centre(self, message: str = "") -> Iterator[Callable[[], str]]:
        """This will run a centre, at which somebody writes `message` ("from to text words") once,
        and yield what reads its log of what it delivered."""
        name = f"centre-{len(self._processes)}"
        process = self._run(
            name, _FAKESMSC, "-H", "127.0.0.1", "-r", str(self._centre_port), "-i", "0.1",
            "-m", "1" if message else "0", message or "1 1 text nothing",
        )  # fmt: skip
        try:
            yield lambda: (self.folder / f"{name}.out").read_text(errors="replace")
        finally:
            _stop(process)

    def stop(self) -> None:
        """This will stop everything that was started."""
        for process in reversed(self._processes):
            _stop(process)

    def _run(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        with (self.folder / f"{name}.out").open("wb") as out:
            process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self._processes.append(process)
        return process


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_for(is_there: Callable[[], object], what: str, seconds: float = _WAIT_SECONDS) -> None:
    """This will wait until something is there. Raises AssertionError."""
    end = time.monotonic() + seconds
    while not is_there():
        assert time.monotonic() < end, f"{what} did not come within {seconds} seconds"
        time.sleep(0.1)
