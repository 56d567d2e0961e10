"""Each benchmark runs, at its smallest: a change of rows or operations must not leave one behind.

What it takes decides nothing here. `make lint` reads their types, which finds most of it sooner.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime import stack, trial

# Customers, candidates, units or rows, whatever the benchmark counts. These two have a bank of
# fixed size and a promise that a busy machine may break: `make bench` alone runs them.
_ON_THEIR_OWN = {"import_at_scale", "pages_at_scale"}
_SMALLEST = {"touches": 2_000, "halting": 5_000, "declines": 3, "warnings": 5, "liability": 20}
_NAMES = sorted({*trial.measurements(stack.PROJECT / "benchmarks")} - _ON_THEIR_OWN)

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the migrated database is kept for all of them."""
    folder = tmp_path_factory.mktemp("benchmarks")
    folder.chmod(0o755)
    return folder


@pytest.mark.parametrize("name", _NAMES)
def test_it_runs_to_its_end(name: str, home: Path) -> None:
    own = {"DATABASE_URL", "REDIS_URL", "PORTAL_VAR", "BENCH_HOME", "BENCH_SIZES"}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", str(_SMALLEST.get(name, 500))],
        cwd=stack.PROJECT,
        env={key: value for key, value in os.environ.items() if key not in own}
        | {"BENCH_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
