"""One process of telemarketers who work at once, each in a thread and on a connection of its own.

    python -m benchmarks.crowds.callers FIRST LAST

It says "ready"; for each line, a JSON object, all of them work so many turns: they take the next
lead, look at the call screen, note the call (or put the lead down), and pause. With `is_bare` they
take the first free lead by one statement and give it back. It prints a JSON object: the seconds of
each kind of work, who saw which lead from when until when, and how many were refused.
"""

import dataclasses
import json
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.calls.wrapping import wrap_up  # noqa: E402
from journeys.telemarketing import operations  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import Staff  # noqa: E402
from portal.runtime import warming  # noqa: E402

# One in so many is put down without a call.
PUT_DOWN = 8
_BARE = """
UPDATE journeys_lead SET holder_id = %(who)s, held_until = %(at)s WHERE id = (
    SELECT id FROM journeys_lead WHERE branch_id = %(branch)s AND owner_id IS NULL
      AND state = 'new' AND holder_id IS NULL
    ORDER BY priority DESC, attempts, created_at DESC, id DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_BARE_DOWN = "UPDATE journeys_lead SET holder_id = NULL, held_until = NULL WHERE id = %s"


@dataclass
class Found:
    """What the telemarketers of a process found; instants are those of the machine's clock that
    never goes back, the same for all its processes."""

    next: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    call: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    seen: list[tuple[int, int, float, float]] = field(default_factory=list)
    nothing: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Work:
    """How they work: so many turns with a pause of about so many seconds after each."""

    turns: int
    pause: float
    is_bare: bool = False


def main(first: int, last: int) -> None:
    """This will work until its lines end."""
    rows = Staff.objects.filter(username__startswith="caller").select_related("branch")
    people = list(rows.order_by("pk")[first:last])
    desks = [_desk_of(person) for person in people]
    warming.set_aside()  # as the web server does
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(dataclasses.asdict(_all_work(people, desks, Work(**json.loads(line))))),
              flush=True)  # fmt: skip


def _desk_of(person: Staff) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(person, "portal.staff.access.backend.StaffBackend")
    assert client.get("/leads/desk/screen/").status_code == 200
    return client


def _all_work(people: list[Staff], desks: list[Client], work: Work) -> Found:
    found, barrier = Found(), threading.Barrier(len(people))
    faults: list[BaseException] = []

    def one(place: int) -> None:
        try:
            _turns(people[place], desks[place], work, barrier, found)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[place]) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return found


def _turns(
    person: Staff, desk: Client, work: Work, together: threading.Barrier, found: Found
) -> None:
    """What one of them does. Threads of a web server keep their connections: these too have been
    used before anything is counted."""
    rng = random.Random(person.pk)
    if not work.is_bare:
        _turn_of(person, desk, rng, Found())
    together.wait()
    time.sleep(rng.random() * work.pause)
    for _turn in range(work.turns):
        if work.is_bare:
            _bare_turn(person, found)
        else:
            _turn_of(person, desk, rng, found)
        time.sleep(work.pause * rng.uniform(0.5, 1.5))


def _turn_of(person: Staff, desk: Client, rng: random.Random, found: Found) -> None:
    try:
        with _timed(found.next):
            lead_id = operations.next_lead(caller=person, at=clock.now()).lead_id
    except operations.LeadRefused:
        found.nothing += 1
        return
    since = time.perf_counter()
    with _timed(found.page):
        answer = desk.get("/leads/desk/screen/")
    assert answer.status_code == 200
    found.seen.append((lead_id, person.pk, since, time.perf_counter()))
    if rng.randrange(PUT_DOWN) == 0:
        operations.put_down(caller_id=person.pk, at=clock.now())
        return
    try:
        with _timed(found.call):
            wrap_up(person)
    except operations.LeadRefused:
        found.refused += 1


def _bare_turn(person: Staff, found: Found) -> None:
    values: dict[str, Any] = {"who": person.pk, "at": clock.now(), "branch": person.branch_id}
    with _timed(found.bare), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BARE, values)
        (lead_id,) = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute(_BARE_DOWN, [lead_id])


@contextmanager
def _timed(taken: list[float]) -> Iterator[None]:
    """Notes how long it took, unless it was refused."""
    start = time.perf_counter()
    yield
    taken.append(time.perf_counter() - start)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
