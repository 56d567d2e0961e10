"""The next lead, the desk and a call, by 64 telemarketers at once in two processes.

    python -m benchmarks.next_lead [LEADS]       # 50,000
    make bench ARGS="next_lead --full"           # 1,000,000

Ours is `next_lead`, the call screen and `wrap_up`, as a telemarketer goes through them, with a
pause after each lead that is shorter than any real call. Bare is the statement that takes the first
free lead of the same index with SKIP LOCKED and knows nothing of consent, refusals, control group,
hours, caps, policies and qualification; as many people, shorter pauses. A tenth of the phones
refused, a fifth of the leads are customers' with consent, one in fifty has a phone with another.
While they work, words never to be called and withdrawals of consent are written about leads in
hand and about the next ones. The promises at p95: next lead 50 ms, page 200 ms, call 100 ms.

What was given is then looked at from outside: nobody saw a lead, or a phone, while another did; no
call began after a word about it was committed, by plain SQL; no phone was called more than the cap
allows. Beside it stands what the statements do: `python -m benchmarks.next_lead LEADS --explain`.
"""

import contextlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks import harness

harness.boot(max_connections="160")

from django.db import connection  # noqa: E402  (settings come first)
from django.test import Client  # noqa: E402

from benchmarks.calls.leads import BANK, print_plans  # noqa: E402
from benchmarks.calls.watching import Words, look_at  # noqa: E402
from benchmarks.calls.wrapping import wrap_up  # noqa: E402
from journeys.telemarketing import operations  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Staff  # noqa: E402
from portal.runtime import stack  # noqa: E402

LEADS, FULL = 50_000, 1_000_000
BRANCHES, CALLERS, PROCESSES = 40, 64, 2
PAUSE = 20.0  # seconds: about as long as it rings where nobody answers
NEXT, PAGE, CALL = 0.050, 0.200, 0.100  # seconds at p95
_COLLECT = [sys.executable, "manage.py", "collectstatic", "--noinput"]
Crowd = subprocess.Popen[str]


def main(leads: int, *, explains: bool) -> None:
    """This will print the times."""
    fill(leads)
    if explains:
        _explain()
        return
    turns, pause = (6, PAUSE) if leads >= LEADS else (2, 0.2)
    with _crowd() as crowd:
        print("load of the machine:", *(f"{one:.1f}" for one in os.getloadavg()), flush=True)
        bare = _all_work(crowd, turns=turns, pause=pause / 10, is_bare=True)
        with Words().written():
            ours = _all_work(crowd, turns=turns, pause=pause)
    look_at(ours)
    _tell(f"next lead of {leads:,}, {CALLERS} at once", ours["next"], NEXT)
    _tell("the desk's page", ours["page"], PAGE)
    _tell("noting the call", ours["call"], CALL)
    _tell("bare: the first free row, SKIP LOCKED", bare["bare"], None)
    harness.report(f"next lead of {leads:,}, p95", _p(ours["next"], 95), _p(bare["bare"], 95))


def _explain() -> None:
    """Three leads of one person, so that what is read the first time is not all that is seen."""
    me = Staff.objects.select_related("branch").get(username="caller1")
    desk = Client(HTTP_HOST="localhost")
    desk.force_login(me, "portal.staff.access.backend.StaffBackend")
    subprocess.run(_COLLECT, check=True, cwd=stack.PROJECT, stdout=subprocess.DEVNULL)

    def work() -> None:
        print("---- next lead")
        operations.next_lead(caller=me, at=clock.now())
        print("---- page")
        desk.get("/leads/desk/screen/")
        print("---- call")
        wrap_up(me)

    work()
    work()
    print_plans(work)


def fill(leads: int) -> None:
    """This will make a bank of leads in the pools of many branches, and telemarketers."""
    with connection.cursor() as cursor:
        cursor.execute(BANK, {"leads": leads, "callers": CALLERS, "branches": BRANCHES})
        cursor.execute("VACUUM ANALYZE")


@contextlib.contextmanager
def _crowd() -> Iterator[list[Crowd]]:
    subprocess.run(_COLLECT, check=True, cwd=stack.PROJECT, stdout=subprocess.DEVNULL)
    each = CALLERS // PROCESSES
    with contextlib.ExitStack() as ends:
        crowd = [
            harness.start("benchmarks.crowds.callers", place * each, (place + 1) * each)
            for place in range(PROCESSES)
        ]
        for process in crowd:
            ends.callback(process.kill)
        for process in crowd:
            assert harness.line_of(process) == "ready\n", "a process of telemarketers has ended"
        yield crowd


def _all_work(crowd: list[Crowd], **work: Any) -> dict[str, Any]:
    """What all of them found."""
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write(f"{json.dumps(work)}\n")
        process.stdin.flush()
    found = []
    for process in crowd:
        line = harness.line_of(process)
        assert line, "a process of telemarketers has ended"
        found.append(json.loads(line))
    return {
        name: sum(one[name] for one in found) if isinstance(value, int)
        else list(itertools.chain(*(one[name] for one in found)))
        for name, value in found[0].items()
    }  # fmt: skip


def _p(taken: list[float], percent: int) -> float:
    return sorted(taken)[min(len(taken) - 1, len(taken) * percent // 100)]


def _tell(what: str, taken: list[float], promise: float | None) -> None:
    print(f"{what}: {len(taken):,} times, p50 {_p(taken, 50) * 1000:.1f} ms, "
          f"p95 {_p(taken, 95) * 1000:.1f} ms", flush=True)  # fmt: skip
    if promise is not None:
        harness.promise(f"{what}, p95", _p(taken, 95) * 1000, promise * 1000, " ms")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else FULL if harness.is_full() else LEADS
    main(size, explains="--explain" in sys.argv)
    harness.end(is_judged=size >= LEADS)
