"""The demo bank's negotiations: talks in every stage, signed terms that come to their end one after
the other, and two that wait for a second person; each step made by the operations themselves."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from merchants.demo.partnerships import chief_of
from merchants.directory.models import DataClause
from merchants.evidence import queries as evidence
from merchants.evidence.rules import months
from merchants.negotiation import operations, queries
from merchants.negotiation.enums import DataTerm, Exclusivity, FigureCode, Purpose, Side
from merchants.negotiation.enums import Stage as S
from merchants.negotiation.models import Negotiation
from merchants.negotiation.rules.terms import Terms
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from merchants.refusals.enums import Root
from merchants.refusals.models import RefusalReason
from portal.approvals import operations as approvals
from portal.approvals.enums import Verdict
from portal.kit import clock
from portal.staff.models import Staff

# Where talks stand that go on, how many days ago their last step was, and whether they are beyond a
# limit.
TALKS: list[tuple[str, int, bool]] = [
    (S.AGREEMENT, 3, True), (S.BARGAINING, 2, False), (S.NEEDS, 20, False),
    (S.PROPOSAL, 5, False), (S.SIGNING, 1, False), (S.AGREEMENT, 6, True),
    (S.BARGAINING, 30, False), (S.OPENING, 4, False), (S.AGREEMENT, 2, False),
    (S.PROPOSAL, 25, False),
]  # fmt: skip
MONTHS = (6, 6, 6, 12, 12, 24)
WAY = (S.OPENING, S.NEEDS, S.PROPOSAL, S.BARGAINING, S.AGREEMENT, S.SIGNING, S.REVIEW)
REASONS: dict[str, str] = {
    S.OPENING: "约见门店负责人，商定谈判议程与时间表",
    S.NEEDS: "已了解商户诉求：淡季客流与核销手续；我方诉求：排他与驻点",
    S.PROPOSAL: "按同类商户水平拟定首轮方案",
    S.BARGAINING: "商户要求提高银行分摊，双方就让利与驻点反复磋商",
    S.AGREEMENT: "双方口头一致，法务已看条款",
    S.SIGNING: "条款在权限内，进入签署",
    S.REVIEW: "双方签署，纸质合同已归档",
}
REMARKS = {
    Side.BANK: ("愿承担开业季物料，换取全年折扣", "如延长期限可加一个驻点", "成本分摊已到我方上限"),
    Side.MERCHANT: (
        "希望银行多承担周末活动费用", "他行承诺更高补贴，需再让一步", "同意折扣，驻点需错峰",
    ),
}  # fmt: skip
LOST = [
    (Root.UNAWARE, "商户不了解信用卡联合活动能带来什么，暂不考虑"),
    (Root.NOT_URGENT, "客流充足，认为现在没有必要让利"),
    (Root.NEED_MISSED, "商户要的是会员打通，我方一直谈折扣"),
]
_COMPARED = 3
# Least turnovers as parts of what the merchant takes in a year: the bank's first word, the
# merchant's, and what they agree on, where some promise more than they will keep.
_FIRST_WORD, _ASKED, _AGREED = Decimal("1.40"), Decimal("0.80"), ("0.90", "1.10", "1.30")
_MONTHS_BEFORE = 3
_ALLOWED = "申报数据已与商户核对，同意进入签署"


@dataclass(frozen=True)
class _Talk:
    """A negotiation to lead: up to which stage, when its last step was, and with which terms."""

    partnership: Partnership
    stage: str
    last: dt.date
    months: int
    is_beyond: bool = False


def build_negotiations(
    *, seed: str, partnerships: Sequence[Partnership], on: dt.date
) -> list[Negotiation]:
    """This will negotiate with the merchants of these partnerships up to the day `on`."""
    rng = random.Random(f"{seed}:negotiations")
    by_phase: dict[str, list[Partnership]] = {}
    for row in partnerships:
        by_phase.setdefault(row.phase, []).append(row)
    led = _sign(rng, by_phase, on)
    stands = [*by_phase.get(Phase.COMPARISON, []), *by_phase.get(Phase.ADJUSTMENT, [])]
    # Talks go on where partners are compared, and where terms are agreed on anew.
    for row, (stage, ago, is_beyond) in zip(stands, TALKS, strict=False):
        last = on - dt.timedelta(days=ago)
        led.append(_lead(rng, _Talk(row, stage, last, 12, is_beyond=is_beyond)))
    led += [
        _lose(rng, row, root, words, on)
        for row, (root, words) in zip(by_phase.get(Phase.PROSPECT, []), LOST, strict=False)
    ]
    led += _renew(rng, [row for row in led if row.stage == S.REVIEW], on)
    operations.remind_managers(on=on)
    return led


def _sign(
    rng: random.Random, by_phase: dict[str, list[Partnership]], on: dt.date
) -> list[Negotiation]:
    """Those that are confirmed or perfect signed when they came there; some of those that are
    compared sign now, and are confirmed by that."""
    rows = [*by_phase.get(Phase.CONFIRMED, []), *by_phase.get(Phase.PERFECT, [])]
    found = []
    for row in rows:
        move = row.changes.filter(to_phase=Phase.CONFIRMED).order_by("-number").first()
        months = rng.choice(MONTHS)
        if move is not None:
            found.append(_lead(rng, _Talk(row, S.REVIEW, move.on_date, months)))
    ripe = [
        row
        for row in by_phase.get(Phase.COMPARISON, [])
        if row.since and (on - row.since).days > _COMPARED * 7
    ]
    for row in ripe[-2:]:
        by_phase[Phase.COMPARISON].remove(row)
        found.append(_lead(rng, _Talk(row, S.REVIEW, on - dt.timedelta(days=1), 12)))
    return found


def _renew(rng: random.Random, signed: Sequence[Negotiation], on: dt.date) -> list[Negotiation]:
    """Of the contracts that end next, two are talked about already."""
    ending = [
        row.partnership
        for row in signed
        if row.signed.contract.last_date and (row.signed.contract.last_date - on).days < 90
    ]
    stages = ((S.BARGAINING, 2), (S.NEEDS, 16))
    return [
        _lead(rng, _Talk(row, stage, on - dt.timedelta(days=ago), 12))
        for row, (stage, ago) in zip(ending, stages, strict=False)
    ]


def _lose(
    rng: random.Random, partnership: Partnership, root: str, words: str, on: dt.date
) -> Negotiation:
    day = max(on - dt.timedelta(days=rng.randint(1, 9)), clock.bank_day(partnership.opened_at))
    row = _lead(rng, _Talk(partnership, S.OPENING, day, 12))
    reason = RefusalReason.objects.get(parent=None, root=root)
    operations.move_negotiation(
        negotiation_id=row.pk, to=S.LOST, after=row.moved, reason=words,
        lost=operations.Lost(reason_id=reason.pk), actor=partnership.manager, at=_hour(day, 17),
    )  # fmt: skip
    row.refresh_from_db()
    return row


def _lead(rng: random.Random, talk: _Talk) -> Negotiation:
    """Leads the talks stage by stage, the last step on the day that was said."""
    way = WAY[: WAY.index(talk.stage) + 1]
    days = [talk.last]
    for _stage in way[:-1]:
        days.append(days[-1] - dt.timedelta(days=rng.randint(0, 5)))
    manager = talk.partnership.manager
    row: Negotiation | None = None
    for number, (stage, day) in enumerate(zip(way, reversed(days), strict=True)):
        at = _hour(day, 9 + number)
        if row is None:
            row = operations.open_negotiation(
                partnership_id=talk.partnership.pk, purpose=_purpose(talk, day),
                reason=REASONS[stage], actor=manager, at=at,
            )  # fmt: skip
            continue
        _step(rng, row, stage, talk, at)
        row.refresh_from_db()
    assert row is not None  # noqa: S101 (every way has a first stage)
    if talk.is_beyond:
        operations.ask_terms(
            negotiation_id=row.pk, after=row.moved, reason="商户为同商圈头部，建议破例",
            actor=manager, at=_hour(talk.last, 16),
        )  # fmt: skip
    return row


def _purpose(talk: _Talk, day: dt.date) -> Purpose:
    contract = queries.contract_to_renew(talk.partnership, on=day)
    if contract is None:
        return Purpose.FIRST
    ends_soon = contract.last_date is not None and (contract.last_date - day).days < 150
    return Purpose.RENEWAL if ends_soon else Purpose.AMENDMENT


def _step(rng: random.Random, row: Negotiation, stage: str, talk: _Talk, at: dt.datetime) -> None:
    manager = talk.partnership.manager
    if stage == S.REVIEW:
        _sign_paper(row, manager, talk, at)
        return
    offers = row.offers.order_by("-number")
    offer = offers.first() if stage == S.AGREEMENT else None
    given: dict[str, Any] = {
        "negotiation_id": row.pk, "after": row.moved, "reason": REASONS[stage], "actor": manager,
        "at": at,
    }  # fmt: skip
    try:
        operations.move_negotiation(to=stage, offer_id=offer.pk if offer else None, **given)
    except operations.SecondPersonNeeded:
        request = operations.ask_terms(**given)
        approvals.decide(
            submission_id=request.submission_id, checker=chief_of(talk.partnership),
            verdict=Verdict.APPROVE, reason=_ALLOWED, at=at + dt.timedelta(minutes=30),
        )  # fmt: skip
    if stage == S.NEEDS:
        _enter_figures(rng, row, talk, at)
    if stage == S.PROPOSAL:
        _offer(rng, row, Side.BANK, _first(rng, talk), at)
        _offer(rng, row, Side.MERCHANT, _asked(rng, row, talk), at)
    if stage == S.BARGAINING:
        _offer(rng, row, Side.BANK, _nearer(row), at)
        _offer(rng, row, Side.MERCHANT, _answered(row, talk), at)


def _enter_figures(rng: random.Random, row: Negotiation, talk: _Talk, at: dt.datetime) -> None:
    """The figures of the year: the turnover is the merchant's word, a little above what cards paid
    there; what joint activities cost and bring is of its size."""
    sizes, costs, gains = rng.randint(8, 60), rng.randint(6, 30), rng.randint(3, 15)
    figures = {
        FigureCode.TURNOVER: (
            _part(talk, 1 + Decimal(sizes) / 300, sizes * 50_000), "商户上年刷卡流水，商户提供"
        ),
        FigureCode.JOINT_COST: (
            _part(talk, Decimal(costs) / 200, costs * 10_000), "上年联合活动结算单"
        ),
        FigureCode.JOINT_GAIN: (
            _part(talk, Decimal(gains) / 200, gains * 10_000), "回佣与分期收入测算"
        ),
        FigureCode.POST_COST: (Decimal(30_000), "人力资源部驻点成本口径"),
    }  # fmt: skip
    for code, (value, source) in figures.items():
        operations.enter_figure(
            negotiation_id=row.pk, code=code, value=value, source=source,
            actor=talk.partnership.manager, at=at,
        )  # fmt: skip


def _first(rng: random.Random, talk: _Talk) -> Terms:
    return Terms(
        cost_share=Decimal(rng.choice((30, 35, 40))), gain_share=Decimal(60),
        discount=Decimal(rng.choice((8, 10))), exclusivity=Exclusivity.SCENARIO,
        months=30 if talk.is_beyond else talk.months, posts=1,
        minimum_turnover=_part(talk, _FIRST_WORD, 600_000),
        data_clause=DataTerm.TOTALS,
    )  # fmt: skip


def _year(talk: _Talk) -> Decimal | None:
    """What cards pay at the merchant in a year, by the three whole months before the talks end;
    None where one of them is not known."""
    key, end = talk.partnership.merchant_id, talk.last.replace(day=1)
    found = evidence.turnover_by_month(
        merchant_ids=[key], first=months.first_of(talk.last, _MONTHS_BEFORE), end=end
    ).get(key, {})
    taken = sum((one.amount for one in found.values()), Decimal(0))
    return taken * 12 / _MONTHS_BEFORE if len(found) == _MONTHS_BEFORE and taken > 0 else None


def _part(talk: _Talk, part: Decimal, else_: int) -> Decimal:
    """A part of what the merchant takes in a year, in two digits; `else_` where nobody knows."""
    year = _year(talk)
    if year is None:
        return Decimal(else_)
    wanted = part * year
    return wanted.quantize(Decimal(1).scaleb(wanted.adjusted() - 1)).quantize(Decimal(1))


def _asked(rng: random.Random, row: Negotiation, talk: _Talk) -> Terms:
    """The merchant asks for more of the cost and gives less."""
    ours = _latest(row, Side.BANK)
    return replace(
        ours, cost_share=ours.cost_share + 20, gain_share=Decimal(50),
        discount=ours.discount - rng.choice((2, 3)), exclusivity=Exclusivity.NONE,
        minimum_turnover=_part(talk, _ASKED, 300_000),
        data_clause=_data(rng, row),
    )  # fmt: skip


def _data(rng: random.Random, row: Negotiation) -> str:
    """Single customers are asked for where no clause was signed before."""
    rows = DataClause.objects.filter(merchant=row.partnership.merchant_id, state="signed")
    return DataTerm.TOTALS if rows.exists() else rng.choice((DataTerm.TOTALS, DataTerm.CLAUSE))


def _nearer(row: Negotiation) -> Terms:
    """A side's next offer: the middle between both."""
    ours, theirs = _latest(row, Side.BANK), _latest(row, Side.MERCHANT)
    return replace(
        ours, cost_share=(ours.cost_share + theirs.cost_share) / 2, gain_share=Decimal(55),
        discount=(ours.discount + theirs.discount) / 2, data_clause=theirs.data_clause,
    )  # fmt: skip


