"""The era of branches: what the rule makes of counts, and who sees it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.era import queries, rules
from campaigns.era.enums import ShareCode, Unknown
from campaigns.planning.enums import Era
from merchants.evidence.rules import months
from portal.kit import clock
from portal.models import Branch
from portal.staff.access import Scope
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

ClientOf = Callable[..., Client]
LIMITS = rules.Limits(
    fewest_cards=10, known_percent=50, fewest_customers=20, pull=50, batch=30, reached=25,
    partners=40,
)  # fmt: skip
FULL: dict[str, Any] = {
    "months": 2, "cards": 20, "pulled": 9, "batched": 6, "brought": 5, "customers": 100,
    "reached": 25, "spent": Decimal(1000), "placed": Decimal(900), "at_partners": Decimal(400),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "era", "still_open"),
    [
        ({}, Era.ECOSYSTEM, ()),
        ({"at_partners": Decimal("399.99")}, Era.CUSTOMER, ()),
        ({"reached": 24}, Era.BATCH, ()),  # partners alone make no ecosystem
        ({"reached": 24, "batched": 5, "pulled": 10}, Era.PRODUCT, ()),
        ({"reached": 24, "batched": 5, "pulled": 9}, None, ()),
        ({"customers": 39, "reached": 39}, Era.BATCH, (Era.ECOSYSTEM, Era.CUSTOMER)),
        ({"placed": Decimal(0), "at_partners": Decimal(0)}, Era.CUSTOMER, (Era.ECOSYSTEM,)),
        ({"cards": 41, "reached": 0}, None, (Era.BATCH, Era.PRODUCT)),
    ],
)
def test_the_highest_era_of_which_all_is_reached_counts(
    changes: dict[str, Any], era: Era | None, still_open: tuple[Era, ...]
) -> None:
    found = rules.judge(rules.Sums(**(FULL | changes)), LIMITS)
    assert (found.era, found.open) == (era, still_open)
    assert found.is_unknown is (era is None and bool(still_open))


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"pulled": 0, "batched": 5, "brought": 4}, ShareCode.PULL, Unknown.FEW_CARDS),
        ({"cards": 41}, ShareCode.BATCH, Unknown.NO_ORIGIN),
        ({"customers": 39}, ShareCode.REACHED, Unknown.FEW_CUSTOMERS),
        ({"placed": Decimal(0)}, ShareCode.PARTNERS, Unknown.NO_MERCHANTS),
        ({"spent": Decimal(0)}, ShareCode.PARTNERS, Unknown.NO_SPENDING),
        ({"months": 0}, ShareCode.REACHED, Unknown.NOT_COUNTED),
    ],
)
def test_what_lacks_data_is_not_known_and_says_why(
    changes: dict[str, Any], code: ShareCode, why: Unknown
) -> None:
    share = rules.judge(rules.Sums(**(FULL | changes)), LIMITS).share(code)
    assert (share.unknown, share.percent) == (why, None)


def counted(branch: Branch, months_back: int = 6, **values: Any) -> None:
    for month in months.whole_before(clock.today(), months_back):
        row_of("campaigns.EraMonth", branch=branch, month=month, **values)


def set_rule(**values: Any) -> None:
    row_of("campaigns.EraRule", effective_date=dt.date(2020, 1, 1), **values)


@pytest.mark.django_db
def test_a_branch_counts_with_those_below_it_and_only_in_months_that_were_counted() -> None:
    region = BranchFactory()
    below = BranchFactory(parent=region, path=f"{region.path}Q1/", code="Q1")
    counted(region, cards=10, pulled=8, batched=0, brought=0)
    counted(below, cards=10, pulled=1, batched=9, brought=0)
    set_rule(months=6)
    on = clock.today()
    rule = queries.rule_on(on)
    assert rule is not None
    both, own = queries.eras_of(branches=[region, below], rule=rule, on=on)
    assert (both.standing.share("pull").part, both.standing.share("pull").whole) == (54, 108)
    assert (own.standing.share("pull").part, own.standing.share("pull").whole) == (6, 60)
    assert next(iter(both.by_month.values())) is None  # of twelve shown, six were counted
    longer = row_of("campaigns.EraRule", effective_date=on, months=7)
    [era] = queries.eras_of(branches=[region], rule=longer, on=on)  # type: ignore[arg-type]
    assert {share.unknown for share in era.standing.shares} == {Unknown.NOT_COUNTED}


@pytest.mark.django_db
def test_people_see_the_branches_below_theirs_with_the_formula(client_of: ClientOf) -> None:
    own, other = BranchFactory(), BranchFactory()
    counted(own)
    counted(other)
    set_rule()
    client = client_of(StaffFactory(role="branch_manager", branch=own))
    page = client.get(reverse("era_list"))
    assert [one["era"].branch for one in page.context["eras"]] == [own]
    text = page.content.decode()
    assert other.label not in text
    assert text.count('role="img"') == 4
    assert client.get(reverse("export_start", args=["eras"])).status_code == 200
    home = client.get(reverse("home")).content.decode()
    assert reverse("era_list") in home
    whole = queries.branches_within(Scope(branch_path=""))
    assert {own.pk, other.pk} <= {one.pk for one in whole}


@pytest.mark.django_db
def test_without_a_rule_nothing_is_judged(client_of: ClientOf) -> None:
    counted(BranchFactory())
    page = client_of(StaffFactory(role="analyst")).get(reverse("era_list"))
    assert page.status_code == 200
    assert "empty-message" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "next_era"),
    [
        ({"pulled": 0}, Era.ECOSYSTEM),  # in 3.0, though too few cards came by pull for 1.0
        ({"pulled": 0, "reached": 0}, Era.CUSTOMER),
        ({"pulled": 9, "batched": 0, "brought": 11, "reached": 0}, Era.PRODUCT),
        ({"pulled": 0, "placed": Decimal(1000), "at_partners": Decimal(900)}, None),
    ],
)
def test_the_home_page_tells_the_next_era_above_the_own_and_never_one_below(
    client_of: ClientOf, changes: dict[str, Any], next_era: Era | None
) -> None:
    own = BranchFactory()
    usual = {
        "cards": 20, "pulled": 9, "batched": 20, "brought": 0, "customers": 100, "reached": 100,
        "spent": Decimal(1000), "placed": Decimal(1000), "at_partners": Decimal(0),
    }  # fmt: skip
    counted(own, **usual | changes)
    set_rule()
    home = client_of(StaffFactory(role="branch_manager", branch=own)).get(reverse("home"))
    step = home.context["next_step"]
    assert (step.era if step else None) == next_era
