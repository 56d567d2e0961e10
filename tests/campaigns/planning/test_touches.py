"""The section `touches` of a plan: read, written, said, checked, and carried along."""

import datetime as dt
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.utils import translation

from campaigns.conditions.rules import tree
from campaigns.design import operations as design
from campaigns.planning import operations as planning
from campaigns.planning import queries
from campaigns.planning.rules import files, linting, plans, touch_linting, touch_wording
from campaigns.planning.rules.faults import Around
from campaigns.wording.rules import lexicon_of
from tests.factories.campaigns import AT, ON, PLAN, approved, draft
from tests.factories.portal import StaffFactory
from tests.factories.touches import SPENT, drafted, plan_of, step, texts, touched

EXAMPLE = settings.BASE_DIR / "examples" / "touch_plan" / "campaign.yaml"
CODES = [
    "touch_welcome", "touch_activate", "touch_to_go", "touch_qualified", "touch_points",
]  # fmt: skip


def read(touches: dict[str, Any]) -> plans.Plan:
    content = {name: value for name, value in PLAN.items() if name != "code"}
    return plans.read_plan(content | {"touches": touches})


def problems(touches: dict[str, Any]) -> list[str]:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as wrong:
        read(touches)
    return wrong.value.problems


def around(*unwritten: tuple[str, str], **needed: str) -> Around:
    named = tuple((code, frozenset(words.split())) for code, words in needed.items())
    return Around(on=ON, words=lexicon_of(ON), unwritten_steps=unwritten, variables=named)


def faults(touches: dict[str, Any], world: Around | None = None) -> list[tuple[str, bool]]:
    found = touch_linting.lint_touches(read(touches), world or around())
    return [(fault.place, fault.is_block) for fault in found]


# --- reading and writing ------------------------------------------------------------------------
def test_the_known_case_is_read_and_written_and_says_the_same() -> None:
    code, plan = files.read_file(EXAMPLE.read_text(encoding="utf-8"))
    assert plan.touches is not None
    assert [one.code for one in plan.touches.steps] == [
        "welcome", "activate-3", "activate-10", "to-go-30", "to-go-45", "to-go-60", "qualified",
        "granted", "points",
    ]  # fmt: skip
    assert plan.touches.tells_grants
    text = files.write_file(code, plan.as_content())
    assert files.read_file(text) == (code, plan)
    assert plans.plan_of(plan.as_content()) == plan


def test_a_plan_without_a_touch_plan_writes_what_it_wrote_before() -> None:
    content = {name: value for name, value in PLAN.items() if name != "code"}
    assert "touches" not in plans.read_plan(content).as_content()


def test_times_are_read_as_yaml_writes_them() -> None:
    for written in ('"09:30"', "09:30", "10:00", '"00:00"'):
        raw = yaml.safe_load(f"at: {written}")
        found = read(plan_of(step(**raw))).touches
        assert found is not None
        assert found.steps[0].at == dt.time.fromisoformat(written.strip('"'))


