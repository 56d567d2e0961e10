"""Ties between processes: who dies with whom, and who is left of an earlier start."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(death_signal: int, parent: int) -> None:
    """This will have the kernel send `death_signal` to this process when its parent is gone.

    `parent` is the process id of the parent as it was before the fork: where it is gone already,
    the signal would never come.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def birth_of(pid: int) -> str:
    """This will return what tells a process from a later one of the same id; "" where it is gone.

    It is the boot's id and the time of the start, in the kernel's ticks.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else f"{boot} {fields[19]}"


def kill_group(pid: int) -> None:
    """This will kill what is left in the process group that `pid` leads."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def ended(process: subprocess.Popen[bytes]) -> bool:
    """This will tell whether a child has ended, and then clear away the rest of its group.

    The group is killed before the child is reaped: until then its number cannot be given to
    another process.
    """
    if process.returncode is not None:
        return True
    gone = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if gone is None:
        return False
    kill_group(process.pid)
    process.wait()
    return True


def write_record(record: Path, pids: list[int]) -> None:
    """This will write down which processes run, for a next start to find what is left of them."""
    rows = [[pid, birth_of(pid)] for pid in pids]
    record.write_text(json.dumps(rows))


def settle_leftovers(record: Path, seconds: float) -> list[int]:
    """This will wait until the processes of an earlier start are gone, and then kill the rest.

    After a kill -9 of the runner its servers need a moment to end; a second server on the same
    data would spoil it. Returns the ids of those that had to be killed.
    """
    try:
        rows = json.loads(record.read_text())
    except (OSError, ValueError):
        return []
    end = time.monotonic() + seconds
    left = [(pid, birth) for pid, birth in rows if birth]
    while left := [(pid, birth) for pid, birth in left if birth_of(pid) == birth]:
        if time.monotonic() > end:
            for pid, _birth in left:
                kill_group(pid)
            break
        time.sleep(0.05)
    record.unlink(missing_ok=True)
    return [pid for pid, _birth in left]
