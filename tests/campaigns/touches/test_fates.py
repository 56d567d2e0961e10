"""What is foretold of each person inside is what the move then does to him: for random plans before
and after, random people and instants; and the counts add up."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import CampaignVersion, Enrolment, TouchStep
from campaigns.touches import operations as touches
from campaigns.touches import queries
from campaigns.touches.operations import moving
from tests.campaigns.touches import oracle
from tests.campaigns.touches.test_operations import holder
from tests.campaigns.touches.test_oracle import DAY, START, World, people, plans
from tests.factories.campaigns import approve, draft
from tests.factories.journeys import DAY as ISSUED
from tests.factories.journeys import ProductFactory
from tests.factories.portal import BranchFactory
from tests.factories.touches import on, plan_of, step, sweep, touched

pytestmark = pytest.mark.django_db
SPAN = {"issued_from": "2026-01-01", "issued_to": "2026-12-01", "runs_to": "2028-01-01"}
# Fate, why it ends, the next step and when it is due.
Fate = tuple[str, str, str, dt.datetime | None]


class Spread(World):
    """The same people, by turns of two branches and with cards of two products."""

    def __init__(self, found: list[oracle.Person]) -> None:
        super().__init__(found)
        self.branches = [self.branch, BranchFactory()]
        self.products = [self.product, ProductFactory(code="OTHER")]

    def _write(self, number: int, person: oracle.Person, day: dt.date) -> None:
        self.branch, self.product = self.branches[number % 2], self.products[number // 2 % 2]
        super()._write(number, person, day)


def foretold(version: CampaignVersion, day: dt.date) -> dict[int, Fate]:
    coming = queries.coming_of(version)
    found = list(queries.fated(coming, on=day))
    steps = queries.next_steps(coming, found, on=day)
    told: dict[int, Fate] = {}
    for one in found:
        step = steps.get(one.stay.enrolment_id)
        told[one.stay.enrolment_id] = (
            one.fate, one.because, step.code if step else "", step.planned_at if step else None,
        )  # fmt: skip
    return told


def done(key: int, version: CampaignVersion) -> Fate:
    """What became of a stay, read in its rows."""
    stay = Enrolment.objects.get(pk=key)
    if stay.state == "left":
        return "leave", stay.left_because, "", None
    waiting = [row for row in TouchStep.objects.filter(enrolment=stay) if row.state == "waiting"]
    first = min(waiting, key=lambda row: (
        row.planned_at is None, row.planned_at or on(START), row.position))  # fmt: skip
    fate = "move" if stay.version_id == version.pk else "stay"
    return fate, "", first.code, first.planned_at


def went_live(
    old: dict[str, Any], new: dict[str, Any], found: list[oracle.Person], looks: list[dt.datetime]
) -> list[Fate]:
    """People live by one plan until the last look; what was foretold of the other then, and came
    true."""
    world = Spread(found)
    touched(plan=old, products=["GOLD", "OTHER"], **SPAN)
    for at in looks[:-1]:
        world.write_until(oracle.day_of(at))
        touches.sweep_touches(at=at)
    at, day = looks[-1], oracle.day_of(looks[-1])
    world.write_until(day)
    of: dict[str, Any] = {
        "products": new["products"],
        "touches": new["plan"],
        "branches": [world.branches[number].code for number in new["at"]],
    }
    version = draft(**SPAN, **{name: value for name, value in of.items() if value})
    inside = list(Enrolment.objects.filter(state="inside").values_list("pk", flat=True))
    told, counted = foretold(version, day), queries.fates_of(queries.coming_of(version), on=day)
    approve(version)
    moving.move_people(version=version, at=at)
    became = {key: done(key, version) for key in inside}
    assert told == became
    by = Counter(fate for fate, _why, _step, _due in became.values())
    if counted is None:
        assert not inside
    else:
        assert (counted.stay, counted.move, counted.leave) == (by["stay"], by["move"], by["leave"])
        assert counted.stay + counted.move + counted.leave == counted.inside == len(inside)
        through = sum(why == "finished" for _fate, why, _step, _due in became.values())
        assert (counted.finished, counted.uncovered) == (through, by["leave"] - through)
    return list(became.values())


looks_at = st.lists(
    st.tuples(st.integers(0, 34), st.sampled_from([7, 12, 19])), min_size=2, max_size=4, unique=True
).map(sorted)  # fmt: skip


@st.composite
def edits(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A plan that many are inside of for long, and what an edit makes of it: steps are kept, moved,
    taken out and added; now and then the touch plan goes, or the campaign is about others."""
    old = draw(plans(least=3)) | {"entry": {"by": "audience", "of": "rule"}, "longest_days": 60}
    old["steps"][0] = step("s0", anchor="entry")
    if draw(st.booleans()):
        old = {name: value for name, value in old.items() if name not in ("goal", "exits")}
    steps = [
        kept | ({"offset_days": draw(st.integers(-3, 12))} if draw(st.booleans()) else {})
        for kept in old["steps"]
        if draw(st.booleans())
    ]
    added = draw(plans())["steps"][: draw(st.integers(0 if steps else 1, 2))]
    steps += [one | {"code": f"new{number}"} for number, one in enumerate(added)]
    if draw(st.integers(0, 3)) == 0:  # many are through with what is left
        steps = old["steps"][:1]
    inside = draw(st.sampled_from(["move", "move", "move", "stay"]))
    has_plan = draw(st.integers(0, 7)) > 0
    return old, {
        "plan": old | {"steps": steps, "inside": inside} if has_plan else None,
        "products": draw(st.sampled_from([["GOLD"], ["OTHER"], *[["GOLD", "OTHER"]] * 3])),
        "at": draw(st.sampled_from([[], [], [], [0], [1], [0, 1]])),
    }


