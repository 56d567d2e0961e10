"""`make test` and `make bench`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.runtime import stack
from portal.runtime.terminal import Refused, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOT_MEASURED = {"__init__", "harness", "conftest"}


def find_browser(
    environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which
) -> str:
    """This will return the path of Chromium: CHROMIUM, or one on the PATH; "" where none is."""
    named = environment.get("CHROMIUM", "")
    if named and not os.access(named, os.X_OK):
        raise Refused(f"CHROMIUM={named} is no program: correct it, or unset it.")
    return named or next((path for name in BROWSERS if (path := which(name))), "")


def test(extra: list[str]) -> int:
    """This will run pytest and return its exit code."""
    arguments = [] if extra else ["-q"]
    if not find_browser(os.environ):
        say(
            "Chromium is not found: tests that open pages in a browser are left out. Get it with "
            "`apt-get install chromium fonts-wqy-microhei`, or name it with CHROMIUM=."
        )
        arguments += ["-m", "not browser"]
    command = [sys.executable, "-m", "pytest", *arguments, *extra]
    return subprocess.run(command, check=False, cwd=stack.PROJECT).returncode


def measurements(folder: Path) -> list[str]:
    """This will list the benchmarks of a folder."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem not in _NOT_MEASURED)


def bench(names: list[str]) -> int:
    """This will run the benchmarks, or those named. Returns 1 where one fails."""
    known = measurements(stack.PROJECT / "benchmarks")
    unknown = [name for name in names if name not in known]
    if unknown or not known:
        raise Refused(
            f"There is no benchmark {', '.join(unknown) or 'yet'}: there are {', '.join(known)}."
            if known
            else "There is no benchmark in benchmarks/."
        )
    failed = 0
    for name in names or known:
        say(f"\n{name}")
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        failed += subprocess.run(command, check=False, cwd=stack.PROJECT).returncode != 0
    return 1 if failed else 0
