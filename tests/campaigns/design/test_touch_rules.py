"""The touch plan of a draft as plain values: what the forms show is written back unchanged, places
are found, steps are arranged, and the known case is the example's."""

import copy
import datetime as dt
from typing import Any

import pytest
import yaml
from django.conf import settings as django_settings
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import tree
from campaigns.design import forms
from campaigns.design.enums import Step, Touch, Way
from campaigns.design.rules import known_case, places, spots, touching
from campaigns.planning.enums import OF_EVENTS, Anchor, Audience, EntryBy, Inside, Reentry, Then
from campaigns.planning.rules import plans
from campaigns.planning.rules.reading import Reading
from campaigns.planning.rules.touches import countdown_of, read_touches
from journeys.contact.enums import Channel
from tests.campaigns.conditions.test_forms import Browser
from tests.campaigns.conditions.test_kinds import in_bulk
from tests.factories.touches import SPENT, plan_of, step

ACTIVATED = {"kind": "activated"}
TREES = st.sampled_from([
    ACTIVATED, {"not": ACTIVATED}, {"all": [ACTIVATED, {"not": SPENT}]}, {"any": [SPENT]},
    {"all": [{"any": [ACTIVATED, {"not": {"all": [SPENT]}}]}]},
])  # fmt: skip
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 1, 1)).map(dt.date.isoformat)
CODES = ["nudge", "welcome", "old_text"]
OFFERED = [("Written", [("nudge", "nudge · SMS"), ("welcome", "welcome · SMS")])]


def some(**fields: Any) -> Any:
    """Fields that may be there or not."""
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def entries(draw: Any) -> dict[str, Any]:
    by = draw(st.sampled_from(EntryBy.values))
    own = {
        "event": st.fixed_dictionaries({
            "anchor": st.sampled_from([one.value for one in OF_EVENTS]),
            "within_days": st.integers(0, 1100)}),
        "audience": st.fixed_dictionaries({"of": st.sampled_from(Audience.values)}),
        "schedule": st.fixed_dictionaries(
            {"first_date": DAYS}, optional={"every_days": st.integers(1, 1100)}),
    }[by]  # fmt: skip
    return {"by": by, **draw(own), **draw(some(needs=TREES))}


@st.composite
def agains(draw: Any) -> dict[str, Any]:
    mode = draw(st.sampled_from(Reentry.values))
    times, day = st.integers(1, 100), st.integers(1, 1100)
    own = {
        "never": st.just({}), "after_exit": some(times=times),
        "after_days": st.fixed_dictionaries({"days": day}, optional={"times": times}),
        "times": st.fixed_dictionaries({"times": times}),
    }[mode]  # fmt: skip
    return {"mode": mode, **draw(own)}


WAITS = st.fixed_dictionaries({
    "until": TREES, "days": st.integers(1, 1100), "then": st.sampled_from(Then.values),
    "otherwise": st.sampled_from(Then.values),
})  # fmt: skip


@st.composite
def texts(draw: Any) -> dict[str, Any]:
    number = draw(st.sampled_from([0, 2, 3, 6]))
    if not number:
        return {"template": draw(st.sampled_from(CODES))}
    shares = [1] * (number - 1) + [101 - number]
    return {
        "variants": [
            {"code": "abcdef"[n], "name": f"说法{n}", "name_en": f"Way {n}", "share": share,
             "template": draw(st.sampled_from(CODES))}
            for n, share in enumerate(draw(st.permutations(shares)))
        ]
    }  # fmt: skip


@st.composite
def steps(draw: Any, number: int) -> dict[str, Any]:
    anchor = draw(st.sampled_from(Anchor.values))
    return {
        "code": f"s{number}", "name": draw(st.sampled_from(["欢迎", "<b>", "a & \"b\""])),
        "name_en": "Step", "anchor": anchor, "offset_days": draw(st.integers(-1100, 1100)),
        "channels": draw(st.permutations(Channel.values))[: draw(st.integers(1, 5))],
        "valid_days": draw(st.integers(0, 60)), "priority": draw(st.integers(0, 99)),
        **({"on_date": draw(DAYS)} if anchor == "fixed_date" else {}),
        **draw(some(at=st.times().map(lambda at: at.strftime("%H:%M")), needs=TREES, wait=WAITS)),
        **draw(texts()),
    }  # fmt: skip


