"""The values of message texts, and what identifies one."""

import pytest

from campaigns.planning.rules import touch_linting
from campaigns.texts.rules import Key, read_key, variables
from journeys.models import MessageTemplate
from journeys.notices import rules as notices


@pytest.mark.parametrize("is_result", [False, True])
def test_each_value_that_is_brought_is_declared_and_its_example_fits(is_result: bool) -> None:
    brought = notices.VARIABLES if is_result else touch_linting.VARIABLES
    declared = variables.offered(is_result=is_result)
    assert tuple(one.name for one in declared) == brought
    assert [one.name for one in declared if not 0 < len(one.example) <= one.longest] == []


def test_those_that_a_text_names_are_listed_in_order() -> None:
    found = variables.used_in(["{reward} {name}", "{name}"], is_result=False)
    assert [one.written for one in found] == ["{name}", "{reward}"]


@pytest.mark.parametrize(("text", "key"), [
    ("first_gift:sms:zh-hans", Key("first_gift", "sms", "zh-hans")),
    ("first_gift:sms", None), ("a/b:sms:en", None), ("a:sms:en:1", None), ("", None),
])  # fmt: skip
def test_a_key_is_read_as_it_is_written(text: str, key: Key | None) -> None:
    assert read_key(text) == key
    assert key is None or str(key) == text


def test_no_key_is_longer_than_a_submission_can_name() -> None:
    widths = [
        MessageTemplate._meta.get_field(name).max_length or 0
        for name in ("code", "channel", "language")
    ]
    assert sum(widths) + 2 <= 80
