"""Texts with variables, keys, and what follows from a result."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.outreach import rules
from journeys.outreach.rules import NextStep

MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", set()), ("您好", set()), ("{name}，{amount}元 {name}", {"name", "amount"}),
        ("{{name}}", set()), ("{姓名}", {"姓名"}),
    ],
)  # fmt: skip
def test_variables_are_found(text: str, names: set[str]) -> None:
    assert rules.variables_of(text) == names


@pytest.mark.parametrize(
    "text",
    ["{name.__class__}", "{name[0]}", "{name!r}", "{name:>10}", "{}", "{0}", "{ name }", "{name",
     "name}", "{a b}", "{name:{width}}"],
)  # fmt: skip
def test_anything_but_plain_variables_is_refused(text: str) -> None:
    with pytest.raises(rules.BadTemplate):
        rules.variables_of(text)


def test_values_are_filled_in_as_they_are() -> None:
    text = "{{{name}}} 得 {reward}"
    assert rules.render(text, {"name": "{x}", "reward": "{0.a}", "more": ""}) == "{{x}} 得 {0.a}"
    with pytest.raises(rules.VariableMissing, match="reward"):
        rules.render(text, {"name": "x"})


@given(st.text(), st.text())
def test_a_text_without_braces_stays_as_it_is(before: str, value: str) -> None:
    plain = before.replace("{", "").replace("}", "")
    assert rules.render(plain + "{name}", {"name": value}) == plain + value


def test_a_key_is_stable_and_plain() -> None:
    key = rules.message_key(7, "活动:qualified")
    assert key == rules.message_key(7, "活动:qualified")
    assert key.isascii()
    assert key.startswith("7-")
    assert len({key, rules.message_key(7, "other"), rules.message_key(8, "活动:qualified")}) == 3


@pytest.mark.parametrize(
    ("result", "attempts", "step"),
    [
        ("sent", 1, NextStep("sent")),
        ("bad_address", 1, NextStep("failed", "address")),
        ("refused", 1, NextStep("failed", "permanent")),
        ("no_answer", 1, NextStep("in_doubt", wait=MINUTE / 2)),
        ("unreachable", 9, NextStep("queued", "temporary", MINUTE, counts=False)),
        ("busy", 1, NextStep("queued", "temporary", MINUTE)),
        ("busy", 2, NextStep("queued", "temporary", 5 * MINUTE)),
        ("busy", 3, NextStep("parked", "temporary")),
    ],
)
def test_what_follows_from_a_result(result: str, attempts: int, step: NextStep) -> None:
    assert rules.next_step(result, attempts, MINUTE / 2) == step
