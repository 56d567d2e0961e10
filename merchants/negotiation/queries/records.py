"""What the bank's own records say of the figures by which terms are reckoned (CNY a year)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from merchants.evidence import queries as evidence
from merchants.negotiation.enums import FigureCode
from merchants.negotiation.models import Negotiation
from merchants.posts import queries as posts
from portal.kit import money
from portal.kit.registry import registry

_WEEKS_A_YEAR = 52


def records_of(negotiation: Negotiation, *, on: dt.date) -> Mapping[str, Decimal | None]:
    """This will tell of each figure what the records say as of a day, None where they say nothing:
    turnover of 52 ordinary weeks, what joint campaigns cost in the year before, what the dearest
    post at the merchant cost in it, as people told who have no part in these talks. Of the gain of
    joint activities nobody keeps a record."""
    merchant_id = negotiation.partnership.merchant_id
    turnover = turnover_of(merchant_id=merchant_id, on=on)
    costs = registry.year_costs([merchant_id], on) if registry.year_costs else {}
    return {
        FigureCode.TURNOVER: turnover and turnover[0],
        FigureCode.JOINT_COST: costs.get(merchant_id),
        FigureCode.JOINT_GAIN: None,
        FigureCode.POST_COST: posts.dearest_year(
            merchant_id=merchant_id, on=on, without=_in_talks(negotiation)
        ),
    }


def _in_talks(negotiation: Negotiation) -> set[int]:
    """Who leads the talks, or told an offer or a figure of them: what they say that a post costs is
    no other thing than what they declare."""
    return {
        negotiation.partnership.manager_id,
        *negotiation.offers.values_list("recorded_by", flat=True),
        *negotiation.figures.values_list("entered_by", flat=True),
    }


def turnover_of(*, merchant_id: int, on: dt.date) -> tuple[Decimal, dt.date] | None:
    """This will return the card turnover of 52 ordinary weeks, as evidence knew it on a day, and
    the day of that evidence."""
    known = evidence.latest_of(merchant_id=merchant_id, on=on)
    if known is None or known.level <= 0:
        return None
    return money.cents(known.level * _WEEKS_A_YEAR), known.on
