"""Full rows of every kind of file, and what must stand for them to be taken."""

from merchants.models import Merchant
from portal.models import Branch
from tests.factories import posts
from tests.factories.merchants import MerchantFactory, StoreFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

Row = dict[str, str | None]

APPLICATION: Row = {
    "number": "ZA1", "customer": "C1", "product": "GOLD", "branch": "B001",
    "filed_date": "2026-05-01", "state": "approved", "supplemented_date": "2026-05-05",
    "decided_date": "2026-05-20", "is_fast_track": "true", "merchant": "M1",
    "post": "MZ1",
}  # fmt: skip
FILED: Row = APPLICATION | {"state": "filed", "supplemented_date": None, "decided_date": None}
CARD: Row = {
    "reference": "ZK1", "masked_number": "622588******0001", "customer": "C1",
    "application": "A1", "product": "GOLD", "branch": "B001", "issued_date": "2026-05-21",
    "activated_date": "2026-05-25", "closed_date": "2026-05-30",
}  # fmt: skip
COMPLAINT: Row = {
    "number": "ZC1", "customer": "C1", "channel": "app", "grade": "complex",
    "opened_date": "2026-05-01", "state": "closed", "answered_date": "2026-05-10",
    "closed_date": "2026-05-12", "words": "短信太多", "cause_kind": "script",
    "cause_reference": "first_gift/sms/zh-hans/1", "remedy": "已致歉",
}  # fmt: skip
OPEN: Row = COMPLAINT | {
    "state": "open", "answered_date": None, "closed_date": None, "cause_kind": None,
    "cause_reference": None, "remedy": None,
}  # fmt: skip
CASE: Row = {
    "number": "ZG1", "customer": "C1", "channel": "app", "subject": "补寄账单",
    "opened_date": "2026-05-01", "state": "closed", "closed_date": "2026-05-12",
}  # fmt: skip

