"""Arranging a flash sale of an approved version's tier, and keeping who may claim up to date until
it opens."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.budgets import queries as budgets
from campaigns.eligibility import queries as eligibility
from campaigns.eligibility import rules
from campaigns.eligibility.models import Run
from campaigns.flash import queries
from campaigns.flash.models import LONGEST_HOLD_SECONDS, FlashSale, FlashUnit
from campaigns.planning import queries as planning
from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import plans
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff

_BATCH = 5_000


class SaleRefused(Exception):
    """Raised where a sale cannot be arranged so; its text is for a person."""


@transaction.atomic
def arrange_sale(
    *,
    version_id: int,
    tier: str,
    units: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    hold_seconds: int,
    by: Staff,
    at: dt.datetime,
) -> FlashSale:
    """This will set numbered units of a tier aside, to be claimed from `opens_at` on by those who
    qualified in the version's latest finished run, as of today or yesterday. Raises
    SaleRefused."""
    version = planning.version(version_id)
    # Two sales of one tier are counted one after the other.
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=version.campaign_id)
    if not by.may(Permission.RUN_CAMPAIGNS):
        raise SaleRefused(_("Only those who start runs may arrange flash sales."))
    if version.state != VersionState.APPROVED:
        raise SaleRefused(_("Only an approved version's reward can be sold; have it approved."))
    later = planning.later_approved(version)
    if later is not None:
        raise SaleRefused(
            _("{later} was approved after {version}; sell the reward of that one.").format(
                later=later, version=version
            )
        )
    if campaign.is_stopped:
        raise SaleRefused(_("The campaign is stopped."))
    _check_times(opens_at, closes_at, hold_seconds, at)
    _check_stock(version, tier, units, at)
    _check_days(plans.plan_of(version.content), opens_at, closes_at)
    run = _run_to_sell_by(version, clock.bank_day(at))
    sale = FlashSale.objects.create(
        version=version, run=run, tier=tier, units=units, opens_at=opens_at, closes_at=closes_at,
        hold_seconds=hold_seconds, created_by=by, created_at=at,
    )  # fmt: skip
    numbered = (FlashUnit(sale=sale, number=number) for number in range(1, units + 1))
    FlashUnit.objects.bulk_create(numbered, batch_size=_BATCH)
    changes = {"tier": tier, "units": units, "opens_at": opens_at.isoformat(), "run": run.pk}
    audit.record(action="flash.arranged", actor=by, at=at, target=sale, changes=changes)
    return sale


def _run_to_sell_by(version: CampaignVersion, today: dt.date) -> Run:
    """As a live run it is as of today or yesterday: who qualified on an earlier day may not any
    more, and no part of the rule but the use of the card is asked again at a claim."""
    run = queries.run_to_sell_by(version.pk)
    if run is None:
        raise SaleRefused(_("Nobody qualifies yet: run the version first, a dry run will do."))
    if run.on_date < today - rules.MOST_BEHIND:
        raise SaleRefused(
            _(
                "The latest run is as of {day}: who qualified then may not any more. Run the "
                "version as of today or yesterday first, a dry run will do."
            ).format(day=run.on_date)
        )
    if planning.drifts_of(version, eligibility.measured(run), on=today, is_whole=True):
        raise SaleRefused(
            _(
                "The latest run reaches others than were approved, or the texts differ; have a new "
                "version approved first."
            )
        )
    return run


def renew_runs(*, at: dt.datetime) -> int:
    """This will let the sales that open within the hour go by the newest run of their version that
    has ended, so that who lost a condition since a sale was arranged is not let in, and who came to
    qualify is. Returns how many go by another one now. What a sale opened with stays."""
    return sum(_renew(sale_id, at) for sale_id in queries.sales_to_open(at=at))


@transaction.atomic
def _renew(sale_id: int, at: dt.datetime) -> bool:
    sale = (
        FlashSale.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version__campaign", "run")
        .get(pk=sale_id)
    )
    newest = queries.run_to_sell_by(sale.version_id)
    if newest is None or newest == sale.run or not _is_as_approved(sale.version, newest, at):
        return False
    changes = {"run": newest.pk, "before": sale.run_id}
    sale.run = newest
    sale.save(update_fields=["run"])
    audit.record(action="flash.run_renewed", actor=None, at=at, target=sale, changes=changes)
    return True


def _is_as_approved(version: CampaignVersion, run: Run, at: dt.datetime) -> bool:
    """Whether a run reaches what was approved; a live one that has ended was held against it."""
    return run.is_live or not planning.drifts_of(
        version, eligibility.measured(run), on=clock.bank_day(at), is_whole=True
    )


def _check_times(
    opens_at: dt.datetime, closes_at: dt.datetime, hold_seconds: int, at: dt.datetime
) -> None:
    if opens_at < at:
        raise SaleRefused(_("The sale opens in the past; choose a later time."))
    if closes_at <= opens_at:
        raise SaleRefused(_("The sale closes before it opens."))
    if not 1 <= hold_seconds <= LONGEST_HOLD_SECONDS:
        raise SaleRefused(
            _("A unit is held for 1 to {most} seconds.").format(most=LONGEST_HOLD_SECONDS)
        )


def _check_days(plan: plans.Plan, opens_at: dt.datetime, closes_at: dt.datetime) -> None:
    last = clock.bank_day(closes_at - dt.timedelta(microseconds=1))
    if not (plan.runs_on(clock.bank_day(opens_at)) and plan.runs_on(last)):
        raise SaleRefused(_("The sale must lie within the days on which the campaign runs."))


def _check_stock(version: CampaignVersion, tier_code: str, units: int, at: dt.datetime) -> None:
    """What runs, sales and other versions have used of the tier's stock is gone, and what sales may
    yet grant is spoken for; what a sale did not sell is free again once it is over."""
    tier = plans.plan_of(version.content).rewards.tier(tier_code)
    if tier is None:
        raise SaleRefused(_("The version has no such tier."))
    if tier.measured_by is not None:
        raise SaleRefused(
            _("What follows from spending or from persons brought cannot be sold in a flash sale.")
        )
    if units < 1:
        raise SaleRefused(_("Release one unit at least."))
    left = budgets.stock_left(
        campaign_id=version.campaign_id, version_id=version.pk, tier=tier_code, stock=tier.stock
    )
    if left is None:
        return
    left -= queries.units_promised(campaign_id=version.campaign_id, tier=tier_code, at=at)
    if units > left:
        raise SaleRefused(
            _("The tier's stock has {left} units left to release.").format(left=max(0, left))
        )