@pytest.mark.parametrize(("touches", "said"), [
    ({"steps": [step()]}, ["touches.entry: is missing"]),
    ({"entry": {"by": "event", "anchor": "issue"}}, ["touches.steps: is missing"]),
    (plan_of(step(), step()), ["touches.steps: two have the code one; give each its own"]),
    (plan_of(step(anchor="x")), [
        "touches.steps[0].anchor: must be one of: application_filed, application_result, issue, "
        "activation, first_use, grant, window_end, points_expiring, fixed_date, entry"]),
    (plan_of(step(anchor="fixed_date")), ["touches.steps[0].on_date: is missing"]),
    (plan_of(step(on_date="2026-07-01")), ["touches.steps[0].on_date: has no meaning here"]),
    (plan_of(step(at="25:00")), ["touches.steps[0].at: must be a time such as 09:30"]),
    (plan_of(step(valid_days=61)), [
        "touches.steps[0].valid_days: must be a whole number from 0 to 60"]),
    (plan_of(step(channels=["letter"])), [
        "touches.steps[0].channels: must be one of: sms, email, phone, push, on_site"]),
    (plan_of(step(wait={"days": 3})), ["touches.steps[0].wait.until: is missing"]),
    (plan_of(reentry={"mode": "times"}), ["touches.reentry.times: is missing"]),
    (plan_of(reentry={"mode": "never", "days": 3}), [
        "touches.reentry.days: has no meaning here"]),
    (plan_of(exits={"kind": "activated"}), ["touches.exits: must be a list of at most 10"]),
    (plan_of(exits=[{"kind": "nothing"}]), None),
    (plan_of(entry={"by": "event", "anchor": "window_end"}), None),
    (plan_of(entry={"by": "schedule"}), ["touches.entry.first_date: is missing"]),
    (plan_of(entry={"by": "audience", "of": "run", "every_days": 3}), [
        "touches.entry.every_days: has no meaning here"]),
    (plan_of(surprise=1), None),
])  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(
    touches: dict[str, Any], said: list[str] | None
) -> None:
    found = problems(touches)
    assert found
    assert all(one.startswith("touches.") for one in found)
    if said is not None:
        assert found == said


# --- sentences ----------------------------------------------------------------------------------
def test_each_step_is_said_in_both_languages() -> None:
    plan = files.read_file(EXAMPLE.read_text(encoding="utf-8"))[1]
    assert plan.touches is not None
    with translation.override("en"):
        said = touch_wording.sentences(plan.touches)
        assert said[0] == (
            "Touch plan: who enters",
            "Whoever it comes for: Application approved, no more than 3 days ago. "
            "Each person once.",
        )
        assert said[2][1].startswith(
            "Not activated after 3 days: Card issued, 3 days after, 10:00 by SMS, text "
            "touch_activate. Where: "
        )
    assert len(said) == 1 + 9 + 1 + 1 + 1 + 1


def test_an_approver_reads_of_it_and_a_change_of_it_is_told() -> None:
    before, now = read(plan_of()), read(plan_of(step(offset_days=4)))
    names = linting.wording.Names()
    with translation.override("en"):
        labels = [label for label, _text in linting.wording.facts(now, names)]
        assert "Touch plan: step" in labels
        from campaigns.planning.rules import changes

        found = changes.between(before, names, now, names)
    assert [(one.label, len(one.before), len(one.now)) for one in found] == [
        ("Touch plan: step", 1, 1)
    ]


# --- checking -----------------------------------------------------------------------------------
NOT_SPENT = {"not": SPENT}
MONTHLY = {"by": "schedule", "first_date": "2026-07-01", "every_days": 30}
ONCE = [("touches.steps[0].anchor", False)]


