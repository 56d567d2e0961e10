"""The sections of the menu."""

from django.utils import translation

from portal.kit.registry import MenuEntry, registry
from portal.shell import rules


def _entry(order: int) -> MenuEntry:
    return MenuEntry(f"Entry {order}", "home", "view_home", "house", order)


def test_entries_are_parted_by_their_order() -> None:
    entries = [_entry(order) for order in (0, 19, 20, 34, 35, 50, 79, 80, 200)]
    with translation.override("en"):
        found = [
            (str(label), [one.order for one in part]) for label, part in rules.in_sections(entries)
        ]
    assert found == [
        ("", [0, 19]),
        ("Campaigns", [20, 34]),
        ("Customers", [35]),
        ("Contact", [50, 79]),
        ("Records and administration", [80, 200]),
    ]


def test_a_section_without_entries_is_not_there() -> None:
    assert rules.in_sections([]) == []
    ((_label, entries),) = rules.in_sections([_entry(44)])
    assert entries == [_entry(44)]


def test_every_entry_of_the_house_stands_once() -> None:
    parts = [part for _label, part in rules.in_sections(registry.menu)]
    assert [entry for part in parts for entry in part] == registry.menu
