"""`make test`, `make chaos` and `make bench`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.runtime import stack
from portal.runtime.terminal import Refused, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOT_MEASURED = {"sinks", "__init__", "harness", "conftest", "approving"}
_FULL = "--full"


def find_browser(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> str:
    """This will return the path of Chromium: CHROMIUM, or one on the PATH; "" where none is."""
    named = environment.get("CHROMIUM", "")
    if named and not os.access(named, os.X_OK):
        raise Refused(f"CHROMIUM={named} is no program: correct it, or unset it.")
    return named or next((path for name in BROWSERS if (path := which(name))), "")


def test(extra: list[str]) -> int:
    """This will run pytest and return its exit code: all tests in as many processes as the
    machine has cores, those that `extra` names in one. They are given out a few at a time and in
    their order: otherwise one process goes on alone with many at the end."""
    many = ["-q", "-n", "logical", "--maxprocesses", "4", "--maxschedchunk", "8"]
    arguments = [] if extra else many
    if not find_browser(os.environ):
        say(
            "Chromium is not found: tests that open pages in a browser are left out. Get it with "
            "`apt-get install chromium fonts-wqy-microhei`, or name it with CHROMIUM=."
        )
        arguments += ["-m", "not browser and not chaos"]
    command = [sys.executable, "-m", "pytest", *arguments, *extra]
    return subprocess.run(command, check=False, cwd=stack.PROJECT).returncode


def chaos(extra: list[str]) -> int:
    """This will run the proofs that are too long for every day: tests marked `chaos`."""
    command = [sys.executable, "-m", "pytest", "-v", "-m", "chaos", "tests", *extra]
    return subprocess.run(command, check=False, cwd=stack.PROJECT).returncode


def measurements(folder: Path) -> list[str]:
    """This will list the benchmarks of a folder."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem not in _NOT_MEASURED)


def bench(words: list[str]) -> int:
    """This will run the benchmarks, or those named; `--full` takes a whole bank's sizes for those
    that need a big one. Returns 1 where one fails.

    The big bank is made once and kept for all of them, in BENCH_HOME or a folder of this run.
    """
    names = [word for word in words if word != _FULL]
    known = measurements(stack.PROJECT / "benchmarks")
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        raise Refused(
            f"There is no benchmark {', '.join(unknown) or 'yet'}: there are {', '.join(known)}."
            if known
            else "There is no benchmark in benchmarks/."
        )
    with tempfile.TemporaryDirectory(prefix="portal-bank-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 (PostgreSQL enters it under its own account)
        sizes = "full" if _FULL in words else ""
        environment = {"BENCH_HOME": folder, **os.environ, "BENCH_SIZES": sizes}
        return 1 if sum(_failed(name, environment) for name in names or known) else 0


def _failed(name: str, environment: Mapping[str, str]) -> bool:
    say(f"\n{name}")
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    done = subprocess.run(command, check=False, cwd=stack.PROJECT, env=environment)
    return done.returncode != 0
