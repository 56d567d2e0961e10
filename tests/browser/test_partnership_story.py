"""A partnership's whole life in a browser: from the first no to signing, wavering, comparison and
adjustment, led by its relationship manager and allowed by the branch manager, in both languages."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from merchants.models import (
    Merchant,
    MerchantContract,
    Negotiation,
    Partnership,
    PhaseChange,
    PhaseSuggestion,
    Refusal,
    RivalOffer,
    WindowNote,
)
from merchants.negotiation.enums import Stage
from merchants.partnerships.enums import Phase
from merchants.refusals.enums import AnswerKind, RefusalState
from merchants.tasks import judge_turnover
from merchants.windows.enums import Pane
from portal.models import Submission
from portal.staff.enums import Role
from tests.browser.conftest import OpenPage
from tests.browser.stories import Story
from tests.browser.test_demo_bank import deliver
from tests.factories.merchants import ContactFactory
from tests.factories.partnerships import CITY
from tests.factories.portal import StaffFactory
from tests.merchants.evidence.test_operations import ON, fallen, shops
from tests.portal.exports.workbooks import sheets_of

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = [("zh-hans", 1280), ("en", 390)]
LEADER, CHIEF = Role.RELATIONSHIP_MANAGER, Role.BRANCH_MANAGER
FIRST, AFTER = dt.date(2025, 12, 1), dt.date(2025, 12, 2)
TALKS, SIGNING = dt.date(2025, 12, 8), dt.date(2025, 12, 15)
STABLE, COMPARED = dt.date(2026, 2, 20), dt.date(2026, 6, 18)
CHOSEN, ADJUSTED = dt.date(2026, 7, 3), dt.date(2026, 7, 10)
SAID, NEED, CONTRACT = "年后再说 Not before spring", "午市空桌多 Empty tables at noon", "HT-2025-88"
FIGURES = {"turnover": 1_000_000, "joint_cost": 300_000, "joint_gain": 100_000, "post_cost": 20_000}


class Partners(Story):
    """The story's two people and the merchant between them."""

    def __init__(self, open_page: OpenPage, language: str, width: int, shop: Merchant) -> None:
        people = {
            role: StaffFactory(role=role, branch=shop.branch, language=language)
            for role in (LEADER, CHIEF)
        }
        super().__init__(open_page, language, width, people)
        self.shop = shop
        Merchant.objects.filter(pk=shop.pk).update(manager=people[LEADER])

    @property
    def row(self) -> Partnership:
        return Partnership.objects.get(merchant=self.shop)

    @property
    def talks(self) -> Negotiation:
        return Negotiation.objects.get(partnership__merchant=self.shop)

    def stands_in(self, page: Page, phase: Phase) -> None:
        """The partnership's page that is open says where it stands, as its row does."""
        assert page.url.endswith(f"/merchants/partnerships/{self.row.pk}/")
        badge = page.locator(f".page-lead .phase-badge.phase-{phase}")
        expect(badge).to_have_text(self.said(phase.label))
        assert self.row.phase == phase

    def move(self, to: Phase, reason: str, *, asks: bool = False) -> Page:
        """Move the partnership by its page; where it must, before a second person."""
        page = self.open(LEADER, f"/merchants/partnerships/{self.row.pk}/")
        self.follow(page, page.locator(f"main a[href$='/move/?to={to}']"))
        assert page.locator("form [name=ask]").count() == asks
        self.send(page, "main form", reason=reason)
        self.reads(
            page, "Put before a second person." if asks else "Moved. The history keeps it.", "body"
        )
        return page

    def allow(self, says: str) -> Page:
        """By the branch manager, from the home page; the leader could not."""
        submission = Submission.objects.get(state="pending")
        url = f"/approvals/{submission.pk}/"
        refused = self.page_of(LEADER).goto(url)
        assert refused is not None
        assert refused.status == 403
        page = self.open(CHIEF, "/")
        self.follow(page, page.locator(f"main a[href='{url}']").first)
        expect(page.locator("main")).to_contain_text(says)
        expect(page.locator(".alert-warning li").first).to_be_visible()  # why it needs her
        self.press(page, "/approve/")
        self.reads(page, "Approved")
        submission.refresh_from_db()
        assert (submission.state, submission.decisions.get().checker) == (
            "approved", self.people[CHIEF],
        )  # fmt: skip
        return page


def bank() -> Merchant:
    """Twelve merchants of one street and of one kind, with two years of turnover; that of the
    fourth falls by half from March on."""
    deliver()
    made = shops(fallen(), told=True)
    Merchant.objects.filter(branch=made[0].branch).update(is_partner=False, division_code=CITY)
    shop = made[3]
    ContactFactory(merchant=shop)
    return shop


