"""Which scorecards may be: what the supervisor asks of the weights of measures.

信用卡业务监督管理办法 (2011): nobody is paid by issued volume alone. 银保监规〔2022〕13号: issued
volume, number of customers, market share or rank are neither the single nor the main measure, and
the weights of compliance and of risk are clearly above those of the others. How much is "clearly"
is data with an effective date (`ScorecardRule`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from journeys.targets.enums import MeasureKind

WHOLE = Decimal(100)
LEADING = (MeasureKind.COMPLIANCE, MeasureKind.RISK)


@dataclass(frozen=True)
class Weight:
    """A measure of a scorecard: its name, its kind, and how much of 100 % it has."""

    name: str
    kind: MeasureKind
    percent: Decimal


def by_kind(weights: Sequence[Weight]) -> dict[MeasureKind, Decimal]:
    """This will sum up the weights of each kind."""
    found = dict.fromkeys(MeasureKind, Decimal(0))
    for one in weights:
        found[one.kind] += one.percent
    return found


def faults(weights: Sequence[Weight], *, margin: Decimal | None) -> list[str]:
    """This will say in sentences what keeps a scorecard with these weights from being saved.
    `margin` is by how many points compliance and risk must each be above any other kind, None
    where no rule is in force: then nothing may be saved."""
    if margin is None:
        return [
            _("No rule says yet by how much compliance and risk must lead. An administrator adds "
              "one, and then scorecards can be saved.")
        ]  # fmt: skip
    found = []
    total = sum((one.percent for one in weights), Decimal(0))
    if total != WHOLE:
        sentence = _("The weights come to {total} %: they must come to exactly 100 %.")
        found.append(sentence.format(total=plain(total)))
    found += _volume_leads(weights)
    if not found or total == WHOLE:
        found += _lag(by_kind(weights), margin)
    return found


def _volume_leads(weights: Sequence[Weight]) -> list[str]:
    if not weights or any(one.percent <= 0 for one in weights):
        return [_("A scorecard has measures, each with a weight above 0 %.")]
    if len(weights) == 1 and weights[0].kind == MeasureKind.VOLUME:
        return [_("A scorecard of volume alone is forbidden: add measures of compliance and risk.")]
    heaviest = max(one.percent for one in weights)
    found = []
    for one in weights:
        if one.kind == MeasureKind.VOLUME and one.percent == heaviest:
            sentence = _(
                "“{name}” measures volume and no measure is heavier: volume may not be the "
                "main measure. Give it less weight."
            )
            found.append(sentence.format(name=one.name))
    return found


def _lag(sums: Mapping[MeasureKind, Decimal], margin: Decimal) -> list[str]:
    found = []
    others = {kind: sums[kind] for kind in MeasureKind if kind not in LEADING}
    top = max(others, key=lambda kind: others[kind])
    for kind in LEADING:
        if sums[kind] < others[top] + margin:
            sentence = _(
                "{kind} has {has} %, {other} has {other_has} %: {kind} must be at least {margin} "
                "points above every other kind."
            )
            found.append(
                sentence.format(
                    kind=kind.label, has=plain(sums[kind]), other=top.label,
                    other_has=plain(others[top]), margin=plain(margin),
                )
            )  # fmt: skip
    return found


def plain(value: Decimal) -> str:
    """This will write a number without needless noughts."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")
