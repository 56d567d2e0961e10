"""Every fact of a campaign stands on its page, in the reader's language."""

import html
from typing import Any

import pytest
from django.urls import reverse

from tests.factories.campaigns import TIER, draft
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
SAID = {
    "en": {
        "Name": "新户首刷礼 / First gift",
        "Objective": "Activate",
        "Journey stage": "Activation and use",
        "Era": "2.0 Batch acquisition",
        "Runs": "Granted from 2026-01-01 to 2026-12-31, both days included.",
        "Branches": "West Branch",
        "Partners": "Tea house",
        "Priority": "7 (0 comes first)",
        "Exclusive group": "One of two · for good",
        "Rewards the same spending beside": "Beside",
        "Cards issued": "2026-01-01 to 2026-05-31",
        "Card products": "Gold card",
        "Reward": "首刷礼 / First-transaction gift · ¥10 · stock 9",
        "Budget": "¥900",
        "Budget of a day": "¥80",
        "Most for one customer": "¥10",
        "Budget by branch": "West Branch ¥70",
        "Borne by": "Tea house 60.00%, the bank 40.00%",
        "Left out for comparison": "5%",
        "Channels": "SMS, E-mail",
        "Message text": "first_gift",
    },
    "zh-hans": {
        "名称": "新户首刷礼 / First gift",
        "目标": "促活",
        "客户旅程阶段": "激活与使用",
        "业务阶段": "2.0 批量获客",
        "运行": "发放期为 2026-01-01 至 2026-12-31（含首尾两日）。",
        "机构": "西支行",
        "合作商户": "茶馆",
        "优先级": "7（0 最先）",
        "互斥组": "二选一 · 长期",
        "就同一消费同时给奖": "并行礼",
        "核发日期": "2026-01-01 至 2026-05-31",
        "卡产品": "金卡",
        "奖励": "首刷礼 / First-transaction gift · ¥10 · 库存 9",
        "预算": "¥900",
        "单日预算": "¥80",
        "每位客户上限": "¥10",
        "机构预算": "西支行 ¥70",
        "承担方": "茶馆 60.00%、本行 40.00%",
        "对照组比例": "5%",
        "渠道": "短信、电子邮件",
        "消息模板": "first_gift",
    },
}
# Those of the campaign itself, beside the plan: its owner and its scenario.
BESIDE = {"en": ["Manager Zhao", "Dining"], "zh-hans": ["赵经理", "餐饮"]}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_fact_of_the_plan_stands_on_its_page(client_of: Any, language: str) -> None:
    BranchFactory(code="W", name="西支行", name_en="West Branch")
    MerchantFactory(number="M1", name="茶馆", name_en="Tea house")
    row_of("campaigns.ExclusiveGroup", code="one-of-two", name="二选一", name_en="One of two")
    draft(code="beside", name="并行礼", name_en="Beside")
    draft(
        owner=StaffFactory(role="campaign_manager", name="赵经理", name_en="Manager Zhao"),
        branches=["W"], merchants=["M1"], stacks_with=["beside"], priority=7, group="one-of-two",
        scenario="dining", control_percent=5, rewards={"tiers": [TIER | {"stock": 9}]},
        budget={"total": "900.00", "per_day": "80.00", "per_customer": "10.00",
                "branches": {"W": "70.00"}, "shares": {"bank": "40.00", "M1": "60.00"}},
    )  # fmt: skip
    client = client_of(StaffFactory(role="analyst", language=language))
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert page.context["facts"] == list(SAID[language].items())
    text = html.unescape(page.content.decode())
    said = [*(word for pair in SAID[language].items() for word in pair), *BESIDE[language]]
    assert [one for one in said if one not in text] == []
