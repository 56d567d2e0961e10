"""The supervisor, with small children instead of the portal's."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.kit import lifeline
from portal.runtime import engines, stack, supervisor
from portal.runtime.terminal import Interrupted, Refused

NOTES_ITS_END = (
    "import signal, sys, time\n"
    "def end(*_):\n"
    "    open(sys.argv[1], 'a').write(sys.argv[2] + ' ')\n"
    "    sys.exit()\n"
    "signal.signal(signal.SIGTERM, end)\n"
    "open(sys.argv[1] + sys.argv[2], 'w').close()\n"
    "time.sleep(60)\n"
)
STUBBORN = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: open(sys.argv[1] + 'asked', 'w').close())\n"
    "open(sys.argv[1], 'w').close()\n"
    "time.sleep(600)\n"
)
# Whatever ends by itself has the time for it on a slow machine too.
PATIENT = ((signal.SIGTERM, 60.0), (signal.SIGKILL, 60.0))


class Stage:
    """A supervisor in a folder of its own, and children for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record = folder / "processes.json"
        self.wish = supervisor.Wish()
        self.supervisor = supervisor.Supervisor(self.record, self.wish)

    def child(
        self,
        name: str,
        *command: str,
        ready: Callable[[], bool] = lambda: True,
        stops: supervisor.Stops = PATIENT,
    ) -> supervisor.Child:
        return supervisor.Child(
            name=name,
            start=lambda: engines.spawn(list(command), log=self.folder / f"{name}.log"),
            log=self.folder / f"{name}.log",
            ready=ready,
            ready_seconds=60,
            stops=stops,
        )

    def noting(self, name: str) -> supervisor.Child:
        mark = Path(f"{self.folder}/ends{name}")
        return self.child(
            name, sys.executable, "-c", NOTES_ITS_END, f"{self.folder}/ends", name,
            ready=mark.exists,
        )  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.supervisor.stop()


def soon(holds: Callable[[], object], seconds: float = 50.0) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(holds())


def test_children_end_in_the_reverse_order_of_their_start(stage: Stage) -> None:
    stage.supervisor.start([stage.noting("one"), stage.noting("two")])
    stage.supervisor.start([stage.noting("three")])
    pids = stage.supervisor.pids()
    assert list(pids) == ["one", "two", "three"]
    stage.supervisor.stop()
    assert (stage.folder / "ends").read_text() == "three two one "
    assert [lifeline.birth_of(pid) for pid in pids.values()] == ["", "", ""]
    assert not stage.record.exists()


def test_a_child_that_ends_at_start_is_told(stage: Stage) -> None:
    child = stage.child("Short", "false", ready=lambda: False)
    with pytest.raises(engines.EngineFailed) as failed:
        stage.supervisor.start([child])
    assert str(failed.value) == f"Short ended at start with code 1; see {child.log}."


def test_a_child_that_dies_is_started_again(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.supervisor.start([stage.child("Sleeper", "sleep", "60")])
    first = stage.supervisor.pids()["Sleeper"]
    os.kill(first, signal.SIGKILL)
    stage.supervisor.watch(until=lambda: stage.supervisor.pids().get("Sleeper", first) != first)
    log = stage.folder / "Sleeper.log"
    assert capsys.readouterr().out.splitlines() == [
        f"Sleeper ended (SIGKILL); starting it again in 0.5 s, see {log}",
        "Sleeper: started again",
    ]


def test_a_child_that_dies_five_times_stops_everything(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    stage.supervisor.start([stage.child("Steady", "sleep", "60")])
    stage.supervisor.start([stage.child("Shaky", "sh", "-c", "exit 7")])
    with pytest.raises(Refused) as refused:
        stage.supervisor.watch()
    assert str(refused.value) == (
        "Shaky ended (code 7) for the 5th time within 60 seconds, so everything is stopped: see "
        f"{stage.folder / 'Shaky.log'}, then start again."
    )
    assert list(stage.supervisor.pids()) == ["Steady"]


def test_a_child_that_cannot_be_started_again_counts_as_dead(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    program = stage.folder / "program"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    stage.supervisor.start([stage.child("Gone", str(program))])
    program.unlink()
    with pytest.raises(Refused, match=r"^Gone could not be started \(.*5th time"):
        stage.supervisor.watch()


def test_deaths_long_ago_are_forgotten(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(supervisor, "DEATHS_WITHIN", 0.05)
    stage.supervisor.start([stage.child("Shaky", "sleep", "0.1")])
    end = time.monotonic() + 2
    stage.supervisor.watch(until=lambda: time.monotonic() > end)
    assert len((stage.folder / "Shaky.log").read_text()) == 0


def test_asking_to_stop_ends_the_watch_and_a_start(stage: Stage) -> None:
    stage.supervisor.start([stage.child("Sleeper", "sleep", "60")])
    threading.Timer(0.2, lambda: setattr(stage.wish, "times", 1)).start()
    stage.supervisor.watch()
    with pytest.raises(Interrupted):
        stage.supervisor.start([stage.child("Late", "sleep", "60")])
    assert list(stage.supervisor.pids()) == ["Sleeper"]


def test_a_child_that_will_not_end_is_killed(stage: Stage) -> None:
    mark = stage.folder / "up"
    stage.supervisor.start([
        stage.child(
            "Stubborn", sys.executable, "-c", STUBBORN, str(mark), ready=mark.exists,
            stops=((signal.SIGTERM, 0.2), (signal.SIGKILL, 60.0)),
        )
    ])  # fmt: skip
    pid = stage.supervisor.pids()["Stubborn"]
    stage.supervisor.stop()
    assert lifeline.birth_of(pid) == ""


def test_asked_twice_it_waits_for_nobody(stage: Stage) -> None:
    mark = stage.folder / "up"
    stage.supervisor.start([
        stage.child("Stubborn", sys.executable, "-c", STUBBORN, str(mark), ready=mark.exists)
    ])  # fmt: skip
    stage.wish.times = 1
    asked = Path(f"{mark}asked")

    def ask_again() -> None:
        if soon(asked.exists):
            stage.wish.times = 3

    again = threading.Thread(target=ask_again)
    again.start()
    start = time.monotonic()
    stage.supervisor.stop()
    again.join()
    assert asked.exists()
    assert time.monotonic() - start < PATIENT[0][1]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a child of its parent's death")
def test_killing_the_runner_leaves_nobody(tmp_path: Path) -> None:
    script = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from portal.runtime import engines, supervisor\n"
        "folder = Path(sys.argv[1])\n"
        "def start(name):\n"
        "    return lambda: engines.spawn(['sleep', '60'], death_signal=signal.SIGINT)\n"
        "children = [supervisor.Child(n, start(n), folder / n) for n in ('one', 'two')]\n"
        "keeper = supervisor.Supervisor(folder / 'processes.json', supervisor.Wish())\n"
        "keeper.start(children)\n"
        "print(*keeper.pids().values(), flush=True)\n"
        "keeper.watch()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=stack.PROJECT) as runner:
        assert runner.stdout is not None
        pids = [int(pid) for pid in runner.stdout.readline().split()]
        assert len(pids) == 2
        assert all(lifeline.birth_of(pid) for pid in pids)
        runner.kill()
    assert soon(lambda: not any(lifeline.birth_of(pid) for pid in pids))
    assert lifeline.settle_leftovers(tmp_path / "processes.json", seconds=0.0) == []
