"""Variants of a step: who is told which, in what text, and what is approved and counted of them."""

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Grant, TouchStep
from campaigns.planning import queries as planning
from campaigns.planning.rules import files, plans, touch_wording
from campaigns.planning.rules.touches import Step
from campaigns.texts import operations as withdrawing
from campaigns.texts import queries as texts
from campaigns.touches import queries
from campaigns.touches.queries import variants as drawing
from journeys.models import Message, MessageTemplate
from portal.approvals.models import Submission
from portal.approvals.rules import snapshot_hash
from tests.campaigns.planning.test_touches import around, faults, problems, read
from tests.campaigns.touches.test_moving import second
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import AT, draft
from tests.factories.control import id_numbers, in_force
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import (
    SPENT,
    drafted,
    on,
    plan_of,
    step,
    steps_of,
    sweep,
    touched,
)
from tests.journeys.contact.test_control import IDS, is_fair

ID_NUMBER = "11010519491231002X"
DAYS = dt.timedelta(days=1)
OTHER = "【信用卡中心】{name}，请看看。拒收请回复R"


def ways(*shares: int, **texts: str) -> list[dict[str, Any]]:
    return [
        {
            "code": code, "name": f"说法{code}", "name_en": f"Way {code}", "share": share,
            "template": texts.get(code, "nudge"),
        }
        for code, share in zip("abcdef", shares, strict=False)
    ]  # fmt: skip


def varied(*shares: int, code: str = "one", **texts: str) -> dict[str, Any]:
    made = step(code, variants=ways(*shares, **texts))
    return {name: value for name, value in made.items() if name != "template"}


def step_of(raw: dict[str, Any]) -> Step:
    touches = read(plan_of(raw)).touches
    assert touches is not None
    return touches.steps[0]


# --- reading, writing, saying -------------------------------------------------------------------
def test_a_step_with_variants_is_read_written_and_said() -> None:
    text = files.write_file("x", read(plan_of(varied(60, 40, b="other"))).as_content())
    code, plan = files.read_file(text)
    assert files.write_file(code, plan.as_content()) == text
    assert plan.touches is not None
    one = plan.touches.steps[0]
    assert [(way.code, way.share, way.template) for way in one.variants] == [
        ("a", 60, "nudge"), ("b", 40, "other"),
    ]  # fmt: skip
    assert "template" not in one.as_data()
    with translation.override("en"):
        assert "in variants: Way a 60% (text nudge)" in touch_wording.step_text(one)
    assert "variants" not in step_of(step()).as_data()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (step(variants=ways(50, 50)), ["touches.steps[0].template: has no meaning here"]),
        (varied(99), ["touches.steps[0].variants: must be 2 to 6",
                      "touches.steps[0].variants: the shares add up to 99, and must to 100"]),
        (varied(50, 40), [
            "touches.steps[0].variants: the shares add up to 90, and must to 100"]),
        (varied(100, 0), None),
        (varied(50, 50) | {"variants": [ways(50)[0], ways(50)[0]]}, [
            "touches.steps[0].variants: two have the code a; give each its own"]),
        (varied(50, 50) | {"variants": [{"code": "a"}, *ways(1, 99)[1:]]}, None),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_its_place(raw: dict[str, Any], said: list[str] | None) -> None:
    with translation.override("en"):
        found = problems(plan_of(raw))
    assert found
    if said is not None:
        assert found == said


def test_each_text_is_looked_at_and_its_place_is_said() -> None:
    raw = plan_of(varied(50, 50, b="points"))
    assert faults(raw, around(points="points expires")) == [
        ("touches.steps[0].variants[1].template", True)
    ]
    assert faults(raw, around(("points", "sms"))) == [
        ("touches.steps[0].variants[1].template", True)
    ]


