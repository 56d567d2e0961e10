"""Pages that hold a list, and what makes one more row on each."""

import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from portal.kit import clock
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import campaigns as plans
from tests.factories import journeys
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project import (
    activity_listings,
    doors,
    figure_rows,
    lead_listings,
    merchant_listings,
    touch_rows,
    warning_doors,
)
from tests.project.lead_rows import owned_lead
from tests.project.listing import Listing, a_row, in_new_branch
from tests.project.post_rows import a_shift
from tests.project.rows import cleared_run, row_of

_numbers = itertools.count(1)


def _submission(staff: Staff, _arguments: dict[str, Any]) -> None:
    maker = StaffFactory()
    key = str(plans.draft(owner=maker, code=f"q{next(_numbers)}").pk)
    row_of("portal.Submission", target_key=key, maker=maker)
    row_of("portal.Submission", maker=staff)


def _decision(_staff: Staff, arguments: dict[str, Any]) -> None:
    customer = row_of("journeys.Customer", branch=BranchFactory())
    row_of("campaigns.Decision", run_id=arguments["run_id"], customer=customer)


def _grouped() -> None:
    group = row_of("campaigns.ExclusiveGroup")
    plans.approved(code=f"g{next(_numbers)}", group=group.code, runs_to="2090-01-01")
    plans.approved(code=f"g{next(_numbers)}", runs_to="2090-01-01")


def _inside(_staff: Staff, _arguments: dict[str, Any]) -> None:
    touch_rows.someone_inside(BranchFactory())


def _run(_staff: Staff, arguments: dict[str, Any]) -> None:
    from campaigns.models import CampaignVersion

    version = CampaignVersion.objects.get(campaign__code=arguments["code"])
    row_of("campaigns.Run", version=version, started_by=StaffFactory())


