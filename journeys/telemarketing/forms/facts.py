"""What is said of a fact about a card against a rival's, and what the list of them is asked for."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.telemarketing import operations
from journeys.telemarketing.enums import FactAspect, FactShow
from portal.kit import days, filters
from portal.kit.plain import PlainForm


class FactForm(PlainForm):
    product = forms.TypedChoiceField(label=_("Our card"), coerce=int)
    rival_issuer = forms.CharField(
        label=_("Rival"), max_length=80, help_text=_("The bank or company by its usual name.")
    )
    rival_product = forms.CharField(label=_("Card of the rival"), max_length=80)
    aspect = forms.ChoiceField(label=_("Aspect"), choices=FactAspect.choices)
    ours = forms.CharField(
        label=_("What ours has"), max_length=200,
        help_text=_("A figure or a fact in a sentence of Chinese; no praise."),
    )  # fmt: skip
    ours_en = forms.CharField(label=_("The same in English"), max_length=200)
    theirs = forms.CharField(
        label=_("What theirs has"),
        max_length=200,
        help_text=_("As their source says it. Nobody is belittled (Advertising Law, article 13)."),
    )
    theirs_en = forms.CharField(label=_("The same in English"), max_length=200)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("A published page or schedule of fees that others can look up."),
    )
    source_date = days.DayField(label=_("Day of the source"))
    valid_until = days.InstantField(
        label=_("Valid until"),
        help_text=_("From this minute on callers do not see it any more. A year at most."),
    )

    def __init__(self, *args: Any, products: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(one.pk, one.label) for one in products]
        cast(forms.ChoiceField, self.fields["product"]).choices = chosen

    @property
    def said(self) -> operations.FactSaid:
        """What the fact says."""
        names = operations.FactSaid.__dataclass_fields__
        return operations.FactSaid(**{name: self.cleaned_data[name] for name in names})


class WithdrawForm(PlainForm):
    reason = forms.CharField(label=_("Why it is withdrawn"), min_length=2, max_length=200)


class FactFilter(forms.Form):
    show = forms.ChoiceField(
        label=_("Which facts"), required=False, choices=[("", _("All")), *FactShow.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"show": "col-12 col-md-4"})
