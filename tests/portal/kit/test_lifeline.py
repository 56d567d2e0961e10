"""Who dies with whom, and what an earlier start left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from portal.kit import lifeline

SLEEP = ["/bin/sleep", "60"]


def test_birth_tells_processes_apart() -> None:
    with subprocess.Popen(SLEEP) as process:
        birth = lifeline.birth_of(process.pid)
        assert birth
        assert birth != lifeline.birth_of(os.getpid())
        process.kill()
    assert lifeline.birth_of(process.pid) == ""


def test_a_zombie_counts_as_gone() -> None:
    with subprocess.Popen(["/bin/true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert lifeline.birth_of(process.pid) == ""


def test_ended_clears_away_the_group() -> None:
    command = ["sh", "-c", "sleep 60 & echo $!; exit 3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, process_group=0) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        while not lifeline.ended(process):
            time.sleep(0.01)
        assert process.returncode == 3
    end = time.monotonic() + 60
    while lifeline.birth_of(grandchild) and time.monotonic() < end:
        time.sleep(0.01)
    assert lifeline.birth_of(grandchild) == ""


def test_ended_is_false_while_it_runs() -> None:
    with subprocess.Popen(SLEEP, process_group=0) as process:
        assert lifeline.ended(process) is False
        process.kill()


def test_leftovers_are_waited_for(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    with subprocess.Popen(["/bin/sleep", "0.3"], process_group=0) as short:
        lifeline.write_record(record, [short.pid])
        assert lifeline.settle_leftovers(record, seconds=60.0) == []
        assert short.wait() == 0
    assert not record.exists()


def test_leftovers_that_do_not_end_are_killed(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    with subprocess.Popen(SLEEP, process_group=0) as long:
        lifeline.write_record(record, [long.pid])
        assert lifeline.settle_leftovers(record, seconds=0.1) == [long.pid]
        assert long.wait() == -signal.SIGKILL
    assert not record.exists()


def test_another_process_of_the_same_number_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    with subprocess.Popen(SLEEP, process_group=0) as stranger:
        record.write_text(f'[[{stranger.pid}, "another boot 1"]]')
        assert lifeline.settle_leftovers(record, seconds=0.0) == []
        assert stranger.poll() is None
        stranger.kill()


def test_no_record_and_a_damaged_one_mean_nothing_is_left(tmp_path: Path) -> None:
    record = tmp_path / "processes.json"
    assert lifeline.settle_leftovers(record, seconds=0.0) == []
    record.write_text("[[12,")
    assert lifeline.settle_leftovers(record, seconds=0.0) == []


def test_a_child_of_a_dead_parent_does_not_live_on() -> None:
    code = "from portal.kit import lifeline; lifeline.die_with_parent(15, 1 << 22); print('alive')"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"")
