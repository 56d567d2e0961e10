"""Where the trees of conditions of a draft stand: that of the rule ("rule"), what a tier needs
besides ("3", its number), and those of a touch plan by their way ("touches.steps.3~one.needs": the
code of the step, "one", finds it where somebody has moved it since)."""

import copy
import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from campaigns.design.enums import Step
from campaigns.design.rules import touching, trees

RULE = "rule"
_MOST_SIBLINGS = 100
_TOUCHES = re.compile(
    r"touches\.(entry\.needs|goal|exits\.(\d{1,2})"
    r"|steps\.(\d{1,2})(?:~([\w-]{1,40}))?\.(needs|wait\.until))"
)


class SpotLost(Exception):
    """Raised where a draft has no such place: it never was one, or somebody took it out."""


@dataclass(frozen=True)
class Spot:
    """A place for a tree. `way` leads to it through the draft's content; the page of `step` shows
    it at `anchor`, that of a step of the touch plan by its `number`, and by its `code` if any."""

    where: str
    way: tuple[str | int, ...]
    step: Step
    anchor: str
    number: int | None = None
    code: str = ""

    @property
    def is_tier(self) -> bool:
        return self.step == Step.REWARDS

    @property
    def is_touch(self) -> bool:
        return self.step == Step.TOUCHES

    @property
    def is_wait(self) -> bool:
        return self.anchor == "until"


def spot_of(where: str) -> Spot:
    """This will read the name of a place. Raises SpotLost."""
    if where == RULE:
        return Spot(where, ("rule",), Step.AUDIENCE, "tree")
    if where.isascii() and where.isdecimal() and len(where) < 4:
        tier = ("rewards", "tiers", int(where), "needs")
        return Spot(where, tier, Step.REWARDS, f"needs-{int(where)}")
    found = _TOUCHES.fullmatch(where)
    if found is None:
        raise SpotLost
    if found[3]:
        anchor = "needs" if found[5] == "needs" else "until"
        inside = ("touches", "steps", int(found[3]), *found[5].split("."))
        return Spot(where, inside, Step.TOUCHES, anchor, int(found[3]), found[4] or "")
    way = tuple(int(one) if one.isdecimal() else one for one in where.split("."))
    anchor = f"exit-{int(found[2])}" if found[2] else found[1].replace(".", "-")
    return Spot(where, way, Step.TOUCHES, anchor)


def where_of_step(step: dict[str, Any], number: int, inner: str) -> str:
    """This will name a place of a step of the touch plan."""
    code = step.get("code") or ""
    named = f"{number}~{code}" if re.fullmatch(r"[\w-]{1,40}", code) else f"{number}"
    return f"touches.steps.{named}.{inner}"


def found_in(content: dict[str, Any], spot: Spot) -> Spot:
    """This will find a place of a step where the step stands now. Raises SpotLost."""
    if spot.number is None or not spot.code:
        return spot
    steps = touching.steps_of(content.get("touches") or {})
    number = touching.place_of(steps, spot.code, spot.number)
    if number is None:
        raise SpotLost
    return replace(spot, number=number, way=(*spot.way[:2], number, *spot.way[3:]))


def tree_at(content: dict[str, Any], spot: Spot) -> trees.Raw:
    """This will return the tree at a place, which has a group as its root. Raises SpotLost."""
    found: Any = content
    for name in spot.way:
        found = _into(found, name)
    return trees.whole(found)


def seen_of(content: dict[str, Any], spot: Spot) -> str:
    """This will return what tells the conditions at a place, as somebody saw them, from what they
    became and from those of another tier or way out, which is named by the same number once one
    before it was taken out. Raises SpotLost."""
    found: Any = [tree_at(content, spot)]
    if spot.is_tier:
        tier = content["rewards"]["tiers"][spot.way[2]]
        found.append({name: value for name, value in tier.items() if name != "needs"})
    text = json.dumps(found, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def where_as_seen(content: dict[str, Any], where: str, seen: str) -> str:
    """This will name the place where the conditions stand that somebody saw at `where`: that one,
    or for a tier or a way out the place that it was moved to. Raises SpotLost where nobody would
    know them again."""
    first, _dot, number = where.rpartition(".")
    places = [where]
    if number.isascii() and number.isdecimal():
        siblings = range(_MOST_SIBLINGS)
        places += [f"{first}.{other}" if first else f"{other}" for other in siblings]
    for place in places:
        try:
            if seen_of(content, found_in(content, spot_of(place))) == seen:
                return place
        except SpotLost:
            continue
    raise SpotLost


def with_tree(content: dict[str, Any], spot: Spot, raw: trees.Raw) -> dict[str, Any]:
    """This will return the content with another tree at a place; where nothing is asked any more
    nothing is kept, but for the rule and the ways out, which stand there empty. Raises SpotLost."""
    made = copy.deepcopy(content)
    *above, last = spot.way
    parent: Any = made
    for name in above:
        if isinstance(parent, dict) and not parent.get(name) and name in ("entry", "wait"):
            parent[name] = {}
        parent = _into(parent, name)
    if isinstance(last, int):
        _into(parent, last)
        parent[last] = raw
    elif trees.pruned(raw) or spot.where == RULE:
        parent[last] = raw
    else:
        parent.pop(last, None)
    return made


def _into(found: Any, name: str | int) -> Any:
    """A part of what was found on the way. A list, and a touch plan, must be there; else what is
    not there is empty."""
    if isinstance(name, int):
        if not isinstance(found, list) or name >= len(found):
            raise SpotLost
        return found[name]
    inner = found.get(name) if isinstance(found, dict) else None
    if name == "touches" and not isinstance(inner, dict):
        raise SpotLost
    return inner
