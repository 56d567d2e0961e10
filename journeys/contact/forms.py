"""What a person may ask of the contact ledger, and write into it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journeys.contact import queries
from journeys.contact.enums import Channel, ConsentPurpose, DayKind, RefusalSource
from journeys.contact.models import Consent, ConsentText
from journeys.contact.rules import (
    MOST_CONTROL,
    BadNotice,
    Hours,
    OtherDay,
    hours_fault,
    read_notice,
)
from portal.kit import days, filters
from portal.kit.plain import PlainForm

_ALL = [("", _("All"))]
AS_WEEKDAY = "weekday"


def _words(label: Any, help_text: Any = "", rows: int = 3, limit: int = 2000) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        min_length=2,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class _Texts(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class ConsentFilter(forms.Form):
    """A value that is wrong is left out."""

    purpose = forms.ChoiceField(
        label=_("Purpose"), required=False, choices=[*_ALL, *ConsentPurpose.choices]
    )
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[*_ALL, *Channel.choices]
    )
    statement = forms.ChoiceField(
        label=_("Statement"),
        required=False,
        choices=[
            *_ALL,
            ("given", pgettext_lazy("consent", "Granted")),
            ("withdrawn", _("Withdrawn")),
        ],
    )
    text = _Texts(
        label=_("Consent text"),
        required=False,
        queryset=ConsentText.objects.none(),
        empty_label=_("All"),
    )
    day = days.DayField(label=_("Recorded on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["text"]
        chosen.queryset = queries.texts()
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-2"))

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by the names of the columns."""
        given = self.cleaned_data
        asked = {
            name: given[name] for name in ("purpose", "channel", "text", "day") if given.get(name)
        }
        if given.get("statement"):
            asked["is_granted"] = given["statement"] == "given"
        return asked


