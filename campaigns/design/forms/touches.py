"""A draft's touch plan: who enters, and again, and how long they stay. Its trees of conditions and
its steps are edited on pages of their own and stay as they are here."""

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.design.forms.parts import UNCHOSEN, StepForm, put, whole
from campaigns.planning.enums import OF_EVENTS, Audience, EntryBy, Inside, Reentry
from portal.kit import days

_WIDE = "col-12 col-sm-6"
MOST_DAYS = 1_100
# What belongs to each way of entering; the rest has no meaning there.
_OF_ENTRY: dict[str, tuple[str, ...]] = {
    EntryBy.EVENT.value: ("anchor", "within_days"),
    EntryBy.AUDIENCE.value: ("of",),
    EntryBy.SCHEDULE.value: ("first_date", "every_days"),
}
_ENTRY = tuple(name for names in _OF_ENTRY.values() for name in names)
_OF_AGAIN: dict[str, tuple[str, ...]] = {
    Reentry.NEVER.value: (),
    Reentry.AFTER_EXIT.value: ("times",),
    Reentry.AFTER_DAYS.value: ("days", "times"),
    Reentry.TIMES.value: ("times",),
}


class TouchesForm(StepForm):
    by = forms.ChoiceField(
        label=_("People enter"), choices=[*UNCHOSEN, *EntryBy.choices], required=False
    )
    anchor = forms.ChoiceField(
        label=_("Event"), choices=[*UNCHOSEN, *((one.value, one.label) for one in OF_EVENTS)],
        required=False,
    )  # fmt: skip
    within_days = whole(
        _("No more than so many days ago"), MOST_DAYS, _("0: on the day itself."), least=0
    )
    of = forms.ChoiceField(
        label=_("Audience"), choices=[*UNCHOSEN, *Audience.choices], required=False
    )
    first_date = days.DayField(label=_("First day"), required=False)
    every_days = whole(_("Again every so many days"), MOST_DAYS, _("Empty: on that day alone."))
    mode = forms.ChoiceField(
        label=_("Who left enters again"), choices=Reentry.choices, required=False
    )
    again_days = whole(_("Days after leaving"), MOST_DAYS)
    again_times = whole(_("Times in all at most"), 100, _("Empty: nothing bounds it."))
    longest_days = whole(_("Longest stay (days)"), MOST_DAYS, _("Empty: 400 days."))
    inside = forms.ChoiceField(
        label=_("Those inside when this version comes in force"), choices=Inside.choices,
        required=False,
    )  # fmt: skip

    def __init__(self, data: Any = None, *, content: dict[str, Any]) -> None:
        super().__init__(data, content=content)
        self.helper.layout = Layout(
            Div(Div("by", css_class=_WIDE), *self._shown("by", _OF_ENTRY), css_class="row g-3"),
            Div(Div("mode", css_class=_WIDE),
                *self._shown("mode", _OF_AGAIN, "again_"), css_class="row g-3"),
            Div(Div("longest_days", css_class=_WIDE), Div("inside", css_class=_WIDE),
                css_class="row g-3"),
        )  # fmt: skip

    def _shown(self, other: str, belong: dict[str, tuple[str, ...]], stem: str = "") -> list[Div]:
        """The fields that a script shows while another one gives them a meaning."""
        names = dict.fromkeys(name for found in belong.values() for name in found)
        return [
            Div(
                f"{stem}{name}", css_class=_WIDE, data_shown_by=other,
                data_shown_for=" ".join(key for key, found in belong.items() if name in found),
            )
            for name in names
        ]  # fmt: skip

    def read(self, content: dict[str, Any]) -> dict[str, Any]:
        entry, again = content.get("entry") or {}, content.get("reentry") or {}
        return {
            "by": entry.get("by"),
            **{name: entry.get(name) for name in _ENTRY},
            "mode": again.get("mode") or Reentry.NEVER.value,
            "again_days": again.get("days"),
            "again_times": again.get("times"),
            "longest_days": content.get("longest_days"),
            "inside": content.get("inside") or Inside.MOVE.value,
        }

    def written(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        if given["first_date"]:
            given["first_date"] = given["first_date"].isoformat()
        by, mode = given["by"], given["mode"] or Reentry.NEVER.value
        own = _OF_ENTRY.get(by, _ENTRY)
        entry = {name: given[name] if name in own else None for name in _ENTRY} | {"by": by}
        belong = _OF_AGAIN[mode]
        again = {name: given[f"again_{name}"] if name in belong else None
                 for name in ("days", "times")}  # fmt: skip
        return put(self.content, {
            "entry": put(self.content.get("entry") or {}, entry),
            "reentry": put(self.content.get("reentry") or {}, {"mode": mode, **again}),
            "longest_days": given["longest_days"],
            "inside": given["inside"] or Inside.MOVE.value,
        })  # fmt: skip
