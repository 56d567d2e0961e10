"""Form fields in which rows of a table are searched for and chosen, one after the other: their
codes are what is sent, their names stand beside them."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

Labels = Callable[[Sequence[str]], Mapping[str, str]]
# How many rows can be added at a time where no script runs.
_TYPED = 3
_BETWEEN = re.compile(r"[\s,;，；、]+")


class Chooser(forms.Widget):
    """What was chosen as a list with names, and a search for more. `labels` tells what codes are
    called; `url` answers a search `q` with buttons (`_parts/chooser_found.html`), empty where
    nothing is to be added to the rows there are. With `unit` each row has a figure."""

    needs_multipart_form = False

    def __init__(self, labels: Labels, url: str = "", unit: Any = "") -> None:
        super().__init__()
        self.labels, self.url, self.unit = labels, url, unit

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """This will return the codes, with the figures as pairs. Where no script runs, codes are
        typed, with commas between them or each beside its figure, and taken out by ticking."""
        several = data.getlist if hasattr(data, "getlist") else lambda key: data.get(key) or []
        sent, out = several(name), set(several(f"{name}_out"))
        if not self.unit:
            codes = [one for text in sent for one in _BETWEEN.split(text) if one]
            return [code for code in dict.fromkeys(codes) if code not in out]
        figures = [*several(f"{name}_figure"), *[""] * len(sent)]
        pairs = zip((code.strip() for code in sent), figures, strict=False)
        return [pair for pair in pairs if any(pair) and pair[0] not in out]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing chosen is sent as nothing."""
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        pairs = list(value.items()) if isinstance(value, Mapping) else list(value or [])
        pairs = [pair if isinstance(pair, tuple) else (pair, "") for pair in pairs]
        known = self.labels([code for code, _figure in pairs])
        rows = [
            {"code": code, "label": known.get(code, ""), "figure": "" if one is None else one}
            for code, one in pairs
            if code
        ]
        nameless = [one for code, one in pairs if not code]
        context = {
            "name": name, "rows": rows, "url": self.url, "unit": self.unit, "attrs": attrs or {},
            "id": (attrs or {}).get("id", f"id_{name}"), "typed": [*nameless, *[""] * _TYPED],
        }  # fmt: skip
        return render_to_string("_parts/chooser.html", context)


class CodesField(forms.Field):
    """Codes of a table, each once, in the order in which they were chosen."""

    widget: Any

    def clean(self, value: Any) -> list[str]:
        """This will return the codes. Raises ValidationError."""
        return list(super().clean(value) or [])


class FiguresField(forms.Field):
    """A figure above zero for each of some codes, each once. Rows without one are left out where
    `is_open`, else refused."""

    widget: Any

    def __init__(self, *, is_open: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_open = is_open

    def clean(self, value: Any) -> dict[str, str]:
        """This will return figures by code. Raises ValidationError."""
        pairs = super().clean(value) or []
        if nameless := [figure for code, figure in pairs if not code]:
            raise forms.ValidationError(
                _("Type beside each figure the code that it is for: {figures}").format(
                    figures=", ".join(nameless)
                )
            )
        codes = [code for code, _figure in pairs]
        twice = [code for code in dict.fromkeys(codes) if codes.count(code) > 1]
        if twice:
            raise forms.ValidationError(
                _("Two rows are for the same: {codes}. Keep one of them.").format(
                    codes=", ".join(twice)
                )
            )
        filled = [(code, figure.strip()) for code, figure in pairs if figure.strip()]
        wrong = [code for code, figure in filled if not _is_figure(figure)]
        if not self.is_open:
            wrong += [code for code, figure in pairs if not figure.strip()]
        if wrong:
            raise forms.ValidationError(
                _("Give a number above zero, with two decimal places at most, for: {codes}").format(
                    codes=", ".join(wrong)
                )
            )
        return dict(filled)


def _is_figure(text: str) -> bool:
    is_plain = re.fullmatch(r"[0-9]{1,11}(\.[0-9]{1,2})?", text) is not None
    return is_plain and Decimal(text) > 0
