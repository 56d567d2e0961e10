"""What a person may say in a negotiation."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import SharingPurpose
from merchants.negotiation import operations
from merchants.negotiation.enums import (
    DataTerm,
    Exclusivity,
    FigureCode,
    Purpose,
    Side,
    Stage,
)
from merchants.negotiation.queries.negotiations import ALL
from merchants.negotiation.rules import terms as sets
from merchants.partnerships.queries.partnerships import MINE
from portal.kit import days, filters
from portal.kit.plain import PlainForm


def _area(label: Any, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class NegotiationFilter(forms.Form):
    """`stage` empty: those in talks."""

    text = forms.CharField(label=_("Merchant"), max_length=80, required=False)
    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[("", _("All in talks")), (ALL, _("All, signed and lost too")), *Stage.choices],
    )
    purpose = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("All")), *Purpose.choices]
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("All")), (MINE, _("My partnerships"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {
                "text": "col-12 col-md-3", "stage": "col-6 col-md-3", "purpose": "col-6 col-md-2",
                "whose": "col-12 col-md-2",
            }
        )  # fmt: skip


class RenewalFilter(forms.Form):
    DAYS = ((90, _("90 days")), (180, _("180 days")), (365, _("A year")))
    days = forms.TypedChoiceField(
        label=_("Ends within"), choices=DAYS, coerce=int, initial=180, required=False
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("All")), (MINE, _("My partnerships"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper({"days": "col-6 col-md-3", "whose": "col-6 col-md-3"})


class OpenForm(PlainForm):
    purpose = forms.ChoiceField(label=_("What about"), choices=Purpose.choices)
    reason = _area(
        _("Reason"), min_length=2, help_text=_("It stays with the history, for whoever reads it.")
    )

    def __init__(self, *args: Any, purposes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [(code, Purpose(code).label) for code in purposes]
        self.fields["purpose"].choices = allowed  # type: ignore[attr-defined]


class MoveForm(PlainForm):
    """`after` is the last move that the person saw. Agreement asks for the offer, a loss for what
    the partner said no with and who said it; `ask` puts agreed terms before a second person."""

    SAID, REASON = "said", "reason"

    to = forms.ChoiceField(label=_("Where to"), choices=Stage.choices, widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    offer = forms.TypedChoiceField(
        label=_("The offer that both agree on"), coerce=int, widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("It is not the latest of its side any more: look at the rounds "
                                "below, and choose again.")
        },
    )  # fmt: skip
    refusal = forms.ChoiceField(label=_("Reason for refusing"))
    contact = forms.ChoiceField(label=_("Who said it"), required=False)
    reason = _area(
        _("Reason"), min_length=2, help_text=_("It stays with the history, for whoever reads it.")
    )

    def __init__(
        self,
        *args: Any,
        stage: str,
        offers: Sequence[tuple[int, str]],
        refusals: Sequence[Any] = (),
        contacts: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if stage == Stage.AGREEMENT:
            self.fields["offer"].choices = offers  # type: ignore[attr-defined]
        else:
            del self.fields["offer"]
        if stage != Stage.LOST:
            del self.fields["refusal"], self.fields["contact"]
            return
        self.fields["refusal"].choices = [("", _("Choose a reason")), *refusals]  # type: ignore[attr-defined]
        self.fields["contact"].choices = [("", _("not said")), *contacts]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("In their words")

    def ask_where(self, ways: Sequence[tuple[str, str]]) -> None:
        """This will let the person say anew where to, from where it stands now; the reason that
        was typed stays."""
        for name in ("offer", "refusal", "contact"):
            self.fields.pop(name, None)
        self.fields["to"].widget = forms.Select(choices=ways)

    @property
    def lost(self) -> operations.Lost | None:
        """What the partner said no with, where it is asked for."""
        kind, _dash, key = self.cleaned_data.get("refusal", "").partition("-")
        if not key:
            return None
        name = "refusal_id" if kind == self.SAID else "reason_id"
        return operations.Lost(**{name: int(key)}, contact=self.cleaned_data["contact"])


def _percent(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=Decimal(0), max_value=Decimal(100),
        max_digits=5, decimal_places=2,
    )  # fmt: skip


class OfferForm(PlainForm):
    """`seen` is the number of the last offer that the person saw."""

    side = forms.ChoiceField(label=_("Whose offer"), choices=Side.choices)
    cost_share = _percent(
        sets.LABELS["cost_share"], _("What the bank bears of the cost of joint activities (%).")
    )
    gain_share = _percent(
        sets.LABELS["gain_share"], _("What the bank gets of the gain of joint activities (%).")
    )
    discount = _percent(
        sets.LABELS["discount"], _("What the merchant takes off for our cards (%).")
    )
    exclusivity = forms.ChoiceField(
        label=sets.LABELS["exclusivity"], choices=Exclusivity.choices,
        help_text=_("With whom the merchant may have such offers."),
    )  # fmt: skip
    months = forms.IntegerField(
        label=sets.LABELS["months"], min_value=1, max_value=120, help_text=_("In months.")
    )
    posts = forms.IntegerField(label=sets.LABELS["posts"], min_value=0, max_value=50)
    minimum_turnover = forms.DecimalField(
        label=sets.LABELS["minimum_turnover"], min_value=Decimal(0), max_digits=14,
        decimal_places=2, help_text=_("CNY; 0 where nothing is promised."),
    )  # fmt: skip
    data_clause = forms.ChoiceField(
        label=sets.LABELS["data_clause"], choices=DataTerm.choices,
        help_text=_("What the merchant is told of our customers; single ones by a clause alone."),
    )  # fmt: skip
    words = _area(_("Remarks"), rows=2, required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def terms(self) -> sets.Terms:
        """What was said."""
        return sets.Terms(**{name: self.cleaned_data[name] for name in sets.NAMES})


class FigureForm(PlainForm):
    code = forms.ChoiceField(label=_("Figure"), choices=FigureCode.choices)
    value = forms.DecimalField(
        label=_("CNY a year"), min_value=Decimal(0), max_digits=14, decimal_places=2
    )
    source = forms.CharField(
        label=_("Source"), min_length=2, max_length=200,
        help_text=_("Who says so, or where it stands: a contract, a report, the merchant's word."),
    )  # fmt: skip


class SignForm(PlainForm):
    """What stands on the paper; the last three where the terms have a clause on data."""

    after = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    number = forms.CharField(label=_("Contract number"), max_length=40)
    signed_date = days.DayField(label=_("Signed on"))
    first_date = days.DayField(label=_("Holds from"))
    notice_days = forms.IntegerField(
        label=_("Days of notice"), min_value=0, max_value=366, initial=30
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"), choices=SharingPurpose.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    data_kinds = forms.CharField(
        label=_("Kinds of data"),
        max_length=200,
        required=False,
        help_text=_("Such as: the last four digits of the card. No more than the purpose needs."),
    )
    handling = forms.CharField(label=_("Way of handling"), max_length=400, required=False)
    reason = _area(_("Reason"), rows=2, min_length=2)

    def __init__(self, *args: Any, has_clause: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_clause:
            for name in ("purposes", "data_kinds", "handling"):
                del self.fields[name]

    @property
    def paper(self) -> operations.Paper:
        """What was said."""
        left_out = {"after", "reason"}
        given = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return operations.Paper(**given)


class ReasonForm(PlainForm):
    words = _area(_("Reason"), rows=2, min_length=2)
