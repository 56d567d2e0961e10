"""A plan as a question for the solver: its lines as partners with levels, money in fen."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from merchants.allocation.enums import Basis
from merchants.allocation.models import FundLine, FundPlan, FundShare
from merchants.allocation.rules import responses
from merchants.allocation.rules.problems import Partner, Problem, Share
from merchants.allocation.rules.responses import Level

_FEN = 100


class NoResponse(Exception):
    """Raised for partners of whom nothing is known yet; it holds their lines."""

    def __init__(self, lines: Sequence[FundLine]) -> None:
        super().__init__("no response")
        self.lines = lines


def fen(amount: Decimal) -> int:
    """This will return CNY as whole fen."""
    return int(amount * _FEN)


def yuan(amount: int) -> Decimal:
    """This will return whole fen as CNY."""
    return Decimal(amount).scaleb(-2)


def problem_of(plan: FundPlan, lines: Iterable[FundLine], shares: Iterable[FundShare]) -> Problem:
    """This will put a plan's question in plain values, in the order of its lines. Raises
    NoResponse."""
    known = [(line, levels_of(line)) for line in lines]
    if lacking := [line for line, levels in known if not levels]:
        raise NoResponse(lacking)
    return Problem(
        fen(plan.budget),
        tuple(
            Partner(line.partnership.merchant.number, tuple(levels), line.groups)
            for line, levels in known
        ),
        tuple(
            Share((row.kind, row.value), row.least_percent, row.most_percent) for row in shares
        ),
    )  # fmt: skip


def levels_of(line: FundLine) -> list[Level]:
    """This will return the levels of a partner within its bounds, in rising order of money; none
    where nothing is known of its response."""
    if line.basis == Basis.LEVELS:
        return _from_file(line)
    if line.basis == Basis.NONE or line.ceiling is None:
        return []
    wanted = responses.amounts(least=fen(line.least), most=fen(line.most), step=fen(line.step))
    ceiling = fen(line.ceiling)
    if line.basis == Basis.ENTERED and line.half is not None:
        return responses.levels_on(wanted, responses.Curve(ceiling, Fraction(fen(line.half))))
    if line.past_spent is None or line.past_effect is None:
        return []
    spent = fen(line.past_spent)
    middle, low, high = (
        responses.through(ceiling=ceiling, spent=spent, effect=fen(one)) if one else None
        for one in (line.past_effect, line.past_low, line.past_high)
    )
    return responses.levels_on(wanted, middle, low, high) if middle else []


def _from_file(line: FundLine) -> list[Level]:
    found = sorted(line.levels.all(), key=lambda row: row.amount)
    levels = [
        Level(
            fen(row.amount), fen(row.effect),
            fen(row.effect_low) if row.effect_low is not None else None,
            fen(row.effect_high) if row.effect_high is not None else None,
        )
        for row in found
        if line.least <= row.amount <= line.most
    ]  # fmt: skip
    if not line.least and levels and levels[0].amount:
        # Who gets nothing brings nothing: no file needs to say so.
        return [Level(0, 0, 0, 0), *levels]
    return levels


def choice_of(lines: Iterable[FundLine], problem: Problem) -> list[int] | None:
    """This will return the places of the levels that were chosen; None where not all were, or one
    is none of its levels any more."""
    found = []
    for line, partner in zip(lines, problem.partners, strict=True):
        amounts = [level.amount for level in partner.levels]
        if line.chosen is None or fen(line.chosen) not in amounts:
            return None
        found.append(amounts.index(fen(line.chosen)))
    return found
