"""The demo bank's partnerships: sixty histories, each move made by the operations themselves on the
day on which it is told to have happened."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.demo import causes
from merchants.demo.offers import note_offers
from merchants.directory import queries as directory
from merchants.partnerships import operations, queries
from merchants.partnerships.enums import Phase as P
from merchants.partnerships.models import Partnership
from merchants.partnerships.rules import moves
from portal.approvals import operations as approvals
from portal.approvals.enums import Verdict
from portal.kit import clock
from portal.staff import queries as people
from portal.staff.enums import Role
from portal.staff.models import Staff

COUNT = 60
# The ways that partnerships went, and how many of them.
WAYS: list[tuple[int, tuple[str, ...]]] = [
    (6, (P.PROSPECT,)),
    (10, (P.PROSPECT, P.COMPARISON)),
    (9, (P.PROSPECT, P.COMPARISON, P.CONFIRMED)),
    (12, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.PERFECT)),
    (5, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.WAVERING)),
    (5, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.PERFECT, P.WAVERING)),
    (4, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.PERFECT, P.WAVERING, P.ADJUSTMENT)),
    (3, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.ADJUSTMENT)),
    (3, (P.PROSPECT, P.COMPARISON, P.CONFIRMED, P.WAVERING, P.ADJUSTMENT, P.CONFIRMED)),
    (3, (P.PROSPECT, P.COMPARISON, P.ENDED)),
]
# How long a phase lasts, in days from and to.
LASTS: dict[str, tuple[int, int]] = {
    P.PROSPECT: (8, 30), P.COMPARISON: (20, 45), P.CONFIRMED: (62, 110), P.PERFECT: (60, 150),
    P.WAVERING: (16, 40), P.ADJUSTMENT: (31, 50),
}  # fmt: skip
_ALLOWED = "依据充分，同意。"


@dataclass(frozen=True)
class _Told:
    """A story: whose, which way, and the days of its moves; `peers` can be compared with it."""

    merchant_id: int
    peers: int
    manager: Staff
    way: tuple[str, ...]
    days: tuple[dt.date, ...]


def build_partnerships(*, seed: str, numbers: Sequence[str], on: dt.date) -> list[Partnership]:
    """This will lead sixty partnerships with the first partners among these merchants, up to the
    day `on`."""
    rng = random.Random(f"{seed}:partnerships")
    found = directory.by_number(numbers=numbers)
    partners = [found[number] for number in numbers if found[number].manager_id is not None]
    peers = queries.peers_of(partners)
    comparable = [row for row in partners if peers[row.pk] >= moves.LEAST_PEERS]
    ways = [way for count, way in WAYS for _number in range(count)]
    rng.shuffle(ways)
    _count_customers(on)
    told = [
        _Told(row.pk, peers[row.pk], row.manager, way, _days(rng, way, on))  # type: ignore[arg-type]
        for row, way in zip(comparable[:COUNT], ways, strict=False)
    ]
    built = [_lead(rng, story) for story in told]
    _work_off(rng, built, on)
    note_offers(seed=seed, rows=built, on=on)
    _suggest(on)
    return built


def _days(rng: random.Random, way: Sequence[str], on: dt.date) -> tuple[dt.date, ...]:
    """The days of the moves, reckoned back from the last one, which lies a few weeks ago."""
    last = on - dt.timedelta(days=rng.randint(3, 40))
    days = [last]
    for phase in reversed(way[:-1]):
        days.append(days[-1] - dt.timedelta(days=rng.randint(*LASTS[phase])))
    return tuple(reversed(days))


def _lead(rng: random.Random, story: _Told) -> Partnership:
    first, *phases = story.way
    row = operations.open_partnership(
        merchant_id=story.merchant_id, scenarios=[], phase=first,
        reason=causes.opening(story.peers), actor=story.manager, at=_hour(rng, story.days[0]),
    )  # fmt: skip
    for place, phase in enumerate(phases):
        free, day = story.days[place] + dt.timedelta(days=1), story.days[place + 1]
        at = _hour(rng, day)
        move = causes.Move(row, phase, at, free, story.peers)
        _move(row, phase, causes.cause(rng, move), story.manager, at)
    return row


def _move(row: Partnership, to: str, reason: str, manager: Staff, at: dt.datetime) -> None:
    row.refresh_from_db()
    given = {"partnership_id": row.pk, "to": to, "reason": reason, "actor": manager}
    try:
        operations.change_phase(after=row.moved, at=at, **given)  # type: ignore[arg-type]
    except operations.SecondPersonNeeded:
        request = operations.ask_move(after=row.moved, at=at, **given)  # type: ignore[arg-type]
        approvals.decide(
            submission_id=request.submission_id, checker=chief_of(row), verdict=Verdict.APPROVE,
            reason=_ALLOWED, at=at + dt.timedelta(hours=2),
        )  # fmt: skip
    row.refresh_from_db()


def chief_of(row: Partnership) -> Staff:
    """This will find the branch manager of the branch or of the nearest one above; anybody's
    where there is none."""
    chiefs = people.active_in_roles([Role.BRANCH_MANAGER])
    near = [one for one in chiefs if row.branch.path.startswith(one.branch.path)]
    return max(near or chiefs, key=lambda one: (len(one.branch.path), one.pk))


def _work_off(rng: random.Random, rows: Sequence[Partnership], on: dt.date) -> None:
    """Most tasks that are due were done, a few skipped, and some are overdue."""
    for row in rows:
        for task in queries.tasks_of(row):
            at, luck = _hour(rng, task.due_date), rng.random()
            if task.due_date >= on or luck > 0.9 or not task.is_open:
                continue
            if luck > 0.8:
                operations.skip_task(
                    task_id=task.pk, reason="商户负责人出差，改期", actor=row.manager, at=at
                )
            else:
                operations.finish_task(task_id=task.pk, note="", actor=row.manager, at=at)


def _count_customers(on: dt.date) -> None:
    """Before the first move, so that each keeps what could be known then."""
    # Here, not above: numpy and scipy are no burden to whoever only reads the ways.
    from merchants.evidence import operations as evidence

    evidence.count_reach(on=on, at=clock.start_of(on))


def _suggest(on: dt.date) -> None:
    """What the night does: turnover is judged, and what evidence speaks for is suggested."""
    # Here, not above: numpy and scipy are no burden to whoever only reads the ways.
    from merchants.evidence import operations as evidence

    evidence.evaluate_turnover(on=on, at=clock.start_of(on))
    operations.suggest_from_evidence(on=on)


def _hour(rng: random.Random, day: dt.date) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=rng.randint(9, 15), minutes=rng.randint(0, 59))