# One row of each kind in which every optional column says something that is not its default.
FULL: dict[str, list[Row]] = {
    "merchants": [{
        "number": "ZM1", "name": "杭州山月小馆", "name_en": "Shanyue Bistro",
        "legal_name": "杭州山月餐饮有限公司", "credit_code": "91440300708461136T", "mcc": "5812",
        "branch": "B001", "manager": "zj01_r1", "division_code": "330106", "source": "lead",
        "joined_date": "2024-03-02",
    }],
    "stores": [{
        "number": "ZO1", "merchant": "M1", "name": "西湖店", "name_en": "Xihu store",
        "division_code": "330106", "address": "文三路100号", "state": "closed",
        "opened_date": "2024-03-02", "closed_date": "2026-04-30",
    }, {
        "number": "ZO2", "merchant": "M1", "name": "城西店", "name_en": "Chengxi store",
        "division_code": "330106", "address": "文一路1号", "state": "planned",
        "opened_date": "2027-03-02",
    }],
    "merchant_contacts": [{
        "number": "ZP1", "merchant": "M1", "role": "manager", "name": "王小明",
        "phone": "13800000007", "email": "wang@shop.example", "is_main": "true",
        "left_date": "2026-04-30",
    }, {
        "number": "ZP2", "merchant": "M1", "role": "owner", "name": "李华",
        "phone": "13800000006", "email": "li@shop.example", "is_main": "true",
    }],
    "merchant_contracts": [{
        "number": "ZC1", "merchant": "M1", "signed_date": "2025-12-20",
        "first_date": "2026-01-01", "last_date": "2026-12-31", "notice_days": "30",
        "renewal": "automatic", "renewal_months": "12", "clause_purposes": "redemption settlement",
        "clause_data": "卡号后四位", "clause_handling": "九十日内删除",
    }, {
        "number": "ZC2", "merchant": "M1", "signed_date": "2024-12-20",
        "first_date": "2025-01-01", "last_date": "2025-12-31",
    }],
    "merchant_leads": [{
        "number": "ZL1", "first_contact_date": "2026-02-20", "origin": "organic_search",
        "branch": "B001",
    }],
    "merchant_deals": [{
        "number": "L1", "won_at": "2026-03-06", "representative": "S00012",
        "developer": "S00013", "segment": "home_decor", "merchant": "M1",
    }],
    "merchant_turnover": [
        {"merchant": "M1", "day": "2026-03-10", "amount": "12850.00", "purchases": "96"},
        {"merchant": "M2", "day": "2026-03-10", "amount": "-20.00", "purchases": "3"},
    ],
    "post_shifts": [{
        "number": "ZR1", "post": "MZ1", "staff": "S90001", "day": "2026-03-10",
        "starts": "10:00:00", "ends": "14:00:00", "seat": "2",
    }],
    "response_levels": [{
        "plan": "FP900001", "merchant": "M1", "amount": "20000.00", "effect": "61000.00",
        "effect_low": "45000.00", "effect_high": "77000.00", "source": "一季度复盘",
    }],
    "customers": [{
        "number": "Z1", "name": "王小明", "kind": "person", "phone": "13800000009",
        "id_number": "11010519491231002X", "email": "a@example.com", "address": "浙江省杭州市1号",
        "birth_date": "1949-12-31", "branch": "B001", "language": "en", "division_code": "440305",
        "registered_date": "2026-03-02", "source": "core_banking", "lawful_basis": "contract",
    }, {
        "number": "Z2", "name": "杭州某某有限公司", "kind": "company", "phone": "13800000008",
        "id_number": "91350100M000100Y43", "email": "b@example.com", "address": "浙江省杭州市2号",
        "birth_date": "2000-01-01", "branch": "B001", "language": "en", "division_code": "440305",
        "registered_date": "2026-03-02", "source": "core_banking", "lawful_basis": "contract",
    }],
    "card_products": [{
        "code": "ZP", "name": "金卡", "name_en": "Other name", "issuer": "本行", "is_own": "true",
        "annual_fee": "200.00", "is_active": "false",
    }],
    "applications": [APPLICATION, APPLICATION | {
        "number": "ZA2", "state": "supplemented", "decided_date": None,
    }],
    "cards": [CARD, CARD | {
        "reference": "ZK2", "is_primary": "false", "primary_reference": "ZK1", "application": None,
    }],
    "transactions": [{
        "reference": "ZT1", "card": "K1", "kind": "refund", "amount": "12.00",
        "posted_date": "2026-03-10", "posted_time": "18:42:07", "merchant": "M1", "mcc": "5812",
        "channel": "qr", "division_code": "440305", "refund_of": "ZT0",
    }],
    "points": [{
        "reference": "ZP1", "customer": "C1", "kind": "earned", "points": "10",
        "on_date": "2026-03-01", "expires_date": "2027-03-01",
    }],
    "complaints": [COMPLAINT, COMPLAINT | {
        "number": "ZC2", "state": "answered", "closed_date": None, "remedy": None,
    }],
    "service_cases": [CASE],
    "consents": [{
        "reference": "ZS1", "customer": "C1", "purpose": "marketing", "channel": "sms",
        "statement": "given", "text": "marketing/1", "evidence": "纸质",
        "recorded_date": "2026-05-02", "recorded_time": "10:30:00",
        "effective_date": "2026-05-03", "effective_time": "10:30:00",
    }],
    "do_not_contact": [{
        "reference": "ZD1", "customer": "C1", "said_date": "2026-05-02", "said_time": "10:30:00",
        "source": "call", "words": "别打了",
    }],
    "referrals": [{"number": "A1", "referrer": "C2", "on_date": "2026-02-20"}],
    "calls": [{
        "number": "ZC1", "customer": "C1", "branch": "B001", "called_date": "2026-05-02",
        "attempts": "3", "since_days": "92", "earlier": "2", "earlier_result": "success",
        "channel": "mobile", "result": "success", "balance": "-12.50", "in_default": "true",
        "has_housing_loan": "true", "has_loan": "true", "age": "41", "job": "teacher",
        "marital": "married", "education": "tertiary",
    }],
    "activity_snapshots": [{
        "number": "ZS1", "customer": "C1", "product": "GOLD", "taken_date": "2026-05-02",
        "months_inactive": "3", "months_on_book": "39", "contacts": "2", "purchases": "42",
        "amount": "-12.50",
    }],
    "leads": [{
        "number": "ZL1", "kind": "company", "name": "王小明", "company": "杭州山月餐饮有限公司",
        "phone": "13800000009", "source": "post", "lawful_basis": "consent",
        "basis_words": "3月2日展位登记", "branch": "B001", "team": "ZT1",
        "collected_by": "zj01_r1", "post": "MZ1", "campaign": "SPRING26",
        "collected_at": "2026-05-02 13:05:00",
    }],
    "benefit_uses": [{"partner": "M1", "reference": "R1", "customer": "C9", "benefit": "900001",
                      "used_date": "2026-04-02", "units": "2", "place": "T2"}],
}  # fmt: skip


def make_post() -> None:
    """A post at merchant M1, and somebody who may stand there."""
    merchant = Merchant.objects.get(number="M1")
    Merchant.objects.filter(pk=merchant.pk).update(is_partner=True)
    store = StoreFactory(merchant=merchant)
    row_of("merchants.Post", number="MZ1", store=store, seats=2)
    posts.qualified(merchant.branch, staff_number="S90001")


def make_named() -> None:
    """What the full rows about merchants name, besides the bank of `make_bank`."""
    MerchantFactory(number="M2")
    StaffFactory(username="zj01_r1", role="relationship_manager")
    row_of("portal.Team", code="ZT1", branch=Branch.objects.get(code="B001"))
    row_of("merchants.MerchantLead", number="L1")
    make_post()
    merchant = Merchant.objects.get(number="M1")
    row_of(
        "merchants.FundLine", plan=row_of("merchants.FundPlan", pk=900_001),
        partnership=row_of("merchants.Partnership", merchant=merchant),
    )  # fmt: skip
