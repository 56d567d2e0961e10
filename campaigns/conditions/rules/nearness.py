"""Conditions on how near a customer came to the goal of another campaign."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.conditions.enums import Entry, Group, Source
from campaigns.conditions.rules import barring, base, names, readers
from portal.kit import money

# The newest run of the campaign that ended well by the day looked at: a live one, or where there is
# none a dry run; and of the decision that stands in it, its own or that of the run which it stands
# on, what alone was missing and until when. Nobody is near what nobody is given any more: of a
# campaign that is stopped, of a version that is approved no longer, or where nothing is left; nor
# is who is given nothing more (`barring`).
_NEAR = f"""(WITH newest AS MATERIALIZED (
    SELECT run.id AS run_id, run.base_id, run.campaign_id, version.id AS version_id,
           version.content, %(on)s::date AS day
    FROM campaigns_run run
    JOIN campaigns_campaign campaign ON campaign.id = run.campaign_id
    JOIN campaigns_campaignversion version ON version.id = run.version_id
    WHERE campaign.code = {{campaign}} AND campaign.stopped_at IS NULL
      AND (run.kind = 'live' AND version.state = 'approved'
           OR run.kind = 'dry_run' AND version.state NOT IN ('returned', 'vetoed'))
      AND run.state = 'done' AND run.on_date <= %(on)s
    ORDER BY run.kind = 'live' DESC, run.id DESC LIMIT 1),
goal AS MATERIALIZED (SELECT goal.* FROM newest goal WHERE {barring.IS_LEFT})
SELECT jsonb_build_array(decided.gap::text, decided.deadline::text)
FROM goal CROSS JOIN LATERAL (
    SELECT decision.gap, decision.deadline FROM campaigns_decision decision
    WHERE decision.customer_id = subject.customer_id
      AND decision.run_id IN (goal.run_id, goal.base_id)
    ORDER BY decision.run_id DESC LIMIT 1
) AS decided
WHERE decided.gap IS NOT NULL AND NOT {barring.is_barred("subject.customer_id")})"""


@dataclass(frozen=True, kw_only=True)
class NearGoal(base.Condition):
    """In the newest run of another campaign the customer lacked some spending alone, no more than
    `at_most` CNY, and has `days_left` days or more to make up for it.

    The value is the gap and the last day, from the receipt of that run; what was spent since counts
    when the campaign has run again. It changes with each such run, for everybody: a decision that
    hangs on it is not carried.
    """

    campaign: str
    at_most: Decimal
    days_left: int

    kind: ClassVar[str] = "near_goal"
    title: ClassVar[Any] = gettext_lazy("Near the goal of another campaign")
    group: ClassVar[Group] = Group.HISTORY
    fields: ClassVar = {
        "campaign": base.Field(
            gettext_lazy("Campaign"), readers.read_code, Entry.CODE, source=Source.CAMPAIGNS,
            help=gettext_lazy("Its newest live run counts; where there is none, its dry run."),
        ),
        "at_most": base.Field(
            gettext_lazy("Missing at most (CNY)"), base.read_amount, Entry.AMOUNT,
            initial=Decimal("1000.00"),
        ),
        "days_left": base.Field(
            gettext_lazy("Days left, at least"), base.whole_number(1, 366), Entry.WHOLE, initial=7
        ),
    }  # fmt: skip
    is_expensive: ClassVar[bool] = True
    by_spending: ClassVar[int | None] = None

    def value_sql(self, mark: str) -> str:
        return _NEAR.replace("{campaign}", base.parameter(mark, "campaign"))

    def verdict_sql(self, mark: str, value: str) -> str:
        at_most, days = base.parameter(mark, "at_most"), base.parameter(mark, "days_left")
        return (
            f"COALESCE(({value} ->> 0)::numeric <= {at_most}"
            f" AND ({value} ->> 1)::date - %(on)s::date >= {days}, FALSE)"
        )

    def explain(self, value: Any, is_met: bool, subject: base.Subject) -> base.Explanation:
        need = _("At most {amount} to go in {campaign}, with {days} days left or more").format(
            amount=money.show(self.at_most), campaign=self._called, days=self.days_left
        )
        if value is None:
            return base.Explanation(
                have=_("Not short of spending alone"), need=need, gap=_("Not near that goal")
            )
        missing, last = Decimal(value[0]), dt.date.fromisoformat(value[1])
        gap = ""
        if missing > self.at_most:
            gap = _("Still further away by {amount}").format(
                amount=money.show(missing - self.at_most)
            )
        elif not is_met:
            gap = _("Too few days left")
        return base.Explanation(
            have=_("{amount} to go, until {day}").format(amount=money.show(missing), day=last),
            need=need,
            gap=gap,
        )

    @property
    def _called(self) -> str:
        return names.called(Source.CAMPAIGNS, [self.campaign])

    def short_name(self) -> str:
        return _("Near another goal")

    def sentence(self) -> str:
        return _(
            "In the campaign {campaign} the customer lacks spending of {amount} at most, and has "
            "{days} days or more left for it."
        ).format(campaign=self._called, amount=money.show(self.at_most), days=self.days_left)
