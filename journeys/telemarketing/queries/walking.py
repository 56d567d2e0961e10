"""Walking through the pools of branches, in the order in which their leads are called.

Each piece is read by the index `lead_next` in its order, from where the one before ended, and what
stands against a call is asked about the piece alone: asked in the same query, the planner would
expect few of them, and read and sort whole pools.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from journeys.telemarketing.queries.leads import callable_of
from journeys.telemarketing.rules import Candidate, Place
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.staff import queries as staff
from portal.staff.access import Scope

# How many are read first; each further piece is twice as long, up to the most.
FIRST, MOST = 32, 2048
COUNTED = 1_000  # leads of a pool that are counted; more are more
# What `candidate_of` reads.
COLUMNS = ("id", "owner_id", "priority", "attempts", "called_at", "promised_at", "created_at")
_UNBOUNDED = 32_767  # calls that no lead has
_BEST = "priority DESC, attempts, created_at DESC, id DESC"
# What comes after a lead in this order: ranges that follow one another in the index.
_AFTER = (
    "priority = %(priority)s AND attempts = %(attempts)s AND created_at = %(created_at)s"
    " AND id < %(id)s",
    "priority = %(priority)s AND attempts = %(attempts)s AND created_at < %(created_at)s",
    "priority = %(priority)s AND attempts > %(attempts)s",
    "priority < %(priority)s",
)
# Free leads alone (`lead_next`, `lead_next_promised`), and where one is to be called now what its
# own row says against that.
_FREE = """branch_id = pool.branch_id AND owner_id IS NULL AND state = 'new' AND holder_id IS NULL
    AND attempts < pool.most AND (NOT pool.is_of_team OR team_id IS NULL OR team_id = %(team)s)"""
# A question of its own for each row: joined, whole pools would be read and sorted.
_NOT_PASSED = """coalesce((SELECT rest.until FROM journeys_leadrest AS rest
    WHERE rest.lead_id = journeys_lead.id), '-infinity') <= %(at)s"""
_READY = """AND (call_from IS NULL OR call_from <= %(at)s) AND phone_sealed IS NOT NULL
    AND name <> %(erased)s"""


@dataclass(frozen=True)
class Pool:
    """The pool of a branch: leads with fewer than `most` calls, and with `is_of_team` only those of
    one team and of none."""

    branch_id: int
    most: int = _UNBOUNDED
    is_of_team: bool = False


@dataclass(frozen=True)
class Pools:
    """Pools that are read together, for somebody of a team. With `is_ready` only leads of whose own
    row nothing stands against a call at `at`."""

    pools: Sequence[Pool]
    at: dt.datetime
    team_id: int | None = None
    is_ready: bool = False

    def best(self, after: Place | None, count: int) -> list[Candidate]:
        """This will read so many of the leads after a place, the best first."""
        ranges: Sequence[str] = ("TRUE",)
        values: dict[str, Any] = {}
        if after is not None:
            ranges = _AFTER
            values = {
                "priority": after.priority, "attempts": after.attempts,
                "created_at": after.created_at, "id": after.lead_id,
            }  # fmt: skip
        if self.is_ready:
            ranges = [f"{one} AND {_NOT_PASSED}" for one in ranges]
        return self._read(ranges, _BEST, values, count)

    def promised(self, after: Place | None, count: int) -> list[Candidate]:
        """This will read all of them that were promised and are due, the earliest first: they are
        few, and read at once."""
        if after is not None:
            return []
        return self._read(("promised_at <= %(at)s",), "promised_at, id", {}, None)

    def _read(
        self, ranges: Sequence[str], order: str, values: dict[str, Any], count: int | None
    ) -> list[Candidate]:
        if not self.pools:
            return []
        columns, ready = ", ".join(COLUMNS), _READY if self.is_ready else ""
        cut = f"ORDER BY {order} LIMIT %(count)s"
        rows = " UNION ALL ".join(
            f"(SELECT {columns} FROM journeys_lead WHERE {_FREE} {ready} AND {one} {cut})"
            for one in ranges
        )
        statement = f"""
            SELECT lead.* FROM unnest(%(branches)s::bigint[], %(mosts)s::int[], %(teams)s::bool[])
                AS pool(branch_id, most, is_of_team)
            CROSS JOIN LATERAL (SELECT * FROM ({rows}) AS ranges {cut}) AS lead {cut}"""
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self._values(), **values, "count": count})
            return [candidate_of(row) for row in cursor.fetchall()]

    def _values(self) -> dict[str, Any]:
        return {
            "branches": [one.branch_id for one in self.pools],
            "mosts": [one.most for one in self.pools],
            "teams": [one.is_of_team for one in self.pools],
            "team": self.team_id, "at": self.at, "erased": ERASED,
        }  # fmt: skip


def candidate_of(row: Sequence[Any], caller_id: int | None = None) -> Candidate:
    """This will make a lead that may be the next one out of its COLUMNS."""
    pk, owner_id, priority, attempts, called_at, promised_at, created_at = row
    called = clock.bank_time(called_at) if called_at is not None else None
    is_own = owner_id is not None and owner_id == caller_id
    return Candidate(pk, is_own, priority, attempts, called, promised_at, created_at)


def walk(
    read: Callable[[Place | None, int], list[Candidate]],
    good: Callable[[list[int]], set[int]],
    *,
    after: Place | None = None,
    first: int = FIRST,
) -> Iterator[Candidate]:
    """This will go through leads piece by piece, and return those that are good, one after the
    other; no further piece is read before it is asked for."""
    size = first
    while True:
        piece = read(after, size)
        found = good([one.lead_id for one in piece]) if piece else set()
        yield from (one for one in piece if one.lead_id in found)
        if len(piece) < size:
            return
        after, size = piece[-1].place, min(2 * size, MOST)


def free_after(
    pools: Iterable[Pool],
    *,
    at: dt.datetime,
    most: int,
    after: Place | None = None,
    team_id: int | None = None,
) -> list[Candidate]:
    """This will list the leads of pools after a place that nobody has and that may be called, the
    best first, so many at most."""
    read = Pools(list(pools), at, team_id).best
    first = min(max(FIRST, most + most // 2), MOST)
    found = walk(read, lambda ids: callable_of(ids, at=at), after=after, first=first)
    return list(islice(found, most))


def pools_of(scope: Scope, *, is_of_team: bool = False) -> list[Pool]:
    """This will return the pools of a scope's branches."""
    below = staff.branches_below(scope.branch_path)
    return [Pool(branch.pk, is_of_team=is_of_team) for branch in below]


def free_ids(*, scope: Scope, at: dt.datetime, most: int) -> list[int]:
    """This will list the leads of a scope's pools that may be assigned, in the order in which they
    are: the higher priority first."""
    return [one.lead_id for one in free_after(pools_of(scope), at=at, most=most)]


def free_leads(*, scope: Scope, at: dt.datetime) -> int:
    """This will count the leads of a scope's pools that nobody has and that may be called at `at`;
    more than COUNTED are not counted, and returned as one more."""
    return len(free_after(pools_of(scope), at=at, most=COUNTED + 1))


def told_free(*, scope: Scope, at: dt.datetime) -> int | str:
    """This will return the same as a page tells it."""
    count = free_leads(scope=scope, at=at)
    return count if count <= COUNTED else f"{COUNTED}+"
