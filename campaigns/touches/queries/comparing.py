"""What became of those who are told a step in each of its variants, and which difference of the
variants is more than chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaigns.planning.rules.touches import Step
from campaigns.touches.enums import Left, StepAnswer, StepState
from portal.kit import comparing as rules
from portal.kit.shares import Share

# Written, of these reached the goal since, reached nobody, waits, held back, left before it.
Counts = tuple[int, int, int, int, int, int]
Told = Mapping[str, Counts]
_NONE: Counts = (0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class VariantFigures:
    """What became of those who are told a step in one of its variants: to how many a message was
    written that was not called off since, how many of these reached the goal of the plan, whose
    message reached nobody, who waits, whom the gate held back, and who left the plan before it.
    Every one of them is counted once. A variant that the version does not have (any more) has no
    share."""

    name: str
    template: str
    share: int | None
    written: int = 0
    reached: int = 0
    unsent: int = 0
    waits: int = 0
    held_back: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        """All who came to the gate in this variant."""
        return self.written + self.unsent + self.waits + self.held_back + self.left

    @property
    def goal(self) -> Share:
        """Who reached the goal, of those to whom a message was written."""
        return Share(self.reached, self.written)


@dataclass(frozen=True)
class Comparison:
    """What the figures let one say about variants: a sentence for all of them, and one for each two
    that can be compared. `winner` is the name of the one that is ahead of every other, "" where
    none is shown to be."""

    winner: str
    said: str
    pairs: Sequence[str] = ()


def counted(rows: Any) -> dict[str, dict[str, Counts]]:
    """This will count steps with a variant, by code and variant."""
    is_back = Q(answer=StepAnswer.CALLED_BACK)
    is_sent = Q(state=StepState.SENT)
    found: dict[str, dict[str, Counts]] = {}
    for code, variant, *counts in (
        rows.exclude(variant="").order_by().values_list("code", "variant").annotate(
            written=Count("pk", filter=is_sent),
            reached=Count("pk", filter=is_sent & Q(enrolment__left_because=Left.GOAL)),
            unsent=Count("pk", filter=Q(state=StepState.UNSENT) | is_back),
            waits=Count("pk", filter=Q(state=StepState.WAITING)),
            held_back=Count("pk", filter=Q(state=StepState.SKIPPED)),
            left=Count("pk", filter=Q(state=StepState.LEFT) & ~is_back),
        )
    ):  # fmt: skip
        found.setdefault(code, {})[variant] = tuple(counts)
    return found


def compared(
    step: Step, told: Told, *, has_goal: bool
) -> tuple[list[VariantFigures], Comparison | None]:
    """This will list the variants of a step in their order, and behind them what an earlier
    version's were, and compare those that the step has."""
    mine = [
        VariantFigures(one.label, one.template, one.share, *told.get(one.code, _NONE))
        for one in step.variants
    ]
    known = {one.code for one in step.variants}
    others = [
        VariantFigures(code, "", None, *counts)
        for code, counts in sorted(told.items())
        if code not in known
    ]
    return mine + others, _comparison(mine, has_goal) if mine else None


def _comparison(variants: Sequence[VariantFigures], has_goal: bool) -> Comparison:
    if not has_goal:
        return Comparison("", _("The plan has no goal by which its variants could be compared."))
    few = [one for one in variants if one.written < rules.FEWEST_COMPARED]
    if few:
        listed = ", ".join(f"{one.name} ({one.written:,})" for one in few)
        return Comparison(
            "",
            _(
                "Not enough yet: each variant needs messages written to {least} people. Fewer "
                "have: {variants}."
            ).format(least=rules.FEWEST_COMPARED, variants=listed),
        )
    found = rules.compare([one.goal for one in variants])
    names = [one.name for one in variants]
    pairs = [_pair(names[one.first], names[one.second], one) for one in found.pairs]
    if found.winner is None:
        return Comparison("", _("No winner: that one is ahead of all others is not shown."), pairs)
    winner = names[found.winner]
    return Comparison(
        winner, _("{variant} is ahead of all others by more than chance.").format(variant=winner),
        pairs,
    )  # fmt: skip


def _pair(first: str, second: str, pair: rules.Pair) -> str:
    by, low, high = pair.difference.in_points
    words = _("a difference is shown") if pair.difference.is_shown else _("no difference is shown")
    return _("{first} against {second}: {by} points (from {low} to {high}): {words}.").format(
        first=first, second=second, by=f"{by:+.1f}", low=f"{low:+.1f}", high=f"{high:+.1f}",
        words=words,
    )  # fmt: skip
