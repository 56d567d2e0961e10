"""How days are counted, when their reports close, and what figures come to."""

from journeys.kpis.rules.counting import CELL, GAPS, MEASURES, WRITE
from journeys.kpis.rules.cutoffs import USUAL, Cutoff
from journeys.kpis.rules.figures import DayLine, Line, Pace, together

__all__ = [
    "CELL", "GAPS", "MEASURES", "USUAL", "WRITE", "Cutoff", "DayLine", "Line", "Pace", "together",
]  # fmt: skip
