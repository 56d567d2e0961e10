"""Stops on a line: their words, their shares, and what has no room."""

from portal.kit.path import EDGE, OPEN, Share, Stop, path_svg


def test_all_words_stand_in_the_text_alternative() -> None:
    stops = [
        Stop("Enters", ["By an event"], kind=EDGE),
        Stop("1. Welcome", ["At once", "SMS"], [Share("a", 60), Share("b", 40)]),
        Stop("2. Later", kind=OPEN),
    ]
    drawn = path_svg(stops, title="Plan")
    assert (
        'aria-label="Plan: Enters: By an event; 1. Welcome: At once, SMS, a 60%, b 40%; 2. Later"'
        in drawn
    )
    assert (drawn.count("<circle"), drawn.count("<rect")) == (3, 2)


def test_shares_are_as_wide_as_their_part_of_the_bar() -> None:
    drawn = path_svg([Stop("x", (), [Share("a", 60), Share("b", 40)])], title="t")
    assert ('width="234.0"' in drawn, 'width="156.0"' in drawn) == (True, True)
    # More than a hundred, in a draft, stays within the picture.
    more = path_svg([Stop("x", (), [Share("a", 100), Share("b", 100)])], title="t")
    assert more.count('width="195.0"') == 2


def test_words_without_room_are_cut_and_words_of_people_are_no_markup() -> None:
    drawn = path_svg([Stop("<b>" + "字" * 60)], title="t")
    assert "<b>" not in drawn
    assert f"&lt;b&gt;{'字' * 21}…" in drawn
    assert path_svg([], title="t").count("<circle") == 0
