"""What is said of leads that are one, and of one that was collected by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.telemarketing import operations
from portal.intake.rules import BadCell, cells
from portal.kit.plain import PlainForm

_BY_HAND = (Source.REFERRAL, Source.REGISTRY, Source.INTERNAL, Source.CAMPAIGN)


class LeadReasonForm(PlainForm):
    """Why two leads are one, or are two after all."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


class CollectForm(PlainForm):
    """One lead, as somebody told of it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=80,
        help_text=_("Of the person; of a company, whom to ask for."),
    )  # fmt: skip
    company = forms.CharField(label=_("Company"), max_length=120, required=False)
    phone = forms.CharField(label=_("Mobile number"), max_length=20)
    source = forms.ChoiceField(
        label=_("Source"), choices=[(one.value, one.label) for one in _BY_HAND],
        initial=Source.REFERRAL,
    )  # fmt: skip
    lawful_basis = forms.ChoiceField(
        label=_("Lawful basis"), choices=[("", _("Choose")), *LawfulBasis.choices],
        help_text=_("By what right the bank holds the data; nothing is assumed."),
    )  # fmt: skip
    basis_words = forms.CharField(
        label=_("What that rests on"), max_length=200, required=False,
        help_text=_("Of a consent: when, where and in which words it was given."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_phone(self) -> str:
        """This will take a mobile number. Raises ValidationError."""
        try:
            return str(cells.parse_phone(self.cleaned_data["phone"]))
        except BadCell as bad:
            words = str(bad.reason.text).format(**bad.params)
            raise forms.ValidationError(words) from bad

    @property
    def facts(self) -> operations.Collected:
        """What was told."""
        return operations.Collected(**self.cleaned_data)
