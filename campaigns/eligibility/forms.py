"""Forms of runs."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.eligibility import rules
from campaigns.eligibility.enums import Outcome
from campaigns.rewards.enums import AwardAnswer
from portal.kit import days


class StartForm(forms.Form):
    """The day at whose end things are looked at; for a back-test the days."""

    first = days.DayField(
        label=_("First day"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give a day such as 2026-03-31.")},
    )
    on = days.DayField(
        label=_("As of the end of"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give a day such as 2026-03-31.")},
    )

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        is_span: bool = False,
        is_live: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_span:
            self.fields["on"].label = _("Last day")
            self.fields["first"].initial = today - dt.timedelta(days=_USUAL_DAYS - 1)
        else:
            del self.fields["first"]
        self.fields["on"].initial = today
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        if is_live:
            earliest = today - rules.MOST_BEHIND
            self.fields["on"].widget.attrs["min"] = earliest.isoformat()
            self.fields["on"].help_text = _("Today or yesterday.")


_USUAL_DAYS = 30


class DecisionFilter(forms.Form):
    """Which decisions of a run are listed."""

    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    failed = forms.TypedChoiceField(
        label=_("First condition failed"), required=False, coerce=int, empty_value=None
    )
    award = forms.ChoiceField(label=_("Reward"), required=False)
    number = forms.CharField(label=_("Customer number"), required=False, max_length=40)

    def __init__(self, *args: Any, steps: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices_of = (
            ("outcome", Outcome.choices), ("failed", steps), ("award", AwardAnswer.choices),
        )  # fmt: skip
        for name, choices in choices_of:
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("All")), *choices]
