"""Good rows of the merchant directory, and the rows that its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from merchants.models import Merchant
from portal.models import Staff
from tests.factories import merchants, portal
from tests.project.making import BUILDERS, DAY, INSTANT, insert, number, row_of

BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


def _reveal(**values: Any) -> Model:
    return insert(
        "merchants.ContactReveal", values, contact=merchants.ContactFactory,
        actor=portal.StaffFactory, field="phone", kind="call", words="核对明年条款", at=INSTANT,
        on_date=DAY, number_of_day=lambda: number() % 40 + 1,
    )  # fmt: skip


def _request(**values: Any) -> Model:
    return insert(
        "merchants.PartnerRequest", values, merchant=merchants.MerchantFactory, step="admit",
        reason="客流稳定", asked_by=portal.StaffFactory, asked_at=INSTANT,
    )  # fmt: skip


def _merge(**values: Any) -> Model:
    return insert(
        "merchants.MerchantMerge", values, kept=merchants.MerchantFactory,
        merged=merchants.MerchantFactory, moved={}, reason="同一家", by=portal.StaffFactory,
        at=INSTANT,
    )  # fmt: skip


def _apart(**values: Any) -> Model:
    one, other = (merchants.MerchantFactory() for _number in range(2))
    return insert(
        "merchants.MerchantsApart", values, first=one, second=other, name_key="shanyue",
        reason="两家店", by=portal.StaffFactory, at=INSTANT,
    )  # fmt: skip


def _lead(**values: Any) -> Model:
    return insert(
        "merchants.MerchantLead", values, number=lambda: f"L{number()}", first_contact_date=DAY,
        origin="social",
    )  # fmt: skip


def _deal(**values: Any) -> Model:
    lead = values.pop("lead", None) or row_of("merchants.MerchantLead")
    return insert(
        "merchants.MerchantDeal", values, number=lead.number, lead=lead, won_date=BEFORE,
        representative="S1",
    )  # fmt: skip


def on_merchant(_staff: Staff, arguments: dict[str, Any]) -> None:
    """This will add a line to each list of a merchant's page."""
    merchant = Merchant.objects.get(number=arguments["number"])
    for kind in ("Store", "MerchantContact"):
        row_of(f"merchants.{kind}", merchant=merchant)
    day = dt.date(2020, 1, 1) + dt.timedelta(days=10 * number())
    row_of("merchants.DataClause", merchant=merchant, first_date=day, last_date=day)
    row_of(
        "merchants.MerchantContract", merchant=merchant, signed_date=day, first_date=day,
        last_date=day + dt.timedelta(days=1),
    )  # fmt: skip
    row_of("merchants.MerchantMerge", kept=merchant, by=portal.StaffFactory())


def two_that_look_the_same(staff: Staff, _arguments: dict[str, Any]) -> None:
    """This will make two merchants of one name in the branch of a person."""
    key = f"same{number()}"
    for _number in range(2):
        merchants.MerchantFactory(branch=staff.branch, name_key=key)


BUILDERS.update(
    {
        "merchants.Division": merchants.DivisionFactory,
        "merchants.Store": merchants.StoreFactory,
        "merchants.MerchantContact": merchants.ContactFactory,
        "merchants.MerchantContract": merchants.ContractFactory,
        "merchants.DataClause": merchants.ClauseFactory,
        "merchants.ContactReveal": _reveal,
        "merchants.PartnerRequest": _request,
        "merchants.MerchantMerge": _merge,
        "merchants.MerchantsApart": _apart,
        "merchants.MerchantLead": _lead,
        "merchants.MerchantDeal": _deal,
    }
)

