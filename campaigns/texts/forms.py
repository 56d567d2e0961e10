"""Forms of message texts."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from campaigns.texts import queries
from campaigns.texts.enums import TextState
from campaigns.texts.models import SenderName
from campaigns.texts.rules import Key, naming, variables
from journeys.contact.enums import Channel
from journeys.notices import rules as notices
from journeys.outreach import rules as outreach
from portal.kit import filters

LANGUAGES = ("zh-hans", "en")


def as_kept(body: str) -> str:
    """This will end the lines of a text as texts are kept."""
    return body.replace("\r\n", "\n").strip()


class TextFilter(forms.Form):
    """What the list of texts is narrowed to; what is no choice is left out."""

    words = forms.CharField(label=_("Code or words"), max_length=80, required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), required=False, choices=[("", _("All")), *Channel.choices]
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[
            ("", _("All")),
            *((one, get_language_info(one)["name_local"]) for one in LANGUAGES),
        ],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *TextState.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = filters.filter_helper(
            {
                "words": "col-12 col-md-3", "channel": "col-6 col-md-2",
                "language": "col-6 col-md-2", "state": "col-6 col-md-2",
            }
        )  # fmt: skip

    @property
    def asked(self) -> dict[str, str]:
        """What it is narrowed to, once it was checked."""
        return filters.in_force(self)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the audit trail."),
    )


class WordsForm(forms.Form):
    """The words of a text; that of a channel without headlines has none. Where the bank keeps a
    list of the names under which it sends, one may be chosen, and the text begins with it."""

    subject = forms.CharField(label=_("Headline"), max_length=200, required=False)
    body = forms.CharField(
        label=_("Text"), max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 9})
    )

    sender = forms.ChoiceField(
        label=_("Sender"),
        required=False,
        help_text=_("Of an SMS: it then begins with this name in brackets."),
    )

    def __init__(
        self,
        *args: Any,
        has_subject: bool = True,
        is_result: bool = False,
        senders: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_subject:
            del self.fields["subject"]
        if senders:
            field: Any = self.fields["sender"]
            field.choices = [("", _("As it is written")), *((one, one) for one in senders)]
        else:
            del self.fields["sender"]
        names = [one.written for one in variables.offered(is_result=is_result)]
        self.fields["body"].help_text = _("Values that are filled in: {names}").format(
            names=", ".join(names)
        )

    def clean_body(self) -> str:
        """This will keep the lines as they were typed, ended as texts are."""
        return as_kept(self.cleaned_data["body"])

    @property
    def words(self) -> dict[str, str]:
        """What was typed, once it is valid."""
        given = self.cleaned_data
        sender = given.get("sender", "") if self.begins_with_sender else ""
        body = outreach.with_sender(given["body"], sender) if sender else given["body"]
        return {"subject": given.get("subject", ""), "body": body}

    @property
    def begins_with_sender(self) -> bool:
        """Whether it is of a channel whose texts begin with their sender."""
        return True


class NewTextForm(WordsForm):
    """A text that is not there yet: what it is called, by which channel, in which language."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("By which campaigns name it: small letters, digits and underscores."),
    )
    channel = forms.ChoiceField(label=_("Channel"))
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, get_language_info(code)["name_local"]) for code in LANGUAGES],
        help_text=_("A text in simplified Chinese is needed first: everybody can be sent it."),
    )
    field_order = ("code", "channel", "language", "sender", "subject", "body")

    def __init__(
        self, *args: Any, channels: Sequence[str], with_headline: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["channel"]
        field.choices = [(code, Channel(code).label) for code in channels]
        self.fields["subject"].help_text = _("Of these channels: {channels}").format(
            channels=", ".join(str(Channel(code).label) for code in with_headline)
        )

    @property
    def begins_with_sender(self) -> bool:
        return self.cleaned_data["channel"] == Channel.SMS

    def clean_code(self) -> str:
        """This will refuse what campaigns could not name, and what is kept for results."""
        code = str(self.cleaned_data["code"])
        if re.fullmatch(naming.CODE_PATTERN, code) is None:
            raise forms.ValidationError(
                _("Begin with a small letter; then small letters, digits and underscores.")
            )
        if notices.result_told_by(code):
            raise forms.ValidationError(_("This code is kept for the texts that tell results."))
        return code

    @property
    def key(self) -> Key:
        """Which text it is, once it is valid."""
        given = self.cleaned_data
        return Key(given["code"], given["channel"], given["language"])


class LookForm(forms.Form):
    """With whom and with which campaign a wording is looked at."""

    customer = forms.CharField(
        label=_("Customer number"),
        max_length=40,
        required=False,
        help_text=_("Shown masked. Empty: the last customer with a card."),
    )
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)

    def __init__(self, *args: Any, campaigns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["campaign"]
        field.choices = [("", _("None")), *campaigns]


class SenderNameForm(forms.ModelForm):
    """A name under which the bank sends, from a day on, or no more. Whoever withdraws one that
    something goes under reads first what stops, and says so."""

    stops = forms.BooleanField(
        label=_("What goes under it is to stop"),
        required=False,
        help_text=_("Only where a name is withdrawn. What would stop is listed before."),
    )

    class Meta:
        model = SenderName
        fields = ["name", "effective_date", "is_permitted", "source"]

    def clean(self) -> dict[str, Any]:
        """This will name what stops before it does."""
        cleaned = super().clean() or self.cleaned_data
        name = cleaned.get("name", "")
        if not name or cleaned.get("is_permitted") or cleaned.get("stops"):
            return cleaned
        found = queries.under(name)
        if found.is_any:
            self.add_error(
                "stops",
                _("Tick this to withdraw the name all the same. %s") % what_goes_under(found),
            )
        return cleaned


def what_goes_under(found: queries.Under) -> str:
    """This will say what stops where a sender name is withdrawn."""
    if not found.is_any:
        return str(_("Nothing goes under it."))
    campaigns = ", ".join(
        str(
            _("{campaign}, version {number}").format(campaign=one.campaign.label, number=one.number)
        )
        for one in found.versions
    )
    return str(
        _(
            "From its day on nothing is sent under it: message texts {texts}; approved campaigns "
            "{campaigns}; messages that wait: {waiting}."
        ).format(
            texts=", ".join(str(one.reference) for one in found.texts),
            campaigns=campaigns or _("none"),
            waiting=found.waiting,
        )
    )
