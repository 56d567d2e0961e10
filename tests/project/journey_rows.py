"""One good row of every model of journeys."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model

from tests.factories import journeys, merchants, portal
from tests.project import activity_rows, call_rows, care_rows
from tests.project.making import BUILDERS, DAY, HASH, INSTANT, code, insert, lazy, number, row_of


def _consent(**values: Any) -> Any:
    ready = {name: value() if callable(value) else value for name, value in values.items()}
    return journeys.ConsentFactory(**ready)


def _do_not_contact(**values: Any) -> Model:
    return insert(
        "journeys.DoNotContact", values, customer=journeys.CustomerFactory, at=INSTANT,
        words="别再联系我", source="call",
    )  # fmt: skip


def _contact(**values: Any) -> Model:
    return insert(
        "journeys.Contact", values, customer=journeys.CustomerFactory, channel="sms",
        purpose="marketing", at=INSTANT, origin="test", dedup_key=code,
    )  # fmt: skip


def _pause(**values: Any) -> Model:
    return insert(
        "journeys.MarketingPause", values, customer=journeys.CustomerFactory, kind="complaint",
        reference=code, since=INSTANT,
    )  # fmt: skip


def _clock_rule(**values: Any) -> Model:
    day = DAY + dt.timedelta(days=number())
    return insert(
        "journeys.ClockRule", values, effective_date=day, limit_days=20, near_days=5, source="规定"
    )


def _reveal_rule(**values: Any) -> Model:
    days = number()
    return insert(
        "journeys.RevealRule", values, effective_date=DAY - dt.timedelta(days=days), per_day=20,
        searches_per_day=30, reason_length=8, source="test",
    )  # fmt: skip


def _reveal(**values: Any) -> Model:
    actor = values.pop("actor", None) or portal.StaffFactory()
    if not apps.get_model("journeys.RevealRule")._default_manager.exists():
        row_of("journeys.RevealRule")
    return insert(
        "journeys.Reveal", values, customer=journeys.CustomerFactory, actor=actor,
        branch=actor.branch, field="phone", kind="complaint", words="客户来电核对", at=INSTANT,
        on_date=DAY, number_of_day=1, allowed=20,
    )  # fmt: skip


def _exact_search(**values: Any) -> Model:
    actor = values.pop("actor", None) or portal.StaffFactory()
    if not apps.get_model("journeys.RevealRule")._default_manager.exists():
        row_of("journeys.RevealRule")
    return insert(
        "journeys.ExactSearch", values, actor=actor, branch=actor.branch, field="phone",
        door="customers", asked_hash=b"0" * 16, found=1, at=INSTANT, on_date=DAY, number_of_day=1,
        allowed=30,
    )  # fmt: skip


def _template(**values: Any) -> Model:
    return insert(
        "journeys.MessageTemplate", values, code=code, channel="sms", language="zh-hans", body="x"
    )


def _origin_halt(**values: Any) -> Model:
    return insert(
        "journeys.OriginHalt", values, origin=code, kind="pause", reason="x",
        halted_by=portal.StaffFactory, halted_at=INSTANT,
    )  # fmt: skip


def _sending_rate(**values: Any) -> Model:
    return insert(
        "journeys.SendingRate", values, channel="sms", effective_date=DAY, per_minute=600,
        burst=10, source="x",
    )  # fmt: skip


def _text_withdrawal(**values: Any) -> Model:
    return insert(
        "journeys.TextWithdrawal", values, template=lazy("journeys.MessageTemplate"), reason="x",
        withdrawn_by=portal.StaffFactory, withdrawn_at=INSTANT,
    )  # fmt: skip


def _own_address(**values: Any) -> Model:
    return insert(
        "journeys.OwnAddress", values, staff=portal.StaffFactory, channel="sms",
        address_sealed=b"x", address_masked="x", code_hash=b"0" * 16, code_sent_at=INSTANT,
    )  # fmt: skip


def _text_test(**values: Any) -> Model:
    return insert(
        "journeys.TextTest", values, sent_by=portal.StaffFactory, code=code, channel="email",
        language="zh-hans", words_hash="0" * 64, destination_masked="x", asked_at=INSTANT,
    )  # fmt: skip


def _sent_count(**values: Any) -> Model:
    return insert(
        "journeys.SentCount", values, day=DAY, origin=code, branch=portal.head_office,
        template=lazy("journeys.MessageTemplate"), messages=1,
    )  # fmt: skip


def _message(**values: Any) -> Model:
    return insert(
        "journeys.Message", values, customer=journeys.CustomerFactory, channel="sms",
        purpose="marketing", template=lazy("journeys.MessageTemplate"), origin="test",
        dedup_key=code, queued_at=INSTANT, not_before=INSTANT,
    )  # fmt: skip


def _notice_rule(**values: Any) -> Model:
    days = number()
    return insert(
        "journeys.NoticeRule", values, effective_date=DAY + dt.timedelta(days=days), days=3,
        source="test",
    )  # fmt: skip


def _result_notice(**values: Any) -> Model:
    application = values.pop("application", None) or journeys.ApplicationFactory()
    return insert(
        "journeys.ResultNotice", values, application=application, customer=application.customer,
        result=application.state, decided_date=application.decided_date, noted_at=INSTANT,
        not_before=INSTANT,
    )  # fmt: skip


def _referral(**values: Any) -> Any:
    values = {name: value for name, value in values.items() if value is not None}
    application = values.pop("application", None)
    if application is None:
        of = {"customer": values["referred"]} if "referred" in values else {}
        application = journeys.ApplicationFactory(**of)
    reason = values.pop("reason", "")
    made = insert(
        "journeys.Referral", values, application=application, number=application.number,
        referred=application.customer, referrer=journeys.CustomerFactory, on_date=DAY,
    )  # fmt: skip
    if reason:  # Nobody begins withdrawn.
        made.number, made.reason, made.withdrawn_at = None, reason, INSTANT
        made.withdrawn_by = portal.StaffFactory()
        made.save()
    return made


def _points(**values: Any) -> Model:
    return insert(
        "journeys.PointsEntry", values, reference=code, customer=journeys.CustomerFactory,
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
    return insert(
        "journeys.MerchantDay", values, merchant=merchants.MerchantFactory, day=DAY, purchases=1,
        refunds=0, amount=Decimal(5),
    )  # fmt: skip


def _stage(**values: Any) -> Model:
    customer = values.pop("customer", None) or journeys.CustomerFactory()
    return insert(
        "journeys.CustomerStage", values, customer=customer, branch=customer.branch,
        stage="awareness", step="registered", since_date=DAY, awareness_date=DAY,
    )  # fmt: skip


def _stage_count(**values: Any) -> Model:
    return insert(
        "journeys.StageCount", values, level=1, branch_key=lambda: number(), product_key=0,
        month=dt.date(1, 1, 1), step=1, days=[3], customers=[1],
    )  # fmt: skip


def _received(**values: Any) -> Model:
    return insert(
        "journeys.ReceivedMessage", values, channel="sms", message_key=code,
        destination="13812345678", sender="95500", body="x", received_at=INSTANT,
    )  # fmt: skip


def _rights_rule(**values: Any) -> Model:
    days = number()
    return insert(
        "journeys.RightsRule", values, effective_date=DAY + dt.timedelta(days=days),
        answer_days=15, certainty="C", source="test",
    )  # fmt: skip


def _rights_request(**values: Any) -> Model:
    customer = values.pop("customer", None)
    if customer is None and values.get("lead") is None:
        customer = journeys.CustomerFactory()
    branch = (customer or values["lead"]).branch
    return insert(
        "journeys.RightsRequest", values, number=code, kind="access", customer=customer,
        branch=branch, channel="branch", identity_check="id_document",
        details="要一份资料", received_date=DAY, due_date=DAY + dt.timedelta(days=21),
    )  # fmt: skip


def _rights_event(**values: Any) -> Model:
    return insert(
        "journeys.RightsEvent", values, request=lazy("journeys.RightsRequest"), kind="opened",
        at=INSTANT,
    )  # fmt: skip


def _rights_copy(**values: Any) -> Model:
    rules = apps.get_model("journeys.RightsRule")._default_manager
    if not rules.filter(effective_date__lte=DAY).exists():
        row_of("journeys.RightsRule", effective_date=DAY)
    rule = rules.filter(effective_date__lte=DAY).latest("effective_date")
    return insert(
        "journeys.RightsCopy", values, request=lazy("journeys.RightsRequest"), form="json",
        made_at=INSTANT, made_by=portal.StaffFactory, tables=1, rows=1, size=1, sha256=HASH,
        on_date=DAY, number_of_day=1, allowed=rule.copies_per_day,
    )  # fmt: skip


def _correction(**values: Any) -> Model:
    request = values.pop("request", None) or row_of("journeys.RightsRequest")
    return insert(
        "journeys.Correction", values, request=request, customer=request.customer, field="phone",
        corrected_at=INSTANT, corrected_by=portal.StaffFactory,
    )  # fmt: skip


def _erasure(**values: Any) -> Model:
    request = values.pop("request", None) or row_of("journeys.RightsRequest", kind="delete")
    return insert(
        "journeys.Erasure", values, request=request, persons=[f"customer:{request.customer_id}"],
        asked_at=INSTANT,
    )  # fmt: skip


def _erasure_proof(**values: Any) -> Model:
    return insert(
        "journeys.ErasureProof", values, erasure=lazy("journeys.Erasure"), scope="rows",
        started_at=INSTANT, seconds=0.1, tables=1, columns=1, rows=1, files=0, queued=0,
        findings=0, shared=0, digest=HASH,
    )  # fmt: skip


def _erased_number(**values: Any) -> Model:
    return insert(
        "journeys.ErasedNumber", values, number_hash=lambda: number().to_bytes(16, "big"),
        erased_at=INSTANT,
    )  # fmt: skip


def _erased_refusal(**values: Any) -> Model:
    return insert(
        "journeys.ErasedRefusal", values, kind="phone",
        value_hash=lambda: number().to_bytes(16, "big"), refused_date=DAY,
    )  # fmt: skip


def _contact_rule(**values: Any) -> Model:
    days = number()
    return insert(
        "journeys.ContactRule", values, effective_date=DAY + dt.timedelta(days=days),
        day_cap=2, month_cap=5, source="test",
    )  # fmt: skip


def _contact_hours(**values: Any) -> Model:
    days = number()
    return insert(
        "journeys.ContactHours", values, effective_date=DAY + dt.timedelta(days=days),
        channel="sms", day_kind="workday", opens=dt.time(9), closes=dt.time(20), source="test",
    )  # fmt: skip


def _control_group(**values: Any) -> Model:
    return insert(
        "journeys.ControlGroup", values, starts_date=DAY, ends_date=DAY + dt.timedelta(days=365),
        permille=20, salt=bytes(16), reason="test", state="refused",
        proposed_by=portal.StaffFactory, proposed_at=INSTANT, settled_at=INSTANT,
    )  # fmt: skip


def _consent_text(**values: Any) -> Model:
    return insert(
        "journeys.ConsentText", values, code=code, version=1, purpose="marketing", words="同意",
        words_en="I agree", effective_date=DAY,
    )  # fmt: skip


def _calendar_year(**values: Any) -> Model:
    return insert("journeys.CalendarYear", values, year=lambda: 2100 + number() % 99, source="test")


def _calendar_day(**values: Any) -> Model:
    day = DAY.replace(year=2101) + dt.timedelta(days=number())
    return insert(
        "journeys.CalendarDay", values, day=day, is_workday=False, name="元旦", source="test"
    )


BUILDERS.update(
    {
        "journeys.Customer": journeys.CustomerFactory,
        "journeys.CardProduct": journeys.ProductFactory,
        "journeys.Application": journeys.ApplicationFactory,
        "journeys.Card": journeys.CardFactory,
        "journeys.Transaction": journeys.TransactionFactory,
        "journeys.Consent": _consent,
        "journeys.ConsentText": _consent_text,
        "journeys.ContactRule": _contact_rule,
        "journeys.ContactHours": _contact_hours,
        "journeys.ControlGroup": _control_group,
        "journeys.CalendarYear": _calendar_year,
        "journeys.CalendarDay": _calendar_day,
        "journeys.Referral": _referral,
        **activity_rows.ROWS,
        "journeys.PastCall": call_rows.past_call,
        "journeys.CallModel": call_rows.call_model,
        "journeys.PotentialModel": call_rows.potential_model,
        "journeys.DriftDay": call_rows.drift_day,
        "journeys.TraitsChoice": call_rows.traits_choice,
        "journeys.DoNotContact": _do_not_contact,
        "journeys.Contact": _contact,
        "journeys.MarketingPause": _pause,
        "journeys.ComplaintRule": care_rows.complaint_rule,
        "journeys.Complaint": care_rows.complaint,
        "journeys.ComplaintRound": care_rows.complaint_round,
        "journeys.ServiceCase": care_rows.case,
        "journeys.CareEvent": care_rows.care_event,
        "journeys.RevealRule": _reveal_rule,
        "journeys.ClockRule": _clock_rule,
        "journeys.Reveal": _reveal,
        "journeys.ExactSearch": _exact_search,
        "journeys.MessageTemplate": _template,
        "journeys.OriginHalt": _origin_halt,
        "journeys.SendingRate": _sending_rate,
        "journeys.OwnAddress": _own_address,
        "journeys.TextTest": _text_test,
        "journeys.TextWithdrawal": _text_withdrawal,
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
        "journeys.RightsRule": _rights_rule,
        "journeys.RightsRequest": _rights_request,
        "journeys.RightsEvent": _rights_event,
        "journeys.RightsCopy": _rights_copy,
        "journeys.Correction": _correction,
        "journeys.Erasure": _erasure,
        "journeys.ErasureProof": _erasure_proof,
        "journeys.ErasedNumber": _erased_number,
        "journeys.ErasedRefusal": _erased_refusal,
    }
)
