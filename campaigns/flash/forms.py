"""Forms of flash sales."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.flash.enums import ClaimShown
from campaigns.flash.models import LONGEST_HOLD_SECONDS
from campaigns.planning.rules.rewards import Tier
from portal.kit import days

_USUAL_HOLD = 60


class SaleForm(forms.Form):
    """What is released, how many, and when."""

    tier = forms.ChoiceField(label=_("Reward"))
    units = forms.IntegerField(label=_("Units"), min_value=1, max_value=1_000_000)
    opens_at = days.InstantField(label=_("Opens at"))
    closes_at = days.InstantField(label=_("Closes at"))
    hold_seconds = forms.IntegerField(
        label=_("Seconds a hold lasts"),
        min_value=1,
        max_value=LONGEST_HOLD_SECONDS,
        initial=_USUAL_HOLD,
        help_text=_("How long a customer may take to confirm before the unit is given back."),
    )

    def __init__(self, *args: Any, tiers: tuple[Tier, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["tier"])
        # What follows from spending, or from persons brought, is no unit that can be released.
        sold = [tier for tier in tiers if tier.measured_by is None]
        field.choices = [(tier.code, tier.label) for tier in sold]


class ClaimFilter(forms.Form):
    """Which claims of a sale are listed."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *ClaimShown.choices]
    )
