"""Pages of touch plans: counts that add up, reasons for one customer, what becomes of people."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns.touches import queries
from campaigns.touches.forms import DayFilter
from journeys.models import Card
from portal.kit import ladder
from tests.campaigns.touches.test_operations import holder
from tests.campaigns.touches.test_variants import varied
from tests.executing import executes
from tests.factories.campaigns import draft
from tests.factories.journeys import DAY, CardFactory, ProductFactory
from tests.factories.touches import on, plan_of, step, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def test_the_counts_at_each_step_and_their_reasons_add_up() -> None:
    version = touched(step("a", needs={"not": {"kind": "activated"}}), step("b", offset_days=3))
    holder(), holder(activated_date=DAY), CardFactory()
    sweep(DAY)
    with translation.override("en"):
        first, second = queries.step_figures(version)
        assert first.states == {"sent": 1, "skipped": 2}
        assert dict(first.answers) == {
            "A message was written": 1, "What the step needs does not hold": 1,
            "No consent for this channel": 1,
        }  # fmt: skip
        assert (second.states, second.answers) == ({"waiting": 3}, [("Not due yet", 3)])
        assert sum(count for _why, count in first.answers) == first.total == 3
        of_day = queries.step_figures(version, day=DAY)
    assert [one.total for one in of_day] == [3, 0]


def test_the_page_shows_the_picture_with_its_numbers(client_of: Any) -> None:
    version = touched(step("a"))
    holder()
    sweep(DAY)
    client = client_of("campaign_manager")
    page = client.get(reverse("touch_page", args=[version.pk]), headers={"accept-language": "en"})
    assert page.status_code == 200
    assert page.context["inside"] == 0
    assert [(row.label, row.row.audience, row.row.entered) for row in page.context["intakes"]] == [
        (DAY.isoformat(), 0, 0)
    ]
    part = client.get(reverse("touch_part", args=[version.pk]), headers={"hx-request": "true"})
    assert "<svg" in part.content.decode()


@executes(DayFilter, "day")
def test_the_page_counts_the_steps_planned_for_the_day_that_is_asked_for(client_of: Any) -> None:
    version = touched(step("a"), step("b", offset_days=3))
    holder(), CardFactory()
    sweep(DAY)
    client, address = client_of("campaign_manager"), reverse("touch_page", args=[version.pk])

    def totals(**asked: str) -> list[int]:
        return [one.total for one in client.get(address, asked).context["figures"]]

    assert totals() == [2, 2]
    days = [(DAY + number * DAYS).isoformat() for number in (0, 1, 3)]
    assert [totals(day=day) for day in days] == [[2, 0], [0, 0], [0, 2]]
    assert totals(day="x") == [2, 2]


@pytest.mark.parametrize(("goal", "columns"), [(None, 8), ({"kind": "first_used"}, 10)])
def test_without_a_goal_no_share_of_it_is_shown(
    client_of: Any, goal: dict[str, Any] | None, columns: int
) -> None:
    version = touched(plan=plan_of(varied(50, 50), goal=goal))
    page = client_of("campaign_manager").get(reverse("touch_page", args=[version.pk]))
    table = page.content.decode().rpartition("<table")[2].partition("</table>")[0]
    assert (table.count("<th "), table.count("<td")) == (columns, 2 * columns)
    assert table.count("达成率") == (4 if goal else 0)  # caption, head, two lines


def test_one_line_for_a_customer_and_step_with_the_reason_and_the_next_free_instant(
    client_of: Any,
) -> None:
    touched(*(step(f"s{number}") for number in range(3)), step("used", anchor="first_use"))
    card = holder()
    sweep(DAY)
    (shown,) = queries.stays_about(card.customer_id)
    lines = [(one.code, one.answer, one.next_free) for _name, one in shown.steps]
    assert lines == [
        ("s0", "sent", on(DAY)), ("s1", "sent", on(DAY)),
        ("s2", "cap_reached", on(DAY + DAYS)), ("used", "", None),
    ]  # fmt: skip
    page = client_of("compliance").get(
        reverse("customer_touches", args=[card.customer.number]), headers={"hx-request": "true"}
    )
    assert "2026-03-03 10:00" in page.content.decode()


def test_what_becomes_of_those_inside_adds_up_and_comes_true() -> None:
    touched(step("a"), step("b", offset_days=9), products=["GOLD"])
    ProductFactory(code="OTHER")
    cards = [holder() for _number in range(3)]
    sweep(DAY)
    moved = draft(touches=plan_of(step("c", offset_days=20)), issued_to="2026-06-02")
    assert queries.fates_of(queries.coming_of(moved), on=DAY) == queries.Fates(3, 0, 3, 0)
    Card.objects.filter(pk=cards[0].pk).update(closed_date=DAY)
    assert queries.fates_of(queries.coming_of(moved), on=DAY + DAYS) == queries.Fates(3, 0, 3, 0)
    other = draft(touches=plan_of(), products=["OTHER"])
    assert queries.fates_of(queries.coming_of(other), on=DAY) == queries.Fates(3, 0, 0, 3)
    stays = draft(touches=plan_of(inside="stay"), products=["OTHER"])
    assert queries.fates_of(queries.coming_of(stays), on=DAY) == queries.Fates(3, 3, 0, 0)
    nothing = draft()
    assert queries.fates_of(queries.coming_of(nothing), on=DAY) == queries.Fates(3, 0, 0, 3)


def test_a_ladder_draws_each_step_and_says_its_numbers() -> None:
    rung = ladder.Rung("One", "later", [ladder.Part("Sent", 1_000, ladder.DONE),
                                        ladder.Part("Left", 0, ladder.GONE)])  # fmt: skip
    drawn = ladder.ladder_svg([rung], title="Plan")
    assert 'aria-label="Plan: One: Sent 1,000"' in drawn
    assert drawn.count("<rect") == 2
    assert "Left" not in drawn