# --- the draw -----------------------------------------------------------------------------------
def drawn_of(raw: dict[str, Any], campaign: str = "x", ids: int = IDS) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {drawing.drawn_sql('customer')} FROM"
            " (SELECT id, NULL::bytea AS bearer FROM generate_series(1, %(ids)s) AS id) AS customer"
            " ORDER BY id",
            drawing.values_of(campaign, step_of(raw)) | {"ids": ids},
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("shares", [(50, 50), (90, 10), (1, 99), (20, 30, 50)])
def test_shares_are_kept(shares: tuple[int, ...]) -> None:
    found = Counter(drawn_of(varied(*shares)))
    assert all(
        is_fair(found[code], IDS, share / 100) for code, share in zip("abc", shares, strict=False)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "later", "least"),
    [
        ((50, 50), (40, 60), 10),
        ((50, 50), (40, 40, 20), 20),
        ((40, 40, 20), (50, 50), 20),
        ((20, 30, 50), (20, 40, 40), 10),
        ((20, 30, 50), (30, 30, 40), 10),
    ],
)
def test_few_move_when_shares_change_and_only_to_what_grew(
    before: tuple[int, ...], later: tuple[int, ...], least: int
) -> None:
    pairs = zip(drawn_of(varied(*before)), drawn_of(varied(*later)), strict=True)
    moved = Counter((old, new) for old, new in pairs if old != new)
    was, now = dict(zip("abc", before, strict=False)), dict(zip("abc", later, strict=False))
    for old, new in moved:
        # Against the share of what he leaves, that of what he goes to has grown.
        assert now[new] * was[old] > was.get(new, 0) * now.get(old, 0)
    # No plan of these shares moves fewer than `least` of a hundred; this moves few more.
    assert least * 0.97 < sum(moved.values()) * 100 / IDS < least * 1.35


@pytest.mark.django_db
def test_draws_of_steps_campaigns_and_the_banks_group_know_nothing_of_one_another() -> None:
    draws = [
        drawn_of(varied(50, 50)), drawn_of(varied(50, 50, code="two")),
        drawn_of(varied(50, 50), campaign="y"),
    ]  # fmt: skip
    for one, two in itertools.combinations(draws, 2):
        same = sum(a == b for a, b in zip(one, two, strict=True))
        assert is_fair(same, IDS, 0.5)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journeys_place_of(%s, NULL, id) < 50000 FROM generate_series(1, %s) AS id"
            " ORDER BY id",
            [b"2026", IDS],
        )
        held = [row[0] for row in cursor.fetchall()]
    both = sum(is_held and way == "a" for is_held, way in zip(held, draws[0], strict=True))
    assert is_fair(both, IDS, 0.05 * 0.5)


@pytest.mark.django_db
def test_one_person_under_two_numbers_is_told_the_same() -> None:
    made = step_of(varied(50, 50))
    twins = [holder(customer__id_number=ID_NUMBER).customer_id for _number in range(2)]
    found = queries.drawn("x", made, twins)
    assert found[twins[0]] == found[twins[1]]
    assert queries.drawn("x", step_of(step()), twins) == dict.fromkeys(twins, "")


# --- sending ------------------------------------------------------------------------------------
def told() -> dict[int, tuple[str, str]]:
    rows = Message.objects.select_related("template")
    return {row.customer_id: (row.variant, row.template.code) for row in rows}


def live(*shares: int) -> CampaignVersion:
    return touched(varied(*shares, b="other"), bodies={"other": OTHER})


@pytest.mark.django_db
def test_each_is_sent_the_text_of_his_variant_and_the_message_says_which() -> None:
    version = live(50, 50)
    people = [holder(customer__id_number=one).customer_id for one in id_numbers(24)]
    sweep(DAY)
    assert version.content["touches"]["steps"][0]["variants"][1]["template"] == "other"
    plan = plans.plan_of(version.content)
    assert plan.touches is not None
    expected = queries.drawn("first-gift", plan.touches.steps[0], people)
    texts = {"a": "nudge", "b": "other"}
    assert told() == {who: (way, texts[way]) for who, way in expected.items()}
    assert set(expected.values()) == {"a", "b"}
    assert dict(TouchStep.objects.values_list("customer_id", "variant")) == expected


@pytest.mark.django_db
def test_a_new_version_leaves_people_on_their_variant() -> None:
    live(50, 50)
    before = [holder(customer__id_number=one).customer_id for one in id_numbers(30)]
    sweep(DAY)
    first = {who: way for who, (way, _text) in told().items()}
    changed = [varied(40, 60, b="other")]
    second(touches=plan_of(*changed, reentry={"mode": "after_exit"}))
    plan = plans.plan_of(CampaignVersion.objects.latest("id").content)
    assert plan.touches is not None
    later = queries.drawn("first-gift", plan.touches.steps[0], before)
    moved = {(first[who], later[who]) for who in before if first[who] != later[who]}
    assert moved <= {("a", "b")}
    assert sum(first[who] == later[who] for who in before) >= 20


