"""Measures as rows of a page, verdicts in a word, and what a partner's page may say."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.effect import rules
from campaigns.effect.enums import Finding, Known, Measure
from campaigns.effect.queries import words
from campaigns.effect.queries.telling import Effect


@dataclass(frozen=True)
class MeasureRow:
    """A measure as a page shows it: both sides, the difference and its interval, the relative lift,
    what was found, since when, or `why` nothing is said."""

    label: str
    why: str
    reached: str = ""
    held: str = ""
    by: str = ""
    span: str = ""
    relative: str = ""
    finding: Finding | None = None
    first: dt.date | None = None

    @property
    def is_open(self) -> bool:
        """Whether chance is not ruled out."""
        return self.finding == Finding.OPEN


def row_of(
    measure: Measure, told: rules.Told, terms: rules.Terms, *, first: dt.date | None = None
) -> MeasureRow:
    """This will write a measure for a page; `first` is when chance was first ruled out."""
    label = str(measure.label)
    if told.lift is None or told.reached is None or told.held is None:
        return MeasureRow(label, words.why_unknown(told, terms))
    write = words.share if measure.is_share else words.amount
    differ = words.points if measure.is_share else words.amount
    by, ratio, finding = told.lift.by, told.lift.relative, told.lift.finding
    return MeasureRow(
        label, "", write(told.reached), write(told.held), differ(by.value),
        _span(by, is_share=measure.is_share), "–" if ratio is None else _ratio(ratio),
        finding, first,
    )  # fmt: skip


def _span(by: rules.Range, *, is_share: bool) -> str:
    ends = (by.low, by.high)
    return " … ".join(f"{100 * end:+.2f}" if is_share else words.amount(end) for end in ends)


def _ratio(ratio: rules.Range) -> str:
    value, low, high = (f"{100 * one:+.1f} %" for one in (ratio.value, ratio.low, ratio.high))
    return f"{value} ({low} … {high})"


def verdict_of(effect: Effect) -> str:
    """This will say in a sentence whether a campaign works: its conversion, or why that is not
    known."""
    return words.sentence_of(
        str(Measure.CONVERSION.label), effect.main, effect.plan.rule.terms, is_share=True
    )


def sentences_for_partner(effect: Effect) -> list[str]:
    """This will say what a partner may be told: shares of many, and of fewer nothing but that."""
    said = []
    for measure in (Measure.CONVERSION, Measure.ACTIVATION):
        told = effect.measures[measure]
        if told.known in {Known.NOT_ENOUGH, Known.TOO_RARE}:
            return [_("Not enough people yet to say anything.")]
        terms = effect.plan.rule.terms
        said.append(words.sentence_of(str(measure.label), told, terms, is_share=True))
        if not told.is_compared:
            return [words.why_unknown(told, terms)]
    return said
