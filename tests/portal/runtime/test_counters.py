"""Counts of several web processes are kept in files that begin empty."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime import counters

NAME = "PROMETHEUS_MULTIPROC_DIR"


def test_several_processes_get_an_empty_folder(tmp_path: Path) -> None:
    environment = {"PORTAL_VAR": str(tmp_path)}
    folder = tmp_path / "run" / "counters"
    folder.mkdir(parents=True)
    (folder / "counter_1.db").write_text("of before")
    counters.keep_apart(2, environment)
    assert environment[NAME] == str(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("processes", "named"), [(1, ""), (2, "/elsewhere")])
def test_one_process_needs_none_and_a_named_one_stays(
    tmp_path: Path, processes: int, named: str
) -> None:
    environment = {"PORTAL_VAR": str(tmp_path)} | ({NAME: named} if named else {})
    before = dict(environment)
    counters.keep_apart(processes, environment)
    assert environment == before
    assert list(tmp_path.iterdir()) == []


def test_counts_of_two_processes_are_added_up(tmp_path: Path) -> None:
    environment = {"PORTAL_VAR": str(tmp_path)}
    counters.keep_apart(2, environment)
    count = "from prometheus_client import Counter; Counter('seen', 'x').inc()"
    for _process in range(2):
        subprocess.run([sys.executable, "-c", count], check=True, env=environment)
    ask = (
        "from prometheus_client import CollectorRegistry, generate_latest, multiprocess;"
        " counted = CollectorRegistry(); multiprocess.MultiProcessCollector(counted);"
        " print(generate_latest(counted).decode())"
    )
    said = subprocess.run(
        [sys.executable, "-c", ask], check=True, env=environment, capture_output=True, text=True
    )
    assert "seen_total 2.0" in said.stdout.splitlines()
