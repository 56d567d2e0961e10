"""Promotion money in a real browser: every page as those who look at it, in both languages and at
both widths."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.urls import reverse

from merchants.allocation import operations
from merchants.models import FundPlan
from portal.models import Staff
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import funds as made
from tests.factories import partnerships

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [("zh-hans", 1280), ("en", 390), ("zh-hans", 390), ("en", 1280)]


def _full_plan(me: Staff) -> FundPlan:
    """A plan with partners of which much is known, and one that is dear for what it brings."""
    plan = made.plan(
        owner=me, budget="200000", income_percent=Decimal("0.6"), reach_percent=Decimal(85),
        inputs_source="财务部核算",
    )  # fmt: skip
    for number in range(1, 5):
        half = {"basis": "past", "half": None, "past_spent": Decimal(20_000),
                "past_effect": Decimal(90_000 * number), "past_low": Decimal(70_000 * number),
                "past_high": Decimal(110_000 * number)}  # fmt: skip
        made.line(
            plan, most=Decimal(80_000), step=Decimal(10_000), ceiling=Decimal(900_000),
            last_year=Decimal(10_000 * number), margin_percent=Decimal(30),
            merchant_percent=Decimal(40), source="上年同档期复盘",
            **({"half": Decimal(60_000)} if number == 1 else half),
        )  # fmt: skip
    operations.set_share(
        plan_id=plan.pk, kind="scenario", value="dining", least=10, most=95, actor=me, at=made.AT
    )
    return made.solved(plan)


def _amended(me: Staff) -> tuple[FundPlan, FundPlan]:
    """A plan whose amendment is in the making, and one that is not amended yet."""
    found = []
    for _number in range(2):
        plan = _full_plan(me)
        made.submitted(plan)
        found.append(made.decided(plan))
    operations.amend_plan(plan_id=found[0].pk, reason="商户增加门店", actor=me, at=made.AT)
    return found[0], found[1]


def _addresses(draft: FundPlan, plan: FundPlan, changing: Sequence[FundPlan]) -> list[str]:
    line, of_draft = made.first_line(plan), made.first_line(draft)
    amendment = FundPlan.objects.get(amends=changing[0])
    return [
        *(reverse("fund_page", args=[one.pk]) for one in (*changing, amendment)),
        reverse("fund_edit", args=[amendment.pk]), reverse("upload_start"),
        reverse("fund_list"), reverse("fund_page", args=[plan.pk]),
        reverse("fund_page", args=[draft.pk]), reverse("fund_ledger", args=[line.pk]),
        reverse("fund_new"), reverse("fund_edit", args=[draft.pk]),
        reverse("fund_partners", args=[draft.pk]), reverse("fund_line", args=[of_draft.pk]),
        reverse("partnership_page", args=[line.partnership_id]),
    ]  # fmt: skip


def test_its_pages_are_sound_for_both_who_use_them(open_page: OpenPage) -> None:
    me = partnerships.manager()
    draft, plan, changing = _full_plan(me), _full_plan(me), _amended(me)
    made.submitted(plan)
    made.decided(plan)
    made.partner(leader=me)
    line = made.first_line(plan)
    claim = made.booked(line, "claim", "900", against=made.booked(line, "commit", "1000"))
    made.booked(line, "pay", "500", against=claim)
    made.reversed_(claim, "100")
    faults = []
    for who, (language, width) in zip([me, made.chief(plan)] * 2, WAYS, strict=True):
        who.language = language
        who.save(update_fields=["language"])
        page = open_page(who, language=language, width=width)
        for address in _addresses(draft, plan, changing):
            try:
                assert visit(page, address).status == 200
            except AssertionError as fault:
                faults.append(f"{address} ({who.role}, {language}, {width}): {fault}")
    assert faults == []
