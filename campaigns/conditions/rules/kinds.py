"""The kinds of condition that a rule may use. A new kind is one class and its name here."""

from campaigns.conditions.rules import base, dates, spending

KINDS: dict[str, type[base.Condition]] = {
    kind.kind: kind
    for kind in (
        dates.IssuedWithin,
        dates.Activated,
        dates.FirstUsed,
        spending.SpendingInWindow,
    )
}
