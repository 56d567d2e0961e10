"""Rules that change list the campaigns that run and break them."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from campaigns.models import CampaignVersion, WordDecision
from campaigns.planning import operations as planning
from campaigns.planning.queries import running as planned
from campaigns.planning.rules import linting, plans
from campaigns.submission import queries
from campaigns.wording import queries as words
from journeys.models import CardProduct, ContactHours, ContactRule
from journeys.outreach import operations as texts
from journeys.outreach import queries as outreach
from portal.kit import clock
from portal.models import ApprovalLevel
from portal.staff import queries as staff
from tests.factories.campaigns import AT, ON, TIER, approved
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def found(on: dt.date = ON) -> dict[str, list[str]]:
    return {
        one.version.campaign.code: [fault.place for fault in one.faults]
        for one in queries.breaking(on=on)
    }


def hours(on: dt.date, **times: Any) -> None:
    for channel in ("sms", "email"):
        for kind in ("workday", "rest"):
            ContactHours.objects.create(
                effective_date=on, channel=channel, day_kind=kind, source="x", **times
            )


@pytest.fixture
def running() -> CampaignVersion:
    """A campaign that keeps every rule, and may run for long."""
    hours(ON - 90 * DAY, opens=dt.time(9), closes=dt.time(20))
    return approved(runs_to="2090-01-01", rewards={"tiers": [TIER | {"name": "小确幸礼"}]})


def forbid(word: str, on: dt.date = ON) -> None:
    WordDecision.objects.create(
        word=word, state="found", level="ban", source="x", effective_date=on,
        decided_by=StaffFactory(role="compliance"), decided_at=AT,
    )  # fmt: skip


def test_a_word_that_is_forbidden_lists_the_campaigns_that_bear_it(
    running: CampaignVersion, client_of: Any
) -> None:
    approved(code="other", stacks_with=["first-gift"], runs_to="2090-01-01")
    assert found() == {}
    client = client_of("compliance")
    assert client.get(reverse("campaigns_breaking")).context["found"] == []
    forbid("小确幸", ON + DAY)
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["rewards.tiers[0].name"]}
    # Every page that a person looks at says so.
    (listed,) = client.get(reverse("campaigns_breaking")).context["found"]
    assert listed.version == running
    assert "小确幸" in client.get(reverse("home")).content.decode()
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert [fault.place for fault in page.context["breaks"]] == ["rewards.tiers[0].name"]
    assert client.get(reverse("campaign_page", args=["other"])).context["breaks"] == []
    assert "小确幸" not in client_of("analyst").get(reverse("home")).content.decode()


def test_who_may_stop_campaigns_and_whose_people_offer_them_are_told_what_to_do(
    running: CampaignVersion, client_of: Any
) -> None:
    def told(role: str) -> list[tuple[str, str]]:
        page = (
            client_of(StaffFactory(role=role, language="en")).get(reverse("home")).context["page"]
        )
        url = reverse("campaigns_breaking")
        return [(one.label, one.told) for one in page.todo if one.url == url]

    assert (told("compliance"), told("branch_manager"), told("analyst")) == ([], [], [])
    forbid("小确幸")
    cache.clear()  # what a branch manager is told is kept for ten minutes
    brief = "1 campaign breaks a rule"
    assert told("compliance") == [
        ("Have the campaigns mended that break a rule of today, or stop them", brief)
    ]
    not_to_offer = [("Offer nobody the campaigns that break a rule of today", brief)]
    assert told("branch_manager") == not_to_offer
    assert told("analyst") == []
    running.campaign.__class__.objects.update(stopped_at=AT)
    assert (told("compliance"), told("branch_manager")) == ([], not_to_offer)


@pytest.mark.parametrize("way", ["stopped", "ended", "not approved"])
def test_what_runs_no_more_breaks_nothing(running: CampaignVersion, way: str) -> None:
    forbid("小确幸")
    assert list(found()) == ["first-gift"]
    if way == "stopped":
        planning.stop_campaign(
            campaign_id=running.campaign_id, reason="x", actor=StaffFactory(role="compliance"),
            at=AT,
        )  # fmt: skip
    elif way == "ended":
        assert found(dt.date(2089, 12, 31)) != {}
        assert found(dt.date(2090, 1, 1)) == {}
        return
    else:
        planning.void_approval(version_id=running.pk, drifts=[], at=AT)
    assert found() == {}


def test_levels_that_ask_for_more_people_list_what_fewer_approved(running: CampaignVersion) -> None:
    for day, needed in ((ON, 1), (ON + DAY, 2)):
        ApprovalLevel.objects.create(
            kind="campaign_version", effective_date=day, measure="cost", at_least=1_000,
            approvals=needed, source="Board",
        )  # fmt: skip
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["approval"]}


def test_channels_that_are_closed_list_who_can_tell_nobody(running: CampaignVersion) -> None:
    assert found() == {}
    hours(ON + DAY)
    assert found() == {}
    assert found(ON + DAY) == {"first-gift": ["channels"]}
    first = ContactRule.objects.order_by("effective_date").values_list("effective_date", flat=True)
    before = found(first[0] - DAY)
    assert before["first-gift"][-1] == "channels"
    assert clock.today() > ON


# --- what it costs --------------------------------------------------------------------------------
WORK: dict[CodeType, str] = {
    linting.lint.__code__: "linted", plans.read_plan.__code__: "read",
}  # fmt: skip


def work_of(job: Callable[[], Any]) -> dict[str, int]:
    """How many plans were linted and read while a job ran."""
    done: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code in WORK:
            done[WORK[frame.f_code]] += 1

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        job()
    finally:
        sys.setprofile(before)
    return dict(done)


def look(on: dt.date = ON, language: str = "zh-hans") -> dict[str, int]:
    def job() -> None:
        with translation.override(language):
            queries.breaking(on=on)

    return work_of(job)


@pytest.fixture
def three(running: CampaignVersion) -> list[CampaignVersion]:
    others = [
        approved(code=f"other-{number}", stacks_with=["first-gift"], runs_to="2090-01-01")
        for number in (1, 2)
    ]
    return [running, *others]


def test_whoever_looks_next_finds_what_was_found_out(three: list[CampaignVersion]) -> None:
    assert look()["linted"] == 3
    assert look() == {}, "neither linted nor read again"
    assert look(language="en") == {"linted": 3}, "in words of the reader"
    assert look(language="en") == {} == look()
    assert look(ON + DAY) == {"linted": 3}, "the rules of another day"
    assert look() == {}


def test_a_home_page_that_is_opened_again_lints_nothing(
    three: list[CampaignVersion], client_of: Any
) -> None:
    client = client_of("compliance")
    open_home = lambda: client.get(reverse("home"))  # noqa: E731
    assert work_of(open_home)["linted"] == 3
    with CaptureQueriesContext(connection) as first:
        assert work_of(open_home) == {}
    approved(code="one-more", stacks_with=["first-gift"], runs_to="2090-01-01")
    work_of(open_home)
    with CaptureQueriesContext(connection) as second:
        assert work_of(open_home) == {}
    assert len(second) == len(first)


def reword(running: CampaignVersion) -> None:
    texts.add_template(
        code="first_gift", channel="sms", language="zh-hans", subject="",
        body="小确幸{reward}，拒收请回复R", actor=None, at=AT,
    )  # fmt: skip


def rename(running: CampaignVersion) -> None:
    ProductFactory(code="GOLD")
    CardProduct.objects.filter(code="GOLD").update(name="小确幸金卡")


def ban(running: CampaignVersion) -> None:
    forbid("小确幸")


def new_version(running: CampaignVersion) -> None:
    approved(runs_to="2089-01-01", rewards={"tiers": [TIER | {"name": "小幸运礼"}]})


def end(running: CampaignVersion) -> None:
    planning.stop_campaign(
        campaign_id=running.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )


@pytest.mark.parametrize(("change", "linted"), [
    (reword, 3), (rename, 3), (ban, 3), (new_version, 3), (end, 2),
])  # fmt: skip
def test_whatever_it_hangs_on_is_looked_at_again_once_it_changes(
    three: list[CampaignVersion], change: Callable[[CampaignVersion], None], linted: int
) -> None:
    look()
    change(three[0])
    assert look()["linted"] == linted
    assert look() == {}
    everything = found()
    again = {
        row.campaign.code: [fault.place for fault in linting.blocks_of(linting.lint(plan, around))]
        for row, plan, around in running_around()
    }
    assert everything == {code: places for code, places in again.items() if places}


def running_around() -> Any:
    """What is in force with what it is held against, made here anew."""
    rows = planned.running_on(ON)
    for row, plan in rows:
        texts_of = [
            one for one in outreach.texts_in_use()
            if one.code == plan.template and one.channel in plan.channels
        ]  # fmt: skip
        yield row, plan, planned.around_of(
            plan, texts_of, unwritten=outreach.without_text(texts_of, plan.channels),
            others=tuple(planned.others_of(rows, without=row.campaign.code)),
            code=row.campaign.code, on=ON, words=words.lexicon(on=ON),
            below=staff.codes_below(), names=planned.names_of_all(plan for _row, plan in rows),
        )  # fmt: skip