@pytest.mark.parametrize(("touches", "found"), [
    (plan_of(), []),
    # Dead steps.
    (plan_of(step(needs=SPENT), goal=SPENT), [("touches.steps[0].needs", True)]),
    (plan_of(step(needs=SPENT | {"at_least": "800.00"}), goal=SPENT),
     [("touches.steps[0].needs", True)]),
    (plan_of(step(needs=SPENT | {"at_least": "300.00"}), goal=SPENT), []),
    (plan_of(step(needs={"kind": "activated"}), exits=[{"kind": "first_used"},
                                                       {"kind": "activated"}]),
     [("touches.steps[0].needs", True)]),
    (plan_of(step(needs={"all": [SPENT, NOT_SPENT]})), [("touches.steps[0].needs.all[0]", True)]),
    (plan_of(step(wait={"until": SPENT, "days": 3, "then": "skip", "otherwise": "leave"})),
     [("touches.steps[0].wait", True)]),
    # Impossible waits.
    (plan_of(step(wait={"until": SPENT, "days": 3}), goal=SPENT),
     [("touches.steps[0].wait.until", True)]),
    (plan_of(step(wait={"until": SPENT, "days": 3}, needs=NOT_SPENT)),
     [("touches.steps[0].wait.until", True)]),
    (plan_of(step(wait={"until": SPENT, "days": 401})), [("touches.steps[0].wait.days", True)]),
    (plan_of(step(wait={"until": {
        "kind": "spending_in_window", "counted_from": "dates", "first_date": "2025-01-01",
        "last_date": "2025-02-01", "last_day": "inside", "at_least": "1.00"}, "days": 3})),
     [("touches.steps[0].wait.until", True)]),
    # Days.
    (plan_of(step(offset_days=-1)), [("touches.steps[0].offset_days", True)]),
    (plan_of(step(anchor="window_end", offset_days=-1)), []),
    # Points expire more than once, and a stay tells each step once.
    (plan_of(step(anchor="points_expiring", offset_days=-1)), ONCE),
    (plan_of(step(anchor="points_expiring"), reentry={"mode": "after_exit"}), ONCE),
    (plan_of(step(anchor="points_expiring"), entry=MONTHLY), ONCE),
    (plan_of(step(anchor="points_expiring"), entry=MONTHLY, reentry={"mode": "after_exit"}), []),
    (plan_of(step(anchor="grant"), entry=MONTHLY), []),
    (plan_of(step(anchor="fixed_date", on_date="2026-06-29", valid_days=0)),
     [("touches.steps[0].on_date", True)]),
    (plan_of(step(anchor="fixed_date", on_date="2026-06-30", valid_days=0)), []),
    (plan_of(step(anchor="entry", offset_days=401)), [("touches.steps[0].offset_days", True)]),
    # After the window: 65 days from issue, that day included.
    (plan_of(step(offset_days=65)), []),
    (plan_of(step(offset_days=66)), [("touches.steps[0].offset_days", False)]),
    (plan_of(step(anchor="window_end", offset_days=1)), [("touches.steps[0].offset_days", False)]),
])  # fmt: skip
def test_what_is_wrong_with_a_touch_plan(
    touches: dict[str, Any], found: list[tuple[str, bool]]
) -> None:
    assert faults(touches) == found


def test_a_step_after_the_window_that_counts_down_is_never_sent() -> None:
    world = around(nudge="to_go days_left")
    assert faults(plan_of(step(offset_days=65)), world) == []
    assert faults(plan_of(step(offset_days=66)), world) == [("touches.steps[0].offset_days", True)]


def test_without_a_window_nothing_is_counted_from_its_end_or_down_to_it() -> None:
    content = {name: value for name, value in PLAN.items() if name != "code"}
    touches = plan_of(step(anchor="window_end"), step("two"))
    plan = plans.read_plan(content | {"rule": {"kind": "activated"}, "touches": touches})
    found = touch_linting.lint_touches(plan, around(nudge="to_go"))
    assert [fault.place for fault in found] == [
        "touches.steps[0].anchor", "touches.steps[0].template", "touches.steps[1].template",
    ]  # fmt: skip


@pytest.mark.parametrize(("needed", "anchor", "blocks"), [
    ("name campaign", "issue", []),
    ("birthday", "issue", ["touches.steps[0].template"]),
    ("reward amount", "issue", ["touches.steps[0].template"]),
    ("reward amount", "grant", []),
    ("points expires", "points_expiring", []),
    ("points", "grant", ["touches.steps[0].template"]),
    ("to_go days_left deadline", "issue", []),
])  # fmt: skip
def test_a_text_is_filled_in_by_what_its_step_brings(
    needed: str, anchor: str, blocks: list[str]
) -> None:
    found = faults(plan_of(step(anchor=anchor)), around(nudge=needed))
    assert [place for place, is_block in found if is_block] == blocks


def test_a_text_that_is_missing_is_found() -> None:
    assert faults(plan_of(step(channels=["sms", "email"])), around(("nudge", "email"))) == [
        ("touches.steps[0].template", True)
    ]


def test_what_a_run_sends_is_not_filled_in_by_a_touch_plan() -> None:
    content = {name: value for name, value in PLAN.items() if name != "code"}
    found = touch_linting.lint_touches(plans.read_plan(content), around(first_gift="to_go"))
    assert [fault.place for fault in found] == ["template"]


