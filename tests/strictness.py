"""Plugin that makes whole classes of fault fail: a connection to the outside, and a variable that
a template of ours names but nobody gave it.

`{% if %}`, `{% for %}` and the filters `default` and `default_if_none` may ask for what is not
there; templates of other packages (admin, sign-in, forms) are left alone.
"""

import copy
import ipaddress
import socket
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class OutsideConnection(Exception):
    """Raised when a test tries to reach another machine."""


class UnknownVariable(Exception):
    """Raised when a template of ours uses a variable that does not exist."""


# --- sockets -------------------------------------------------------------------------------
def _refuse_outside(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):  # noqa: S104 (asked for, not bound)
        return
    if " " in str(name):  # no name of a host: no resolver asks anybody about it
        return
    try:
        outside = not ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        outside = True
    if outside:
        raise OutsideConnection(f"A test tried to reach {name}; tests talk to this machine only.")


def _guard(line: socket.socket, address: Any) -> None:
    if line.family in (socket.AF_INET, socket.AF_INET6):
        _refuse_outside(address[0])


def _guarded_connect(line: socket.socket, address: Any) -> None:
    _guard(line, address)
    _connect(line, address)


def _guarded_connect_ex(line: socket.socket, address: Any) -> int:
    _guard(line, address)
    return _connect_ex(line, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    _refuse_outside(host)
    return _getaddrinfo(host, *args, **kwargs)


@pytest.fixture(autouse=True)
def _no_outside_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)


# --- templates -----------------------------------------------------------------------------
def _template_of(frame: FrameType | None) -> str:
    """The file of the template whose node is being rendered in the frames above."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return str(node.origin.name)
        frame = frame.f_back
    return ""


class _Missing(str):
    """Django's `string_if_invalid`: empty for everybody but the expression that meets it."""

    def __bool__(self) -> bool:
        return sys._getframe(1).f_code is FilterExpression.resolve.__code__

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> Any:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if not isinstance(expression, FilterExpression):  # {% blocktranslate %}
            expression = None
        template = _template_of(frame)
        if template.startswith(_our_templates()) and not _has_default(expression):
            raise UnknownVariable(f"{template}: {{{{ {expression or variable} }}}}")
        return _resolve_empty(expression, frame.f_locals["context"]) if expression else ""


def _our_templates() -> str:
    return str(settings.BASE_DIR / "templates")


def _has_default(expression: FilterExpression | None) -> bool:
    filters = expression.filters if expression else []
    return any(called.__name__ in ("default", "default_if_none") for called, _given in filters)


def _resolve_empty(expression: FilterExpression, context: Any) -> Any:
    """The expression's filters, applied to nothing: what Django does without a string."""
    empty: Any = copy.copy(expression)
    empty.var, empty.is_var = "", False
    return empty.resolve(context)


@pytest.fixture(autouse=True)
def _no_unknown_variables() -> Iterator[None]:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    engine.string_if_invalid = _Missing()
    yield
    engine.string_if_invalid = ""
