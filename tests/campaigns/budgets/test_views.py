"""The budget page, its part on the campaign's page, the ledger, the home panel, the file."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from campaigns.budgets import rules
from campaigns.budgets.exports import BUDGET_LEDGER
from campaigns.models import BudgetBook, CampaignVersion
from campaigns.rewards import operations as rewards
from portal.models import Staff
from tests.factories.campaigns import draft
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, tier, used_card, version_with
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

SHARES = {"bank": "66.66", "M1": "33.34"}


def get(client: Any, name: str, *arguments: str, **asked: str) -> Any:
    answer = client.get(reverse(name, args=arguments), asked, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer


def spent(total: str | None = "50.00", people: int = 3) -> CampaignVersion:
    """A campaign that granted to some people today."""
    budget: dict[str, Any] = {"shares": SHARES} | ({"total": total} if total else {})
    version = version_with(tier(stock=10), budget=budget)
    ask(version, [candidate(used_card()) for _number in range(people)])
    return version


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def test_before_the_first_run_the_page_says_what_begins_it(client_of: Any) -> None:
    code = draft().campaign.code
    page = get(client_of("campaign_manager"), "budget_page", code)
    assert page.context["book"] is None
    assert "account of a campaign begins" in page.content.decode() or "账" in page.content.decode()


def test_the_page_shows_each_limit_and_how_long_it_lasts(client_of: Any) -> None:
    version = spent()
    page = get(client_of("analyst"), "budget_page", version.campaign.code)
    found = [(line.used, line.planned, line.left, line.percent) for line in page.context["lines"]]
    assert found == [
        ("¥30", "¥50", "¥20", 60),
        ("¥10", "¥16.67", "¥6.67", 59),
        ("¥20", "¥33.33", "¥13.33", 60),
        ("3", "10", "7", 30),
    ]
    # 30 yuan in one day so far: 20 more last one day, 7 units three days.
    days = [line.forecast.on for line in page.context["lines"] if line.forecast]
    assert days == [ON + dt.timedelta(days=1), ON + dt.timedelta(days=3)]
    assert "¥20" in page.context["chart"]["picture"]


def test_without_a_total_the_chart_shows_what_days_cost(client_of: Any) -> None:
    version = spent(total=None)
    page = get(client_of("analyst"), "budget_page", version.campaign.code)
    assert "¥30" in page.context["chart"]["picture"]
    assert [line.planned for line in page.context["lines"]] == ["", "", "", "10"]


def test_a_budget_used_up_is_told_on_both_pages_and_to_its_owner(client_of: Any) -> None:
    version = spent(total="20.00")
    owner, other = version.campaign.owner, StaffFactory(role="campaign_manager")
    part = client_of(owner).get(
        reverse("budget_state", args=[version.campaign.code]), headers={"HX-Request": "true"}
    )
    page = get(client_of(owner), "budget_page", version.campaign.code)
    for shown in (part, page):
        assert 'role="alert"' in shown.content.decode()
    for person, is_told in ((owner, True), (other, False), (StaffFactory(role="compliance"), True)):
        home = get(client_of(person), "home").content.decode()
        link = reverse("budget_page", args=[version.campaign.code])
        assert (link in home) == is_told


def home_of(client: Any) -> str:
    """The home page in English."""
    client.post(reverse("set_language"), {"language": "en"})
    return str(get(client, "home").content.decode())


@pytest.mark.parametrize(("people", "is_told"), [(1, False), (2, True), (3, True)])
def test_the_owner_hears_of_a_branch_whose_budget_is_used_up(
    client_of: Any, people: int, is_told: bool
) -> None:
    # Of 25.00 the third reward of 10.00 does not fit any more; other branches go on.
    branch, free = BranchFactory(code="HZ"), BranchFactory(code="NB")
    version = version_with(tier(), budget={"branches": {"HZ": "25.00", "NB": "500.00"}})
    cards = [used_card(customer__branch=branch) for _number in range(people)]
    cards += [used_card(customer__branch=free) for _number in range(3)]
    ask(version, [candidate(card) for card in cards])
    owner, other = version.campaign.owner, StaffFactory(role="campaign_manager")
    compliance = StaffFactory(role="compliance")
    for person, hears in ((owner, is_told), (other, False), (compliance, is_told)):
        home = home_of(client_of(person))
        assert (f"grants nothing more to customers of {branch.name_en}:" in home) == hears
        assert f"grants nothing more to customers of {free.name_en}:" not in home


def test_a_campaign_that_is_over_tells_of_no_branch(client_of: Any) -> None:
    branch = BranchFactory(code="HZ")
    version = version_with(
        tier(),
        budget={"branches": {"HZ": "10.00"}},
        runs_to=(ON + dt.timedelta(days=1)).isoformat(),
    )
    ask(version, [candidate(used_card(customer__branch=branch))])
    for days, is_told in ((0, True), (1, False)):
        with time_machine.travel(AT + dt.timedelta(days=days), tick=False):
            home = home_of(client_of(version.campaign.owner))
        assert ("grants nothing more to customers" in home) == is_told


def test_the_owner_hears_that_a_tier_ran_out_while_a_lower_one_is_still_given(
    client_of: Any,
) -> None:
    version = version_with(
        tier("low"), tier("high", "20.00", name_en="The high one", stock=1),
        budget={"total": "1000.00"},
    )  # fmt: skip
    owner, compliance = client_of(version.campaign.owner), client_of("compliance")
    other, said = client_of("campaign_manager"), "the tier The high one ran out"
    ask(version, [candidate(used_card(), 0)])
    assert said not in home_of(owner)
    awards = ask(version, [candidate(used_card(), 0, 1), candidate(used_card(), 0, 1)])
    assert [one.tiers for one in awards] == [("high",), ("low",)]
    assert (said in home_of(owner), said in home_of(compliance)) == (True, True)
    assert said not in home_of(other)


@pytest.mark.parametrize(("people", "is_told"), [(1, False), (2, True), (3, True)])
def test_the_owner_hears_that_the_limit_of_a_day_ended(
    client_of: Any, people: int, is_told: bool
) -> None:
    # Of 25.00 a day the third reward of 10.00 does not fit; the next day grants again.
    version = version_with(tier(), budget={"per_day": "25.00", "total": "1000.00"})
    awards = ask(version, [candidate(used_card()) for _number in range(people)])
    refused = ["over_budget_day"] * (people > 2)
    assert [one.answer for one in awards] == ["granted"] * min(people, 2) + refused
    owner, other = version.campaign.owner, StaffFactory(role="campaign_manager")
    compliance = StaffFactory(role="compliance")
    for person, hears in ((owner, is_told), (other, False), (compliance, is_told)):
        said = "granted nothing more on 2026-06-30: the day's budget was used up"
        assert (said in home_of(client_of(person))) == hears
    assert "out of budget" not in home_of(client_of(owner))  # nothing is to be done
    # In the morning after it is heard of, and not after that.
    for days, hears in ((1, is_told), (2, False)):
        with time_machine.travel(AT + dt.timedelta(days=days), tick=False):
            assert ("the day's budget was used up" in home_of(client_of(owner))) == hears


def test_the_owner_hears_that_the_share_of_a_merchant_ended(client_of: Any) -> None:
    # Half of 80.00 was the merchant's to bear; of the newer 200.00 it bears a fifth: forty.
    earlier = version_with(budget={"total": "100.00", "shares": {"bank": "50.00", "M1": "50.00"}})
    ask(earlier, [candidate(used_card()) for _number in range(8)])
    shares = {"bank": "80.00", "M1": "20.00"}
    version = version_with(tier(), budget={"total": "200.00", "shares": shares})
    owner, other = version.campaign.owner, StaffFactory(role="campaign_manager")
    said = "grants nothing more since 2026-06-30 14:00: Who bears the cost"
    assert said not in home_of(client_of(owner))
    [award] = ask(version, [candidate(used_card())])
    assert award.answer == "over_budget_party"
    for person, hears in ((owner, True), (other, False), (StaffFactory(role="compliance"), True)):
        assert (said in home_of(client_of(person))) == hears
    page = get(client_of(owner), "budget_page", version.campaign.code)
    assert 'role="alert"' in page.content.decode()
    assert page.context["book"].refused_kind == "party"


def test_a_lowered_budget_shows_by_how_much_it_is_exceeded(client_of: Any) -> None:
    spent(total="50.00")
    newer = version_with(tier(stock=10), budget={"total": "25.00", "shares": SHARES})
    ask(newer, [candidate(used_card())])
    page = get(client_of("analyst"), "budget_page", newer.campaign.code)
    line = page.context["lines"][0]
    assert (line.used, line.planned, line.left, line.over) == ("¥30", "¥25", "", "¥5")
    assert line.is_used_up


def test_what_was_taken_back_stands_with_its_reason(client_of: Any) -> None:
    version = version_with()
    card = used_card(issued_date=DAY)
    TransactionFactory(card=card, amount=Decimal(600), posted_date=DAY)
    ask(version, [candidate(card)], run=run_of(version))
    TransactionFactory(card=card, kind="refund", amount=Decimal(-300), posted_date=DAY)
    rewards.reopen_grants(on=ON, at=AT)
    manager = StaffFactory(role="campaign_manager", branch=card.customer.branch)
    page = get(client_of(manager), "budget_page", version.campaign.code)
    assert [(one.have, one.row.on_date) for one in page.context["taken_back"]] == [("¥300", ON)]
    elsewhere = StaffFactory(role="branch_manager", branch=BranchFactory())
    page = get(client_of(elsewhere), "budget_page", version.campaign.code)
    assert page.context["taken_back"] == []


@pytest.mark.parametrize(("asked", "rows"), [
    ({}, 6), ({"party": "M1"}, 3), ({"kind": "release"}, 0), ({"campaign": "first-gift"}, 6),
    ({"first": "2026-07-01"}, 0), ({"last": "2026-06-30"}, 6),
    ({"first": "2026-07-01", "last": "2026-06-01"}, 0), ({"first": "x"}, 6), ({"party": "?"}, 6),
])  # fmt: skip
def test_the_ledger_is_filtered_and_a_wrong_filter_is_left_out(
    client_of: Any, asked: dict[str, str], rows: int
) -> None:
    spent()
    page = get(client_of("campaign_manager"), "budget_ledger", **asked)
    assert len(page.context["rows"]) == rows


def test_the_ledger_shows_the_persons_branches_only_and_so_does_its_file(client_of: Any) -> None:
    version = version_with(budget={"total": "100.00"})
    own, other = used_card(), used_card()
    ask(version, [candidate(own), candidate(other)])
    manager = StaffFactory(role="branch_manager", branch=own.customer.branch)
    page = get(client_of(manager), "budget_ledger")
    assert [row.customer_id for row, _party in page.context["rows"]] == [own.customer_id]
    rows = list(BUDGET_LEDGER.read(manager, QueryDict(), ON).rows)
    assert [(row[0], row[1], row[6], row[7]) for row in rows] == [
        (ON, "first-gift", Decimal("10.00"), 1)
    ]
    assert len(rows[0]) == len(BUDGET_LEDGER.columns)


@pytest.mark.parametrize(("left", "recent", "days", "on"), [
    ("100", "50", 5, dt.date(2026, 7, 10)),
    ("101", "50", 5, dt.date(2026, 7, 11)),
    ("0", "50", 5, ON),
    ("-5", "50", 5, ON),
    ("100", "0", 5, None),
    ("100", "-1", 5, None),
    ("100", "50", 0, None),
    ("1000000", "1", 14, None),
])  # fmt: skip
def test_the_day_of_exhaustion_is_reckoned_from_the_pace(
    left: str, recent: str, days: int, on: dt.date | None
) -> None:
    found = rules.forecast(left=Decimal(left), recent=Decimal(recent), days=days, on=ON)
    assert found.on == on


def test_what_is_left_burns_down_day_by_day() -> None:
    used = {ON: Decimal(30), ON - dt.timedelta(days=2): Decimal(20), DAY: Decimal(10)}
    left = rules.burn_down(Decimal(100), used, ON - dt.timedelta(days=2), ON)
    assert [amount for _day, amount in left] == [70, 70, 40]


def test_a_run_that_reckons_shows_on_no_page(client_of: Any) -> None:
    version = version_with(budget={"total": "5.00"})
    ask(version, [candidate(used_card())], is_live=False)
    assert BudgetBook.objects.get().refused_at is None
    page = get(client_of("campaign_manager"), "budget_page", version.campaign.code)
    assert page.context["book"] is None


def test_of_branches_limits_those_in_the_scope_are_shown(client_of: Any) -> None:
    own, other = BranchFactory(name_en="Own Branch"), BranchFactory(name_en="Other Branch")
    book = row_of("campaigns.BudgetBook")
    row_of("campaigns.BudgetLimit", book=book, kind="campaign", key="")
    for branch in (own, other):
        row_of("campaigns.BudgetLimit", book=book, kind="branch", key=branch.code, branch=branch)

    def seen(staff: Staff) -> tuple[bool, bool]:
        client = client_of(staff)
        text = client.get(reverse("budget_page", args=[book.campaign.code])).content.decode()
        return "Own Branch" in text, "Other Branch" in text

    manager = StaffFactory(role="branch_manager", branch=own, language="en")
    assert seen(manager) == (True, False)
    assert seen(StaffFactory(role="compliance", language="en")) == (True, True)