# --- carried along ------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_text_of_a_step_that_does_not_exist_is_refused_when_the_file_is_loaded() -> None:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as wrong:
        draft(touches=plan_of(step(template="nowhere")))
    assert wrong.value.problems == [
        "touches.steps[0].template: nowhere: there is no message text of this name in simplified "
        "Chinese for: sms"
    ]


@pytest.mark.django_db
def test_the_texts_of_steps_are_approved_with_the_version() -> None:
    version = touched(step(), step("two", template="first_gift"))
    found = queries.approved_messages(version)
    plan = plans.plan_of(version.content)
    assert [(one.get("code"), one["channel"]) for one in found] == [
        (None, "email"), (None, "sms"), ("nudge", "sms"),
    ]  # fmt: skip
    assert queries.messages_stand(found)
    own = {one["channel"]: one["text"] for one in found if "code" not in one}
    assert set(queries.texts_for(found, plan, "first_gift")) == set(own.values())
    assert queries.texts_for(found, plan, "nudge") == [found[2]["text"]]


@pytest.mark.django_db
def test_a_run_sends_its_own_text_alone_and_not_where_a_step_tells() -> None:
    from campaigns.models import Decision
    from journeys.models import Message
    from tests.campaigns.eligibility.test_operations import finished
    from tests.factories.campaigns import card_in_use

    version = touched(step())
    card_in_use()
    finished(version.pk)
    assert Message.objects.get().template.code == "first_gift"
    other = approved(code="second", touches=plan_of(step(anchor="grant", template="first_gift")))
    finished(other.pk)
    assert Message.objects.count() == 1
    assert Decision.objects.filter(run__version=other).get().gate == ""


@pytest.mark.django_db
def test_an_edit_of_another_part_in_the_editor_keeps_the_touch_plan() -> None:
    version = drafted(plan_of(step("a"), step("b", offset_days=2), goal={"kind": "activated"}))
    owner = version.created_by
    draft_row = design.edit_version(version=version, owner=owner, at=AT)
    content = draft_row.content | {"name": "新名字"}
    draft_row = design.keep(
        draft_id=draft_row.pk, revision=draft_row.revision, content=content, actor=owner, at=AT
    )
    saved = design.save_version(
        draft_id=draft_row.pk, revision=draft_row.revision, actor=owner, at=AT
    )
    assert saved.number == 2
    assert saved.content["touches"] == version.content["touches"]


@pytest.mark.django_db
def test_the_pages_of_the_editor_keep_the_touch_plan(client_of: Any) -> None:
    version = drafted(plan_of(step("a")))
    owner = version.created_by
    row = design.edit_version(version=version, owner=owner, at=AT)
    client = client_of(owner)
    page = client.get(f"/campaigns/design/{row.pk}/basics/")
    fields = page.context["form"].initial if "form" in page.context else {}
    data = {name: value for name, value in fields.items() if value is not None}
    client.post(f"/campaigns/design/{row.pk}/basics/", data | {"revision": row.revision})
    row.refresh_from_db()
    assert row.content["touches"] == version.content["touches"]


@pytest.mark.django_db
def test_the_example_loads_and_nothing_blocks_it() -> None:
    from campaigns.demo.touches import add_texts
    from tests.factories.campaigns import message_texts
    from tests.factories.journeys import ProductFactory

    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    message_texts()
    add_texts(at=AT)
    version = planning.load_campaign(
        text=EXAMPLE.read_text(encoding="utf-8"), owner=StaffFactory(role="campaign_manager"),
        at=AT,
    )  # fmt: skip
    blocks = linting.blocks_of(queries.faults_of(version, on=ON))
    assert blocks == []
    assert tree.leaves(version.campaign and plans.plan_of(version.content).rule)
    assert set(CODES) <= {one.get("code") for one in queries.messages_of(
        plans.plan_of(version.content))}  # fmt: skip
    texts()
