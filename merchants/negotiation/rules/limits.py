"""Up to where terms are agreed on without a second person."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from merchants.negotiation.enums import Side
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


def beyond(
    agreed: Terms, first: Terms | None, basis: worth.Basis, limits: Limits
) -> tuple[str, ...]:
    """This will say why agreed terms need a second person, none where they do not. `first` is the
    bank's first offer; without one nothing was given up. What is not known counts as beyond."""
    found = []
    if agreed.cost_share > limits.most_cost_share:
        sentence = _("The bank bears {share} % of the cost; up to {most} % needs nobody else.")
        share = f"{agreed.cost_share.normalize():f}"
        found.append(sentence.format(share=share, most=limits.most_cost_share))
    if agreed.months > limits.most_months:
        sentence = _("The term is {months} months; up to {most} needs nobody else.")
        found.append(sentence.format(months=agreed.months, most=limits.most_months))
    found += _amount(
        worth.paid(agreed, basis),
        limits.most_paid,
        _("The bank pays {amount} a year; up to {most} needs nobody else."),
        _("It is not known what the bank pays in a year. Missing: {missing}."),
    )
    if first is not None:
        found += _amount(
            worth.conceded(first, agreed, Side.BANK, basis),
            limits.most_conceded,
            _("The bank gave up {amount} a year since its first offer; up to {most} needs nobody "
              "else."),
            _("It is not known what the bank gave up in a year. Missing: {missing}."),
        )  # fmt: skip
    return tuple(found)


def _amount(amount: worth.Sum, most: int, above: str, unknown: str) -> list[str]:
    if amount.total is None:
        return [unknown.format(missing=amount.lacks)]
    if amount.total <= most:
        return []
    return [above.format(amount=amount.said, most=money.show(Decimal(most)))]
