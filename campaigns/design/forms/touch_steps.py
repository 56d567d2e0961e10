"""One step of a draft's touch plan, and the ways in which it says a thing. What it asks before it
is sent, and what it waits for, are trees of their own and stay as they are here."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.design.forms.parts import (
    UNCHOSEN,
    Choices,
    StepForm,
    offer,
    put,
    row,
    whole,
    words,
)
from campaigns.design.forms.touches import MOST_DAYS
from campaigns.planning.enums import Anchor, Then
from journeys.contact.enums import Channel
from portal.kit import days

_WAITS = "yes"
_CHANNELS = tuple(f"channel_{number}" for number in range(1, len(Channel.values) + 1))
_NARROW, _WIDE = "col-6 col-lg-4", "col-12 col-sm-6"
_PLAIN = ("code", "name", "name_en", "anchor", "offset_days", "valid_days", "priority")
_WAIT = ("days", "then", "otherwise")
_NO_CHANNEL = [("", "–")]


def _channel(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*_NO_CHANNEL, *Channel.choices], required=False)


class TouchForm(StepForm):
    """One step; with variants its texts are those of these, and it has none of its own."""

    name = words(_("Name"), 60)
    name_en = words(_("English name"), 60)
    code = words(_("Code"), 40, _("Who was told this step is known by it: in an edit, keep it."))
    anchor = forms.ChoiceField(
        label=_("Counted from"), choices=[*UNCHOSEN, *Anchor.choices], required=False
    )
    on_date = days.DayField(label=_("Day"), required=False)
    offset_days = whole(
        _("Days after it"), MOST_DAYS, _("With a minus: before it."), least=-MOST_DAYS
    )
    at = forms.TimeField(
        label=_("Time of day"), required=False, input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Empty: from the beginning of the day, within the hours of contact."),
    )  # fmt: skip
    valid_days = whole(
        _("Sent for so many days more"), 60,
        _("After that it is not sent any more. 0: on its day alone. Empty: 3."), least=0,
    )  # fmt: skip
    priority = whole(
        _("Priority"), 99, _("0 comes first; 50 is usual, and where nothing stands."), least=0
    )
    channel_1 = _channel(_("First by"))
    channel_2 = _channel(_("Where that is not possible, by"))
    channel_3 = _channel(_("Then by"))
    channel_4 = _channel(_("Then by"))
    channel_5 = _channel(_("Then by"))
    template = forms.ChoiceField(label=_("Message text"), required=False)
    waits = forms.ChoiceField(
        label=_("When it is due"), required=False,
        choices=[("", _("It is sent")), (_WAITS, _("It waits for what the customer does"))],
    )  # fmt: skip
    wait_days = whole(_("It waits so many days at most"), MOST_DAYS)
    wait_then = forms.ChoiceField(label=_("When it came"), choices=Then.choices, required=False)
    wait_otherwise = forms.ChoiceField(
        label=_("When the days are over"), choices=Then.choices, required=False
    )

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], texts: Choices | None = None
    ) -> None:
        super().__init__(_with_text(data, content), content=content)
        offer(self, "template", offered_with(texts or [], content.get("template")))
        self.fields["template"].disabled = bool(content.get("variants"))
        self.helper.layout = Layout(
            row("name", "name_en"),
            Div(
                Div("anchor", css_class=_WIDE),
                Div("on_date", css_class=_WIDE, data_shown_by="anchor",
                    data_shown_for=Anchor.FIXED_DATE.value),
                Div("offset_days", css_class=_WIDE), Div("at", css_class=_WIDE),
                css_class="row g-3",
            ),
            Div(*(Div(name, css_class=_NARROW) for name in ("valid_days", "priority", "code")),
                css_class="row g-3"),
        )  # fmt: skip

    @property
    def channel_fields(self) -> list[forms.BoundField]:
        """The channels in their order, each a field."""
        return [self[name] for name in _CHANNELS]

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        wait = content.get("wait") or {}
        found = {name: content.get(name) for name in (*_PLAIN, "on_date", "at", "template")}
        channels = dict(zip(_CHANNELS, content.get("channels") or [], strict=False))
        return found | channels | {
            "waits": _WAITS if content.get("wait") else "",
            "wait_days": wait.get("days"),
            "wait_then": wait.get("then") or Then.SEND.value,
            "wait_otherwise": wait.get("otherwise") or Then.SKIP.value,
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """This will refuse a channel that stands in the order twice."""
        found = super().clean() or {}
        seen: set[str] = set()
        for name in _CHANNELS:
            one = found.get(name)
            if one and one in seen:
                self.add_error(name, _("This channel stands before already."))
            seen.add(one or "")
        return found

    def written(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_fixed = given["anchor"] in ("", Anchor.FIXED_DATE.value)
        on_date: dt.date | None = given["on_date"] if is_fixed else None
        template = {} if self.content.get("variants") else {"template": given["template"]}
        return put(self.content, {
            **{name: given[name] for name in _PLAIN},
            **template,
            "on_date": on_date and on_date.isoformat(),
            "at": given["at"] and given["at"].strftime("%H:%M"),
            "channels": [given[name] for name in _CHANNELS if given[name]],
            "wait": self._wait(),
        })  # fmt: skip

    def _wait(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        if given["waits"] != _WAITS:
            return None
        return put(self.content.get("wait") or {}, {name: given[f"wait_{name}"] for name in _WAIT})


def _with_text(data: Any, content: dict[str, Any]) -> Any:
    """What was typed on a page that asked for no text, since the step had variants then, says
    nothing of the text that it has now."""
    if not data or "template" in data:
        return data
    known = data.copy()
    known["template"] = content.get("template") or ""
    return known


class VariantForm(StepForm):
    """One way of saying it."""

    name = words(_("Name"), 60)
    name_en = words(_("English name"), 60)
    template = forms.ChoiceField(label=_("Message text"), required=False)
    share = whole(_("Share (%)"), 99)
    code = words(_("Code"), 40)

    def __init__(
        self, data: Any = None, *, content: dict[str, Any], prefix: str = "",
        texts: Choices | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, content=content, prefix=prefix)
        offer(self, "template", offered_with(texts or [], content.get("template")))
        self.helper.layout = Layout(
            row("name", "name_en"),
            Div(Div("template", css_class=_WIDE), Div("share", css_class="col-6 col-sm-3"),
                Div("code", css_class="col-6 col-sm-3"), css_class="row g-3"),
        )  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        return {name: content.get(name) for name in self.base_fields}

    def written(self) -> dict[str, Any]:
        return put(self.content, dict(self.cleaned_data))


def offered_with(texts: Choices, now: str | None) -> Choices:
    """This will list the texts that are offered; what was chosen before stays to be seen, though it
    may be offered no more."""
    known = {code for _group, found in texts for code, _label in found}
    return [*UNCHOSEN, *([(now, now)] if now and now not in known else []), *texts]
