"""The demo bank's partnerships: sixty histories, each move made by the operations themselves on the
day on which it is told to have happened."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

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
REASONS: dict[str, tuple[str, ...]] = {
    P.PROSPECT: (
        "本行卡客群与商户客群重合，先行拜访",
        "商户主动来电询问联合活动",
        "同商圈两家已合作，补齐场景",
    ),
    P.COMPARISON: (
        "已取得同城同类商户数据，进入比较",
        "商户同意提供三个月流水作比较",
        "对手条件已摸清，与同类逐项比较",
    ),
    P.CONFIRMED: (
        "比较结论为首选，协议已签署",
        "双方就分摊比例达成一致并签约",
        "补充协议生效，重新确定合作",
    ),
    P.PERFECT: (
        "交易平稳，双方承诺均已兑现",
        "活动复盘达标，商户提出扩大场景",
        "两个月无投诉，核销率高于同类",
    ),
    P.WAVERING: (
        "交易连续三周走低，对手加码补贴",
        "商户更换负责人，活动配合度下降",
        "收银员不再主动推荐，客诉上升",
    ),
    P.ADJUSTMENT: (
        "分摊比例需按淡旺季重谈",
        "客群变化，活动时段需调整",
        "商户要求缩短结算周期，重新议定",
    ),
    P.ENDED: ("比较后不及同类，双方同意不再推进", "商户停业装修，暂不合作"),
}
_ALLOWED = "依据充分，同意。"


@dataclass(frozen=True)
class _Told:
    """A story: whose, which way, and the days of its moves."""

    merchant_id: int
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
        _Told(row.pk, row.manager, way, _days(rng, way, on))  # type: ignore[arg-type]
        for row, way in zip(comparable[:COUNT], ways, strict=False)
    ]
    built = [_lead(rng, story) for story in told]
    _work_off(rng, built, on)
    _suggest(on)
    note_offers(seed=seed, rows=built, on=on)
    return built


def _days(rng: random.Random, way: Sequence[str], on: dt.date) -> tuple[dt.date, ...]:
    """The days of the moves, reckoned back from the last one, which lies a few weeks ago."""
    last = on - dt.timedelta(days=rng.randint(3, 40))
    days = [last]
    for phase in reversed(way[:-1]):
        days.append(days[-1] - dt.timedelta(days=rng.randint(*LASTS[phase])))
    return tuple(reversed(days))


def _lead(rng: random.Random, story: _Told) -> Partnership:
    row: Partnership | None = None
    for phase, day in zip(story.way, story.days, strict=True):
        at, reason = _hour(rng, day), rng.choice(REASONS[phase])
        if row is None:
            row = operations.open_partnership(
                merchant_id=story.merchant_id, scenarios=[], phase=phase, reason=reason,
                actor=story.manager, at=at,
            )  # fmt: skip
            continue
        _move(row, phase, reason, story.manager, at)
    assert row is not None  # noqa: S101 (every way has a first phase)
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
    """What the night does: turnover is judged, and what it speaks for is suggested."""
    # Here, not above: numpy and scipy are no burden to whoever only reads the ways.
    from merchants.evidence import operations as evidence

    evidence.evaluate_turnover(on=on, at=clock.start_of(on))
    operations.suggest_from_turnover(on=on)


def _hour(rng: random.Random, day: dt.date) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=rng.randint(9, 15), minutes=rng.randint(0, 59))