def begin(story: Partners) -> None:
    """From the merchant's page, where there is no partnership yet."""
    page = story.open(LEADER, f"/merchants/{story.shop.number}/")
    story.reads(page, "There is no partnership with this merchant.")
    story.follow(page, page.locator("main a[href*='/partnerships/new/']"))
    story.send(page, reason="同一条街两家已合作 Two on its street are partners")
    story.stands_in(page, Phase.PROSPECT)
    story.reads(page, "No refusal is recorded.", "#refusals")


def hear_no(story: Partners) -> None:
    """The first no, in their words, below its reason of the tree; and what is tried against it."""
    page = story.open(LEADER, f"/merchants/partnerships/{story.row.pk}/")
    page.locator("#refusals summary").click()
    form = page.locator("#refusals form")
    person = story.shop.contacts.get()
    reason = form.locator("option", has_text=story.said("Need is not urgent")).first
    form.locator("[name=reason]").select_option(reason.get_attribute("value"))
    form.locator("[name=contact]").select_option(person.number)
    story.send(page, "#refusals form", said=SAID)
    story.reads(page, "Recorded. Below stands what to try next.", "body")
    expect(page.locator("main")).to_contain_text(SAID)
    story.reads(page, "Nothing was tried yet: choose below.")
    answer = page.locator("li", has_text=story.said(AnswerKind.MOVE.label)).first
    answer.locator("form[action$='/try/'] button").click()
    story.look(page)
    story.reads(page, "Noted. Say what came of it when you know.", "body")
    refusal = Refusal.objects.get()
    assert (refusal.reason.root, refusal.contact, refusal.said_date) == (
        "not_urgent", person, FIRST,
    )  # fmt: skip
    assert refusal.tries.get().answer.kind == AnswerKind.MOVE


def look_through_the_window(story: Partners) -> None:
    """What we want to learn is noted; the meeting's sheet asks for it, and shows the no."""
    page = story.open(LEADER, f"/merchants/partnerships/{story.row.pk}/")
    story.follow(page, page.locator("#window .card-header a"))
    story.follow(page, page.locator(f"a[href$='?pane={Pane.THEIRS}']"))
    story.send(page, said=NEED, kind="need")
    expect(page.locator(f"[data-column={Pane.THEIRS}] .board-card")).to_contain_text(NEED)
    story.follow(page, page.locator(f"a[href$='/windows/{story.row.pk}/meetings/']"))
    story.send(page, purpose="带客群汇总 Sums of their guests")
    story.reads(page, "Planned. This is the sheet to prepare it.", "body")
    expect(page.locator(".sheet-part", has_text=story.said("To ask them"))).to_contain_text(NEED)
    doubts = page.locator(".sheet-part", has_text=story.said("Refusals that are open"))
    expect(doubts).to_contain_text(SAID)


def meet(story: Partners) -> None:
    """On the next day: what was learnt moves the note, and the no is overcome."""
    page = story.open(LEADER, "/")
    story.follow(page, page.locator("main a[href$='/windows/meetings/']").first)
    story.follow(page, page.locator("main a[href*='/windows/meetings/']").first)
    story.follow(page, page.locator("a[href$='/held/']"))
    note = WindowNote.objects.get()
    values = {f"to_{note.pk}": Pane.OPEN.value, f"said_{note.pk}": "周二最空 Tuesdays above all"}
    story.send(page, result="愿意试四周 Four weeks on trial", **values)
    story.reads(page, "Written down. The window has moved.", "body")
    note.refresh_from_db()
    assert note.pane == Pane.OPEN
    refusal = Refusal.objects.get()
    page = story.open(LEADER, f"/merchants/refusals/{refusal.pk}/")
    page.locator("form[action$='/outcome/'] button[value=worked]").click()
    story.look(page)
    story.reads(page, RefusalState.OVERCOME.label)
    refusal.refresh_from_db()
    assert refusal.state == RefusalState.OVERCOME


def go(story: Partners, to: Stage, reason: str) -> Page:
    """The talks go on to another stage, by their page."""
    page = story.open(LEADER, f"/merchants/negotiations/{story.talks.pk}/")
    story.follow(page, page.locator(f"main a[href$='/move/?to={to}']"))
    if to == Stage.AGREEMENT:
        page.locator("[name=offer]").first.check()
    story.send(page, reason=reason)
    return page


def offer(story: Partners, side: str, **values: str) -> Page:
    page = story.open(LEADER, f"/merchants/negotiations/{story.talks.pk}/")
    story.follow(page, page.locator(f"main a[href$='/offer/?side={side}']"))
    story.send(page, **values)
    story.reads(page, "Offer beside counter-offer")
    return page


