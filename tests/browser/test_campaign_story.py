"""A campaign's whole life in a browser: built, tried, submitted, returned, mended, approved by two,
run, read and stopped, each step by the person whose it is, in both languages."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from campaigns.eligibility import operations as eligibility
from campaigns.models import Campaign, CampaignVersion, Decision, Grant, Run
from campaigns.planning.rules.naming import APPROVAL_KIND
from journeys.models import Card
from portal.kit import clock
from portal.models import ApprovalLevel, Submission
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story, word
from tests.browser.test_design import add, go_on
from tests.factories.campaigns import card_in_use, message_texts, submission_settings
from tests.factories.journeys import ContactRuleFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = [("zh-hans", 1280), ("en", 390)]
NAME, NAME_EN = "新户消费礼", "Gift for spending"
TOO_LOW = "The goal is too low 门槛太低: ask for 500."
COMPLAINED = "Customers complained 有客户投诉."
ROLES = (Role.CAMPAIGN_MANAGER, Role.APPROVER, Role.COMPLIANCE, Role.ANALYST)


def bank() -> tuple[Card, Card, Card]:
    """Who spent 600, 450 and 30, and a bank that asks two people whatever the cost."""
    submission_settings()
    ApprovalLevel.objects.create(
        kind=APPROVAL_KIND, effective_date="2020-01-02", measure="cost", at_least=0, approvals=2,
        source="Board",
    )  # fmt: skip
    ContactRuleFactory()
    message_texts()
    return card_in_use("600.00"), card_in_use("450.00"), card_in_use("30.00")


def build(story: Story) -> None:
    """From the first page of the editor to the last, with a group of which any one suffices."""
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/design/new/")
    page.locator("main form button[type=submit]").click()
    for name, text in {"name": NAME, "name_en": NAME_EN, "code": "spend-gift"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=issued_from]").fill("2020-01-01")
    page.locator("[name=template]").select_option("first_gift")
    go_on(page)
    add(page, "activated")
    page.locator("#part- > .design-add button[value=add_any]").click()
    settle(page)
    add(page, "first_used", into="1")
    add(page, "points_balance", into="1", at_least="100000")
    add(page, "spending_in_window", days="65", at_least="400")
    # 600 and 450 suffice; that one was used alone holds for all three, within the group.
    expect(page.locator("#count strong")).to_have_text("2")
    go_on(page)
    page.locator("button[value=add]").click()
    for name, text in {"name": "消费礼", "name_en": "Gift", "value": "10", "stock": "100"}.items():
        page.locator(f"[name=tier0-{name}]").fill(text)
    go_on(page)
    page.locator("[name=total]").fill("1000")
    go_on(page)
    go_on(page)  # without a touch plan
    page.locator("[name=redeem]").fill("在手机银行领取。")
    go_on(page)


def try_and_submit(story: Story, number: int) -> CampaignVersion:
    """Saved with its dry run; submitted once that is done."""
    page = story.page_of(Role.CAMPAIGN_MANAGER)
    assert faults_of(page) == []
    page.locator("button[name=simulate]").click()
    expect(page.locator("#part-approval")).to_be_visible()
    assert not page.locator("#part-approval form[action$='/submit/']").count()
    version = CampaignVersion.objects.get(campaign__code="spend-gift", number=number)
    run = version.runs.get()
    assert (run.kind, run.started_by) == ("dry_run", story.people[Role.CAMPAIGN_MANAGER])
    eligibility.work_run(run_id=run.pk, now=clock.now)
    page = story.open(Role.CAMPAIGN_MANAGER, f"/campaigns/runs/{run.pk}/")
    story.reads(page, "Would be granted")
    assert not Grant.objects.exists()
    page = story.open(Role.CAMPAIGN_MANAGER, f"/campaigns/versions/{version.pk}/")
    story.press(page, "/submit/")
    story.reads(page, "Waiting for approval", "#part-approval")
    version.refresh_from_db()
    assert version.state == "submitted"
    return version


def preview(story: Story, expected: int) -> None:
    """Counted before anything is asked or given."""
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/runs/preview/")
    page.locator("main form button[type=submit]").click()
    settle(page)
    run = Run.objects.get(kind="preview")
    eligibility.work_run(run_id=run.pk, now=clock.now)
    page = story.open(Role.CAMPAIGN_MANAGER, f"/campaigns/runs/{run.pk}/")
    qualified = page.locator(".tile", has_text=word("Qualified", story.language)).locator("dd")
    expect(qualified).to_contain_text(re.compile(rf"^{expected}\b"))


def return_it(story: Story) -> None:
    """By the approver, from the home page, with the reason that the manager reads on his own."""
    page = story.open(Role.APPROVER, "/")
    page.locator("main a[href^='/approvals/']").first.click()
    settle(page)
    assert faults_of(page) == []
    form = page.locator("form[action$='/return/']")
    form.locator("button[type=submit]").click()  # without a reason it is not sent
    assert Submission.objects.get().state == "pending"
    form.locator("[name=return-reason]").fill(TOO_LOW)
    form.locator("button[type=submit]").click()
    settle(page)
    story.reads(page, "Returned")
    page = story.open(Role.CAMPAIGN_MANAGER, "/")
    story.reads(page, "Came back to you")
    expect(page.locator("main")).to_contain_text(TOO_LOW)


def mend(story: Story) -> None:
    """By the manager: the sum in the condition, in a new version."""
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/")
    expect(page.locator("main")).to_contain_text(TOO_LOW)
    story.press(page, "/edit/")
    go_on(page)
    page.locator("#part-2 a.btn-outline-primary").click()
    form = page.locator(".design-condition")
    expect(form).to_be_visible()
    form.locator("[name=at_least]").fill("500")
    form.locator("button[type=submit]").click()
    expect(form).to_have_count(0)
    expect(page.locator("#count strong")).to_have_text("1")
    for _step in range(5):
        go_on(page)
    expect(page.locator("main")).to_contain_text("¥500")


def approve(story: Story) -> None:
    """By two people; nobody runs it before the second, and its author never decides."""
    submission = Submission.objects.get(state="pending")
    url = f"/approvals/{submission.pk}/"
    page = story.open(Role.CAMPAIGN_MANAGER, url)
    assert not page.locator("form[action$='/approve/']").count()
    for role, approved in ((Role.APPROVER, 1), (Role.COMPLIANCE, 2)):
        page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/runs/live/")
        story.reads(page, "This campaign has no approved version.")
        page = story.open(role, url)
        expect(page.locator("main")).to_contain_text(NAME if story.language != "en" else NAME_EN)
        story.press(page, "/approve/")
        submission.refresh_from_db()
        assert submission.decisions.filter(verdict="approve").count() == approved
    assert submission.state == "approved"
    story.reads(page, "Approved")


def run_it(story: Story, cards: tuple[Card, Card, Card]) -> Run:
    """Live, by the manager; who reached the goal is granted, once."""
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/runs/live/")
    page.locator("main form button[type=submit]").click()
    settle(page)
    run = Run.objects.get(kind="live")
    eligibility.work_run(run_id=run.pk, now=clock.now)
    grant = Grant.objects.get()
    assert (grant.customer, grant.amount) == (cards[0].customer, Decimal("10.00"))
    page = story.open(Role.ANALYST, f"/campaigns/runs/{run.pk}/")
    granted = page.locator(".tile", has_text=word("Granted in this run", story.language))
    expect(granted.locator("dd")).to_contain_text("¥10")
    assert not page.locator("a[href*='/decisions/']").count()
    return run


def read_receipts(story: Story, run: Run, cards: tuple[Card, Card, Card]) -> None:
    """By compliance: what is missing stands on the customer's page, and why on the decision's."""
    short = cards[1].customer
    page = story.open(Role.COMPLIANCE, f"/customers/{short.number}/")
    receipts = page.locator("table", has_text=NAME if story.language != "en" else NAME_EN)
    expect(receipts).to_contain_text("¥50")
    receipts.locator("a").first.click()
    settle(page)
    assert page.url.endswith(f"/decisions/{Decision.objects.get(run=run, customer=short).pk}/")
    assert faults_of(page) == []
    lines = page.locator("tbody tr")
    expect(lines).to_have_count(4)
    failed = lines.filter(has_text=word("Failed first here", story.language))
    expect(failed).to_contain_text("¥450")
    expect(failed).to_contain_text("¥50")
    had = Decision.objects.get(run=run, customer=cards[0].customer)
    page = story.open(Role.CAMPAIGN_MANAGER, f"/campaigns/decisions/{had.pk}/")
    story.reads(page, "Gets the reward")
    expect(page.locator("main")).to_contain_text("¥600")


def stop(story: Story) -> None:
    """By compliance, with a reason that everybody reads; no live run begins any more."""
    page = story.open(Role.COMPLIANCE, "/campaigns/spend-gift/")
    page.locator("a[href$='/stop/']").click()
    page.locator("[name=reason]").fill(COMPLAINED)
    page.locator("main form button.btn-danger").click()
    settle(page)
    assert Campaign.objects.get().is_stopped
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/")
    expect(page.locator(".alert-danger").first).to_contain_text(COMPLAINED)
    assert not page.locator("a[href$='/runs/live/'], a[href$='/stop/']").count()
    page = story.open(Role.CAMPAIGN_MANAGER, "/campaigns/spend-gift/runs/live/")
    story.reads(page, "This campaign is stopped.")
    assert not page.locator("main form button.btn-primary").count()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_campaign_lives_from_its_first_page_to_its_stop(
    open_page: OpenPage, language: str, width: int
) -> None:
    cards = bank()
    people = {role: StaffFactory(role=role, language=language) for role in ROLES}
    story = Story(open_page, language, width, people)
    build(story)
    first = try_and_submit(story, 1)
    preview(story, 2)
    return_it(story)
    mend(story)
    second = try_and_submit(story, 2)
    approve(story)
    run = run_it(story, cards)
    read_receipts(story, run, cards)
    stop(story)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, run.version) == ("returned", "approved", second)
    assert [one["kind"] for one in second.content["rule"]["all"] if "kind" in one] == [
        "activated", "spending_in_window",
    ]  # fmt: skip
    assert Grant.objects.count() == 1