@st.composite
def touch_plans(draw: Any) -> dict[str, Any]:
    """A touch plan as a version keeps it."""
    return {
        "entry": draw(entries()), "reentry": draw(agains()),
        "inside": draw(st.sampled_from(Inside.values)), "longest_days": draw(st.integers(1, 1100)),
        "steps": [draw(steps(number)) for number in range(draw(st.integers(1, 4)))],
        **draw(some(goal=TREES, exits=st.lists(TREES, min_size=1, max_size=3))),
    }  # fmt: skip


def sent(form: Any) -> QueryDict:
    """What a browser sends for a form that nobody changed."""
    browser = Browser()
    browser.feed("".join(str(form[name]) for name in form.fields))
    found = QueryDict(mutable=True)
    for name, values in browser.sent.items():
        found.setlist(name, values)
    return found


def back(make: Any) -> Any:
    """What a form writes where it is kept as it was shown."""
    form = make(sent(make(None)))
    assert form.is_valid(), form.errors
    return form.written()


def through_the_forms(plan: dict[str, Any]) -> dict[str, Any]:
    """A touch plan after each of its pages was kept as it was shown."""
    made = back(lambda data: forms.TouchesForm(data, content=plan))
    kept = []
    for raw in touching.steps_of(made):
        one = back(lambda data, raw=raw: forms.TouchForm(data, content=raw, texts=OFFERED))
        for number, way in enumerate(touching.variants_of(raw)):
            one["variants"][number] = back(
                lambda data, way=way, number=number: forms.VariantForm(
                    data, content=way, prefix=f"variant{number}", texts=OFFERED
                )
            )
        kept.append(one)
    return {**made, "steps": kept}


