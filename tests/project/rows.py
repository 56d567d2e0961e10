"""One good row of every model, for the tests that walk through the whole house.

`row_of("journeys.Message", state="sent")` makes a row that the database accepts, with the rows it
hangs on, and the given values in place of the usual ones.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model

from tests.factories import journeys, merchants, portal

DAY = journeys.DAY
INSTANT = journeys.INSTANT
HASH = "0" * 64
_numbers = itertools.count(1)


def row_of(label: str, **values: Any) -> Any:
    """This will make and save one row of the model `label`, such as "campaigns.Run"."""
    return BUILDERS[label](**values)


def _insert(label: str, values: dict[str, Any], **usual: Any) -> Model:
    """This will save a row with the usual values, of which callables are only called when used."""
    chosen = {**usual, **values}
    ready = {name: value() if callable(value) else value for name, value in chosen.items()}
    return apps.get_model(label)._default_manager.create(**ready)


def _code() -> str:
    return f"x{next(_numbers)}"


def _lazy(label: str) -> Callable[[], Any]:
    return lambda: row_of(label)


def _team(**values: Any) -> Model:
    return _insert(
        "portal.Team", values, branch=portal.head_office, code=_code, name="一组", name_en="1"
    )


def _submission(**values: Any) -> Model:
    return _insert(
        "portal.Submission", values, kind="campaign_version", target_key=_code, title="t",
        snapshot={}, snapshot_hash=HASH, maker=portal.StaffFactory, submitted_at=INSTANT,
    )  # fmt: skip


def _submission_decision(**values: Any) -> Model:
    submission = values.pop("submission", None) or row_of("portal.Submission")
    return _insert(
        "portal.SubmissionDecision", values, submission=submission, maker=submission.maker,
        checker=portal.StaffFactory, verdict="approve", at=INSTANT,
    )  # fmt: skip


def _import_batch(**values: Any) -> Model:
    return _insert(
        "portal.ImportBatch", values, kind="customers", file_name="c.csv", file_hash=HASH,
        started_at=INSTANT,
    )  # fmt: skip


def _upload(**values: Any) -> Model:
    return _insert(
        "portal.Upload", values, kind="customers", stored_name=_code,
        by=portal.StaffFactory, received_at=INSTANT, asked_at=INSTANT,
    )  # fmt: skip


def _api_token(**values: Any) -> Model:
    return _insert(
        "portal.ApiToken", values, name=_code, token_hash=HASH, kinds=["customers"],
        created_by=portal.StaffFactory, created_at=INSTANT,
        expires_at=INSTANT + dt.timedelta(days=1),
    )  # fmt: skip


def _api_call(**values: Any) -> Model:
    return _insert(
        "portal.ApiCall", values, token=_lazy("portal.ApiToken"), kind="customers",
        idempotency_key=_code, body_hash=HASH, status=422, answer={}, at=INSTANT,
    )  # fmt: skip


def _audit_entry(**values: Any) -> Model:
    return _insert("portal.AuditEntry", values, at=INSTANT, actor_label="system", action="test.x")


def _consent(**values: Any) -> Any:
    ready = {name: value() if callable(value) else value for name, value in values.items()}
    return journeys.ConsentFactory(**ready)


def _do_not_contact(**values: Any) -> Model:
    return _insert(
        "journeys.DoNotContact", values, customer=journeys.CustomerFactory, at=INSTANT,
        words="别再联系我", source="call",
    )  # fmt: skip


def _contact(**values: Any) -> Model:
    return _insert(
        "journeys.Contact", values, customer=journeys.CustomerFactory, channel="sms",
        purpose="marketing", at=INSTANT, origin="test", dedup_key=_code,
    )  # fmt: skip


def _pause(**values: Any) -> Model:
    return _insert(
        "journeys.MarketingPause", values, customer=journeys.CustomerFactory, kind="complaint",
        reference=_code, since=INSTANT,
    )  # fmt: skip


def _complaint_rule(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.ComplaintRule", values, effective_date=DAY + dt.timedelta(days=days),
        simple_days=15, complex_days=30, extension_days=30, source="test",
    )  # fmt: skip


def _complaint(**values: Any) -> Model:
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return _insert(
        "journeys.Complaint", values, number=_code, customer=customer, branch=customer.branch,
        channel="hotline", grade="special", words="答复太慢", opened_date=DAY, limit_days=30,
    )  # fmt: skip


def _case(**values: Any) -> Model:
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return _insert(
        "journeys.ServiceCase", values, number=_code, customer=customer, branch=customer.branch,
        channel="hotline", subject="补寄账单", opened_date=DAY,
    )  # fmt: skip


def _care_event(**values: Any) -> Model:
    return _insert(
        "journeys.CareEvent", values, complaint=_lazy("journeys.Complaint"), kind="opened",
        at=INSTANT,
    )  # fmt: skip


def _template(**values: Any) -> Model:
    return _insert(
        "journeys.MessageTemplate", values, code=_code, channel="sms", language="zh-hans", body="x"
    )


def _message(**values: Any) -> Model:
    return _insert(
        "journeys.Message", values, customer=journeys.CustomerFactory, channel="sms",
        purpose="marketing", template=_lazy("journeys.MessageTemplate"), origin="test",
        dedup_key=_code, queued_at=INSTANT, not_before=INSTANT,
    )  # fmt: skip


def _points(**values: Any) -> Model:
    return _insert(
        "journeys.PointsEntry", values, reference=_code, customer=journeys.CustomerFactory,
        kind="earned", points=10, on_date=DAY,
    )  # fmt: skip


def _stage(**values: Any) -> Model:
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return _insert(
        "journeys.CustomerStage", values, customer=customer, branch=customer.branch,
        stage="awareness", step="registered", since_date=DAY, awareness_date=DAY,
    )  # fmt: skip


def _stage_count(**values: Any) -> Model:
    return _insert(
        "journeys.StageCount", values, branch=portal.head_office, month=DAY.replace(day=1), step=1,
        days=lambda: next(_numbers), customers=1,
    )  # fmt: skip


def _received(**values: Any) -> Model:
    return _insert(
        "journeys.ReceivedMessage", values, channel="sms", message_key=_code,
        destination="13812345678", sender="95500", body="x", received_at=INSTANT,
    )  # fmt: skip


def _lead(**values: Any) -> Model:
    return _insert(
        "journeys.Lead", values, number=_code, kind="person", name="李华", source="referral",
        lawful_basis="consent", branch=portal.head_office, created_at=INSTANT,
    )  # fmt: skip


def _campaign(**values: Any) -> Model:
    return _insert(
        "campaigns.Campaign", values, code=_code, name="活动", name_en="Campaign",
        owner=portal.StaffFactory, objective="activate", stage="activation", era="3.0",
        created_at=INSTANT,
    )  # fmt: skip


def _version(**values: Any) -> Model:
    return _insert(
        "campaigns.CampaignVersion", values, campaign=_lazy("campaigns.Campaign"), number=1,
        content={}, content_hash=HASH, created_by=portal.StaffFactory, created_at=INSTANT,
    )  # fmt: skip


def _run(**values: Any) -> Model:
    return _insert(
        "campaigns.Run", values, version=_lazy("campaigns.CampaignVersion"), kind="preview",
        on_date=DAY, started_at=INSTANT,
    )  # fmt: skip


def _chunk(**values: Any) -> Model:
    return _insert(
        "campaigns.RunChunk", values, run=_lazy("campaigns.Run"), number=1, first_id=1, end_id=2,
        enqueued_at=INSTANT,
    )  # fmt: skip


def _decision(**values: Any) -> Model:
    return _insert(
        "campaigns.Decision", values, run=_lazy("campaigns.Run"), customer=journeys.CustomerFactory,
        outcome="no_card",
    )  # fmt: skip


def _grant(**values: Any) -> Model:
    run = values.pop("run", None) or row_of("campaigns.Run")
    card = values.pop("card", None) or journeys.CardFactory(activated_date=DAY, first_used_date=DAY)
    return _insert(
        "campaigns.Grant", values, campaign=run.version.campaign, version=run.version, run=run,
        card=card, customer=card.customer, reward="first_use_gift", amount=Decimal(20),
        granted_date=DAY, granted_at=INSTANT,
    )  # fmt: skip


def _contact_rule(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.ContactRule", values, effective_date=DAY + dt.timedelta(days=days),
        day_cap=2, month_cap=5, source="test",
    )  # fmt: skip


def _contact_hours(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.ContactHours", values, effective_date=DAY + dt.timedelta(days=days),
        channel="sms", day_kind="workday", opens=dt.time(9), closes=dt.time(20), source="test",
    )  # fmt: skip


def _consent_text(**values: Any) -> Model:
    return _insert(
        "journeys.ConsentText", values, code=_code, version=1, purpose="marketing", words="同意",
        words_en="I agree", effective_date=DAY,
    )  # fmt: skip


def _calendar_year(**values: Any) -> Model:
    return _insert(
        "journeys.CalendarYear", values, year=lambda: 2100 + next(_numbers) % 99, source="test"
    )


def _calendar_day(**values: Any) -> Model:
    day = DAY.replace(year=2101) + dt.timedelta(days=next(_numbers))
    return _insert(
        "journeys.CalendarDay", values, day=day, is_workday=False, name="元旦", source="test"
    )


BUILDERS: dict[str, Callable[..., Any]] = {
    "portal.Branch": portal.BranchFactory,
    "portal.Team": _team,
    "portal.Staff": portal.StaffFactory,
    "portal.Submission": _submission,
    "portal.SubmissionDecision": _submission_decision,
    "portal.ImportBatch": _import_batch,
    "portal.Upload": _upload,
    "portal.ApiToken": _api_token,
    "portal.ApiCall": _api_call,
    "portal.AuditEntry": _audit_entry,
    "merchants.MerchantCategory": merchants.CategoryFactory,
    "merchants.Merchant": merchants.MerchantFactory,
    "journeys.Customer": journeys.CustomerFactory,
    "journeys.CardProduct": journeys.ProductFactory,
    "journeys.Application": journeys.ApplicationFactory,
    "journeys.Card": journeys.CardFactory,
    "journeys.Transaction": journeys.TransactionFactory,
    "journeys.Consent": _consent,
    "journeys.ConsentText": _consent_text,
    "journeys.ContactRule": _contact_rule,
    "journeys.ContactHours": _contact_hours,
    "journeys.CalendarYear": _calendar_year,
    "journeys.CalendarDay": _calendar_day,
    "journeys.DoNotContact": _do_not_contact,
    "journeys.Contact": _contact,
    "journeys.MarketingPause": _pause,
    "journeys.ComplaintRule": _complaint_rule,
    "journeys.Complaint": _complaint,
    "journeys.ServiceCase": _case,
    "journeys.CareEvent": _care_event,
    "journeys.MessageTemplate": _template,
    "journeys.Message": _message,
    "journeys.PointsEntry": _points,
    "journeys.CustomerStage": _stage,
    "journeys.StageCount": _stage_count,
    "journeys.ReceivedMessage": _received,
    "journeys.Lead": _lead,
    "campaigns.Campaign": _campaign,
    "campaigns.CampaignVersion": _version,
    "campaigns.Run": _run,
    "campaigns.RunChunk": _chunk,
    "campaigns.Decision": _decision,
    "campaigns.Grant": _grant,
}
