"""Phases that evidence speaks for, put in order, and whether what it shows was told before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from merchants.evidence.rules.findings import Finding
from merchants.partnerships.enums import Phase
from merchants.partnerships.rules.signals import Signal

Told = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """A phase that evidence speaks for: what turnover shows (`finding`, or None), and the other
    kinds of evidence that lead to the same phase. Of a manager's alarms those come first that warn,
    and of them those with the most money (CNY a year) behind them."""

    to: str
    finding: Finding | None = None
    signals: tuple[Signal, ...] = ()

    @property
    def is_fall(self) -> bool:
        return self.finding is not None and self.to == Phase.WAVERING

    @property
    def is_good(self) -> bool:
        if self.finding is not None:
            return self.to != Phase.WAVERING
        return all(one.is_good for one in self.signals)

    @property
    def yearly(self) -> Decimal:
        told = abs(self.finding.yearly or Decimal(0)) if self.finding else Decimal(0)
        return told + sum((one.stake or Decimal(0) for one in self.signals), Decimal(0))

    @property
    def reasons(self) -> list[Mapping[str, Any]]:
        """What turnover shows first, then the others."""
        shown = list(self.finding.reasons) if self.finding else []
        return shown + [reason for one in self.signals for reason in one.reasons]


def cases(finding: Finding | None, to: str, signals: Sequence[Signal], opened: str) -> list[Case]:
    """This will gather what speaks for each phase and put it in the order in which it is suggested:
    a fall of turnover (which speaks for `to`) before all else, then the phase that is suggested
    already (`opened`, or ""), so that no suggestion of a night undoes another, warnings before what
    is good, and the larger before the smaller. Nothing is good while turnover falls."""
    if finding is not None and to == Phase.WAVERING:
        signals = [one for one in signals if not one.is_good]
    phases = dict.fromkeys(([to] if finding is not None else []) + [one.to for one in signals])
    found = [
        Case(
            phase, finding if phase == to else None,
            tuple(one for one in signals if one.to == phase),
        )
        for phase in phases
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (not one.is_fall, one.to != opened, one.is_good, -one.yearly)
    )


def fresh(case: Case, told: Sequence[Told]) -> Case | None:
    """This will leave out what was told to the manager before, by the reasons that were; None where
    nothing is left."""
    signals = tuple(one for one in case.signals if one.is_fresh)
    finding = case.finding
    if finding is not None and any(is_same(reasons, finding) for reasons in told):
        finding = None
    return Case(case.to, finding, signals) if finding is not None or signals else None


def is_same(told: Told, finding: Finding) -> bool:
    """This will tell whether reasons that were told are of the same change as a finding: one that
    began when they say, as far as the weeks since date it, or the end of the same fall."""
    if finding.since_from is not None and finding.since_to is not None:
        earliest, latest = finding.since_from.isoformat(), finding.since_to.isoformat()
        if any(earliest <= str(reason.get("since", "")) <= latest for reason in told):
            return True
    over = _over(finding.reasons)
    return bool(over & _over(told))


def _over(reasons: Told) -> set[str]:
    """The days as of which falls were told that are over."""
    return {str(reason["on"]) for reason in reasons if "on" in reason}
