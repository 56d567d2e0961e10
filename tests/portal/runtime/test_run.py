"""`make run` for real: it starts, is killed, leaves nobody, starts again, and stops in order."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.kit import lifeline
from portal.runtime import services, stack
from tests.ports import free_port


class Portal:
    """A portal with a folder and a port of its own."""

    def __init__(self, var: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if name not in stack.PROVIDED}
        self.house = stack.House(var)
        self.port = free_port()
        more = {"PORTAL_VAR": str(var), "PORT": str(self.port), "DEMO": "0"}
        self.environment = {**kept, **more, "PYTHONUNBUFFERED": "1"}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """This will start it and return what it said until it answered."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.runtime", "run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            cwd=stack.PROJECT,
        )
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if line.startswith("Logs:"):
                return said
        pytest.fail(f"It ended before it answered:\n{said}")

    def end(self, number: int) -> tuple[str, int]:
        """This will send a signal and return what was still said, and the exit code."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        with self.process:
            said = self.process.stdout.read()
        return said, self.process.returncode

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            check=False,
            capture_output=True,
            text=True,
            env=self.environment,
            cwd=stack.PROJECT,
        )


@pytest.fixture
def portal() -> Iterator[Portal]:
    folder = Path(tempfile.mkdtemp(prefix="portal-run-"))
    folder.chmod(0o755)
    made = Portal(folder / "var")
    yield made
    if made.process and made.process.returncode is None:
        made.end(signal.SIGTERM)
    shutil.rmtree(folder)


def family(root: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


ENDED = (FileNotFoundError, ProcessLookupError)
"""What reading of a process says that ended between two looks."""


def those_alive(pids: set[int]) -> dict[int, str]:
    names = {}
    for pid in pids:
        if lifeline.birth_of(pid):
            with contextlib.suppress(*ENDED):
                names[pid] = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return names


def memory_mb(pids: set[int]) -> int:
    """Memory in use, what is shared counted once."""
    total = 0
    for pid in pids:
        text = ""
        with contextlib.suppress(*ENDED):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)
        total += int(found[1]) if found else 0
    return total // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="it is the kernel that ends the children")
def test_it_runs_survives_a_kill_and_stops_in_order(portal: Portal) -> None:
    said = portal.start()
    assert f"The portal answers at http://127.0.0.1:{portal.port}/" in said
    assert "manage.py create_administrator" in said
    assert services.page_answers("127.0.0.1", portal.port, "/healthz")
    assert portal.house.stack_file.stat().st_mode & 0o777 == 0o600
    assert portal.manage("migrate", "--check").returncode == 0
    keys = json.loads(portal.house.secrets_file.read_text())

    assert portal.process is not None
    everybody = family(portal.process.pid)
    assert len(everybody) > 12
    assert memory_mb(everybody) < 720
    assert portal.end(signal.SIGKILL)[1] == -signal.SIGKILL
    end = time.monotonic() + 60
    while (left := those_alive(everybody)) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == {}
    assert portal.manage("migrate", "--check").stderr.startswith("No portal is running here")

    again = portal.start()
    assert "Making the database" not in again
    assert "Collecting" not in again
    assert json.loads(portal.house.secrets_file.read_text()) == keys
    everybody = family(portal.process.pid)
    said, code = portal.end(signal.SIGTERM)
    assert (said, code) == ("\nStopping ...\nStopped; the data is kept.\n", 0)
    assert those_alive(everybody) == {}
    assert not portal.house.stack_file.exists()
    log = portal.house.log("postgres").read_text()
    assert log.rstrip().endswith("database system is shut down")
