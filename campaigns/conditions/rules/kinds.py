"""The kinds of condition that a rule may use. A new kind is one class and its name here."""

from campaigns.conditions.enums import Group
from campaigns.conditions.rules import (
    base,
    brought,
    dates,
    habits,
    history,
    holding,
    nearness,
    person,
    points,
    spending,
)

# In the order of a menu.
KINDS: dict[str, type[base.Condition]] = {
    kind.kind: kind
    for kind in (
        person.Stage,
        person.InBranch,
        person.Age,
        person.PotentialScore,
        dates.IssuedWithin,
        dates.Activated,
        dates.FirstUsed,
        holding.CardsHeld,
        holding.ProductHeld,
        habits.FirstTransaction,
        spending.SpendingInWindow,
        spending.PurchasesInWindow,
        spending.SpendingDaysInWindow,
        habits.MonthsInRow,
        points.PointsBalance,
        points.PointsRedeemed,
        person.ConsentHeld,
        history.Asleep,
        history.FallingAsleep,
        brought.PersonsBrought,
        history.NotInCampaign,
        nearness.NearGoal,
    )
}


def by_group() -> dict[Group, list[type[base.Condition]]]:
    """This will return the kinds as a menu shows them: in groups, each in its order."""
    return {group: [kind for kind in KINDS.values() if kind.group == group] for group in Group}
