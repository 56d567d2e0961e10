"""Recorded actions and changes as a reader sees them."""

import ast
import re
from collections.abc import Iterator

from campaigns.eligibility.enums import RunState
from campaigns.rewards.enums import ClawBackState
from journeys.care.enums import CareEventKind
from journeys.contact.enums import ControlState
from journeys.rights.enums import RightsEventKind
from portal.audit import rules
from portal.audit.rules import Change, Fault
from tests.project import house

# What the Django admin records is put together from the table's name and one of these.
_BY_ADMIN = ("added", "changed", "deleted")
_SETTLED = ("approved", "refused", "withdrawn")
# Put together from a state or a step, not written out in the code.
_PUT_TOGETHER = {
    *(f"run.{state}" for state in RunState.values if state != "running"),
    *(f"complaint.{kind}" for kind in CareEventKind.values),
    *(f"rights.{kind}" for kind in RightsEventKind.values),
    *(f"control_group.{state}" for state in ControlState.values if state != "proposed"),
    *(f"{what}.{state}" for what in ("product_fact", "call_script") for state in _SETTLED),
    *(f"claw_back.{state}" for state in ClawBackState.values if state != "asked"),
    "case.opened",
    "case.closed",
    "campaign.returned",
    "campaign.vetoed",
}


def _recorded() -> Iterator[str]:
    """Every action that the code names: in calls with `action=`, or beside others of its topic."""
    topics = {action.partition(".")[0] for action in rules.ACTIONS}
    for file in house.code_files():
        if "operations" not in file.as_posix() and "views" not in file.as_posix():
            continue
        for node in ast.walk(house.tree(file)):
            if isinstance(node, ast.keyword) and node.arg == "action":
                yield from _texts(node.value)
            elif isinstance(node, ast.Constant) and re.fullmatch(r"\w+\.\w+", str(node.value)):
                topic = str(node.value).partition(".")[0]
                if topic in topics:
                    yield str(node.value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def test_every_recorded_action_has_words() -> None:
    found = set(_recorded()) | _PUT_TOGETHER
    assert sorted(found - rules.ACTIONS.keys()) == []


def test_every_action_with_words_is_recorded_somewhere() -> None:
    found = set(_recorded()) | _PUT_TOGETHER
    left = {action for action in rules.ACTIONS if not action.endswith(_BY_ADMIN)} - found
    assert sorted(left) == []


def _fields() -> Iterator[str]:
    """Every field that an operation records by name."""
    for file in house.code_files():
        for node in ast.walk(house.tree(file)):
            said = {word.arg: word.value for word in getattr(node, "keywords", [])}
            if "action" in said and isinstance(said.get("changes"), ast.Dict):
                keys = said["changes"].keys  # type: ignore[attr-defined]
                yield from (key.value for key in keys if isinstance(key, ast.Constant))


def test_every_recorded_field_has_words() -> None:
    found = set(_fields())
    assert "effective_date" in found
    assert sorted(found - rules.FIELDS.keys()) == []


def test_changes_read_as_before_and_after() -> None:
    changes = {
        "role": {"before": "analyst", "after": "approver"},
        "team": {"before": None, "after": ""},
        "open": {"before": True, "after": False},
        "key": "7",
        "list": ["a", None, True],
        "rule": {"sum": "5", "days": 65},
    }
    assert rules.readable_changes(changes) == [
        Change("role", "analyst", "approver"),
        Change("team", "–", "–"),
        Change("open", "✓", "✗"),
        Change("key", None, "7"),
        Change("list", None, "a, –, ✓"),
        Change("rule", None, "sum: 5; days: 65"),
    ]


def test_every_fault_has_a_sentence() -> None:
    for kind in rules.FAULTS:
        assert Fault(kind).sentence.endswith((".", "。"))


def test_an_unknown_action_shows_as_it_is() -> None:
    assert rules.action_words("something.odd") == "something.odd"
    assert rules.action_words("staff.hired") != "staff.hired"