@pytest.mark.django_db
def test_the_counts_of_the_variants_add_up_and_say_who_reached_the_goal(client_of: Any) -> None:
    version = touched(
        plan=plan_of(varied(50, 50, b="other"), step("two", offset_days=9), goal=SPENT),
        bodies={"other": OTHER},
    )  # fmt: skip
    cards = [holder(activated_date=DAY, first_used_date=DAY) for _number in range(12)]
    held = holder()
    in_force(inside=[held.customer], outside=[card.customer for card in cards])
    sweep(DAY)
    assert steps_of(held.customer_id)["one"] == ("skipped", "control_group")
    TransactionFactory(card=cards[0], amount=600)
    sweep(DAY + 9 * DAYS)
    found = queries.step_figures(version)[0].variants
    mine = TouchStep.objects.get(customer=cards[0].customer_id, code="one").variant
    by = {one.name[-1]: one for one in found}
    assert sum(one.written for one in found) == 12
    assert [by[way].reached for way in sorted(by, key=lambda way: way != mine)] == [1, 0]
    assert sum(one.held_back for one in found) == 1
    assert [one.share for one in found] == [50, 50]
    reader = StaffFactory(role="campaign_manager", language="en")
    page = client_of(reader).get(reverse("touch_page", args=[version.pk])).content.decode()
    for words in ("Variants: Step one", "Way a", "Way b", "<code>other</code>"):
        assert words in page


# --- approval -----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_approved_holds_every_variant_and_its_text() -> None:
    live(50, 50)
    submission = Submission.objects.latest("id")
    codes = {one.get("code") for one in submission.snapshot["messages"]}
    assert {"nudge", "other"} <= codes
    steps = submission.snapshot["content"]["touches"]["steps"]
    assert [one["code"] for one in steps[0]["variants"]] == ["a", "b"]


@pytest.mark.django_db
def test_a_text_of_one_variant_that_is_withdrawn_voids_the_approval() -> None:
    version = live(50, 50)
    text = MessageTemplate.objects.get(code="other", channel="sms")
    assert texts.approved_with(text.pk) == [version]
    withdrawing.withdraw_text(
        text_id=text.pk, reason="wrong", actor=StaffFactory(role="compliance"), at=AT
    )
    version.refresh_from_db()
    assert version.state == "returned"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed", [varied(51, 49, b="other"), varied(50, 50), varied(50, 25, 25, b="other")]
)
def test_a_change_of_a_variant_is_another_thing_to_approve(changed: dict[str, Any]) -> None:
    first = drafted(plan_of(varied(50, 50, b="other")), bodies={"other": OTHER})
    was = snapshot_hash(planning.snapshot_of(first))
    now = draft(touches=plan_of(changed))
    assert first.content_hash != now.content_hash
    assert was != snapshot_hash(planning.snapshot_of(now))
    assert was == snapshot_hash(planning.snapshot_of(first))


@pytest.mark.django_db
def test_what_a_run_would_tell_is_told_in_variants_by_a_step_counted_from_the_grant() -> None:
    """The campaign's own message: the run gives, and the step tells in its place."""
    ways_of_it = varied(50, 50, code="granted", a="given", b="other")
    body = "【信用卡中心】{reward}{amount}元。拒收请回复R"
    version = touched(
        ways_of_it | {"anchor": "grant"}, bodies={"given": body, "other": f"{body}。"}
    )
    known = {"activated_date": DAY, "first_used_date": DAY}
    cards = [holder(customer__id_number=number, **known) for number in id_numbers(12)]
    for card in cards:
        TransactionFactory(card=card, amount=600, posted_date=DAY)
    sweep(DAY, 9)
    at = on(DAY, 10)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=DAY, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    assert (Grant.objects.count(), told()) == (12, {})
    sweep(DAY, 10)
    people = [card.customer_id for card in cards]
    drawn = queries.drawn("first-gift", step_of(ways_of_it), people)
    texts_of = {"a": "given", "b": "other"}
    assert told() == {who: (way, texts_of[way]) for who, way in drawn.items()}
    assert set(drawn.values()) == {"a", "b"}
    assert Message.objects.count() == 12
