"""One good row of each model of what callers are shown, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db.models import Model

from tests.factories import journeys, portal
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number, row_of

VARIANTS = [{"code": "a", "share": 100, "body": "您好", "body_en": "Hello"}]


def _fact(**values: Any) -> Model:
    """One that was not taken; an approved one with the submission that says so; with `same`, one
    that its maker decided about."""
    is_approved = values.get("state") == "approved" and "settled_by" not in values
    if is_approved:
        values |= {"state": "proposed", "settled_at": None}
    if values.pop("same", False):
        values["proposed_by"] = values["settled_by"] = portal.StaffFactory()
    row = insert(
        "journeys.ProductFact", values, product=journeys.ProductFactory, rival_issuer="某某银行",
        rival_product="白金卡", aspect="annual_fee", ours="首年免年费", ours_en="No fee at first",
        theirs="年费 600 元", theirs_en="A fee of CNY 600", source="官网公示", source_date=DAY,
        valid_until=INSTANT + dt.timedelta(days=90), state="refused",
        proposed_by=portal.StaffFactory, proposed_at=INSTANT, settled_at=INSTANT,
    )  # fmt: skip
    if is_approved:
        approve(row)
    return row


def approve(row: Any, kind: str = "product_fact") -> None:
    """Let somebody approve it, as the submission says."""
    asked = row_of("portal.Submission", kind=kind, target_key=str(row.pk), maker=row.proposed_by)
    decided = row_of("portal.SubmissionDecision", submission=asked)
    asked.state, asked.closed_at = "approved", INSTANT
    asked.save()
    row.state, row.settled_by, row.settled_at = "approved", decided.checker, INSTANT
    row.save()


def _dial(**values: Any) -> Model:
    """One of a lead in hand, within the limit of the day."""
    if not apps.get_model("journeys.RevealRule")._default_manager.exists():
        row_of("journeys.RevealRule")
    hold = values.pop("hold", None) or row_of("journeys.LeadHold", taken_at=INSTANT)
    usual = {
        "asked_by": hold.holder, "at": INSTANT, "on_date": DAY, "number_of_day": 1,
        "allowed": 300, "way": "system",
    }  # fmt: skip
    return insert("journeys.LeadDial", values, hold=hold, **usual)


def _script(**values: Any) -> Model:
    """One that was not taken; an approved one with the submission that says so."""
    is_approved = values.get("state") == "approved" and "settled_by" not in values
    if is_approved:
        values |= {"state": "proposed", "settled_at": None}
    if values.pop("same", False):
        values["proposed_by"] = values["settled_by"] = portal.StaffFactory()
    row = insert(
        "journeys.CallScript", values, stage="opening", number=number, variants=VARIANTS,
        state="refused", proposed_by=portal.StaffFactory, proposed_at=INSTANT, settled_at=INSTANT,
    )  # fmt: skip
    if is_approved:
        approve(row, "call_script")
    return row


def _use(**values: Any) -> Model:
    return insert(
        "journeys.ScriptUse", values, hold=lazy("journeys.LeadHold"),
        script=lazy("journeys.CallScript"), variant="a", at=INSTANT,
    )  # fmt: skip


BUILDERS.update(
    {
        "journeys.ProductFact": _fact,
        "journeys.LeadDial": _dial,
        "journeys.CallScript": _script,
        "journeys.ScriptUse": _use,
    }
)
_FACT, _SLOT = "journeys.ProductFact", ["product", "rival_issuer", "rival_product", "aspect"]
_SCRIPT, _PLACE = "journeys.CallScript", ["product", "stage", "segment", "mood"]
_DIAL, _LATER = "journeys.LeadDial", INSTANT + dt.timedelta(minutes=1)
_EARLIER = INSTANT - dt.timedelta(minutes=1)
_OVER = {"state": "replaced", "settled_by": portal.StaffFactory}
_WITHDRAWN = {
    "state": "withdrawn", "settled_by": portal.StaffFactory, "withdrawn_by": portal.StaffFactory,
    "withdrawn_at": INSTANT, "withdrawn_why": "x",
}  # fmt: skip
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("product_fact_is_sourced", _FACT, {"aspect": "moon"}),
    *(
        ("product_fact_is_sourced", _FACT, {name: ""})
        for name in (
            "rival_issuer",
            "rival_product",
            "ours",
            "ours_en",
            "theirs",
            "theirs_en",
            "source",
        )
    ),
    ("product_fact_has_an_end", _FACT, {"valid_until": INSTANT}),
    (
        "product_fact_has_an_end",
        _FACT,
        {"valid_until": INSTANT + dt.timedelta(days=366, seconds=1)},
    ),
    ("product_fact_settled", _FACT, {"settled_at": None}),
    ("product_fact_settled", _FACT, {"state": "proposed"}),
    ("product_fact_settled", _FACT, {"state": "moon"}),
    ("product_fact_settled", _FACT, {**_OVER, "settled_by": None}),
    ("product_fact_settled", _FACT, {**_OVER, "settled_at": None}),
    ("product_fact_settled", _FACT, {"state": "approved", "settled_by": None}),
    ("product_fact_settled", _FACT, {"state": "replaced", "same": True}),
    ("product_fact_withdrawn_whole", _FACT, {"withdrawn_at": INSTANT}),
    ("product_fact_withdrawn_whole", _FACT, {**_WITHDRAWN, "withdrawn_by": None}),
    ("product_fact_withdrawn_whole", _FACT, {**_WITHDRAWN, "withdrawn_at": None}),
    ("product_fact_withdrawn_whole", _FACT, {**_WITHDRAWN, "withdrawn_why": ""}),
    ("lead_dial_within_limit", _DIAL, {"number_of_day": 0}),
    ("lead_dial_within_limit", _DIAL, {"number_of_day": 301}),
    ("lead_dial_way_known", _DIAL, {"way": "moon"}),
    ("lead_dial_taken_by_system", _DIAL, {"taken_at": _LATER, "way": "shown"}),
    ("lead_dial_taken_by_system", _DIAL, {"taken_at": _EARLIER}),
    ("lead_dial_in_order", _DIAL, {"ended_at": _LATER}),
    ("lead_dial_in_order", _DIAL, {"began_at": _EARLIER}),
    ("lead_dial_in_order", _DIAL, {"began_at": _LATER, "ended_at": INSTANT}),
    *(
        ("call_script_place_known", _SCRIPT, {name: "moon"})
        for name in ("stage", "segment", "mood")
    ),
    ("call_script_settled", _SCRIPT, {"settled_at": None}),
    ("call_script_settled", _SCRIPT, {"state": "proposed"}),
    ("call_script_settled", _SCRIPT, {"state": "approved", "settled_by": None}),
    ("call_script_settled", _SCRIPT, {**_OVER, "settled_by": None}),
    ("call_script_settled", _SCRIPT, {"state": "replaced", "same": True}),
    ("call_script_withdrawn_whole", _SCRIPT, {"withdrawn_why": "x"}),
    ("call_script_withdrawn_whole", _SCRIPT, {**_WITHDRAWN, "withdrawn_by": None}),
    ("call_script_withdrawn_whole", _SCRIPT, {**_WITHDRAWN, "withdrawn_why": ""}),
    ("script_use_variant_known", "journeys.ScriptUse", {"variant": "d"}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("product_fact_one_proposed", _FACT, _SLOT, {"state": "proposed", "settled_at": None}),
    ("product_fact_one_approved", _FACT, _SLOT, {"state": "approved"}),
    ("lead_dial_number_once", _DIAL, ["asked_by", "on_date", "number_of_day"], {}),
    ("call_script_number_once", _SCRIPT, [*_PLACE, "number"], {}),
    ("call_script_one_proposed", _SCRIPT, _PLACE, {"state": "proposed", "settled_at": None}),
    ("call_script_one_approved", _SCRIPT, _PLACE, {"state": "approved"}),
    ("script_use_once", "journeys.ScriptUse", ["hold", "script"], {}),
]
