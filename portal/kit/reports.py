"""Reports of errors as Django makes them, for a debug page or a mail to administrators: without
what a person sent, without the values of variables, and masked like a log line."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter

from portal.kit import logs, masking

# Whatever a person typed or a row held may stand in these.
_LEFT_OUT = (
    "filtered_POST_items", "request_GET_items", "request_FILES_items", "request_COOKIES_items",
    "postmortem",
)  # fmt: skip


class MaskedReporter(ExceptionReporter):
    """Names files, lines and functions; values stay where they were."""

    def get_traceback_data(self) -> dict[str, Any]:
        """This will leave out values and mask the words of exceptions."""
        data = super().get_traceback_data()
        data |= {name: [] for name in _LEFT_OUT if name in data}
        data |= {"request_meta": {}, "settings": {}, "request_insecure_uri": "", "unicode_hint": ""}
        for name in ("exception_value", "exception_notes"):
            if name in data:
                data[name] = logs.safe_text(data[name])
        for frame in data["frames"]:
            frame["vars"] = []
            if frame.get("exc_cause"):
                frame["exc_cause"] = logs.safe_text(str(frame["exc_cause"]))
        return data

    def get_traceback_html(self) -> SafeString:
        """This will mask what still stands in the page, such as the address asked for."""
        return _masked(super().get_traceback_html())

    def get_traceback_text(self) -> SafeString:
        """This will mask what still stands in the text."""
        return _masked(super().get_traceback_text())


def _masked(report: str) -> SafeString:
    return mark_safe(masking.mask_text(report))  # noqa: S308 (as escaped as it came)
