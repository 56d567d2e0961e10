"""Split purchases as they were noted, and who pays at the partners of campaigns."""

import datetime as dt

from campaigns.partners.models import JointReturn
from campaigns.warnings.enums import Kind
from campaigns.warnings.queries.facts.giving import rows_of
from campaigns.warnings.rules.detectors import places
from campaigns.warnings.rules.limits import Limits

_BUNCHES = """
SELECT trace.thing, trace.merchant_id, merchant.branch_id,
    count(DISTINCT trace.customer_id) FILTER (WHERE trace.band = 'near')::int,
    count(DISTINCT trace.customer_id) FILTER (WHERE trace.band = 'around')::int
FROM campaigns_trace trace JOIN merchants_merchant merchant ON merchant.id = trace.merchant_id
WHERE trace.kind = %(kind)s AND trace.day >= %(first)s AND trace.day <= %(on)s
GROUP BY trace.thing, trace.merchant_id, merchant.branch_id ORDER BY 1, 2
"""


def bunches_in(limits: Limits, on: dt.date) -> list[places.Bunch]:
    """This will count where sums of several purchases lie, by campaign and merchant."""
    values = {"kind": Kind.SPLITTING.value, "first": limits.first_day(on), "on": on}
    return [places.Bunch(*row) for row in rows_of(_BUNCHES, values)]


def partners_of(limits: Limits, on: dt.date) -> list[places.Partners]:
    """This will count who paid at the partners of campaigns that were at work in the days looked
    at, from what was counted of joint campaigns."""
    rows = JointReturn.objects.filter(end_date__gt=limits.first_day(on), first_date__lte=on)
    found: dict[int, dict[int, int]] = {}
    for campaign, merchant, payers in rows.order_by("campaign", "merchant").values_list(
        "campaign", "merchant", "reached_payers"
    ):
        found.setdefault(campaign, {})[merchant] = payers
    return [places.Partners(campaign, payers) for campaign, payers in found.items()]