def _answered(row: Negotiation, talk: _Talk) -> Terms:
    """What the merchant says to it: it takes it with a lower least turnover or, where it insists,
    wants more of the cost than one person may give."""
    ours = _latest(row, Side.BANK)
    if talk.is_beyond:
        return replace(ours, cost_share=Decimal(65))
    part = Decimal(_AGREED[talk.partnership.merchant_id % len(_AGREED)])
    return replace(ours, minimum_turnover=_part(talk, part, 500_000))


def _latest(row: Negotiation, side: str) -> Terms:
    offer = row.offers.filter(side=side).order_by("-number").first()
    assert offer is not None  # noqa: S101 (both sides spoke before)
    return offer.plain


def _offer(rng: random.Random, row: Negotiation, side: str, terms: Terms, at: dt.datetime) -> None:
    operations.record_offer(
        negotiation_id=row.pk, side=side, terms=terms, words=rng.choice(REMARKS[Side(side)]),
        seen=row.offers.count(), actor=row.partnership.manager, at=at,
    )  # fmt: skip


def _sign_paper(row: Negotiation, manager: Staff, talk: _Talk, at: dt.datetime) -> None:
    day = talk.last
    paper = operations.Paper(
        number=f"XY-{day:%Y%m}-{row.pk:04d}", signed_date=day, first_date=day, notice_days=30,
        purposes=["redemption", "settlement"], data_kinds="卡号后四位、核销时间",
        handling="仅用于核销与费用结算，九十日内删除",
    )  # fmt: skip
    operations.sign_terms(
        negotiation_id=row.pk, after=row.moved, paper=paper, reason=REASONS[S.REVIEW],
        actor=manager, at=at,
    )  # fmt: skip


def _hour(day: dt.date, hour: int) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=hour)
