"""What is said of an assignment, leads that are taken back, and a policy."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import PoolSight
from portal.kit import days
from portal.kit.plain import PlainForm
from portal.staff.models import Staff

_MOST = 500


class AssignForm(PlainForm):
    """How many leads, and who takes part: the weight, 0 for not at all, and the quota."""

    count = forms.IntegerField(
        label=_("Leads of the pool to assign"), min_value=1, max_value=_MOST, initial=20
    )

    def __init__(self, *args: Any, people: Sequence[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        rows = []
        for one in people:
            self.fields[f"weight_{one.pk}"] = forms.IntegerField(
                label=_("Weight"), min_value=0, max_value=9, initial=1
            )
            self.fields[f"quota_{one.pk}"] = forms.IntegerField(
                label=_("At most"), min_value=1, max_value=_MOST, required=False
            )
            rows.append(
                Div(
                    HTML(f'<div class="col-12 col-md-4 fw-semibold">{escape(one.label)}</div>'),
                    Div(f"weight_{one.pk}", css_class="col-6 col-md-3"),
                    Div(f"quota_{one.pk}", css_class="col-6 col-md-3"),
                    css_class="row g-2 align-items-center",
                )
            )
        self.helper.layout = Layout(Div("count", css_class="col-12 col-md-4"), *rows)

    @property
    def takers(self) -> list[operations.Taker]:
        """Who takes part."""
        found = self.cleaned_data
        return [
            operations.Taker(one.pk, found[f"weight_{one.pk}"], found[f"quota_{one.pk}"])
            for one in self.people
            if found[f"weight_{one.pk}"]
        ]


class TakeBackForm(PlainForm):
    """Which leads, why, and to whom, filled in by what is proposed where something is; the page
    puts the boxes of the leads beside what it tells."""

    leads = forms.TypedMultipleChoiceField(
        label=_("Leads"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label=_("Reason"), min_length=2, max_length=200)
    to = forms.TypedMultipleChoiceField(
        label=_("Hand over to"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In equal shares. Choose nobody to put them into the pool."),
    )

    def __init__(
        self,
        *args: Any,
        leads: Sequence[tuple[int, str]],
        people: Sequence[Staff],
        relief: queries.Relief | None = None,
        **kwargs: Any,
    ) -> None:
        if relief is not None:
            kwargs["initial"] = {
                "leads": relief.lead_ids, "why": str(relief.why.label),
                "to": [one.pk for one, _gets, _has in relief.gets],
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["leads"]).choices = list(leads)
        cast(forms.ChoiceField, self.fields["to"]).choices = [(one.pk, one.label) for one in people]
        self.helper.layout = Layout("why", "to")


class PolicyForm(PlainForm):
    effective_date = days.DayField(label=_("In force from"))
    sight = forms.ChoiceField(label=_("Who takes leads from the pool"), choices=PoolSight.choices)
    claim_cap = forms.IntegerField(
        label=_("Open leads of one person at most"), min_value=1, max_value=2000
    )
    protection_days = forms.IntegerField(label=_("Days of protection"), min_value=1, max_value=365)
    extension_days = forms.IntegerField(
        label=_("Days of protection after each activity"), min_value=0, max_value=365
    )
    longest_days = forms.IntegerField(
        label=_("Days of protection at most"), min_value=1, max_value=730
    )
    cooldown_days = forms.IntegerField(
        label=_("Days until the former owner may have it again"), min_value=0, max_value=365
    )
    hold_minutes = forms.IntegerField(
        label=_("Minutes that a lead stays in hand"), min_value=2, max_value=240
    )
    most_attempts = forms.IntegerField(
        label=_("Calls of one lead at most"), min_value=1, max_value=50
    )
    again_hours = forms.IntegerField(
        label=_("Hours until a lead is called again"), min_value=1, max_value=720
    )
    source = forms.CharField(label=_("Source of the rule"), min_length=2, max_length=200)

    @property
    def facts(self) -> operations.PolicyFacts:
        """What the policy says."""
        names = operations.PolicyFacts.__dataclass_fields__
        return operations.PolicyFacts(**{name: self.cleaned_data[name] for name in names})