def negotiate(story: Partners) -> None:
    """Opened, needs and figures, and two rounds of offer and counter-offer."""
    page = story.open(LEADER, f"/merchants/partnerships/{story.row.pk}/")
    story.follow(page, page.locator("main a[href$='/new/'][href*='/negotiations/']"))
    story.send(page, reason="店主愿意谈 The owner will talk")
    page = go(story, Stage.NEEDS, "约定分工 Who does what")
    for code, value in FIGURES.items():
        story.follow(page, page.locator(f"main a[href$='/figure/?code={code}']"))
        story.send(page, value=str(value), source="商户年报 Annual report")
    page = go(story, Stage.PROPOSAL, "需求已记 Needs are written down")
    offer(story, "bank", cost_share="50", discount="5", months="12", posts="0")
    page = offer(story, "merchant", cost_share="70", discount="3", months="12", posts="1")
    expect(page.locator("tr.offer-differs")).to_have_count(3)
    page = go(story, Stage.BARGAINING, "双方已出价 Both have spoken")
    offer(story, "bank", cost_share="60", discount="5")
    page = offer(story, "merchant", cost_share="65", discount="4", posts="0")
    expect(page.locator("#round-2")).to_be_visible()
    given = page.locator("dt", has_text=story.said("The bank gave up since its first offer"))
    expect(given.locator("xpath=following-sibling::dd[1]")).to_contain_text("¥30,000")
    offers = story.talks.offers.order_by("number")
    assert list(offers.values_list("round", "side", "cost_share")) == [
        (1, "bank", Decimal(50)), (1, "merchant", Decimal(70)),
        (2, "bank", Decimal(60)), (2, "merchant", Decimal(65)),
    ]  # fmt: skip


def agree(story: Partners) -> None:
    """On the merchant's last offer, which is beyond what the leader may agree on alone."""
    go(story, Stage.AGREEMENT, "接受对方第二轮 Their second offer")
    page = story.open(LEADER, f"/merchants/negotiations/{story.talks.pk}/move/?to=signing")
    story.reads(
        page, story.said("The bank bears {share} % of the cost; up to {most} % needs nobody else.")
        .format(share=65, most=60),
    )  # fmt: skip
    story.send(page, reason="头部商户 A leading merchant")
    story.reads(page, "Put before a second person.", "body")
    assert story.talks.stage == Stage.AGREEMENT
    story.allow("头部商户 A leading merchant")
    assert story.talks.stage == Stage.SIGNING


def sign(story: Partners) -> None:
    """The paper becomes the contract; confirmed it is once the branch manager allows it, as a
    prospect becomes so by the bank's rule."""
    page = story.open(LEADER, f"/merchants/negotiations/{story.talks.pk}/")
    story.follow(page, page.locator("main a[href$='/sign/']"))
    story.send(page, number=CONTRACT, reason="双方盖章 Sealed by both")
    expect(page.locator("main")).to_contain_text(CONTRACT)
    story.reads(
        page, "The partnership's move to %(phase)s waits for a second person.",
        phase=story.said(Phase.CONFIRMED.label),
    )  # fmt: skip
    contract = MerchantContract.objects.get()
    assert (contract.number, contract.first_date, contract.last_date) == (
        CONTRACT, SIGNING, dt.date(2026, 12, 14),
    )  # fmt: skip
    assert (story.talks.stage, story.row.phase) == (Stage.REVIEW, Phase.PROSPECT)
    story.allow("双方盖章 Sealed by both")
    page = story.open(LEADER, f"/merchants/partnerships/{story.row.pk}/")
    story.stands_in(page, Phase.CONFIRMED)
    expect(page.locator("main")).to_contain_text(CONTRACT)


def waver(story: Partners) -> None:
    """The night finds the fall; the manager reads why on the home page, and follows."""
    judge_turnover()
    suggestion = PhaseSuggestion.objects.get()
    page = story.open(LEADER, "/")
    story.reads(page, "Suggestions to answer")
    story.follow(page, page.locator(f"main a[href$='/{story.row.pk}/#suggestion']").first)
    box = page.locator("#suggestion")
    expect(box).to_contain_text(story.said(Phase.WAVERING.label))
    expect(box.locator("li").first).to_contain_text("2026-03-0")
    story.follow(page, box.locator("a.btn-primary"))
    expect(page.locator(".alert-info li").first).to_contain_text("2026-03-0")
    story.send(page, reason="对面开了新店 A rival opened across the street")
    story.stands_in(page, Phase.WAVERING)
    story.reads(page, "followed a suggestion", "section[aria-labelledby=history]")
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.settled_by) == ("accepted", story.people[LEADER])


