"""Starts children in order, starts again those that die, stops all in reverse order.

What the children are is data: `portal.runtime.services` names the portal's own.
"""

import collections
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.kit import lifeline
from portal.runtime import engines
from portal.runtime.terminal import Interrupted, Refused, say

DEATHS_ALLOWED = 5
DEATHS_WITHIN = 60.0
FIRST_PAUSE = 0.5
_TICK = 0.1

Stops = tuple[tuple[int, float], ...]
GENTLE: Stops = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Child:
    """A process to keep alive.

    `start` starts it and returns it; `ready` tells whether it does its work. `stops` are the
    signals that end it, each with the seconds to wait before the next; the last is SIGKILL.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    log: Path
    ready: Callable[[], bool] = lambda: True
    ready_seconds: float = 60.0
    stops: Stops = GENTLE


@dataclass
class _Held:
    child: Child
    process: subprocess.Popen[bytes] | None
    retry_at: float = 0.0
    deaths: collections.deque[float] = field(default_factory=collections.deque)


class Wish:
    """Whether the person asked to stop; asked twice, stopping waits for nobody."""

    def __init__(self) -> None:
        self.times = 0

    def heed(self) -> None:
        """This will listen to Ctrl-C, SIGTERM and the closing of the terminal."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)
        # nohup has it ignored, and means it.
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._note)

    def _note(self, _number: int, _frame: object) -> None:
        self.times += 1

    def check(self) -> None:
        """This will raise Interrupted where stopping was asked for."""
        if self.times:
            raise Interrupted


class Supervisor:
    """Keeps children alive. `record` is the file that tells a next start what ran."""

    def __init__(self, record: Path, wish: Wish) -> None:
        self._record = record
        self._wish = wish
        self._held: list[_Held] = []

    def pids(self) -> dict[str, int]:
        """This will return the process ids of the children that run, by name."""
        return {held.child.name: held.process.pid for held in self._held if held.process}

    def start(self, children: Sequence[Child]) -> None:
        """This will start the children and wait until all of them are ready.

        Raises EngineFailed where one is not, Interrupted where the person asks to stop.
        """
        fresh = []
        for child in children:
            self._wish.check()
            held = _Held(child, child.start())
            self._held.append(held)
            fresh.append(held)
            self._write()
        for held in fresh:
            self._await(held)

    def _await(self, held: _Held) -> None:
        def ready() -> bool:
            self._wish.check()
            return held.child.ready()

        child = held.child
        assert held.process is not None  # noqa: S101 (it was started a moment ago)
        engines.wait_for(child.name, ready, held.process, child.ready_seconds, child.log)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """This will keep the children alive until the person asks to stop, or `until()`.

        Raises Refused where a child dies again and again.
        """
        while not self._wish.times and not until():
            for held in self._held:
                self._look_after(held)
            time.sleep(_TICK)

    def _look_after(self, held: _Held) -> None:
        now = time.monotonic()
        if held.process is None:
            if now >= held.retry_at:
                self._restart(held)
        elif lifeline.ended(held.process):
            code = held.process.returncode
            held.process = None
            self._note_death(held, now, f"ended ({_describe(code)})")

    def _restart(self, held: _Held) -> None:
        try:
            held.process = held.child.start()
        except (OSError, engines.EngineFailed) as problem:
            self._note_death(held, time.monotonic(), f"could not be started ({problem})")
            return
        self._write()
        say(f"{held.child.name}: started again")

    def _note_death(self, held: _Held, now: float, what: str) -> None:
        held.deaths.append(now)
        while held.deaths[0] < now - DEATHS_WITHIN:
            held.deaths.popleft()
        if len(held.deaths) >= DEATHS_ALLOWED:
            raise Refused(
                f"{held.child.name} {what} for the {len(held.deaths)}th time within "
                f"{DEATHS_WITHIN:.0f} seconds, so everything is stopped: see {held.child.log}, "
                "then start again."
            )
        pause = FIRST_PAUSE * 2 ** (len(held.deaths) - 1)
        held.retry_at = now + pause
        say(f"{held.child.name} {what}; starting it again in {pause:.1f} s, see {held.child.log}")

    def stop(self) -> None:
        """This will stop all children, the last one started first."""
        asked = self._wish.times
        while self._held:
            held = self._held.pop()
            if held.process is not None:
                self._end(held.child, held.process, asked)
            self._write()
        self._record.unlink(missing_ok=True)

    def _end(self, child: Child, process: subprocess.Popen[bytes], asked: int) -> None:
        for number, seconds in child.stops:
            if lifeline.ended(process):
                return
            process.send_signal(number)
            end = time.monotonic() + seconds
            while not lifeline.ended(process) and time.monotonic() < end:
                if self._wish.times > asked + 1 and number != signal.SIGKILL:
                    break
                time.sleep(0.02)

    def _write(self) -> None:
        lifeline.write_record(self._record, list(self.pids().values()))


def _describe(code: int) -> str:
    """This will say in words how a process ended."""
    if code >= 0:
        return f"code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
