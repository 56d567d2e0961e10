"""What the apps hand to the house is kept in the order in which it is shown."""

from typing import Any

from portal.kit.registry import ApprovalKind, MenuEntry, Panel, Registry


def entry(name: str, order: int) -> MenuEntry:
    return MenuEntry(label=name, url_name=name, permission="view_home", icon="house", order=order)


def panel(code: str, order: int) -> Panel:
    return Panel(
        code=code, template="x.html", build=lambda _request: None, permission="p", order=order
    )


def test_menu_entries_are_kept_in_order() -> None:
    registry = Registry()
    registry.add_menu(entry("c", 30), entry("a", 10))
    registry.add_menu(entry("b", 20))
    assert [line.url_name for line in registry.menu] == ["a", "b", "c"]


def test_panels_are_kept_in_order() -> None:
    registry = Registry()
    registry.add_panels(panel("b", 2))
    registry.add_panels(panel("a", 1))
    assert [one.code for one in registry.panels] == ["a", "b"]


def test_kinds_are_found_by_their_code() -> None:
    registry = Registry()
    kind = ApprovalKind(
        code="thing", label="Thing", permission="p", current_hash=str, url_name="thing_page",
        on_approved=lambda *_: None, on_returned=lambda *_: None,
    )  # fmt: skip
    registry.add_approval_kind(kind)

    class Kind:
        code = "rows"

    registry.add_import_kinds(Kind)
    assert registry.approval_kinds == {"thing": kind}
    assert registry.import_kinds == {"rows": Kind}


def test_two_registries_share_nothing() -> None:
    first: Any = Registry()
    first.add_menu(entry("a", 1))
    assert Registry().menu == []
