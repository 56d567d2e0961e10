"""Who has never seen the portal can say from the home page what to do today: what, how many, until
when, and where."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.kit import clock
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import posts
from tests.factories.journeys import (
    ApplicationFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.promises import promised
from tests.project.listings import everything
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
ON, DAY = posts.DAY, dt.timedelta(days=1)
AT = clock.at_time(ON, dt.time(11))
HOUR = dt.timedelta(hours=1)


def work_of(boss: Staff) -> None:
    """A day's work of a branch: each kind once or more, and of another branch the same."""
    ContactRuleFactory()
    set_policy()
    for branch in (boss.branch, BranchFactory()):
        for at in (AT - 3 * DAY, AT - HOUR, AT + HOUR):
            promised(caller(branch), at, made=AT - 5 * DAY)
        for _lead in range(2):
            LeadFactory(branch=branch)
        here = CustomerFactory(branch=branch)
        for days in (21, 16):
            filed = ON - days * DAY
            ApplicationFactory(customer=here, filed_date=filed, state="filed", decided_date=None)
        for days in (31, 28):  # special complaints, to be answered within 30 days
            row_of("journeys.Complaint", customer=here, opened_date=ON - days * DAY)
        posts.post_at(posts.store_of(branch=branch))
        partnership = row_of("merchants.Partnership", branch=branch)
        row_of("merchants.PartnershipTask", partnership=partnership, due_date=ON - 2 * DAY)


@time_machine.travel(AT, tick=False)
@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "Today: 2 promises overdue, 1 partnership task overdue, 1 application over 20 days, "
               "1 complaint overdue, 1 promise for today, 2 leads without anyone. "
               "Further lines below: 3."),
        ("zh-hans", "今日：2 个约定回电逾期，1 项合作任务逾期，1 笔申请超过 20 天，1 件投诉逾期，"
                    "今日约定回电 1 个，2 条线索无人认领。另有 3 项见下方清单。"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
def test_a_branch_manager_reads_what_is_to_be_done_today(
    client_of: ClientOf, language: str, summary: str
) -> None:
    boss = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory(), language=language)
    work_of(boss)
    client = client_of(boss)
    response = client.get("/")
    page, text = response.context["page"], response.content.decode()
    assert page.summary == summary
    assert summary in text
    assert [(one.number, one.is_late, one.until, one.url) for one in page.todo] == [
        ("2", True, f"{AT - 3 * DAY:%Y-%m-%d} 11:00", reverse("lead_watch")),
        ("1", True, f"{ON - 2 * DAY}", reverse("partnership_mine")),
        ("1", True, f"{ON - DAY}", f"{reverse('application_clock')}?clock=over"),
        ("1", True, f"{ON - DAY}", reverse("complaint_list")),
        ("1", False, f"{ON} 12:00", reverse("lead_watch")),
        ("2", False, "", reverse("lead_pool")),
        ("1", False, f"{ON}", reverse("post_rota")),
        ("1", False, f"{ON + 2 * DAY}", reverse("complaint_list")),
        ("1", False, f"{ON + 4 * DAY}", f"{reverse('application_clock')}?clock=near"),
    ]
    for one in page.todo:
        assert f'href="{one.url.replace("&", "&amp;")}"' in text
        assert one.label in text
        assert client.get(one.url).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_each_line_leads_to_a_page_that_the_role_may_open(client_of: ClientOf, role: str) -> None:
    set_policy()
    person = StaffFactory(role=role, branch=BranchFactory())
    everything(person, {})
    client = client_of(person)
    page = client.get("/").context["page"]
    assert [one.code for one in [*page.work, *page.figures] if one.has_failed] == []
    answers = {one.url: client.get(one.url).status_code for one in page.todo}
    assert answers == dict.fromkeys(answers, 200)
    assert client.get("/figures/").status_code == 200
