"""The pages of effects, the part of a partnership's page, the home panel and the file."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import EffectPlan
from portal.kit import clock
from portal.staff.enums import Role
from tests.campaigns.effect import made
from tests.factories import campaigns as plans
from tests.factories import partnerships
from tests.portal.exports.workbooks import sheets_of
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def a_plan(**changes: Any) -> EffectPlan:
    version = plans.approved(**{"code": "tried", "runs_to": "2090-01-01", **changes})
    rule = made.rule(fewest=400)
    return row_of(  # type: ignore[no-any-return]
        "campaigns.EffectPlan", campaign=version.campaign, rule=rule, first_date=clock.today()
    )


def compared(plan: EffectPlan) -> None:
    made.counted(plan, **made.both())


def page(client: Client, plan: EffectPlan) -> Any:
    answer = client.get(reverse("effect_list"), {"campaign": plan.campaign.code})
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("role", [Role.ANALYST, Role.CAMPAIGN_MANAGER, Role.APPROVER])
def test_a_campaigns_page_shows_measures_checks_and_pictures(
    client_of: ClientOf, role: str
) -> None:
    plan = a_plan()
    compared(plan)
    for back in (2, 1):
        row_of(
            "campaigns.EffectLook", campaign=plan.campaign,
            on_date=clock.today() - dt.timedelta(days=back), low=-0.01 if back == 2 else 0.01,
        )  # fmt: skip
    answer = page(client_of(role), plan)
    context = answer.context
    first = context["measures"][0]
    assert (first.reached, first.held, first.by) == ("30.00 %", "20.00 %", "+10.00 个百分点")
    assert str(first.first) == str(clock.today() - dt.timedelta(days=1))
    assert [one.reached for one in context["before"]] == ["25.00 %", "¥12.50"]
    assert context["warnings"] == []
    drawn = context["pictures"][0]
    assert [len(rows) for rows in (drawn.rows, context["looks"])] == [2, 2]
    assert "effect-conversion-option" in answer.content.decode()


def test_small_groups_are_told_with_what_they_lack(client_of: ClientOf) -> None:
    plan = a_plan()
    made.counted(plan, reached=made.of_many(0.3, people=172), held=made.of_many(0.3, people=43))
    text = page(client_of("analyst"), plan).content.decode()
    assert "尚不足：对照组需400人，现有43人" in text
    listed = client_of("analyst").get(reverse("effect_list")).content.decode()
    assert "尚不足：需400人，现有43人" in listed


def test_a_campaign_that_was_not_counted_says_when_it_will_be(client_of: ClientOf) -> None:
    plans.draft(code="fresh")
    client = client_of("analyst")
    without = client.get(reverse("effect_list"), {"campaign": "fresh"}).content.decode()
    assert "尚无规则" in without
    made.rule()
    there = client.get(reverse("effect_list"), {"campaign": "fresh"}).content.decode()
    assert "该活动尚未统计" in there
    assert client.get(reverse("effect_list"), {"campaign": "other"}).status_code == 404


def part(client: Client, row: Any) -> Any:
    url = reverse("partnership_effects", args=[row.pk])
    return client.get(url, headers={"HX-Request": "true"})


def test_a_partner_is_told_of_many_and_of_few_nothing(client_of: ClientOf) -> None:
    row = partnerships.begun()
    plan = a_plan(merchants=[row.merchant.number])
    made.counted(plan, reached=made.of_many(0.3, people=173), held=made.of_many(0.3, people=43))
    client = client_of(row.manager)
    [shown] = part(client, row).context["rows"]
    assert (shown["reached"], shown["held"]) == (175, 45)
    assert len(shown["sentences"]) == 1
    text = part(client, row).content.decode()
    assert ("173" in text, "43" in text) == (False, False)
    made.counted(plan, on=made.FIRST + made.DAY, **made.both())
    [shown] = part(client, row).context["rows"]
    assert [one.partition("：")[0] for one in shown["sentences"]] == ["转化率", "已用卡"]
    other = partnerships.begun()
    assert part(client_of(other.manager), other).context["rows"] == []


def test_the_home_page_says_whether_running_campaigns_work(client_of: ClientOf) -> None:
    plan = a_plan()
    compared(plan)
    for role, is_shown in ((Role.ANALYST, True), (Role.APPROVER, True), (Role.COMPLIANCE, False)):
        text = client_of(role).get(reverse("home")).content.decode()
        assert ("正在进行的活动有效吗" in text) == is_shown


def test_the_file_holds_every_look_of_the_campaign_that_is_asked_for(client_of: ClientOf) -> None:
    plan = a_plan()
    row_of("campaigns.EffectLook", campaign=plan.campaign, reached=0.25)
    row_of("campaigns.EffectLook")
    client = client_of("analyst")
    found = {}
    for code in ("tried", ""):
        url = reverse("export_start", args=["campaign_effects"], query={"campaign": code})
        answer = client.post(url, {"reason": "活动效果评估"})
        file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
        rows = [row for sheet in sheets_of(file).values() for row in sheet]
        found[code] = sum("900" in map(str, row) or 900 in row for row in rows)
    assert found == {"tried": 1, "": 2}
    unknown = reverse("export_start", args=["campaign_effects"], query={"campaign": "none"})
    assert client.post(unknown, {"reason": "活动效果评估"}).status_code == 422