def unknown(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan with a field in each of its parts that no form knows."""
    more = {"later": {"deep": [1, None, ""]}}
    return {
        **plan, **more, "entry": plan["entry"] | more, "reentry": plan["reentry"] | more,
        "steps": [
            one | more
            | ({"wait": one["wait"] | more} if "wait" in one else {})
            | ({"variants": [way | more for way in one["variants"]]} if "variants" in one else {})
            for one in plan["steps"]
        ],
    }  # fmt: skip


@settings(in_bulk, max_examples=40)
@given(plan=touch_plans())
def test_what_the_forms_show_is_written_back_unchanged(plan: dict[str, Any]) -> None:
    reading = Reading({"touches": plan}).part("touches")
    assert reading is not None
    found = read_touches(reading)
    assert (reading.problems, found and found.as_data()) == ([], plan)
    before = copy.deepcopy(plan)
    assert through_the_forms(plan) == before == plan


@settings(in_bulk, max_examples=40)
@given(plan=touch_plans())
def test_what_the_forms_do_not_know_stays(plan: dict[str, Any]) -> None:
    assert through_the_forms(unknown(plan)) == unknown(plan)


# --- steps --------------------------------------------------------------------------------------
def codes(plan: dict[str, Any]) -> list[str]:
    return [one["code"] for one in plan["steps"]]


@pytest.mark.parametrize(("do", "place", "found", "focus"), [
    (Touch.ADD, "", ["a", "b", "c", "step-1"], 3),
    (Touch.UP, "1", ["b", "a", "c"], 0),
    (Touch.UP, "0", ["a", "b", "c"], 0),
    (Touch.DOWN, "1", ["a", "c", "b"], 2),
    (Touch.DOWN, "2", ["a", "b", "c"], 2),
    (Touch.COPY, "1", ["a", "b", "b-1", "c"], 2),
    (Touch.REMOVE, "0", ["b", "c"], 0),
    (Touch.REMOVE, "2", ["a", "b"], 1),
    (Touch.REMOVE, "9", ["a", "b", "c"], None),
    (Touch.OPEN, "2", ["a", "b", "c"], 2),
    ("nonsense", "x", ["a", "b", "c"], None),
    ("", "", ["a", "b", "c"], None),
])  # fmt: skip
def test_steps_are_arranged(do: str, place: str, found: list[str], focus: int | None) -> None:
    plan = plan_of(step("a"), step("b"), step("c"), later=1)
    before = copy.deepcopy(plan)
    made, at = touching.arranged(plan, do, place)
    assert (codes(made), at, made["later"]) == (found, focus, 1)
    assert plan == before


def test_a_copy_says_the_same_under_another_code() -> None:
    plan = plan_of(step("a", needs=ACTIVATED), step("a-1"))
    made, _at = touching.arranged(plan, Touch.COPY, "0")
    assert made["steps"][1] == plan["steps"][0] | {"code": "a-2"}
    made["steps"][1]["needs"]["kind"] = "changed"
    assert plan["steps"][0]["needs"] == ACTIVATED


def test_ways_out_are_added_and_taken_out() -> None:
    made, _at = touching.arranged(plan_of(), Touch.ADD_EXIT, "")
    assert made["exits"] == [{"all": []}]
    made, _at = touching.arranged(made | {"exits": [ACTIVATED, SPENT]}, Touch.DROP_EXIT, "0")
    assert made["exits"] == [SPENT]
    made, _at = touching.arranged(made, Touch.DROP_EXIT, "0")
    assert "exits" not in made
    assert len(touching.arranged(plan_of(exits=[SPENT] * 10), Touch.ADD_EXIT, "")[0]["exits"]) == 10


def test_there_are_no_more_steps_than_can_be_read() -> None:
    full = plan_of(*(step(f"s{n}") for n in range(touching.MOST_STEPS)))
    for do in (Touch.ADD, Touch.COPY):
        assert codes(touching.arranged(full, do, "0")[0]) == codes(full)
    assert Reading(full).parts("steps")


def test_a_step_is_said_in_variants_and_in_one_text_again() -> None:
    plain = step("a")
    varied = touching.varied(plain, Way.VARY, "")
    assert "template" not in varied
    assert varied["variants"] == [
        {"code": "a", "template": "nudge", "share": 50}, {"code": "b", "share": 50},
    ]  # fmt: skip
    more = touching.varied(varied, Way.ADD, "")
    assert [one["code"] for one in more["variants"]] == ["a", "b", "c"]
    fewer = touching.varied(more, Way.REMOVE, "0")
    assert [one["code"] for one in fewer["variants"]] == ["b", "c"]
    assert touching.varied(varied, Way.ONE, "") == plain
    for do in (Way.ADD, Way.REMOVE, Way.ONE, Way.TREE, "nonsense"):
        assert touching.varied(plain, do, "0") == plain
    full = {**plain, "variants": [{"code": letter} for letter in "abcdef"]}
    assert touching.varied(full, Way.ADD, "") == full


# --- places -------------------------------------------------------------------------------------
CONTENT: dict[str, Any] = {
    "rule": ACTIVATED, "rewards": {"tiers": [{"needs": SPENT}]},
    "touches": plan_of(
        step("a", needs=ACTIVATED), step("b", wait={"until": SPENT, "days": 3}),
        goal=ACTIVATED, exits=[ACTIVATED, SPENT],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("where", "found", "anchor", "number"), [
    ("rule", ACTIVATED, "tree", None),
    ("0", SPENT, "needs-0", None),
    ("touches.entry.needs", None, "entry-needs", None),
    ("touches.goal", ACTIVATED, "goal", None),
    ("touches.exits.1", SPENT, "exit-1", None),
    ("touches.steps.0.needs", ACTIVATED, "needs", 0),
    ("touches.steps.1.needs", None, "needs", 1),
    ("touches.steps.1.wait.until", SPENT, "until", 1),
    ("touches.steps.0.wait.until", None, "until", 0),
])  # fmt: skip
def test_a_tree_is_found_changed_and_emptied_at_its_place(
    where: str, found: Any, anchor: str, number: int | None
) -> None:
    spot = spots.spot_of(where)
    assert (spot.anchor, spot.number) == (anchor, number)
    assert spots.tree_at(CONTENT, spot) == {"all": [found] if found else []}
    before = copy.deepcopy(CONTENT)
    other = {"any": [{"kind": "first_used"}, ACTIVATED]}
    made = spots.with_tree(CONTENT, spot, other)
    assert spots.tree_at(made, spot) == other
    assert before == CONTENT
    again = spots.with_tree(made, spot, {"all": []})
    assert spots.tree_at(again, spot) == {"all": []}
    stays = where == "rule" or where.startswith("touches.exits")
    assert _is_there(again, spot.way) == stays


def _is_there(content: Any, way: Any) -> bool:
    for name in way[:-1]:
        content = content[name]
    return isinstance(way[-1], int) or way[-1] in content


@pytest.mark.parametrize("where", [
    "", "rules", "9", "touches", "touches.steps", "touches.exits.2", "touches.steps.2.needs",
    "touches.steps.0.template", "touches.steps.0.wait", "touches.entry.by", "touches.exits.999",
    "touches.exits.²",
])  # fmt: skip
def test_no_other_place_is_found(where: str) -> None:
    with pytest.raises(spots.SpotLost):
        spots.tree_at(CONTENT, spots.spot_of(where))
    with pytest.raises(spots.SpotLost):
        spots.tree_at({}, spots.spot_of("touches.goal"))


@pytest.mark.parametrize(("place", "anchor", "number"), [
    ("touches.entry: is missing", "div_id_by", None),
    ("touches.entry.anchor", "div_id_anchor", None),
    ("touches.entry.needs.all[0].days", "entry-needs", None),
    ("touches.reentry.times", "div_id_again_times", None),
    ("touches.reentry.mode", "div_id_mode", None),
    ("touches.goal.all[1]", "goal", None),
    ("touches.exits[1].all", "exit-1", None),
    ("touches.longest_days", "div_id_longest_days", None),
    ("touches.steps", "steps", None),
    ("touches.steps[2].template", "div_id_template", 2),
    ("touches.steps[2].needs.all[0]", "needs", 2),
    ("touches.steps[2].wait", "div_id_waits", 2),
    ("touches.steps[2].wait.days", "div_id_wait_days", 2),
    ("touches.steps[2].wait.until.all", "until", 2),
    ("touches.steps[2].channels", "div_id_channel_1", 2),
    ("touches.steps[2].variants", "variants", 2),
    ("touches.steps[12].variants[1].share", "div_id_variant1-share", 12),
])  # fmt: skip
def test_each_fault_names_the_place_where_it_is_mended(
    place: str, anchor: str, number: int | None
) -> None:
    found = places.place_of(place.partition(":")[0])
    assert found == places.Place(Step.TOUCHES, anchor, number)
    assert found.url_name == ("design_touches" if number is None else "design_touch")


# --- the known case -----------------------------------------------------------------------------
EXAMPLE = django_settings.BASE_DIR / "examples" / "touch_plan" / "campaign.yaml"


def known(rule: Any) -> dict[str, Any]:
    window = known_case.window_of(tree.read_rule(rule))
    assert window is not None
    return known_case.known_case(window)


def test_the_known_case_is_that_of_the_example() -> None:
    raw = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    del raw["code"]
    example = plans.read_plan(raw)
    assert example.touches is not None
    theirs = example.touches.as_data()
    ours = known(raw["rule"])
    assert plans.read_plan(raw | {"touches": ours}).as_content()["touches"] == ours
    names = {"name", "name_en"}
    for mine, other in zip(ours["steps"], theirs["steps"], strict=True):
        assert {k: v for k, v in mine.items() if k not in names} == {
            k: v for k, v in other.items() if k not in names
        }
    assert {k: v for k, v in ours.items() if k != "steps"} == {
        k: v for k, v in theirs.items() if k != "steps"
    }
    counted = countdown_of(example.touches, example.rule)
    assert counted is not None
    assert counted.condition.kind == "spending_in_window"
    assert [needed for needed, _channels in known_case.texts_needed(
        known_case.window_of(tree.read_rule(raw["rule"])))  # type: ignore[arg-type]
    ] == ["touch_welcome", "touch_activate", "touch_to_go", "touch_qualified", "first_gift",
          "touch_points"]  # fmt: skip


@pytest.mark.parametrize(("window", "reminders", "waits"), [
    ({"days": 65}, [("issue", 30), ("issue", 45), ("issue", 60)], 66),
    ({"days": 45, "last_day": "outside"}, [("issue", 30)], 46),
    ({"days": 45, "last_day": "inside"}, [("issue", 30), ("issue", 45)], 46),
    ({"days": 20}, [], 21),
    ({"days": 60, "counted_from": "activation"},
     [("activation", 30), ("activation", 45), ("activation", 60)], 61),
    ({"days": 3000}, [("issue", 30), ("issue", 45), ("issue", 60)], 400),
    ({"counted_from": "dates", "first_date": "2026-01-01", "last_date": "2026-06-01"},
     [("window_end", -35), ("window_end", -20), ("window_end", -5)], 400),
])  # fmt: skip
def test_the_known_case_counts_down_to_the_window_of_the_rule(
    window: dict[str, Any], reminders: list[tuple[str, int]], waits: int
) -> None:
    leaf = {"kind": "spending_in_window", "last_day": "inside", "at_least": "500.00"} | window
    found = known({"all": [ACTIVATED, leaf]})["steps"]
    assert [(one["anchor"], one["offset_days"]) for one in found
            if one["template"] == "touch_to_go"] == reminders  # fmt: skip
    assert [one["wait"]["days"] for one in found if "wait" in one] == [waits]


def test_a_rule_without_a_window_has_no_known_case() -> None:
    assert known_case.window_of(tree.read_rule(ACTIVATED)) is None
    assert known_case.window_of(None) is None
