"""Twenty calls by keyboard alone, beside somebody else who calls at the same time and never sees
the same lead; then a day supervised by the manager of the branch. In both languages."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Lead, LeadCall, LeadDial, LeadHold, LeadMove, QualityReview
from journeys.telemarketing import operations
from merchants.models import PostAbsence
from portal.kit import clock
from portal.models import Branch, Staff
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep
from tests.factories import scripts
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
    ProductFactory,
)
from tests.factories.leads import caller, set_policy, standard_tree
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import CRITERIA, held, set_rules
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# The keys that end each call of one person, and what it came to; the other one does every second.
CALLS = [
    ("11", "no_answer"), ("23", "thinks"), ("12", "busy"), ("22", "promised"), ("31", "no_need"),
    ("11", "no_answer"), ("24", "material"), ("21", "applied"), ("41", "later"),
    ("32", "has_card"), ("13", "switched_off"), ("34", "refused"), ("22", "promised"),
    ("23", "thinks"), ("15", "wrong_number"), ("11", "no_answer"), ("42", "set_time"),
    ("33", "not_eligible"), ("21", "applied"), ("14", "other_person"),
]  # fmt: skip
OTHERS = [code for _keys, code in CALLS[::2]]


def bank() -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    set_rules()
    standard_tree()
    row_of("journeys.RevealRule", dials_per_day=60)
    now = clock.now()
    scripts.approved(now, product=ProductFactory())
    scripts.script_in_use(now, "您好{person}，我是{branch}的{caller}，想用两分钟介绍我行的信用卡。")
    scripts.script_in_use(now, "不耽误您，只说一件事。", stage="needs", mood="hurried")
    branch: Branch = BranchFactory()
    for place in range(32):
        LeadFactory(
            branch=branch, phone=str(15420000000 + place), priority=90 - place,
            customer=customer(branch, place) if place % 3 == 0 else None,
        )  # fmt: skip
    return branch


def customer(branch: Branch, place: int) -> Any:
    found = CustomerFactory(branch=branch, phone=str(15420000000 + place))
    ConsentFactory(customer=found, channel="phone")
    return found


def look(page: Page) -> None:
    settle(page)
    assert faults_of(page) == []


def begin(page: Page) -> str:
    """The next lead and its number to dial, by keys alone; the lead's number as the page tells."""
    page.keyboard.press("Enter")
    number = page.locator("#in-hand a[href^='/leads/']").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#number a")).to_have_count(1)
    return number


