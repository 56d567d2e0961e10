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


def row_of(label: str, /, **values: Any) -> Any:
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


def _export_code() -> str:
    """A code of its own: the letters A to K are the digits of a running number."""
    return "".join("ABCDEFGHJK"[int(digit)] for digit in f"{next(_numbers):08d}")


def _export(**values: Any) -> Model:
    by = values.pop("by", None) or portal.StaffFactory()
    return _insert(
        "portal.Export", values, code=_export_code, kind="customers", by=by, branch=by.branch,
        made_at=INSTANT, reason="月度核对", rows=1, bytes=1, sha256=HASH,
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


def _reveal_rule(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.RevealRule", values, effective_date=DAY - dt.timedelta(days=days), per_day=20,
        reason_length=8, source="test",
    )  # fmt: skip


def _reveal(**values: Any) -> Model:
    actor = values.pop("actor", None) or portal.StaffFactory()
    if not apps.get_model("journeys.RevealRule")._default_manager.exists():
        row_of("journeys.RevealRule")
    return _insert(
        "journeys.Reveal", values, customer=journeys.CustomerFactory, actor=actor,
        branch=actor.branch, field="phone", kind="complaint", words="客户来电核对", at=INSTANT,
        on_date=DAY, number_of_day=1, allowed=20,
    )  # fmt: skip


def _template(**values: Any) -> Model:
    return _insert(
        "journeys.MessageTemplate", values, code=_code, channel="sms", language="zh-hans", body="x"
    )


def _sent_count(**values: Any) -> Model:
    return _insert(
        "journeys.SentCount", values, day=DAY, origin=_code, branch=portal.head_office,
        template=_lazy("journeys.MessageTemplate"), messages=1,
    )  # fmt: skip


def _message(**values: Any) -> Model:
    return _insert(
        "journeys.Message", values, customer=journeys.CustomerFactory, channel="sms",
        purpose="marketing", template=_lazy("journeys.MessageTemplate"), origin="test",
        dedup_key=_code, queued_at=INSTANT, not_before=INSTANT,
    )  # fmt: skip


def _notice_rule(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.NoticeRule", values, effective_date=DAY + dt.timedelta(days=days), days=3,
        source="test",
    )  # fmt: skip


def _result_notice(**values: Any) -> Model:
    application = values.pop("application", None) or journeys.ApplicationFactory()
    return _insert(
        "journeys.ResultNotice", values, application=application, customer=application.customer,
        result=application.state, decided_date=application.decided_date, noted_at=INSTANT,
        not_before=INSTANT,
    )  # fmt: skip


def _points(**values: Any) -> Model:
    return _insert(
        "journeys.PointsEntry", values, reference=_code, customer=journeys.CustomerFactory,
        kind="earned", points=10, on_date=DAY,
    )  # fmt: skip


def _points_batch(**values: Any) -> Model:
    """A trigger makes it with its entry; here it gets the values asked for."""
    model = apps.get_model("journeys.PointsBatch")
    entry = _points(expires_date=values.get("expires_date", DAY + dt.timedelta(days=365)))
    batch = model._default_manager.get(pk=entry.pk)
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()
    return batch


def _merchant_day(**values: Any) -> Model:
    return _insert(
        "journeys.MerchantDay", values, merchant=merchants.MerchantFactory, day=DAY, purchases=1,
        refunds=0, amount=Decimal(5),
    )  # fmt: skip


def _stage(**values: Any) -> Model:
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return _insert(
        "journeys.CustomerStage", values, customer=customer, branch=customer.branch,
        stage="awareness", step="registered", since_date=DAY, awareness_date=DAY,
    )  # fmt: skip


def _stage_count(**values: Any) -> Model:
    return _insert(
        "journeys.StageCount", values, level=1, branch_key=lambda: next(_numbers), product_key=0,
        month=dt.date(1, 1, 1), step=1, days=[3], customers=[1],
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


def _rights_rule(**values: Any) -> Model:
    days = next(_numbers)
    return _insert(
        "journeys.RightsRule", values, effective_date=DAY + dt.timedelta(days=days),
        answer_days=15, certainty="C", source="test",
    )  # fmt: skip


def _rights_request(**values: Any) -> Model:
    customer = values.pop("customer", None)
    if customer is None and values.get("lead") is None:
        customer = journeys.CustomerFactory()
    branch = (customer or values["lead"]).branch
    return _insert(
        "journeys.RightsRequest", values, number=_code, kind="access", customer=customer,
        branch=branch, channel="branch", identity_check="id_document",
        details="要一份资料", received_date=DAY, due_date=DAY + dt.timedelta(days=21),
    )  # fmt: skip


def _rights_event(**values: Any) -> Model:
    return _insert(
        "journeys.RightsEvent", values, request=_lazy("journeys.RightsRequest"), kind="opened",
        at=INSTANT,
    )  # fmt: skip


def _rights_copy(**values: Any) -> Model:
    return _insert(
        "journeys.RightsCopy", values, request=_lazy("journeys.RightsRequest"), form="json",
        made_at=INSTANT, made_by=portal.StaffFactory, tables=1, rows=1, size=1, sha256=HASH,
    )  # fmt: skip


def _correction(**values: Any) -> Model:
    request = values.pop("request", None) or row_of("journeys.RightsRequest")
    return _insert(
        "journeys.Correction", values, request=request, customer=request.customer, field="phone",
        corrected_at=INSTANT, corrected_by=portal.StaffFactory,
    )  # fmt: skip


def _erasure(**values: Any) -> Model:
    request = values.pop("request", None) or row_of("journeys.RightsRequest", kind="delete")
    return _insert(
        "journeys.Erasure", values, request=request, persons=[f"customer:{request.customer_id}"],
        asked_at=INSTANT,
    )  # fmt: skip


def _erasure_proof(**values: Any) -> Model:
    return _insert(
        "journeys.ErasureProof", values, erasure=_lazy("journeys.Erasure"), scope="rows",
        started_at=INSTANT, seconds=0.1, tables=1, columns=1, rows=1, files=0, queued=0,
        findings=0, shared=0, digest=HASH,
    )  # fmt: skip


def _erased_number(**values: Any) -> Model:
    return _insert(
        "journeys.ErasedNumber", values, number_hash=lambda: next(_numbers).to_bytes(16, "big"),
        erased_at=INSTANT,
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
    "portal.Export": _export,
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
    "journeys.RevealRule": _reveal_rule,
    "journeys.Reveal": _reveal,
    "journeys.MessageTemplate": _template,
    "journeys.Message": _message,
    "journeys.SentCount": _sent_count,
    "journeys.NoticeRule": _notice_rule,
    "journeys.ResultNotice": _result_notice,
    "journeys.PointsEntry": _points,
    "journeys.PointsBatch": _points_batch,
    "journeys.MerchantDay": _merchant_day,
    "journeys.CustomerStage": _stage,
    "journeys.StageCount": _stage_count,
    "journeys.ReceivedMessage": _received,
    "journeys.Lead": _lead,
    "journeys.RightsRule": _rights_rule,
    "journeys.RightsRequest": _rights_request,
    "journeys.RightsEvent": _rights_event,
    "journeys.RightsCopy": _rights_copy,
    "journeys.Correction": _correction,
    "journeys.Erasure": _erasure,
    "journeys.ErasureProof": _erasure_proof,
    "journeys.ErasedNumber": _erased_number,
    "campaigns.Campaign": _campaign,
    "campaigns.CampaignVersion": _version,
    "campaigns.Run": _run,
    "campaigns.RunChunk": _chunk,
    "campaigns.Decision": _decision,
    "campaigns.Grant": _grant,
}