def compare(story: Partners, folder: Path) -> None:
    """Put beside those like it, with a rival's offer; and taken to the meeting as a file."""
    page = story.move(Phase.COMPARISON, "与同街比较 Beside its street")
    story.stands_in(page, Phase.COMPARISON)
    story.follow(page, page.locator("main a", has_text=story.said("Compare")).first)
    assert page.url.endswith(f"/merchants/comparison/{story.row.pk}/")
    expect(page.locator("svg.dots")).to_have_count(5)
    story.follow(page, page.locator("main a[href$='/offers/']"))
    story.send(page, rival="某行", terms="满百减二十 20 off 100", source="店内海报 A poster there")
    expect(page.locator("#offers")).to_contain_text("满百减二十 20 off 100")
    assert RivalOffer.objects.get().merchant == story.shop
    story.follow(page, page.locator("a[href*='/exports/new/comparison/']"))
    page.locator("main form [name=reason]").fill("周会比较 For the weekly meeting")
    with page.expect_download() as made:
        page.locator("main form button[type=submit]").click()
    path = folder / "comparison.xlsx"
    made.value.save_as(path)
    with path.open("rb") as file:
        sheets = sheets_of(file)
    cells = {str(cell) for lines in sheets.values() for line in lines for cell in line}
    name = story.shop.name if story.language != "en" else story.shop.name_en
    assert {story.shop.number, name, "周会比较 For the weekly meeting"} <= cells


def adjust(story: Partners) -> None:
    """A week after it was confirmed anew, which is too early for the leader alone."""
    page = story.move(Phase.ADJUSTMENT, "分摊按季重谈 Shares by season", asks=True)
    story.stands_in(page, Phase.CONFIRMED)
    story.reads(page, "Take it back")
    story.allow("分摊按季重谈 Shares by season")
    page = story.open(CHIEF, f"/merchants/partnerships/{story.row.pk}/")
    story.stands_in(page, Phase.ADJUSTMENT)


WAY = [
    ("", "prospect", FIRST), ("prospect", "confirmed", SIGNING), ("confirmed", "perfect", STABLE),
    ("perfect", "wavering", ON), ("wavering", "comparison", COMPARED),
    ("comparison", "confirmed", CHOSEN), ("confirmed", "adjustment", ADJUSTED),
]  # fmt: skip


def look_back(story: Partners) -> None:
    """The picture shows each stay, and the rows are what was seen."""
    for role in (LEADER, CHIEF):
        page = story.open(role, f"/merchants/partnerships/{story.row.pk}/")
        drawn = page.locator(".phase-strip rect").evaluate_all(
            "all => all.map(one => one.getAttribute('class'))"
        )
        assert drawn == [f"phase-{to}" for _before, to, _day in WAY]
        said = page.locator(".phase-strip").get_attribute("aria-label") or ""
        assert all(story.said(Phase(to).label) in said for _before, to, _day in WAY)
        moves = page.locator("section[aria-labelledby=history] > ol > li")
        expect(moves).to_have_count(len(WAY))
        allowed = story.said("allowed by %(person)s", person=story.named(CHIEF))
        expect(moves.filter(has_text=allowed)).to_have_count(2)
    changes = list(PhaseChange.objects.order_by("number"))
    assert [(one.from_phase, one.to_phase, one.on_date) for one in changes] == WAY
    assert [one.approval_id is not None for one in changes] == [
        False, True, False, False, False, False, True,
    ]  # fmt: skip
    assert [one.suggestion_id is not None for one in changes].index(True) == 3
    assert {one.actor for one in changes} == {story.people[LEADER]}
    assert all(one.evidence["on"] == str(one.on_date) for one in changes)


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_partnership_is_led_from_the_first_no_to_its_adjustment(
    open_page: OpenPage, language: str, width: int, tmp_path: Path
) -> None:
    story = Partners(open_page, language, width, bank())
    with story.day(FIRST):
        begin(story)
        hear_no(story)
        look_through_the_window(story)
    with story.day(AFTER):
        meet(story)
    with story.day(TALKS):
        negotiate(story)
        agree(story)
    with story.day(SIGNING):
        sign(story)
    with story.day(STABLE):
        story.stands_in(story.move(Phase.PERFECT, "两月平稳 Two months steady"), Phase.PERFECT)
    with story.day(ON):
        waver(story)
    with story.day(COMPARED):
        compare(story, tmp_path)
    with story.day(CHOSEN):
        story.stands_in(story.move(Phase.CONFIRMED, "仍为首选 Still the first"), Phase.CONFIRMED)
    with story.day(ADJUSTED):
        adjust(story)
        look_back(story)