_CONTRACT, _CLAUSE, _STORE = "merchants.MerchantContract", "merchants.DataClause", "merchants.Store"
_CONTACT, _REVEAL = "merchants.MerchantContact", "merchants.ContactReveal"
_REQUEST, _MERGE = "merchants.PartnerRequest", "merchants.MerchantMerge"
_APART = "merchants.MerchantsApart"
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("merchant_credit_code_form", "merchants.Merchant", {"credit_code": "91330106ABC"}),
    ("merchant_source_known", "merchants.Merchant", {"source": "rumour"}),
    ("merchant_lead_number_addressable", "merchants.MerchantLead", {"number": "L/1"}),
    ("division_code_form", "merchants.Division", {"code": "33010"}),
    ("store_number_addressable", _STORE, {"number": "S/1"}),
    ("store_state_known", _STORE, {"state": "lost"}),
    ("store_closed_has_date", _STORE, {"state": "closed"}),
    ("store_closed_has_date", _STORE, {"closed_date": DAY}),
    (
        "store_closed_after_opening",
        _STORE,
        {"state": "closed", "opened_date": DAY, "closed_date": BEFORE},
    ),
    ("merchant_contact_number_addressable", _CONTACT, {"number": "P/1"}),
    ("merchant_contact_role_known", _CONTACT, {"role": "friend"}),
    ("merchant_contact_phone_with_index", _CONTACT, {"phone_sealed": b"s"}),
    ("merchant_contact_phone_with_index", _CONTACT, {"phone_index": b"i"}),
    ("merchant_contact_email_with_index", _CONTACT, {"email_sealed": b"s"}),
    ("merchant_contact_email_with_index", _CONTACT, {"email_index": b"i"}),
    ("contact_reveal_within_limit", _REVEAL, {"number_of_day": 0}),
    ("contact_reveal_within_limit", _REVEAL, {"number_of_day": 41}),
    ("contact_reveal_has_words", _REVEAL, {"words": ""}),
    ("contact_reveal_field_known", _REVEAL, {"field": "mood"}),
    ("contact_reveal_kind_known", _REVEAL, {"kind": "mood"}),
    (
        "merchant_contract_ends_after_start",
        _CONTRACT,
        {"signed_date": BEFORE, "first_date": DAY, "last_date": DAY},
    ),
    (
        "merchant_contract_signed_before_end",
        _CONTRACT,
        {"signed_date": AFTER, "first_date": BEFORE, "last_date": DAY},
    ),
    ("merchant_contract_notice_short", _CONTRACT, {"notice_days": 367}),
    ("merchant_contract_renewal_said", _CONTRACT, {"renewal": "automatic"}),
    ("merchant_contract_renewal_said", _CONTRACT, {"renewal": "rolls"}),
    ("merchant_contract_renewal_said", _CONTRACT, {"renewal_months": 12}),
    (
        "merchant_contract_renewal_said",
        _CONTRACT,
        {"renewal": "automatic", "renewal_months": 12, "last_date": None},
    ),
    (
        "merchant_contract_renewal_said",
        _CONTRACT,
        {"renewal": "automatic", "renewal_months": 61},
    ),
    ("data_clause_signed_says_all", _CLAUSE, {"state": "talks"}),
    ("data_clause_signed_says_all", _CLAUSE, {"state": "lost"}),
    ("data_clause_signed_says_all", _CLAUSE, {"last_date": None}),
    ("data_clause_signed_says_all", _CLAUSE, {"purposes": []}),
    ("data_clause_signed_says_all", _CLAUSE, {"handling": ""}),
    ("data_clause_ends_after_start", _CLAUSE, {"first_date": DAY, "last_date": BEFORE}),
    ("data_clause_purposes_known", _CLAUSE, {"purposes": ["fun"]}),
    ("merchants_apart_in_order", _APART, {"second": lambda: Merchant.objects.earliest("id")}),
    ("merchants_apart_has_reason", _APART, {"reason": ""}),
    ("merchants_apart_by_a_sign", _APART, {"name_key": ""}),
    ("partner_request_closed_has_time", _REQUEST, {"closed_at": INSTANT}),
    ("partner_request_closed_has_time", _REQUEST, {"state": "approved"}),
    ("partner_request_has_reason", _REQUEST, {"reason": ""}),
    ("partner_request_step_known", _REQUEST, {"step": "marry"}),
    ("merchant_merge_has_reason", _MERGE, {"reason": ""}),
    ("merchant_merge_undone_says_all", _MERGE, {"undone_at": INSTANT}),
    ("merchant_merge_undone_says_all", _MERGE, {"undo_reason": "x"}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("merchant_contact_one_main", _CONTACT, ["merchant"], {"is_main": True}),
    ("contact_reveal_number_once", _REVEAL, ["actor", "on_date", "number_of_day"], {}),
    (
        "data_clause_one_in_talks",
        _CLAUSE,
        ["merchant"],
        {"state": "talks", "first_date": None, "last_date": None},
    ),
    ("partner_request_one_pending", _REQUEST, ["merchant"], {}),
    ("merchant_merge_one_standing", _MERGE, ["merged"], {}),
]
ELSEWHERE = {
    "merchant_merged_is_no_partner",  # tests/merchants/directory/test_guards.py
    "merchant_not_into_itself",  # the same
    "merchant_merge_of_two",  # the same
    "merchant_contract_no_overlap",  # the same
    "data_clause_no_overlap",  # the same
}
__all__ = ["CHECKS", "ELSEWHERE", "UNIQUES", "on_merchant", "row_of", "two_that_look_the_same"]