class RefusalFilter(forms.Form):
    """A value that is wrong is left out."""

    source = forms.ChoiceField(
        label=_("How it was said"), required=False, choices=[*_ALL, *RefusalSource.choices]
    )
    day = days.DayField(label=_("Said on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(dict.fromkeys(self.fields, "col-6 col-md-3"))

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for, by the names of the columns."""
        given = self.cleaned_data
        return {name: given[name] for name in ("source", "day") if given.get(name)}


class ConsentForm(PlainForm):
    """A consent to a text in force; nothing is chosen beforehand."""

    text = forms.ChoiceField(label=_("Text that the customer agreed to"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("None (not marketing)")), *Channel.choices],
        help_text=_("Marketing is agreed to by channel, other purposes without one."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        min_length=2,
        max_length=200,
        help_text=_("Where it can be found: form and page, recording, log. Numbers are masked."),
    )

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = {str(text.pk): text for text in queries.texts_in_force(on=on)}
        chosen: Any = self.fields["text"]
        chosen.choices = [
            (key, f"{text.label}: {text.shown_words}") for key, text in self.texts.items()
        ]

    def clean(self) -> dict[str, Any]:
        """This will check that the channel fits the text's purpose."""
        given = super().clean() or {}
        text = self.texts.get(given.get("text", ""))
        is_marketing = text is not None and text.purpose == ConsentPurpose.MARKETING
        if text is not None and is_marketing != bool(given.get("channel")):
            self.add_error(
                "channel", _("Marketing is agreed to by channel, other purposes without one.")
            )
        return given


class WithdrawalForm(PlainForm):
    """Which consents that hold are taken back."""

    consents = forms.MultipleChoiceField(
        label=_("Consent that is withdrawn"), widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        min_length=2,
        max_length=200,
        help_text=_("Who said it, when and how. Numbers are masked."),
    )

    def __init__(self, *args: Any, holding: Sequence[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["consents"]
        names = {
            f"{one.purpose}:{one.channel}": " · ".join(
                filter(None, [str(one.get_purpose_display()), str(one.get_channel_display())])
            )
            for one in holding
        }
        chosen.choices = list(names.items())


class RefusalForm(PlainForm):
    said_at = days.InstantField(label=_("Said at"))
    source = forms.ChoiceField(
        label=_("How it was said"), choices=[("", _("Choose")), *RefusalSource.choices]
    )
    words = _words(
        _("The customer's words"), _("Phone, ID and card numbers in the text are masked.")
    )


class TextForm(PlainForm):
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[a-z][a-z0-9-]{1,31}$",
        help_text=_("Small letters, digits and hyphens. A code that exists gets its next version."),
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=[("", _("Choose")), *ConsentPurpose.choices]
    )
    words = _words(_("Words in Chinese"), rows=4)
    words_en = _words(_("Words in English"), rows=4)
    effective_date = days.DayField(label=_("In force from"))


class CapsForm(PlainForm):
    effective_date = days.DayField(label=_("In force from"))
    day_cap = forms.IntegerField(label=_("Contacts in 24 hours"), min_value=1, max_value=1000)
    month_cap = forms.IntegerField(label=_("Contacts in 30 days"), min_value=1, max_value=1000)
    source = _words(_("Source of the rule"), _("The law, the letter or the decision."))


class ControlForm(PlainForm):
    """A control group of the bank; the last day is inside."""

    starts_date = days.DayField(label=_("First day"))
    last_date = days.DayField(
        label=_("Last day"), help_text=_("Inside. Two years at most; a year is usual.")
    )
    percent = forms.DecimalField(
        label=_("Share of all persons, in percent"),
        min_value=0,
        max_value=MOST_CONTROL // 10,
        max_digits=3,
        decimal_places=1,
        help_text=_("1 to 5 is usual. 0 ends the group that is in force by then."),
    )
    people = forms.ChoiceField(
        label=_("Who is in it"),
        choices=[
            ("anew", _("drawn anew: another chance for everybody")),
            ("kept", _("whoever is in the group before it stays in")),
        ],
        widget=forms.RadioSelect,
        initial="anew",
    )
    reason = _words(_("Reason"), _("Why, and who decided it."))

    @property
    def group(self) -> dict[str, Any]:
        """What is proposed, as the operation takes it."""
        given = self.cleaned_data
        return {
            "starts": given["starts_date"],
            "ends": given["last_date"] + dt.timedelta(days=1),
            "permille": int(given["percent"] * 10),
            "keeps_people": given["people"] == "kept",
            "reason": given["reason"],
        }


class HoursForm(PlainForm):
    effective_date = days.DayField(label=_("In force from"))
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    day_kinds = forms.MultipleChoiceField(
        label=_("Kinds of day"), choices=DayKind.choices, widget=forms.CheckboxSelectMultiple
    )
    division_prefix = forms.RegexField(
        label=_("Division code begins with"),
        regex=r"^[0-9]{2,12}$",
        required=False,
        help_text=_("Such as 65 for Xinjiang; empty for everywhere."),
    )
    kind = forms.ChoiceField(
        label=_("Contact"),
        choices=[
            ("open", _("within the hours below")),
            ("overnight", _("within the hours below, past midnight")),
            ("closed", _("not at all on such days")),
            ("lifted", _("as in the wider place again")),
        ],
    )
    opens = forms.TimeField(
        label=_("Contact from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    closes = forms.TimeField(
        label=_("Contact until"),
        required=False,
        help_text=_("00:00 is midnight at the end of the day."),
        widget=forms.TimeInput(attrs={"type": "time"}),
    )
    source = _words(_("Source of the rule"), _("The law, the letter or the decision."))

    def clean(self) -> dict[str, Any]:
        """This will gather the hours and say what is wrong with them."""
        given = super().clean() or {}
        kind = given.get("kind", "")
        is_timed = kind in {"open", "overnight"}
        hours = Hours(
            opens=given.get("opens") if is_timed else None,
            closes=given.get("closes") if is_timed else None,
            is_overnight=kind == "overnight",
            is_lifted=kind == "lifted",
        )
        fault = hours_fault(hours, given.get("division_prefix", ""))
        if is_timed and hours.opens is None and hours.closes is None:
            fault = str(_("Give both the opening and the closing."))
        if fault and not self.errors:
            self.add_error("closes" if is_timed else "kind", fault)
        return given | {"hours": hours}


class YearForm(PlainForm):
    notice = forms.CharField(
        label=_("Notice of the State Council"),
        max_length=20_000,
        help_text=_("Paste the whole notice, or a line for each day: 2027-01-01 休 元旦"),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    source = forms.CharField(
        label=_("Source"),
        min_length=2,
        max_length=200,
        help_text=_("Number and day of the notice."),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.days: dict[dt.date, OtherDay] = {}

    def clean_notice(self) -> str:
        """This will read the days out of the text."""
        text = self.cleaned_data["notice"]
        try:
            self.days = read_notice(text, self.year)
        except BadNotice as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return text


class DayForm(PlainForm):
    day = days.DayField(label=_("Day"))
    kind = forms.ChoiceField(
        label=_("Kind of day"),
        choices=[*DayKind.choices, (AS_WEEKDAY, _("As its weekday says"))],
    )
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    source = forms.CharField(label=_("Source"), min_length=2, max_length=200)

    def clean(self) -> dict[str, Any]:
        """This will gather the day."""
        given = super().clean() or {}
        kind = given.get("kind")
        if kind and kind != AS_WEEKDAY and not given.get("name"):
            self.add_error("name", _("Name the holiday that makes the day so."))
        other = None
        if kind != AS_WEEKDAY:
            other = OtherDay(kind == DayKind.WORKDAY, given.get("name", ""))
        return given | {"other": other}