@pytest.mark.parametrize(
    "examples", [16, pytest.param(400, marks=pytest.mark.chaos)], ids=["some", "many"]
)
def test_what_is_foretold_of_each_person_is_what_the_move_does(examples: int) -> None:
    seen: Counter[tuple[str, str]] = Counter()

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(edits(), st.lists(people(), min_size=3, max_size=7), looks_at)
    def compare(
        edit: tuple[dict[str, Any], dict[str, Any]],
        found: list[oracle.Person],
        looks: list[tuple[int, int]],
    ) -> None:
        instants = [
            oracle.midnight(START + days * DAY) + dt.timedelta(hours=hour) for days, hour in looks
        ]
        with transaction.atomic():
            seen.update((fate, why) for fate, why, _s, _d in went_live(*edit, found, instants))
            transaction.set_rollback(True)

    compare()
    # Random plans that show one fate alone would show nothing.
    assert set(seen) == {
        ("stay", ""), ("move", ""), ("leave", "uncovered"), ("leave", "finished"),
    }, seen  # fmt: skip


def test_who_is_through_with_the_steps_of_the_new_plan_leaves_at_once() -> None:
    """He would move and find no step that waits."""
    touched(step("a"), step("b", offset_days=9))
    holder()
    sweep(ISSUED)
    shorter = draft(touches=plan_of(step("a")))
    counted = queries.fates_of(queries.coming_of(shorter), on=ISSUED)
    assert counted == queries.Fates(1, 0, 0, 1, 1)
    (told,) = foretold(shorter, ISSUED).values()
    assert told == ("leave", "finished", "", None)


def test_each_is_told_his_next_step_on_the_plan_that_he_will_be_on() -> None:
    touched(step("a"), step("b", offset_days=9))
    card = holder()
    sweep(ISSUED)
    after = plan_of(step("used", anchor="first_use"), step("c", offset_days=4))
    moves, stays = draft(touches=after), draft(touches=after | {"inside": "stay"})
    (told,) = foretold(moves, ISSUED).values()
    assert told == ("move", "", "c", on(ISSUED + 4 * DAY, 0))
    (told,) = foretold(stays, ISSUED).values()
    assert told == ("stay", "", "b", on(ISSUED + 9 * DAY, 0))
    lines = queries.lines_of(
        queries.coming_of(moves), list(queries.fated(queries.coming_of(moves), on=ISSUED)),
        on=ISSUED,
    )  # fmt: skip
    assert [(line.stay.customer_id, line.step) for line in lines] == [(card.customer_id, "步骤c")]


def test_people_are_told_part_by_part_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from campaigns.touches.queries import fates

    monkeypatch.setattr(fates, "_FEWEST", 2)
    monkeypatch.setattr(fates, "_MOST", 3)
    touched(step("a"), step("b", offset_days=9))
    for _each in range(9):
        holder()
    sweep(ISSUED)
    coming = queries.coming_of(draft(touches=plan_of()))
    found = [one.stay.enrolment_id for one in queries.fated(coming, on=ISSUED)]
    assert found == sorted(Enrolment.objects.values_list("pk", flat=True))
    assert list(queries.fated(coming, on=ISSUED, fate="stay")) == []
