"""What joint campaigns brought about, on a partnership's page and in its evidence."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import FundPlan, Partnership
from merchants.partnerships import queries as partnerships_of
from merchants.partnerships.rules import evidence
from portal.kit import clock
from tests.factories import funds, partnerships
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
# The means are 10 and 7, the variances 900,000 / 899 and 63,700 / 99.
SIDES = {
    "reached_people": 900, "reached_payers": 90, "reached_amount": Decimal(9_000),
    "reached_squares": Decimal(990_000), "held_people": 100, "held_payers": 8,
    "held_amount": Decimal(700), "held_squares": Decimal(68_600),
}  # fmt: skip


def told(row: Partnership, **values: Any) -> Any:
    end = clock.today() - dt.timedelta(days=10)
    usual = {"merchant": row.merchant, "first_date": end - dt.timedelta(days=30), "end_date": end}
    return row_of("campaigns.JointReturn", **{**usual, **SIDES, **values})


def part(client: Client, row: Partnership) -> Any:
    return client.get(reverse("partnership_returns", args=[row.pk]), headers={"HX-Request": "true"})


def measures(row: Partnership) -> dict[str, Any]:
    known = partnerships_of.evidence_of(partnerships=[row], on=clock.today())[row.pk]
    return {
        one.code: (one.value, one.low, one.high)
        for one in known.measures
        if one.code in {"campaign_extra", "campaign_return"}
    }


def test_extra_turnover_is_told_with_its_interval_and_the_return_where_it_is_known(
    client_of: ClientOf,
) -> None:
    row = funds.partner()
    told(row)
    error = (900_000 / 899 / 900 + 63_700 / 99 / 100) ** 0.5 * 900
    low, high = (round(2_700 + way * 1.959963984540054 * error, 2) for way in (-1, 1))
    span = (Decimal("2700.00"), Decimal(str(low)), Decimal(str(high)))
    client = client_of(row.manager)
    shown = part(client, row).context["rows"][0]
    extra = shown["extra"]
    assert ((extra.value, extra.low, extra.high), shown["returned"]) == (span, None)
    assert measures(row) == {"campaign_extra": span, "campaign_return": (None, None, None)}
    plan = funds.plan(
        owner=row.manager, income_percent=Decimal(2), inputs_source="财务部", reach_percent=None
    )
    funds.line(plan, row)
    assert part(client, row).context["income"] is None  # not approved yet
    funds.decided(funds.submitted(funds.solved(plan)))
    assert FundPlan.objects.get().state == "approved"
    on = max(clock.today(), FundPlan.objects.get().first_date)
    known = partnerships_of.evidence_of(partnerships=[row], on=on)[row.pk]
    by_code = {one.code: one for one in known.measures}
    assert by_code["campaign_return"].value == Decimal("54.00")
    assert evidence.read(known.as_json()) == known  # as a snapshot keeps it


def test_small_groups_and_no_groups_are_said(client_of: ClientOf) -> None:
    row = partnerships.begun()
    few = told(row, held_people=99)
    none = told(
        row, control_percent=0, held_people=0, held_payers=0, held_amount=0, held_squares=0,
    )  # fmt: skip
    told(row, end_date=clock.today() - dt.timedelta(days=366),
         first_date=clock.today() - dt.timedelta(days=400))  # fmt: skip
    answer = part(client_of(row.manager), row)
    assert [(one["of"].campaign, str(one["of"].known)) for one in answer.context["rows"]] == [
        (few.campaign, "not_enough"), (none.campaign, "no_control"),
    ]  # fmt: skip
    page = answer.content.decode()
    assert ("人数尚不足" in page, "未设对照组" in page) == (True, True)
    assert measures(row) == {
        "campaign_extra": (None, None, None), "campaign_return": (None, None, None),
    }  # fmt: skip


def test_sides_that_no_draw_would_make_are_said_and_are_no_evidence(client_of: ClientOf) -> None:
    row = funds.partner()
    told(row, reached_people=1_265)
    answer = part(client_of(row.manager), row)
    (one,) = answer.context["rows"]
    assert (one["known"], one["extra"]) == ("not_as_drawn", None)
    assert "无法比较" in answer.content.decode()
    assert measures(row)["campaign_extra"] == (None, None, None)


def test_without_joint_campaigns_the_part_says_so_and_strangers_find_nothing(
    client_of: ClientOf,
) -> None:
    row = partnerships.begun()
    answer = part(client_of(row.manager), row)
    assert (answer.status_code, answer.context["rows"]) == (200, [])
    assert "近一年没有" in answer.content.decode()
    assert part(client_of(partnerships.manager()), row).status_code == 404
