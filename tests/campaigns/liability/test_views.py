"""The part of the budget page that says what will still be granted, and its file."""

import datetime as dt
import html
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import queries as eligibility
from campaigns.liability import queries, rules
from campaigns.liability.enums import Ground, Why
from campaigns.liability.exports import LIABILITIES
from campaigns.models import CampaignVersion
from portal.kit import money
from tests.campaigns.rewards.test_multiples import ran
from tests.factories.campaigns import draft
from tests.factories.journeys import TransactionFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, tier, used_card, version_with

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SHARES = {"bank": "75.00", "M1": "25.00"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def granting(
    days: int, *, per_day: int = 2, opening: int = 5, branches: Any = None, **changes: Any
) -> CampaignVersion:
    """A campaign that opened so many days before yesterday, and granted 10 yuan to as many people
    on each day up to yesterday, of branches in turn."""
    budget = {"total": "9000.00", "shares": SHARES} | changes.pop("budget", {})
    version = version_with(tier(), budget=budget, **changes)
    run = run_of(version)
    places = branches or [BranchFactory()]
    opened = ON - (days + 1) * DAY
    type(run).objects.filter(pk=run.pk).update(cleared_at=AT - (days + 1) * DAY)
    for number in range(days + 1):
        count = per_day if number else opening
        people = [
            candidate(used_card(customer__branch=places[one % len(places)])) for one in range(count)
        ]
        ask(version, people, run=run, on=opened + number * DAY)
    return version


def part_of(client: Any, version: CampaignVersion, language: str = "en") -> Any:
    answer = client.get(
        reverse("liability_state", args=[version.campaign.code]),
        {"campaign": version.campaign.code},
        headers={"HX-Request": "true", "Accept-Language": language},
    )
    assert answer.status_code == 200
    return answer


def seen(version: CampaignVersion) -> queries.Outlook:
    return queries.outlook(version.campaign, on=ON)


def test_the_page_says_what_will_be_granted_to_the_last_day_and_the_file_says_the_same(
    client_of: Any,
) -> None:
    version = granting(20, runs_to=(ON + 10 * DAY).isoformat())
    analyst = StaffFactory(role="analyst")
    part = part_of(client_of(analyst), version)
    found, text = part.context["outlook"], part.content.decode()
    assert (found.granted, found.days, found.ground) == (Decimal(450), 20, Ground.OWN)
    assert (found.first, found.until, found.is_whole) == (ON, ON + 9 * DAY, True)
    # Twenty yuan on each of ten days.
    assert found.still.low - 5 <= 200 <= found.still.high + 5
    assert found.still.expected == pytest.approx(200, abs=10)
    assert found.in_all.expected == found.still.expected + 450
    names = [(row.part, row.granted) for row in part.context["rows"]]
    assert [granted for _part, granted in names] == [450, Decimal("112.50"), Decimal("337.50"), 450]
    for row in part.context["rows"]:
        shown = [row.granted, row.still.expected, row.still.low, row.still.high]
        assert all(money.show(one) in text for one in shown)
    file = list(LIABILITIES.read(analyst, QueryDict(f"campaign={version.campaign.code}"), ON).rows)
    assert [row[4:8] for row in file] == [
        (row.granted, row.still.expected, row.still.low, row.still.high)
        for row in part.context["rows"]
    ]
    assert {len(row) for row in file} == {len(LIABILITIES.columns)}
    assert [row[:2] for row in LIABILITIES.read(analyst, QueryDict(), ON).rows] == [
        row[:2] for row in file
    ]


def test_parties_bear_their_shares_and_branches_add_up() -> None:
    version = granting(20, per_day=4, branches=[BranchFactory(), BranchFactory()])
    found = seen(version)
    assert found.still is not None
    parts = {one.key: one.still.expected for one in found.parties}
    assert parts["M1"] == pytest.approx(found.still.expected / 4, abs=Decimal("0.02"))
    for lines in (found.parties, found.branches, found.tiers):
        whole = sum(one.still.expected for one in lines)
        assert whole == pytest.approx(found.still.expected, abs=Decimal("0.05"))
        assert sum(one.granted for one in lines) == found.granted


def test_what_the_limits_leave_is_the_most() -> None:
    version = granting(20, budget={"total": "500.00"})
    found = seen(version)
    assert found.still is not None
    assert found.at_most == pytest.approx(Decimal(50), abs=Decimal("0.10"))
    assert (found.still.low, found.still.high, found.used_up) == (50, 50, 100.0)


def test_a_branch_sees_its_own_lines(client_of: Any) -> None:
    own, other = BranchFactory(name_en="Own Branch"), BranchFactory(name_en="Other Branch")
    version = granting(20, per_day=4, branches=[own, other])
    manager = StaffFactory(role="branch_manager", branch=own, language="en")
    text = part_of(client_of(manager), version).content.decode()
    assert ("Own Branch" in text, "Other Branch" in text) == (True, False)
    asked = QueryDict(f"campaign={version.campaign.code}")
    names = {row[3] for row in LIABILITIES.read(manager, asked, ON).rows}
    assert {own.label, other.label} & names == {own.label}


@pytest.mark.parametrize(("days", "why"), [(13, Why.TOO_FEW), (14, None)])
def test_with_too_few_days_it_says_so(client_of: Any, days: int, why: Why | None) -> None:
    version = granting(days)
    part = part_of(client_of(StaffFactory(role="analyst", language="en")), version)
    assert part.context["outlook"].why == why
    assert ("Known are 13 days" in part.content.decode()) == (why is not None)
    assert bool(part.context["rows"]) == (why is None)


def test_days_of_an_earlier_version_do_not_count() -> None:
    granting(20)
    newer = version_with(tier(value="20.00"), budget={"total": "9000.00", "shares": SHARES})
    assert seen(newer).why == Why.TOO_FEW
    ask(newer, [candidate(used_card())])
    assert (seen(newer).why, seen(newer).days) == (Why.TOO_FEW, 0)


@pytest.mark.parametrize(("change", "why"), [
    ({"stopped": True}, Why.STOPPED),
    ({"runs_to": ON.isoformat()}, Why.OVER),
    ({"budget": {"total": "459.00"}}, Why.USED_UP),
])  # fmt: skip
def test_where_nothing_is_granted_any_more_the_reason_is_told(
    client_of: Any, change: dict[str, Any], why: Why
) -> None:
    stops = change.pop("stopped", False)
    version = granting(20, **change)
    if stops:
        campaign = version.campaign
        type(campaign).objects.filter(pk=campaign.pk).update(stopped_at=AT)
        version.refresh_from_db()
        version = CampaignVersion.objects.select_related("campaign").get(pk=version.pk)
    assert seen(version).why == why
    text = part_of(client_of(StaffFactory(role="analyst", language="en")), version).content.decode()
    with translation.override("en"):
        assert str(why.label) in html.unescape(text)


def test_whom_the_limit_of_a_day_refused_is_still_to_be_granted() -> None:
    """Ten wait since the opening, as the figures of the run say: a hundred yuan."""
    version = granting(20, budget={"per_day": "30.00"})
    before, opened = seen(version).still, ON - 21 * DAY
    assert eligibility.refused_for_the_day(version.pk, before=ON) == {opened: 0}
    version.runs.update(figures={"tally": {"award": {"over_budget_day": [10, "0.00"]}}})
    after = seen(version).still
    assert before is not None
    assert after is not None
    assert before.expected == pytest.approx(20 * 40, abs=10)
    assert after.expected == pytest.approx(before.expected + 100, abs=Decimal("0.02"))
    assert eligibility.refused_for_the_day(version.pk, before=ON) == {opened: 10}
    assert eligibility.refused_for_the_day(version.pk, before=opened) == {}


def test_a_forecast_ends_where_the_days_that_are_known_say_no_more() -> None:
    found = seen(granting(14))
    assert (found.until, found.is_whole) == (ON + 27 * DAY, False)


RULE = {
    "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-03-01",
    "last_date": "2026-12-20", "last_day": "inside", "at_least": "500.00",
}  # fmt: skip


def tried(days: int, stock: int | None = None, **changes: Any) -> CampaignVersion:
    """A campaign that never ran, and people who come to qualify, two on each of so many days up to
    yesterday, and five before these."""
    gift = tier(stock=stock) if stock else tier()
    version = version_with(gift, rule=RULE, budget={"total": "9000.00"}, **changes)
    for number in range(days):
        for _person in range(2 if number else 5):
            card = used_card(issued_date=dt.date(2026, 2, 1))
            day = ON - (days - number) * DAY
            TransactionFactory(card=card, amount=Decimal(600), posted_date=day)
    ran(version, "back_test", first=ON - days * DAY, on=ON - DAY)
    return version


def test_a_campaign_that_was_tried_is_forecast_with_its_opening() -> None:
    version = tried(16, runs_from=(ON + 2 * DAY).isoformat(), runs_to=(ON + 12 * DAY).isoformat())
    found = seen(version)
    assert (found.ground, found.days, found.granted) == (Ground.BACK_TEST, 15, 0)
    assert (found.first, found.until, found.is_whole) == (ON + 2 * DAY, ON + 11 * DAY, True)
    # Fifty on the first day, twenty on each of nine more.
    assert found.still is not None
    assert found.still.expected == pytest.approx(230, abs=30)
    assert found.still.low <= 230 <= found.still.high


def test_a_back_test_whose_limit_ended_early_does_not_do() -> None:
    version = tried(16, stock=20)
    assert seen(version).why == Why.ENDED_EARLY


def test_a_back_test_of_earlier_days_is_asked_for_once_more() -> None:
    version = tried(16)
    run = version.runs.get()
    del run.figures["tally"]["daily"]
    run.save()
    assert seen(version).why == Why.NO_BRANCHES


def test_a_draft_without_days_says_how_many_it_needs(client_of: Any) -> None:
    version = draft()
    part = part_of(client_of(StaffFactory(role="analyst", language="en")), version)
    assert f"at least {rules.FEWEST_DAYS}" in part.content.decode()
    assert part.context["outlook"].granted == 0


def test_the_budget_page_asks_for_it_and_in_chinese_it_is_chinese(client_of: Any) -> None:
    version = granting(14)
    client = client_of(StaffFactory(role="analyst", language="zh-hans"))
    page = client.get(reverse("budget_page", args=[version.campaign.code])).content.decode()
    assert reverse("liability_state", args=[version.campaign.code]) in page
    text = part_of(client, version, "zh-hans").content.decode()
    assert "预计" in text
    assert "expected" not in text
