"""What may be offered to somebody on the telephone: what campaigns that run would give, and why."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules import receipts
from campaigns.eligibility.enums import Outcome
from campaigns.eligibility.models import Decision
from campaigns.eligibility.queries.control import held_out
from campaigns.eligibility.queries.decisions import Verdict, receipt_of, receipts_about
from campaigns.eligibility.queries.nearing import is_over, still_given
from campaigns.planning import queries as planning
from campaigns.rewards.enums import AwardAnswer

_HAS = {AwardAnswer.GRANTED, AwardAnswer.NOT_IN_USE}


@dataclass(frozen=True)
class Offer:
    """What a campaign offers somebody: has already what it gives (`has_it`, by the card's first use
    at the latest), or could still come to it; with the receipt, a line for each condition."""

    verdict: Verdict
    has_it: bool
    lines: list[receipts.ReceiptLine]

    @property
    def campaign(self) -> Any:
        return self.verdict.decision.run.version.campaign

    @property
    def missing(self) -> str:
        """What is missing, in words; "" where nothing is."""
        found = self.verdict.line and self.verdict.line.explanation
        return str(found.gap or "") if found else ""

    @property
    def deadline(self) -> dt.date | None:
        found = self.verdict.line and self.verdict.line.explanation
        return found.deadline if found else None


def offers_for(customer_id: int, *, today: dt.date) -> list[Offer]:
    """This will list what campaigns that run offer a customer, by what stands in their live runs.
    Who is left out for comparison is offered nothing, and nobody what can be given no more."""
    found = []
    for verdict in receipts_about(customer_id, today=today):
        if not _is_offered(verdict.decision, today) or verdict.stopped or verdict.lost:
            continue
        decision = verdict.decision
        has_it = decision.outcome == Outcome.QUALIFIED and decision.award in _HAS
        if has_it or _can_reach(verdict, customer_id, today):
            found.append(Offer(verdict, has_it, receipt_of(decision)))
    return found


def _is_offered(decision: Decision, today: dt.date) -> bool:
    run = decision.run
    last = planning.plan_of(run.version).last_day
    return run.is_live and not is_over(run) and (last is None or today <= last)


def _can_reach(verdict: Verdict, customer_id: int, today: dt.date) -> bool:
    if verdict.days_left is None:
        return False
    version = verdict.decision.run.version
    percent = planning.plan_of(version).control_percent
    if customer_id in held_out(version.campaign, percent, [customer_id]):
        return False
    return customer_id in still_given(version.pk, [customer_id], on=today)