def end(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    if keys == "34":
        page.keyboard.type("请不要再打来")
    page.keyboard.press("Enter")
    expect(page.locator("#in-hand [accesskey=n]")).to_have_count(1)


def in_a_hurry(page: Page, language: str) -> None:
    """The mood is chosen once: the words that fit come by themselves. Of access keys a browser
    without a window knows nothing, so the tabulator goes there."""
    mood = page.locator("#wrap-mood_before")
    for _place in range(30):
        if mood.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(mood).to_be_focused()
    for _mood in range(4):  # calm, pleased, hesitant, in a hurry
        page.keyboard.press("ArrowDown")
    expect(mood).to_have_value("hurried")
    expect(page.locator("#script .badge")).to_have_count(1)
    look(page)
    page.evaluate("window.scrollTo(0, 0)")
    keep(page, f"call-screen-{language[:2]}")
    for _field in range(3):  # out of the lists of moods
        page.keyboard.press("Tab")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_twenty_calls_and_a_day_supervised(language: str, open_page: OpenPage) -> None:
    branch = bank()
    people = [caller(branch, language=language, last_login=clock.now()) for _place in range(2)]
    mine, other = (open_page(person, language=language) for person in people)
    for page in (mine, other):
        page.goto("/leads/desk/screen/")
    seen: list[set[str]] = [set(), set()]
    for place, (keys, _code) in enumerate(CALLS):
        if place % 2 == 0:
            seen[1].add(begin(other))
        seen[0].add(begin(mine))
        assert Lead.objects.filter(holder__isnull=False).count() == 2 - place % 2
        if place == 1:
            in_a_hurry(mine, language)
        end(mine, keys)
        if place % 2 == 0:
            end(other, keys)
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (20, 10, set())
    assert [codes(person) for person in people] == [[code for _keys, code in CALLS], OTHERS]
    for person, numbers in zip(people, seen, strict=True):
        called = LeadHold.objects.filter(holder=person, called_at__isnull=False)
        assert set(called.values_list("lead__number", flat=True)) == numbers
    assert LeadDial.objects.count() == 30
    assert LeadCall.objects.exclude(mood_before="").get().mood_before == "hurried"
    assert not LeadHold.objects.filter(ended_at=None).exists()
    supervise(branch, people, language, open_page)


def codes(person: Staff) -> list[str]:
    rows = LeadCall.objects.filter(caller=person).order_by("pk")
    return list(rows.values_list("disposition__code", flat=True))


def supervise(branch: Branch, people: list[Staff], language: str, open_page: OpenPage) -> None:
    """The manager sees who does what, reads a call, and hands over what one has to the other."""
    for place in range(2):
        held(LeadFactory(branch=branch), people[0], clock.now() - 2 * DAY + place * HOUR)
    operations.draw_calls(at=clock.now())
    boss = StaffFactory(role="branch_manager", branch=branch, language=language)
    page = open_page(boss, language=language)
    page.goto("/leads/watch/")
    expect(page.locator("#watch-queue table")).to_have_count(1)
    expect(page.locator("#watch-results table")).to_have_count(1)
    told = page.locator("#watch-people tbody").first.locator("tr")
    expect(told).to_have_count(2)
    assert [told.nth(place).locator("td").nth(4).inner_text().split()[0] for place in range(2)] == [
        "20", "10",
    ]  # fmt: skip
    look(page)
    page.evaluate("window.scrollTo(0, 0)")
    keep(page, f"supervisor-{language[:2]}")
    for address in (
        "/leads/pool/", "/leads/conversion/", "/leads/moods/", "/leads/outcomes/", "/leads/same/",
        "/leads/calls/results/",
    ):  # fmt: skip
        page.goto(address)
        look(page)
    read(page)
    hand_over(page, *people)


def read(page: Page) -> None:
    """The first call that was drawn is read by keys."""
    page.goto("/leads/calls/")
    look(page)
    page.keyboard.press("Enter")  # the first one has the focus
    for _criterion in CRITERIA:
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.keyboard.type("按录音核对")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settle(page)
    assert QualityReview.objects.count() == 1


COUNTS = """
for (const kind of ["click", "keydown"])
  addEventListener(kind, () => {
    sessionStorage[kind] = 1 + Number(sessionStorage[kind] || 0);
  }, true);
"""


def hand_over(page: Page, one: Staff, other: Staff) -> None:
    """What somebody who is away has goes to the other one: two clicks, and nothing is typed."""
    wanted = set(Lead.objects.filter(owner=one, state="working").values_list("pk", flat=True))
    assert wanted
    today = clock.today()
    PostAbsence.objects.create(
        staff=one, kind="sick", first_date=today, last_date=today, recorded_by=other,
        recorded_at=clock.now(),
    )  # fmt: skip
    page.add_init_script(COUNTS)
    page.goto("/leads/watch/")
    page.locator(f"#watch-people a.btn-primary[href*='/{one.username}/']").click()
    expect(page.locator("#proposal")).to_have_count(1)
    look(page)
    keep(page, f"redistribution-{page.evaluate('document.documentElement.lang')[:2]}")
    page.locator("[name=as_proposed]").click()
    settle(page)
    done = page.evaluate("[sessionStorage.click, sessionStorage.keydown]")
    assert done == ["2", None]
    assert not Lead.objects.filter(owner=one, state__in=["new", "working"]).exists()
    assert wanted <= set(Lead.objects.filter(owner=other).values_list("pk", flat=True))
    moves = LeadMove.objects.filter(lead__in=wanted, path="take_back")
    assert {move.why for move in moves} == {
        {"zh-hans": "归属人今日缺勤。", "en": "The owner is absent today."}[one.language]
    }
