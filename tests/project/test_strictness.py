"""The harness itself: what it must catch, and what it must leave alone."""

import socket
import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Origin, Template, engines

from tests.strictness import OutsideConnection, UnknownVariable


class _Lonely:
    @property
    def partner(self) -> None:
        raise ObjectDoesNotExist


def render(source: str, name: str = "templates/x.html", **values: Any) -> str:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    template = Template(source, Origin(str(settings.BASE_DIR / name)), engine=engine)
    return template.render(Context(values))


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody }}",
        "{{ row.nobody }}",
        "{{ nobody|upper }}",
        "{% if 1 %}{{ row.nobody }}{% endif %}",
        "{% with x=nobody %}{% endwith %}",
        "{% for x in row.names %}{{ x.nobody }}{% endfor %}",
        "{% load i18n %}{% blocktranslate %}Hello {{ nobody }}{% endblocktranslate %}",
    ],
)
def test_an_unknown_variable_fails(source: str) -> None:
    with pytest.raises(UnknownVariable, match="nobody"):
        render(source, row=SimpleNamespace(names=["a"]))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ known }}", "yes"),
        ("{{ nothing }}", "None"),
        ("{% if nobody %}a{% else %}b{% endif %}", "b"),
        ("{% if row.nobody == 1 %}a{% else %}b{% endif %}", "b"),
        ("{% for x in nobody %}a{% empty %}b{% endfor %}", "b"),
        ('{{ nobody|default:"none" }}', "none"),
        ('{{ row.nobody|default:"none"|upper }}', "NONE"),
        ("{{ lonely.partner }}", ""),
        ("{% if lonely.partner %}a{% else %}b{% endif %}", "b"),
    ],
)
def test_what_may_be_missing_is_left_alone(source: str, text: str) -> None:
    row = SimpleNamespace()
    assert render(source, row=row, known="yes", nothing=None, lonely=_Lonely()) == text


def test_templates_of_other_packages_are_left_alone() -> None:
    assert render("a{{ nobody|upper }}b", name="../site-packages/x.html") == "ab"


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "2001:db8::1"])
def test_the_outside_is_refused_by_name(host: str) -> None:
    with pytest.raises(OutsideConnection, match=host):
        socket.create_connection((host, 80), timeout=1)
    with pytest.raises(OutsideConnection, match=host):
        urllib.request.urlopen(f"http://{f'[{host}]' if ':' in host else host}/")


def test_this_machine_is_reached() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname(), timeout=1) as line:
            assert line.getpeername() == server.getsockname()
