"""Where in the editor something is mended that a plan's reader or its check found."""

import re
from dataclasses import dataclass

from campaigns.design.enums import Step
from campaigns.design.rules import trees

_STEP_OF = {
    "rule": Step.AUDIENCE,
    "text": Step.AUDIENCE,
    "rewards": Step.REWARDS,
    "budget": Step.BUDGET,
    "control_percent": Step.BUDGET,
    "disclosure": Step.TEXTS,
    "evidence": Step.TEXTS,
    "touches": Step.TOUCHES,
}
_CLAIM = re.compile(r"evidence\[(\d+)\](?:\.(\w+))?")
_TOUCH = re.compile(r"touches\.steps\[(\d+)\](?:\.(.+))?")
_VARIANT = re.compile(r"variants\[(\d+)\](?:\.(\w+))?")
_EXIT = re.compile(r"touches\.exits\[(\d+)\]")
_TIER = re.compile(r"rewards\.tiers\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True)
class Place:
    """A step, and the part of its page (without the number sign); a step of the touch plan has a
    page of its own, by its `number`."""

    step: Step
    anchor: str = ""
    number: int | None = None

    @property
    def url_name(self) -> str:
        return "design_touch" if self.number is not None else f"design_{self.step.value}"


def place_of(place: str) -> Place:
    """This will tell where a place such as "rewards.tiers[1].value" is mended."""
    section = re.split(r"[.\[: ]", place, maxsplit=1)[0]
    step = _STEP_OF.get(section, Step.BASICS)
    tier = _TIER.match(place)
    if tier and tier[2] == "needs":
        return Place(step, f"needs-{tier[1]}")
    if tier:
        return Place(step, f"div_id_tier{tier[1]}-{tier[2]}" if tier[2] else f"tier-{tier[1]}")
    if step == Step.TOUCHES:
        return _touch_place(place)
    if section == "rule":
        return Place(step, f"part-{trees.way_of(place)}")
    if claim := _CLAIM.match(place):
        return Place(step, f"div_id_{claim[2] or 'claim'}_{claim[1]}")
    field = place.partition(".")[2] if "." in place else section
    name = re.split(r"[.\[]", field, maxsplit=1)[0]
    return Place(step, f"div_id_{name}" if step != Step.AUDIENCE else "tree")


def _touch_place(place: str) -> Place:
    """Where a part of the touch plan is mended."""
    if found := _TOUCH.match(place):
        return Place(Step.TOUCHES, _step_anchor(found[2] or "code"), int(found[1]))
    if found := _EXIT.match(place):
        return Place(Step.TOUCHES, f"exit-{found[1]}")
    names = place.split(".")[1:]
    if names[:2] == ["entry", "needs"]:
        return Place(Step.TOUCHES, "entry-needs")
    if names[:1] == ["reentry"]:
        field = "mode" if names[-1] in ("reentry", "mode") else f"again_{names[-1]}"
        return Place(Step.TOUCHES, f"div_id_{field}")
    section = re.split(r"[\[ :]", names[0], maxsplit=1)[0] if names else "steps"
    if section == "entry":
        return Place(Step.TOUCHES, f"div_id_{names[1] if len(names) > 1 else 'by'}")
    own = section in ("goal", "exits", "steps")
    return Place(Step.TOUCHES, section if own else f"div_id_{section}")


def _step_anchor(field: str) -> str:
    """The part of the page of a step of the touch plan where a field of it is mended."""
    if found := _VARIANT.match(field):
        return f"div_id_variant{found[1]}-{found[2] or 'code'}"
    name, _dot, inner = field.partition(".")
    name = name.partition("[")[0]
    if name == "wait" and inner.startswith("until"):
        return "until"
    if name == "wait":
        return f"div_id_wait_{inner}" if inner in ("days", "then", "otherwise") else "div_id_waits"
    if name in ("needs", "variants"):
        return name
    return "div_id_channel_1" if name == "channels" else f"div_id_{name}"
