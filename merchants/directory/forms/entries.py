"""What hangs on a merchant: stores, persons, contracts, clauses on data. Each form makes the facts
that its operation takes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory import operations
from merchants.directory.enums import (
    ClauseState,
    ContactRole,
    Renewal,
    SharingPurpose,
    StoreState,
)
from merchants.directory.forms.keeping import DivisionField, PlainForm, words_of
from portal.intake.rules import BadCell, cells
from portal.kit import days


class StoreForm(PlainForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    division_id = DivisionField()
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    state = forms.ChoiceField(label=_("State"), choices=StoreState.choices, initial=StoreState.OPEN)
    opened_date = days.DayField(label=_("Opened on"), required=False)
    closed_date = days.DayField(label=_("Closed for good on"), required=False)

    @property
    def facts(self) -> operations.StoreFacts:
        """What was said."""
        return operations.StoreFacts(**self.cleaned_data)


class ContactForm(PlainForm):
    """Of a person who is on file, what is left empty stays as it is: pages show no value."""

    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices)
    name = forms.CharField(label=_("Full name"), max_length=40)
    phone = forms.CharField(label=_("Mobile number"), max_length=30, required=False)
    email = forms.CharField(label=_("E-mail"), max_length=110, required=False)
    is_main = forms.BooleanField(label=_("The one to talk to first"), required=False)
    left_date = days.DayField(label=_("Not there any more since"), required=False)
    no_phone = forms.BooleanField(label=_("Take the mobile number out"), required=False)
    no_email = forms.BooleanField(label=_("Take the e-mail address out"), required=False)

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["no_phone"], self.fields["no_email"]
            return
        self.fields["name"].required = False
        for name in ("name", "phone", "email"):
            self.fields[name].help_text = _("Left empty it stays as it is.")
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def _parsed(self, name: str, parse: Any) -> str:
        text = self.cleaned_data[name]
        try:
            return str(parse(text)) if text else ""
        except BadCell as bad:
            raise forms.ValidationError(words_of(bad)) from bad

    def clean_phone(self) -> str:
        """This will take a mobile number. Raises ValidationError."""
        return self._parsed("phone", cells.parse_phone)

    def clean_email(self) -> str:
        """This will take an e-mail address. Raises ValidationError."""
        return self._parsed("email", cells.parse_email)

    @property
    def facts(self) -> operations.ContactFacts:
        """What was said; None stays as it is."""
        said = self.cleaned_data
        return operations.ContactFacts(
            role=said["role"],
            name=said["name"] or None,
            phone="" if said.get("no_phone") else said["phone"] or None,
            email="" if said.get("no_email") else said["email"] or None,
            is_main=said["is_main"],
            left_date=said["left_date"],
        )


class ContractForm(PlainForm):
    number = forms.CharField(label=_("Contract number"), max_length=40)
    signed_date = days.DayField(label=_("Signed on"))
    first_date = days.DayField(label=_("Holds from"))
    last_date = days.DayField(
        label=_("Last day"), required=False, help_text=_("Empty: it holds until notice.")
    )
    notice_days = forms.IntegerField(
        label=_("Days of notice"), min_value=0, max_value=366, initial=30
    )
    renewal = forms.ChoiceField(
        label=_("At its end"), choices=Renewal.choices, initial=Renewal.TALKS,
        help_text=_("A contract that goes on is prolonged once the last day of notice has passed. "
                    "Where notice was given, choose that it ends."),
    )  # fmt: skip
    renewal_months = forms.IntegerField(
        label=_("Goes on for months"), min_value=1, max_value=60, required=False
    )
    words = forms.CharField(
        label=_("Remarks"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def facts(self) -> operations.ContractFacts:
        """What was said."""
        return operations.ContractFacts(**self.cleaned_data)


class ClauseForm(PlainForm):
    state = forms.ChoiceField(label=_("State"), choices=ClauseState.choices)
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        choices=SharingPurpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    data_kinds = forms.CharField(
        label=_("Kinds of data"),
        max_length=200,
        required=False,
        help_text=_("Such as: the last four digits of the card. No more than the purpose needs."),
    )
    handling = forms.CharField(label=_("Way of handling"), max_length=400, required=False)
    first_date = days.DayField(label=_("Holds from"), required=False)
    last_date = days.DayField(label=_("Last day"), required=False)

    @property
    def facts(self) -> operations.ClauseFacts:
        """What was said."""
        return operations.ClauseFacts(**self.cleaned_data)
