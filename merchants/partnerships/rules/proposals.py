"""Whether what turnover shows was told to a manager before."""

from collections.abc import Mapping, Sequence
from typing import Any

from merchants.evidence.rules.findings import Finding


def is_same(told: Sequence[Mapping[str, Any]], finding: Finding) -> bool:
    """This will tell whether reasons that were told are of the same change as a finding: one that
    began when they say, as far as the weeks since date it, or the end of the same fall."""
    if finding.since_from is not None and finding.since_to is not None:
        earliest, latest = finding.since_from.isoformat(), finding.since_to.isoformat()
        if any(earliest <= str(reason.get("since", "")) <= latest for reason in told):
            return True
    over = _over(finding.reasons)
    return bool(over & _over(told))


def _over(reasons: Sequence[Mapping[str, Any]]) -> set[str]:
    """The days as of which falls were told that are over."""
    return {str(reason["on"]) for reason in reasons if "on" in reason}
