"""A plan as its page shows it: lines with bars and reasons, three splits side by side, and what
would come of more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merchants.allocation.models import FundLine, FundPlan, FundShare
from merchants.allocation.queries.plans import lines_of, shares_of
from merchants.allocation.queries.problems import (
    NoResponse,
    choice_of,
    fen,
    levels_of,
    problem_of,
    yuan,
)
from merchants.allocation.queries.words import group_label, groups_in, rate, why_words
from merchants.allocation.rules import benefits, comparing, explaining, problems, splits
from merchants.allocation.rules.benefits import Benefit
from merchants.allocation.rules.comparing import Difference
from merchants.allocation.rules.problems import Choice, Problem, Share


@dataclass(frozen=True)
class Row:
    """A partner on the page: its line, the money of the three splits, what the chosen one brings
    with its interval (CNY), how wide its bar is (%), and why."""

    line: FundLine
    has_response: bool
    equal: Decimal | None = None
    before: Decimal | None = None
    effect: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    width: int = 0
    why: list[str] = field(default_factory=list)
    benefit: Benefit | None = None


@dataclass(frozen=True)
class Split:
    """One of the splits: what it spends and brings, the groups whose shares it breaks, and by how
    much the chosen one brings more."""

    label: str
    spent: Decimal
    effect: Decimal
    breaks: list[str]
    more: Difference | None = None

    @property
    def more_words(self) -> Decimal | None:
        return None if self.more is None else yuan(self.more.more)

    @property
    def low(self) -> Decimal | None:
        return None if self.more is None or self.more.low is None else yuan(self.more.low)

    @property
    def high(self) -> Decimal | None:
        return None if self.more is None or self.more.high is None else yuan(self.more.high)


@dataclass(frozen=True)
class Shown:
    """All of it; `splits` is empty where nothing was chosen yet. `next_words` says what another CNY
    of budget would bring, and `lacking` how many partners have no response yet."""

    rows: list[Row]
    shares: list[tuple[FundShare, str, Decimal]]
    groups: list[tuple[str, str, str]]
    splits: list[Split] = field(default_factory=list)
    next_words: str = ""
    lacking: int = 0
    is_solved: bool = False


def shown(plan: FundPlan) -> Shown:
    """This will read a plan and reckon what its page says."""
    lines, shares = lines_of(plan), shares_of(plan)
    groups = groups_in(lines)
    names = {(kind, value): label for kind, value, label in groups}
    try:
        problem = problem_of(plan, lines, shares)
    except NoResponse as lacking:
        return Shown(
            [Row(line, bool(levels_of(line))) for line in lines],
            _shares(plan, shares, names, []), groups, lacking=len(lacking.lines),
        )  # fmt: skip
    choice = choice_of(lines, problem) if plan.gap is not None else None
    if choice is None:
        return Shown(
            [Row(line, has_response=True) for line in lines],
            _shares(plan, shares, names, []), groups,
        )  # fmt: skip
    return _solved(plan, lines, shares, groups, problem, choice)


def _solved(
    plan: FundPlan, lines: Sequence[FundLine], shares: Sequence[FundShare],
    groups: list[tuple[str, str, str]], problem: Problem, choice: Choice,
) -> Shown:  # fmt: skip
    names = {(kind, value): label for kind, value, label in groups}
    equal = splits.equal_split(problem)
    before = splits.split_as_before(
        problem, [fen(line.last_year) if line.last_year is not None else None for line in lines]
    )
    reasons = explaining.explain(problem, choice)
    widest = max((one.cap for one in problem.partners), default=0) or 1
    rows = []
    for place, (line, partner, why) in enumerate(
        zip(lines, problem.partners, reasons, strict=True)
    ):
        level = partner.levels[choice[place]]
        rows.append(
            Row(
                line, has_response=True,
                equal=yuan(partner.levels[equal[place]].amount),
                before=yuan(partner.levels[before[place]].amount) if before else None,
                effect=yuan(level.effect),
                low=yuan(level.low) if level.low is not None and level.amount else None,
                high=yuan(level.high) if level.high is not None and level.amount else None,
                width=round(100 * level.amount / widest), why=why_words(why, names),
                benefit=_benefit(plan, line, yuan(level.effect)),
            )
        )  # fmt: skip
    return Shown(
        rows, _shares(plan, shares, names, lines), groups,
        _splits(problem, choice, equal, before, names), _next(problem, reasons, lines),
        is_solved=True,
    )  # fmt: skip


def _benefit(plan: FundPlan, line: FundLine, turnover: Decimal) -> Benefit:
    return benefits.benefit(
        benefits.Inputs(
            turnover, line.chosen or Decimal(0), plan.income_percent, line.margin_percent,
            line.merchant_percent, plan.reach_percent,
        )
    )  # fmt: skip


def benefits_of(
    lines: Sequence[FundLine],
) -> list[tuple[FundLine, Decimal | None, Benefit | None]]:
    """This will say of each line what its chosen money brings and each side's benefit; None where
    no money was chosen."""
    found: list[tuple[FundLine, Decimal | None, Benefit | None]] = []
    for line in lines:
        levels = [] if line.chosen is None else levels_of(line)
        brought = [one.effect for one in levels if one.amount == fen(line.chosen or Decimal(0))]
        if not brought:
            found.append((line, None, None))
            continue
        effect = yuan(brought[0])
        found.append((line, effect, _benefit(line.plan, line, effect)))
    return found


def _shares(
    plan: FundPlan, shares: Sequence[FundShare], names: dict[Any, str], lines: Sequence[FundLine]
) -> list[tuple[FundShare, str, Decimal]]:
    """Each share with the name of its group, and the percent of the budget that it has now."""
    found = []
    for row in shares:
        has = sum(
            (line.chosen or Decimal(0) for line in lines
             if (row.kind, row.value) in line.groups),
            Decimal(0),
        )  # fmt: skip
        label = names.get((row.kind, row.value)) or group_label(row.kind, row.value)
        found.append((row, label, 100 * has / plan.budget))
    return found


def _splits(
    problem: Problem, ours: Choice, equal: Choice, before: Choice | None, names: dict[Any, str]
) -> list[Split]:
    asked = [(_("The computed split"), ours), (_("Equal split"), equal)]
    if before is not None:
        asked.append((_("As last year"), before))
    return [
        Split(
            label, yuan(problems.spent(problem, choice)), yuan(problems.effect(problem, choice)),
            [_broken(share, names) for share in problems.broken(problem, choice)],
            None if choice is ours else comparing.difference(problem, ours, choice),
        )
        for label, choice in asked
    ]  # fmt: skip


def _broken(share: Share | None, names: dict[Any, str]) -> str:
    return _("the budget") if share is None else names.get(share.group, share.group[1])


def _next(problem: Problem, reasons: Sequence[explaining.Why], lines: Sequence[FundLine]) -> str:
    found = explaining.next_yuan(problem, reasons)
    if found is None and explaining.are_held_by_shares(reasons):
        return _("More budget would bring something only as far as it lifts the shares of groups.")
    if found is None:
        return _("More budget would bring nothing: caps hold everybody.")
    labels = {
        line.partnership.merchant.number: line.partnership.merchant.label for line in lines
    }  # fmt: skip
    sentence = _("With more budget, {merchant} would come next: each CNY would bring ¥{rate}.")
    return sentence.format(merchant=labels[found[0]], rate=rate(found[1]))


def split_holds(plan: FundPlan) -> bool:
    """This will tell whether the chosen split still keeps all bounds: a partner may be in another
    group by now."""
    lines, shares = lines_of(plan, is_now=True), shares_of(plan)
    try:
        problem = problem_of(plan, lines, shares)
    except NoResponse:
        return False
    choice = choice_of(lines, problem)
    return choice is not None and not problems.broken(problem, choice)


def snapshot_of(plan: FundPlan) -> dict[str, Any]:
    """This will return everything of a plan that is approved with it, as plain values."""
    lines, shares = lines_of(plan, is_now=True), shares_of(plan)
    return {
        "plan": {
            "code": plan.code, "name": plan.name, "branch": plan.branch.code,
            "first": plan.first_date.isoformat(), "last": plan.last_date.isoformat(),
            "budget": str(plan.budget), "gap": str(plan.gap),
            "income": _text(plan.income_percent), "reach": _text(plan.reach_percent),
            "inputs_source": plan.inputs_source,
        },
        "lines": [_line(line) for line in lines],
        "shares": [
            {"kind": row.kind, "value": row.value, "least": row.least_percent,
             "most": row.most_percent}
            for row in shares
        ],
        **_amends(plan),
    }  # fmt: skip


def _amends(plan: FundPlan) -> dict[str, Any]:
    """What an amendment changes: the budget before, and what each partner had."""
    if plan.amends is None:
        return {}
    before = plan.amends
    had = before.lines.values_list("partnership__merchant__number", "chosen")
    return {
        "amends": {
            "code": before.code, "budget": str(before.budget), "reason": plan.amend_reason,
            "had": {number: _text(chosen) for number, chosen in had.order_by("id")},
        }
    }  # fmt: skip


def _line(line: FundLine) -> dict[str, Any]:
    names = (
        "least", "most", "step", "chosen", "ceiling", "past_spent", "past_effect", "past_low",
        "past_high", "half", "last_year", "margin_percent", "merchant_percent",
    )  # fmt: skip
    return {
        "merchant": line.partnership.merchant.number, "basis": line.basis, "source": line.source,
        **{name: _text(getattr(line, name)) for name in names},
        "groups": sorted([kind, value] for kind, value in line.groups),
        "levels": [
            [level.amount, level.effect, level.low, level.high] for level in levels_of(line)
        ],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
