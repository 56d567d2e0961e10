"""Logs: one JSON line an event, with the request, task and person it belongs to, and without
personal data. Everything passes one exit, the formatter, so that nothing is masked by habit."""

import contextlib
import datetime as dt
import json
import logging
import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from portal.kit import masking

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
TASK_ID: ContextVar[str] = ContextVar("task_id", default="")
STAFF_ID: ContextVar[str] = ContextVar("staff_id", default="")

# PostgreSQL repeats whole rows in these parts of its errors: names and all.
_ROW_IN_ERROR = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^HINT:|^CONTEXT:|^Traceback|^  File |^The above|^During|\Z)",
    re.MULTILINE | re.DOTALL,
)


def safe_text(text: str) -> str:
    """This will mask personal data in `text` and leave out the rows that the database quotes."""
    if "DETAIL:" in text or "CONTEXT:" in text:
        text = _ROW_IN_ERROR.sub(r"\1: left out\n", text)
    return masking.mask_text(text)


def _safe(value: Any) -> Any:
    if isinstance(value, dict):
        return {safe_text(str(key)): _safe(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe(inner) for inner in value]
    if value is None or isinstance(value, bool | float):
        return value
    # A phone number may come as a number; it stays one only where nothing was masked.
    masked = safe_text(str(value))
    return value if isinstance(value, int) and masked == str(value) else masked


class JsonFormatter(logging.Formatter):
    """Writes a record as one JSON line. Plain values beside the message come in as
    `extra={"facts": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": safe_text(_message_of(record)),
            "request": REQUEST_ID.get(),
            "task": TASK_ID.get(),
            "staff": STAFF_ID.get(),
        }
        line = {key: value for key, value in line.items() if value != ""}
        line |= _safe(getattr(record, "facts", {}))
        if record.exc_info:
            line["error"] = safe_text(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = safe_text(record.stack_info)
        return json.dumps(line, ensure_ascii=False)


def _message_of(record: logging.LogRecord) -> str:
    """The message with its arguments; a message that does not fit them is not lost."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"


@contextlib.contextmanager
def request_context(request_id: str) -> Iterator[None]:
    """This will mark every line written inside with the request, and with nobody's id yet."""
    request_token, staff_token = REQUEST_ID.set(request_id), STAFF_ID.set("")
    try:
        yield
    finally:
        REQUEST_ID.reset(request_token)
        STAFF_ID.reset(staff_token)
