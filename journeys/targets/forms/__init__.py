"""What a person may say of targets, scorecards and pay."""

from journeys.targets.forms.plans import (
    DeriveForm,
    MonthForm,
    PaceFilter,
    PlanFilter,
    PlanForm,
    SplitForm,
    VersionForm,
)
from journeys.targets.forms.scorecards import (
    CardFilter,
    CardForm,
    ItemForm,
    PayFilter,
    item_forms,
)

__all__ = [
    "CardFilter", "CardForm", "DeriveForm", "ItemForm", "MonthForm", "PaceFilter", "PayFilter",
    "PlanFilter", "PlanForm", "SplitForm", "VersionForm", "item_forms",
]  # fmt: skip
