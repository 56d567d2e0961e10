"""The pages of targets, scorecards and pay."""

from journeys.targets.views.pacing import target_mine, target_pace
from journeys.targets.views.pay import pay_list, pay_person, scorecard_pay
from journeys.targets.views.plans import (
    target_list,
    target_new,
    target_page,
    target_submit,
    target_version,
    target_withdraw,
)
from journeys.targets.views.scorecards import (
    scorecard_edit,
    scorecard_list,
    scorecard_new,
    scorecard_page,
    scorecard_submit,
    scorecard_withdraw,
)
from journeys.targets.views.splitting import target_derive, target_month, target_split

__all__ = [
    "pay_list", "pay_person", "scorecard_edit", "scorecard_list", "scorecard_new",
    "scorecard_page", "scorecard_pay", "scorecard_submit", "scorecard_withdraw", "target_derive",
    "target_list", "target_mine", "target_month", "target_new", "target_pace", "target_page",
    "target_split", "target_submit", "target_version", "target_withdraw",
]  # fmt: skip
