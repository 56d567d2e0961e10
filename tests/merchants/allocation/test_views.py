"""The pages of promotion money, as those who may use them."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from merchants.allocation import operations, queries
from merchants.models import CityTier, FundEntry, FundLine, FundPlan, FundShare, Merchant
from portal.exports import queries as kinds
from portal.kit import clock
from portal.kit.registry import BadFilter
from tests.factories import funds as made
from tests.factories import intake, partnerships
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
PLAN = {"name": "暑期促销", "first_date": "2026-07-01", "last_date": "2026-08-31", "budget": "9000"}


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def test_a_plan_is_made_split_and_submitted_on_its_pages(client_of: ClientOf) -> None:
    made.set_level()
    me = partnerships.manager()
    row, client = made.partner(leader=me), client_of(me)
    assert client.post(at("fund_new"), PLAN | {"last_date": "2026-06-30"}).status_code == 422
    assert client.post(at("fund_new"), PLAN | {"reach_percent": "5"}).status_code == 422
    answer = client.post(at("fund_new"), PLAN)
    plan = FundPlan.objects.get()
    assert answer["Location"] == at("fund_partners", plan.pk)
    offered = client.get(at("fund_partners", plan.pk)).context["form"]
    assert [one for one, _label in offered.fields["partnerships"].choices] == [row.pk]
    client.post(at("fund_partners", plan.pk), {"partnerships": [row.pk]})
    line = FundLine.objects.get()
    page = client.get(at("fund_page", plan.pk))
    assert (page.context["seen"].lacking, page.context["is_solved"]) == (1, False)
    given = {"least": "0", "most": "4000", "step": "1000", "basis": "past", "past_spent": "2000",
             "past_effect": "30000", "ceiling": "20000", "source": "2025Q3"}  # fmt: skip
    assert client.post(at("fund_line", line.pk), given).status_code == 422
    good = given | {"ceiling": "90000", "past_low": "20000", "past_high": "40000"}
    assert client.post(at("fund_line", line.pk), good)["Location"] == at("fund_page", plan.pk)
    client.post(at("fund_solve", plan.pk))
    page = client.get(at("fund_page", plan.pk))
    assert [row.line.chosen for row in page.context["rows"]] == [4000]
    shown = page.context["rows"][0]
    assert (shown.effect, shown.low, shown.high) == (
        45_000,
        Decimal("32727.27"),
        Decimal("55384.61"),
    )
    client.post(at("fund_submit", plan.pk))
    plan.refresh_from_db()
    assert plan.state == "waiting"
    client.post(at("fund_withdraw", plan.pk))
    plan.refresh_from_db()
    assert plan.state == "draft"


def test_shares_of_groups_are_bound_and_released(client_of: ClientOf) -> None:
    plan = made.plan()
    made.line(plan)
    client = client_of(plan.owner)
    given = {"group": "scenario:dining", "least": "60", "most": "50"}
    assert client.post(at("fund_share", plan.pk), given).status_code == 422
    assert (
        client.post(at("fund_share", plan.pk), given | {"least": "0", "most": "100"}).status_code
        == 422
    )
    client.post(at("fund_share", plan.pk), given | {"least": "0"})
    share = FundShare.objects.get()
    assert (share.kind, share.value, share.least_percent, share.most_percent) == (
        "scenario", "dining", 0, 50,
    )  # fmt: skip
    client.post(at("fund_unshare", plan.pk, share.pk))
    assert FundShare.objects.count() == 0


def test_partners_are_grouped_by_the_size_of_their_city_on_the_first_day_of_the_plan() -> None:
    plan = made.plan()
    places = {"330106": "very_large", "310000": "mega", "330300": "large", "330000": None}
    for place in places:
        Merchant.objects.filter(pk=made.line(plan).partnership.merchant_id).update(
            division_code=place
        )
    CityTier.objects.create(city="3303", size="large", effective_date=made.FIRST, source="公报")
    CityTier.objects.create(
        city="3303", size="very_large", effective_date=made.FIRST + dt.timedelta(days=1),
        source="公报",
    )  # fmt: skip
    found = {
        line.partnership.merchant.division_code: dict(line.groups).get("city_tier")
        for line in queries.lines_of(plan)
    }
    assert found == places


def test_more_budget_is_not_said_to_bring_nothing_where_a_share_holds() -> None:
    plan = made.plan()
    made.line(plan)
    operations.set_share(
        plan_id=plan.pk, kind="scenario", value="dining", least=0, most=20, actor=plan.owner,
        at=made.AT,
    )  # fmt: skip
    made.solved(plan)
    with translation.override("en"):
        said = queries.shown(FundPlan.objects.get(pk=plan.pk)).next_words
    assert said == (
        "More budget would bring something only as far as it lifts the shares of groups."
    )


def test_the_three_splits_stand_side_by_side_with_their_difference() -> None:
    plan = made.plan(budget="6000")
    made.line(plan, ceiling=Decimal(900_000), last_year=Decimal(100))
    made.line(plan, last_year=Decimal(300))
    made.solved(plan)
    seen = queries.shown(FundPlan.objects.get())
    best, equal, before = seen.splits
    assert [one.spent for one in seen.splits] == [6000, 6000, 6000]
    assert [(row.line.chosen, row.equal, row.before) for row in seen.rows] == [
        (5000, 3000, 2000), (1000, 3000, 4000),
    ]  # fmt: skip
    assert equal.more_words == best.effect - equal.effect > 0
    assert before.more_words == best.effect - before.effect > 0
    assert (equal.low, before.low) == (None, None)


def test_the_ledger_books_by_its_forms_and_refuses_in_place(client_of: ClientOf) -> None:
    plan = made.approved(partners=1, **made.lasting())
    line, client = made.first_line(plan), client_of(plan.owner)
    page = client.get(at("fund_ledger", line.pk))
    assert [one["kind"] for one in page.context["forms"]] == ["commit"]
    given = {"amount": "6000", "document": "HT-9", "key": str(uuid.uuid4())}
    answer = client.post(at("fund_book", line.pk, "commit"), given)
    assert (answer.status_code, FundEntry.objects.count()) == (422, 0)
    assert [one["is_refused"] for one in answer.context["forms"]] == [True]
    for _time in range(2):
        client.post(at("fund_book", line.pk, "commit"), given | {"amount": "900"})
    commitment = FundEntry.objects.get()
    claim = {"against": commitment.pk, "amount": "500", "document": "FP-1",
             "key": str(uuid.uuid4())}  # fmt: skip
    client.post(at("fund_book", line.pk, "claim"), claim)
    page = client.get(at("fund_ledger", line.pk))
    assert [one["kind"] for one in page.context["forms"]] == ["commit", "claim", "reverse"]
    chief = client_of(made.chief(plan))
    paying = chief.get(at("fund_ledger", line.pk)).context["forms"]
    assert [one["kind"] for one in paying] == ["commit", "claim", "pay", "reverse"]
    entry = FundEntry.objects.get(kind="claim")
    pay = {"against": entry.pk, "amount": "500", "document": "S-1", "key": str(uuid.uuid4())}
    assert client.post(at("fund_book", line.pk, "pay"), pay).status_code == 422
    chief.post(at("fund_book", line.pk, "pay"), pay)
    back = {"against": commitment.pk, "amount": "400", "words": "少用", "key": str(uuid.uuid4())}
    client.post(at("fund_book", line.pk, "reverse"), back)
    account = made.first_line(plan).account
    assert (account.committed, account.claimed, account.paid) == (500, 500, 500)


def test_the_ledger_of_a_plan_that_is_over_offers_no_commitment_and_says_why(
    client_of: ClientOf,
) -> None:
    today = clock.today()
    over = {"first_date": today - dt.timedelta(days=9), "last_date": today - dt.timedelta(days=1)}
    line = made.first_line(made.approved(partners=1, **over))
    made.booked(line, "claim", "50", against=made.booked(line, "commit", "100"))
    line.plan.owner.language = "en"
    line.plan.owner.save(update_fields=["language"])
    client = client_of(line.plan.owner)
    page = client.get(at("fund_ledger", line.pk))
    assert [one["kind"] for one in page.context["forms"]] == ["claim", "reverse"]
    said = f"The last day of the plan was {over['last_date']}: nothing more is committed of it."
    assert said in page.content.decode()
    # A page that was opened while the plan ran.
    given = {"amount": "1", "document": "HT-9", "key": str(uuid.uuid4())}
    answer = client.post(at("fund_book", line.pk, "commit"), given)
    assert (answer.status_code, FundEntry.objects.count()) == (422, 2)
    assert "Amend it to a later last day" in answer.content.decode()
    on_its_last_day = made.first_line(made.approved(partners=1, **made.lasting()))
    page = client_of(on_its_last_day.plan.owner).get(at("fund_ledger", on_its_last_day.pk))
    assert (page.context["is_over"], [one["kind"] for one in page.context["forms"]]) == (
        False, ["commit"],
    )  # fmt: skip


def test_others_read_or_find_nothing(client_of: ClientOf) -> None:
    plan = made.approved(partners=1)
    line = made.first_line(plan)
    colleague = client_of(partnerships.manager(branch=plan.branch))
    assert colleague.get(at("fund_page", plan.pk)).status_code == 200
    assert colleague.get(at("fund_edit", plan.pk)).status_code == 403
    assert colleague.get(at("fund_line", line.pk)).status_code == 403
    assert colleague.get(at("fund_ledger", line.pk)).context["forms"] == []
    stranger = client_of(partnerships.manager())
    for name, key in (("fund_page", plan.pk), ("fund_ledger", line.pk)):
        assert stranger.get(at(name, key)).status_code == 404
    part = colleague.get(at("partnership_funds", line.partnership_id))
    assert [one["account"].allocated for one in part.context["lines"]] == [5000]


def test_levels_come_by_a_file_and_the_same_file_again_changes_nothing(tmp_path: Any) -> None:
    plan = made.plan()
    line = made.line(plan)
    number = line.partnership.merchant.number
    rows = [
        "plan,merchant,amount,effect,effect_low,effect_high,source",
        f"{plan.code},{number},1000,9000,5000,12000,一季度复盘",
        f"{plan.code},{number},2000,20000,,,一季度复盘",
        f"{plan.code},{number},3000,100,200,300,一季度复盘",
        f"FP999999,{number},3000,100,,,一季度复盘",
    ]
    file = "\n".join(rows)
    assert intake.counts_of(intake.take(tmp_path, "response_levels", file)) == (2, 0, 0, 2)
    line.refresh_from_db()
    assert (line.basis, line.half, line.chosen) == ("levels", None, None)
    made.solved(plan)
    assert made.first_line(plan).chosen == 2000
    assert intake.counts_of(intake.take(tmp_path, "response_levels", file)) == (0, 0, 2, 2)
    assert made.first_line(plan).chosen == 2000
    made.submitted(plan)
    assert intake.counts_of(intake.take(tmp_path, "response_levels", file)) == (0, 0, 0, 4)


def test_the_file_holds_the_plans_of_the_scope_or_one_of_them() -> None:
    plan, other = made.approved(partners=1), made.approved(partners=1)
    chief = made.chief(plan)
    kind = kinds.find_kind("fund_plans")
    assert kind is not None

    def lines(asked: str) -> list[Any]:
        return [row[0] for row in kind.read(chief, QueryDict(asked), clock.today()).rows]

    assert lines("") == lines(f"plan={plan.pk}") == [plan.code]
    assert lines("state=draft") == []
    with pytest.raises(BadFilter):
        lines(f"plan={other.pk}")


def test_a_branch_manager_takes_it_out_as_a_workbook(client_of: ClientOf) -> None:
    plan = made.approved(partners=1)
    client = client_of(made.chief(plan))
    link = reverse("export_start", args=["fund_plans"]) + f"?plan={plan.pk}"
    assert link in client.get(at("fund_page", plan.pk)).content.decode()
    answer = client.post(link, {"reason": "预算会用"})
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (answer.status_code, file.read(2)) == (200, b"PK")


def test_whoever_approves_reads_who_gets_how_much(client_of: ClientOf) -> None:
    plan = made.plan()
    line = made.line(plan)
    made.submitted(made.solved(plan))
    plan.refresh_from_db()
    approver = StaffFactory(role="approver", branch=BranchFactory())
    page = client_of(approver).get(at("approval_page", plan.submission_id)).content.decode()
    assert line.partnership.merchant.label in page
    assert "¥5,000" in page
    client_of(approver).post(at("approval_approve", plan.submission_id), {"reason": ""})
    plan.refresh_from_db()
    assert plan.state == "approved"
