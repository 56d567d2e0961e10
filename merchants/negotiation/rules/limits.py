"""Up to where terms are agreed on without a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from merchants.negotiation.enums import FigureCode, Side
from merchants.negotiation.rules import worth
from merchants.negotiation.rules.terms import Terms
from portal.kit import money


@dataclass(frozen=True)
class Limits:
    """What is set from a day on: the bank's share of the cost (percent), the term (months), what
    the bank pays and what it gave up (CNY a year); days without a step, and days before a
    contract's end, after which people are reminded."""

    most_cost_share: int
    most_months: int
    most_paid: int
    most_conceded: int
    quiet_days: int
    renewal_days: int


@dataclass(frozen=True)
class _Line:
    """What is reckoned for a limit: by the figures that were declared, and by what the bank's
    records say; with the limit and what is said of an amount beyond it, of one that only the
    records put beyond it, and of one that is not known."""

    declared: worth.Sum
    recorded: worth.Sum
    most: int
    above: str
    by_records: str
    unknown: str

    @property
    def said(self) -> str:
        """Why the amount needs a second person; "" where it does not."""
        if self.declared.total is None:
            return self.unknown.format(missing=self.declared.lacks)
        amount = worth.larger(self.declared, self.recorded)
        if amount.total is None or amount.total <= self.most:
            return ""
        sentence = self.above if self.declared.total > self.most else self.by_records
        return sentence.format(
            amount=amount.said, declared=self.declared.said, most=money.show(Decimal(self.most))
        )


def beyond(
    agreed: Terms,
    first: Terms | None,
    basis: worth.Basis,
    limits: Limits,
    *,
    records: worth.Basis,
) -> tuple[str, ...]:
    """This will say why agreed terms need a second person, none where they do not. `first` is the
    bank's first offer; without one nothing was given up. `basis` are figures as people declared
    them, `records` what the bank's records say of the same: of each line the larger amount counts,
    so that nobody keeps within a limit by a low estimate. What is not declared counts as beyond,
    and so does what the records do not tell: then somebody else looks at what was declared."""
    found = []
    if agreed.cost_share > limits.most_cost_share:
        sentence = _("The bank bears {share} % of the cost; up to {most} % needs nobody else.")
        share = f"{agreed.cost_share.normalize():f}"
        found.append(sentence.format(share=share, most=limits.most_cost_share))
    if agreed.months > limits.most_months:
        sentence = _("The term is {months} months; up to {most} needs nobody else.")
        found.append(sentence.format(months=agreed.months, most=limits.most_months))
    lines = [_paid(agreed, basis, records, limits)]
    if first is not None:
        lines.append(_conceded(first, agreed, basis, records, limits))
    found += [line.said for line in lines if line.said]
    if untold := _untold(lines):
        sentence = _("The bank's records do not tell: {missing}. That was declared alone, so "
                     "somebody else looks at it.")  # fmt: skip
        found.append(sentence.format(missing=untold))
    return tuple(found)


def _paid(agreed: Terms, basis: worth.Basis, records: worth.Basis, limits: Limits) -> _Line:
    return _Line(
        worth.paid(agreed, basis),
        worth.paid(agreed, records),
        limits.most_paid,
        _("The bank pays {amount} a year; up to {most} needs nobody else."),
        _("The bank pays {amount} a year by its records, {declared} as it was declared; up to "
          "{most} needs nobody else."),
        _("It is not known what the bank pays in a year. Missing: {missing}."),
    )  # fmt: skip


def _conceded(
    first: Terms, agreed: Terms, basis: worth.Basis, records: worth.Basis, limits: Limits
) -> _Line:
    return _Line(
        worth.conceded(first, agreed, Side.BANK, basis),
        worth.conceded(first, agreed, Side.BANK, records),
        limits.most_conceded,
        _("The bank gave up {amount} a year since its first offer; up to {most} needs nobody "
          "else."),
        _("The bank gave up {amount} a year since its first offer by its records, {declared} as "
          "it was declared; up to {most} needs nobody else."),
        _("It is not known what the bank gave up in a year. Missing: {missing}."),
    )  # fmt: skip


def _untold(lines: Sequence[_Line]) -> str:
    """What was declared and stands in no record, each figure once."""
    codes = dict.fromkeys(
        code
        for line in lines
        for code in line.recorded.missing
        if code not in line.declared.missing
    )
    return _(", ").join(str(FigureCode(code).label) for code in codes)
