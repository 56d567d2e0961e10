"""The facts of a call in words, and what each adds to its chance."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.scoring.enums import EarlierResult, PhoneKind

FACTS = {
    "attempts": _("Calls in this campaign"),
    "since": _("Days since an earlier contact"),
    "earlier": _("Contacts in earlier campaigns"),
    "earlier_result": _("Result of the earlier campaign"),
    "channel": _("Kind of phone"),
    "balance": _("Average balance"),
    "in_default": _("Credit in default"),
    "has_housing_loan": _("Housing loan"),
    "has_loan": _("Another loan"),
    "season": _("Time of the year"),
    "weekday": _("Day of the week"),
    "recent": _("Success of the bank's latest calls"),
    "age": _("Age"),
    "job": _("Occupation"),
    "marital": _("Marital status"),
    "education": _("Education"),
}
# What adds less is not told as a reason: the odds change by less than a twentieth.
LEAST = 0.05
_CODES = {
    "earlier_result": dict(EarlierResult.choices), "channel": dict(PhoneKind.choices),
}  # fmt: skip


@dataclass(frozen=True)
class Why:
    """One reason: the fact, what it is here, and whether it speaks for a success or against one."""

    fact: str
    value: str
    added: float

    @property
    def words(self) -> str:
        """The reason as a sentence."""
        sentence = (
            gettext("{fact}: {value}. Speaks for a success.")
            if self.added > 0
            else gettext("{fact}: {value}. Speaks against a success.")
        )
        return sentence.format(fact=FACTS[self.fact], value=self.value)


def value_of(fact: str, value: object) -> str:
    """This will say what a fact is, in the reader's language."""
    if value is None or value == "":
        return gettext("not known")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if fact in _CODES:
        return str(_CODES[fact].get(str(value), value))
    return str(value)
