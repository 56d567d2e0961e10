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
}
_CLAIM = re.compile(r"evidence\[(\d+)\](?:\.(\w+))?")
_TIER = re.compile(r"rewards\.tiers\[(\d+)\](?:\.(\w+))?")


@dataclass(frozen=True)
class Place:
    """A step, and the part of its page (without the number sign)."""

    step: Step
    anchor: str = ""

    @property
    def url_name(self) -> str:
        return f"design_{self.step.value}"


def place_of(place: str) -> Place:
    """This will tell where a place such as "rewards.tiers[1].value" is mended."""
    section = re.split(r"[.\[: ]", place, maxsplit=1)[0]
    step = _STEP_OF.get(section, Step.BASICS)
    tier = _TIER.match(place)
    if tier and tier[2] == "needs":
        return Place(step, f"needs-{tier[1]}")
    if tier:
        return Place(step, f"div_id_tier{tier[1]}-{tier[2]}" if tier[2] else f"tier-{tier[1]}")
    if section == "rule":
        return Place(step, f"part-{trees.way_of(place)}")
    if claim := _CLAIM.match(place):
        return Place(step, f"div_id_{claim[2] or 'claim'}_{claim[1]}")
    field = place.partition(".")[2] if "." in place else section
    name = re.split(r"[.\[]", field, maxsplit=1)[0]
    return Place(step, f"div_id_{name}" if step != Step.AUDIENCE else "tree")