def _card(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import Customer

    customer = Customer.objects.get(number=arguments["number"])
    product = row_of("journeys.CardProduct", code=f"P{next(_numbers)}")
    card = journeys.CardFactory(customer=customer, application__product=product)
    merchant = row_of("merchants.Merchant", branch=BranchFactory())
    bought = journeys.TransactionFactory(card=card, merchant=merchant)
    journeys.TransactionFactory(card=card, amount=-5, refund_of=bought.reference)
    journeys.CardFactory(
        application=None, product=product, is_primary=False, primary_reference=card.reference,
        primary=card,
    )  # fmt: skip


def _open_application(_staff: Staff, _arguments: dict[str, Any]) -> None:
    journeys.ApplicationFactory(
        state="filed",
        decided_date=None,
        branch=BranchFactory(),
        product=row_of("journeys.CardProduct", code=f"P{next(_numbers)}"),
    )


def _told_result(_staff: Staff, _arguments: dict[str, Any]) -> None:
    customer = _customer()
    product = row_of("journeys.CardProduct", code=f"P{next(_numbers)}")
    row_of(
        "journeys.ResultNotice",
        application=journeys.ApplicationFactory(customer=customer, product=product),
        state="told",
        told_at=clock.now(),
        noted_at=clock.now(),
        not_before=clock.now(),
        message=row_of("journeys.Message", customer=customer),
    )


def _customer() -> Any:
    return row_of("journeys.Customer", branch=BranchFactory())


def _new(label: str) -> Callable[[Staff, dict[str, Any]], Any]:
    return lambda _staff, _arguments: row_of(label, customer=_customer())


def _care(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import Customer

    customer = Customer.objects.get(number=arguments["number"])
    row_of("journeys.Complaint", customer=customer)
    row_of("journeys.ServiceCase", customer=customer, owner=StaffFactory())


def _points(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import Customer, PointsBatch

    customer = Customer.objects.get(number=arguments["number"])
    row_of("journeys.PointsEntry", customer=customer)
    batch = PointsBatch.objects.filter(customer=customer).latest("entry_id")
    row_of("journeys.PointsEntry", customer=customer, kind="expired", points=-1,
           batch=batch.entry)  # fmt: skip


def _caused(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """A complaint that came from a campaign version, and one from a text."""
    version = row_of("campaigns.CampaignVersion")
    text = row_of("journeys.MessageTemplate")
    causes = {"campaign": f"{version.campaign.code}/1", "script": text.reference}
    for kind, reference in causes.items():
        row_of(
            "journeys.Complaint",
            customer=_customer(),
            opened_date=clock.today(),
            cause_kind=kind,
            cause_reference=reference,
        )


def _step(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import Complaint

    complaint = Complaint.objects.get(number=arguments["number"])
    row_of("journeys.CareEvent", complaint=complaint, actor=StaffFactory())


def _rights_step(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import RightsRequest

    request = RightsRequest.objects.get(number=arguments["number"])
    row_of("journeys.RightsEvent", request=request, actor=StaffFactory())
    row_of("journeys.RightsCopy", request=request)
    row_of("journeys.Correction", request=request)


def everything(staff: Staff, _arguments: dict[str, Any]) -> None:
    """One more of all that a home panel may list."""
    _submission(staff, {})
    row_of("merchants.Merchant", branch=BranchFactory(), manager=staff)
    owned_lead(staff)
    lead_listings.calls_read(staff, {})
    figure_rows.one_more_line(staff, {})
    activity_listings.branch_day(staff, {})
    row_of("campaigns.Run", version=plans.draft(code=f"q{next(_numbers)}"), started_by=staff)
    row_of("journeys.Complaint", customer=_customer())
    version = plans.approved(code=f"e{next(_numbers)}", runs_to="2090-01-01")
    row_of("campaigns.EffectPlan", campaign=version.campaign)
    a_shift(staff.branch, clock.today(), manager=staff)
    row_of("journeys.RightsRequest", customer=_customer())


def _said(_staff: Staff, arguments: dict[str, Any]) -> None:
    from journeys.models import Customer

    customer = Customer.objects.get(number=arguments["number"])
    row_of("journeys.Consent", customer=customer)
    row_of("journeys.DoNotContact", customer=customer, recorded_by=StaffFactory())
    row_of("journeys.Contact", customer=customer, at=timezone.now())


def _budget_book(_staff: Staff) -> dict[str, Any]:
    version = plans.draft(code=f"q{next(_numbers)}")
    row_of("campaigns.BudgetLimit", book=_book_of(version), kind="campaign", key="")
    return {"code": version.campaign.code}


def _book_of(version: Any) -> Any:
    from campaigns.models import BudgetBook

    return BudgetBook.objects.filter(campaign=version.campaign).first() or row_of(
        "campaigns.BudgetBook", version=version
    )


def _taken_back(_staff: Staff, arguments: dict[str, Any]) -> None:
    """A party more, and a reward more that was taken back."""
    from campaigns.models import CampaignVersion

    version = CampaignVersion.objects.get(campaign__code=arguments["code"])
    row_of("campaigns.BudgetLimit", book=_book_of(version))
    card = journeys.CardFactory(
        customer=_customer(), activated_date=journeys.DAY, first_used_date=journeys.DAY
    )
    grant = row_of("campaigns.Grant", run=cleared_run(version), card=card)
    row_of("campaigns.GrantReversal", grant=grant, facts=[[False, None]])


def _benefit(_staff: Staff, _arguments: dict[str, Any]) -> None:
    """A benefit of another campaign that was used, before it was lost."""
    benefit = _granted_benefit(_customer())
    used = row_of("campaigns.BenefitEntry", benefit=benefit, recorded_by=StaffFactory())
    row_of("campaigns.UsedBefore", benefit=used.benefit)


def _granted_benefit(customer: Any) -> Any:
    version = plans.draft(owner=StaffFactory(), code=f"q{next(_numbers)}")
    card = journeys.CardFactory(
        customer=customer, activated_date=journeys.DAY, first_used_date=journeys.DAY
    )
    grant = row_of("campaigns.Grant", run=cleared_run(version), card=card)
    return row_of("campaigns.Benefit", grant=grant)


def _benefit_of(_staff: Staff, arguments: dict[str, Any]) -> None:
    """One more benefit of a customer, used with a partner and undone."""
    from journeys.models import Customer

    benefit = _granted_benefit(Customer.objects.get(number=arguments["number"]))
    for _number in range(2):
        row_of(
            "campaigns.BenefitEntry", benefit=benefit, recorded_by=StaffFactory(),
            merchant=row_of("merchants.Merchant"), reference=f"q{next(_numbers)}",
        )  # fmt: skip


def _budget_entry(_staff: Staff, _arguments: dict[str, Any]) -> None:
    row_of("campaigns.BudgetEntry")


def _flash_claim(_staff: Staff, arguments: dict[str, Any]) -> None:
    from campaigns.models import FlashSale

    customer = row_of("journeys.Customer", branch=BranchFactory())
    sale = FlashSale.objects.get(pk=arguments["sale_id"])
    row_of("campaigns.FlashClaim", sale=sale, customer=customer)


def _flash_sale(_staff: Staff, _arguments: dict[str, Any]) -> None:
    version = plans.draft(owner=StaffFactory(), code=f"q{next(_numbers)}")
    row_of("campaigns.FlashSale", run=row_of("campaigns.Run", version=version))


LISTS: dict[str, Listing] = {
    "benefit_list": Listing(Role.CAMPAIGN_MANAGER, _benefit),
    "benefit_lost": Listing(Role.CAMPAIGN_MANAGER, _benefit),
    "benefit_customer": Listing(
        Role.BRANCH_MANAGER, _benefit_of, doors.ARGUMENTS["benefit_customer"]
    ),
    "flash_list": Listing(Role.CAMPAIGN_MANAGER, _flash_sale),
    "flash_claims": Listing(Role.COMPLIANCE, _flash_claim, doors.ARGUMENTS["flash_claims"]),
    "flash_page": Listing(Role.COMPLIANCE, _flash_claim, doors.ARGUMENTS["flash_page"]),
    "budget_page": Listing(Role.CAMPAIGN_MANAGER, _taken_back, _budget_book),
    "budget_ledger": Listing(Role.CAMPAIGN_MANAGER, _budget_entry),
    "approval_list": Listing(Role.APPROVER, _submission),
    "audit_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "portal.AuditEntry", actor=StaffFactory(), branch=BranchFactory()
        ),
    ),
    "import_list": Listing(
        Role.ADMINISTRATOR,
        lambda _staff, _arguments: row_of("portal.ImportBatch", by=StaffFactory()),
    ),
    "token_list": Listing(
        Role.ADMINISTRATOR,
        lambda _staff, _arguments: row_of("portal.ApiToken", created_by=StaffFactory()),
    ),
    **merchant_listings.LISTS,
    "customer_list": Listing(Role.COMPLIANCE, in_new_branch("journeys.Customer")),
    "export_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of("portal.Export", by=StaffFactory(branch=BranchFactory())),
    ),
    "reveal_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.Reveal",
            customer=_customer(),
            actor=StaffFactory(branch=BranchFactory()),
            number_of_day=20,
        ),
    ),
    "search_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.ExactSearch", actor=StaffFactory(branch=BranchFactory()), number_of_day=30
        ),
    ),
    "application_clock": Listing(Role.COMPLIANCE, _open_application),
    "clock_rules": Listing(Role.COMPLIANCE, lambda _staff, _given: row_of("journeys.ClockRule")),
    "result_list": Listing(Role.COMPLIANCE, _told_result),
    "stage_funnel": Listing(Role.COMPLIANCE, in_new_branch("journeys.CustomerStage")),
    "referral_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.Referral",
            application=journeys.ApplicationFactory(customer=_customer()),
            referrer=_customer(),
            recorded_by=StaffFactory(branch=BranchFactory()),
        ),
    ),
    "call_models": Listing(Role.ANALYST, a_row("journeys.CallModel")),
    "potential_models": Listing(Role.ANALYST, a_row("journeys.PotentialModel")),
    **lead_listings.LISTS,
    "figure_proof_list": Listing(Role.ANALYST, figure_rows.one_more_gap),
    "sales_report": Listing(Role.BRANCH_MANAGER, figure_rows.one_more_line),
    **activity_listings.LISTS,
    **warning_doors.LISTS,
    "lead_list": Listing(Role.COMPLIANCE, lambda staff, _arguments: owned_lead(staff)),
    "complaint_list": Listing(Role.COMPLIANCE, _new("journeys.Complaint")),
    "complaint_causes": Listing(Role.COMPLIANCE, _caused),
    "case_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.ServiceCase", customer=_customer(), owner=StaffFactory()
        ),
    ),
    "rights_list": Listing(Role.COMPLIANCE, _new("journeys.RightsRequest")),
    "rights_page": Listing(Role.COMPLIANCE, _rights_step, doors.ARGUMENTS["rights_page"]),
    "consent_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of("journeys.Consent", customer=_customer()),
    ),
    "refusal_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.DoNotContact", customer=_customer(), recorded_by=StaffFactory()
        ),
    ),
    "consent_text_list": Listing(Role.COMPLIANCE, a_row("journeys.ConsentText")),
    "control_group_list": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.ControlGroup", proposed_by=StaffFactory(), settled_by=StaffFactory()
        ),
    ),
    "contact_rules": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: [
            row_of("journeys.ContactHours"),
            row_of("journeys.ContactRule"),
        ],
    ),
    "customer_contact": Listing(Role.COMPLIANCE, _said, doors.ARGUMENTS["customer_contact"]),
    "customer_care": Listing(Role.COMPLIANCE, _care, doors.ARGUMENTS["customer_care"]),
    "customer_points": Listing(Role.COMPLIANCE, _points, doors.ARGUMENTS["customer_points"]),
    "complaint_page": Listing(Role.COMPLIANCE, _step, doors.ARGUMENTS["complaint_page"]),
    "campaign_list": Listing(
        Role.CAMPAIGN_MANAGER,
        lambda _staff, _arguments: plans.draft(owner=StaffFactory(), code=f"q{next(_numbers)}"),
    ),
    "design_list": Listing(Role.CAMPAIGN_MANAGER, a_row("campaigns.Draft")),
    "answer_list": Listing(Role.COMPLIANCE, lambda _who, _given: row_of("journeys.Answer")),
    "bad_address_list": Listing(Role.COMPLIANCE, lambda _who, _at: row_of("journeys.BadAddress")),
    "outbox_page": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: row_of(
            "journeys.Message", customer=row_of("journeys.Customer", branch=BranchFactory())
        ),
    ),
    "campaigns_breaking": Listing(
        Role.COMPLIANCE,
        lambda _staff, _arguments: plans.approved(
            code=f"q{next(_numbers)}", name="最佳礼", runs_to="2090-01-01"
        ),
    ),
    "text_list": Listing(Role.COMPLIANCE, lambda _staff, _given: row_of("journeys.TextWithdrawal")),
    "wording_decisions": Listing(Role.COMPLIANCE, a_row("campaigns.WordDecision")),
    "inside_list": Listing(Role.COMPLIANCE, _inside),
    "inside_counts": Listing(Role.COMPLIANCE, _inside),
    "effect_list": Listing(Role.COMPLIANCE, a_row("campaigns.EffectPlan")),
    "era_list": Listing(Role.COMPLIANCE, a_row("campaigns.EraMonth")),
    "group_list": Listing(Role.COMPLIANCE, lambda _staff, _arguments: _grouped()),
    "evening_start": Listing(Role.CAMPAIGN_MANAGER, lambda _staff, _arguments: _grouped()),
    "campaign_runs": Listing(Role.CAMPAIGN_MANAGER, _run, doors.ARGUMENTS["campaign_runs"]),
    "run_decisions": Listing(Role.COMPLIANCE, _decision, doors.ARGUMENTS["run_decisions"]),
    "customer_page": Listing(Role.COMPLIANCE, _card, doors.ARGUMENTS["customer_page"]),
    "customer_spending": Listing(Role.COMPLIANCE, _card, doors.ARGUMENTS["customer_spending"]),
    "customer_timeline": Listing(Role.COMPLIANCE, _card, doors.ARGUMENTS["customer_timeline"]),
    "customer_promise": Listing(Role.COMPLIANCE, _card, doors.ARGUMENTS["customer_promise"]),
}
