"""The statistics of effects: intervals that hold at every look, lifts, the draw, the power, and
files of campaigns that were run elsewhere. Plain functions on plain values."""

from campaigns.effect.rules.days import due_after, is_ripe, ripe_on
from campaigns.effect.rules.drawing import Drawn, drawn
from campaigns.effect.rules.filed import BadRow, Filed, FileUnfit, read_rows
from campaigns.effect.rules.lifts import (
    HOUSE,
    HOUSE_CAP,
    Arm,
    Extra,
    Lift,
    Range,
    Terms,
    Told,
    extra_cost,
    lift,
    tell,
)
from campaigns.effect.rules.power import findable, needed_people, power_of
from campaigns.effect.rules.sequences import effective_size, widening

__all__ = [
    "HOUSE", "HOUSE_CAP", "Arm", "BadRow", "Drawn", "Extra", "FileUnfit", "Filed", "Lift",
    "Range", "Terms", "Told", "drawn", "due_after", "effective_size", "extra_cost", "findable",
    "is_ripe", "lift", "needed_people", "power_of", "read_rows", "ripe_on", "tell", "widening",
]  # fmt: skip
