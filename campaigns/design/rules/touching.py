"""Changing the touch plan of a draft, as plain values: its steps, the ways out of it, and the ways
in which a step says a thing. What is not named here stays as it is."""

import copy
from collections.abc import Iterable
from typing import Any

from campaigns.design.enums import Touch, Way
from campaigns.planning.enums import Anchor, EntryBy, Inside, Reentry
from campaigns.planning.rules import touches, variants

Raw = dict[str, Any]
MOST_STEPS, MOST_EXITS, MOST_VARIANTS = 50, 10, variants.MOST
_HALF = 50


def begun() -> Raw:
    """This will return a touch plan without steps, which whoever is issued a card enters once."""
    return {
        "entry": {
            "by": EntryBy.EVENT.value, "anchor": Anchor.ISSUE.value,
            "within_days": touches.WITHIN_DAYS,
        },
        "reentry": {"mode": Reentry.NEVER.value},
        "inside": Inside.MOVE.value,
        "longest_days": touches.LONGEST_DAYS,
        "steps": [],
    }  # fmt: skip


def steps_of(plan: Raw) -> list[Raw]:
    """This will list the steps of a touch plan."""
    return list(plan.get("steps") or [])


def exits_of(plan: Raw) -> list[Raw]:
    """This will list the ways out of a touch plan."""
    return list(plan.get("exits") or [])


def variants_of(step: Raw) -> list[Raw]:
    """This will list the variants of a step."""
    return list(step.get("variants") or [])


def arranged(plan: Raw, do: str, place: str) -> tuple[Raw, int | None]:
    """This will return a touch plan after a change of its steps or ways out, and the number of the
    step that a person looks at next."""
    steps, exits, number = steps_of(plan), exits_of(plan), number_in(place)
    if do == Touch.ADD and len(steps) < MOST_STEPS:
        return {**plan, "steps": [*steps, _new(steps)]}, len(steps)
    if do == Touch.ADD_EXIT and len(exits) < MOST_EXITS:
        return {**plan, "exits": [*exits, {"all": []}]}, None
    if do == Touch.DROP_EXIT and number is not None and number < len(exits):
        return _filled(plan, "exits", exits[:number] + exits[number + 1 :]), None
    if number is None or number >= len(steps):
        return plan, None
    made, focus = _steps_arranged(steps, do, number)
    return {**plan, "steps": made}, focus


def _steps_arranged(steps: list[Raw], do: str, number: int) -> tuple[list[Raw], int | None]:
    if do == Touch.REMOVE:
        return steps[:number] + steps[number + 1 :], min(number, len(steps) - 2)
    if do == Touch.COPY and len(steps) < MOST_STEPS:
        code = _free(steps, steps[number].get("code") or "step")
        twin = copy.deepcopy(steps[number]) | {"code": code}
        return [*steps[: number + 1], twin, *steps[number + 1 :]], number + 1
    other = number + {Touch.UP.value: -1, Touch.DOWN.value: 1}.get(do, 0)
    if not 0 <= other < len(steps):
        other = number
    steps[number], steps[other] = steps[other], steps[number]
    return steps, other


def number_in(place: str) -> int | None:
    """This will read the number of a part, as a button names it."""
    return int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else None


def place_of(steps: list[Raw], code: str, number: int) -> int | None:
    """This will find the step that had a code and stood at a place; somebody may have moved it
    since, or taken it out: then it is None."""
    codes = [step.get("code") or "" for step in steps]
    if number < len(steps) and codes[number] == code:
        return number
    return codes.index(code) if code and code in codes else None


def _new(steps: list[Raw]) -> Raw:
    return {
        "code": _free(steps, "step"), "anchor": Anchor.ISSUE.value, "offset_days": 0,
        "channels": ["sms"], "valid_days": touches.VALID_DAYS, "priority": touches.PRIORITY,
    }  # fmt: skip


def _free(parts: Iterable[Raw], code: str) -> str:
    """A code that no part has yet, like the one that is given."""
    taken = {part.get("code") for part in parts}
    stem = code[:36]
    return next(name for n in range(1, 100) if (name := f"{stem}-{n}") not in taken)


def _filled(raw: Raw, name: str, parts: list[Raw]) -> Raw:
    """With a list, or without it where it is empty."""
    rest = {key: value for key, value in raw.items() if key != name}
    return rest | ({name: parts} if parts else {})


# --- the ways in which a step says it -----------------------------------------------------------
def varied(step: Raw, do: str, place: str) -> Raw:
    """This will return a step after a change of its variants."""
    found, number = variants_of(step), number_in(place)
    if do == Way.VARY and not found:
        rest = {name: value for name, value in step.items() if name != "template"}
        first = {"code": "a", **_text(step), "share": 100 - _HALF}
        return rest | {"variants": [first, {"code": "b", "share": _HALF}]}
    if do == Way.ADD and 0 < len(found) < variants.MOST:
        return {**step, "variants": [*found, {"code": _letter(found)}]}
    if do == Way.REMOVE and number is not None and number < len(found):
        return _filled(step, "variants", found[:number] + found[number + 1 :])
    if do == Way.ONE and found:
        rest = {name: value for name, value in step.items() if name != "variants"}
        return rest | _text(found[0])
    return step


def _text(raw: Raw) -> Raw:
    return {"template": raw["template"]} if raw.get("template") else {}


def _letter(found: list[Raw]) -> str:
    taken = {one.get("code") for one in found}
    return next(letter for letter in "abcdefgh" if letter not in taken)
