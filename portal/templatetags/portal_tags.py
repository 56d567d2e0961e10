"""What templates of all apps share: the menu, money, captured output."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from portal.exports import queries as exports
from portal.kit import money as kit_money
from portal.kit.registry import MenuEntry, registry
from portal.shell import rules

register = template.Library()


@register.inclusion_tag("_parts/menu.html", takes_context=True)
def menu(context: RequestContext) -> dict[str, Any]:
    """This will list the pages that the signed-in person's role may open."""
    request = context["request"]
    open_to = [entry for entry in registry.menu if request.user.may(entry.permission)]
    current = _current(request.path, open_to)
    sections = [
        (label, [_shown(entry, is_current=entry is current) for entry in entries])
        for label, entries in rules.in_sections(open_to)
    ]
    return {"sections": sections}


def _current(path: str, entries: Sequence[MenuEntry]) -> MenuEntry | None:
    """The entry with the longest address that the present one begins with; "/" begins all and is
    only itself."""
    begun: dict[str, MenuEntry] = {}
    for entry in entries:
        for url in {reverse(entry.url_name), reverse(entry.below or entry.url_name)}:
            if path == url or (url != "/" and path.startswith(url)):
                begun[url] = entry
    return begun[max(begun, key=len)] if begun else None


def _shown(entry: MenuEntry, *, is_current: bool) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": reverse(entry.url_name),
        "icon": entry.icon.removeprefix("bi-"),
        "is_current": is_current,
    }


@register.inclusion_tag("_parts/export.html", takes_context=True)
def export_link(context: RequestContext, code: str) -> dict[str, Any]:
    """This will lead to the export of a list with the filters of its address, where the person may
    take it out; a list that was searched by POST has none to give on."""
    request = context["request"]
    kind = exports.find_kind(code)
    if kind is None or request.method == "POST" or not exports.may_take_out(request.user, kind):
        return {"url": ""}
    asked = request.GET.copy()
    asked.pop("page", None)
    url = reverse("export_start", args=[code])
    return {"url": f"{url}?{asked.urlencode()}" if asked else url}


@register.simple_tag(takes_context=True)
def here(context: RequestContext) -> str:
    """This will return the address that shows this page again: after a form was sent, that of the
    page on which it was filled in, since the form's own may not be opened."""
    request = context["request"]
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    from_page = urlsplit(request.headers.get("Referer", ""))
    if from_page.netloc != request.get_host():
        return reverse("home")
    return from_page._replace(scheme="", netloc="").geturl() or reverse("home")


@register.filter
def money(amount: Decimal | int | str | None) -> str:
    """This will write an amount in CNY: ¥1,234.50; a dash where there is none."""
    return "–" if amount in (None, "") else kit_money.show(Decimal(amount))


class CaptureNode(template.Node):
    """Renders what it encloses into a variable, so that a block can stand in two places."""

    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        # Already escaped where it came from: it is a piece of a template's output.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """This will compile `{% capture name %}…{% endcapture %}`."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
