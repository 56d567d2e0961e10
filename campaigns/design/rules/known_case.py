"""The known case as a touch plan: the welcome at once, the card that is not activated after 3 and
10 days, so much to go and so many days left at three days, qualified, the gift, points that expire.
What is counted down to is what the draft's own rule adds up over its window."""

from collections.abc import Sequence
from typing import Any

from campaigns.conditions.enums import CountedFrom
from campaigns.conditions.rules import spans, tree
from campaigns.design.rules import touching
from campaigns.planning.enums import Anchor, EntryBy, Then
from campaigns.planning.rules.touches import Entry, Touches, countdown_of

_TO_GO = (30, 45, 60)
_USUAL_DAYS = 65
_LONGEST_WAIT = 400
_RESTS = {"kind": "asleep", "months": 18}
_REDEEMED = {"kind": "points_redeemed", "days": 365, "last_day": "inside", "at_least": 1}
_NOT_ACTIVATED = {"not": {"kind": "activated"}}
_SMS, _BOTH = ["sms"], ["sms", "email"]
Raw = dict[str, Any]


def window_of(rule: tree.Node | None) -> spans.Windowed | None:
    """This will find what a rule adds up over a window of days; None where it does not."""
    leaf = countdown_of(Touches(Entry(""), ()), rule) if rule is not None else None
    return leaf.condition if leaf and isinstance(leaf.condition, spans.Windowed) else None


def known_case(window: spans.Windowed) -> Raw:
    """This will write the touch plan for a campaign that adds up over a window."""
    entry = {
        "by": EntryBy.EVENT.value, "anchor": Anchor.APPLICATION_RESULT.value, "within_days": 3,
    }  # fmt: skip
    return touching.begun() | {
        "entry": entry, "exits": [_REDEEMED, _RESTS], "steps": _steps(window),
    }  # fmt: skip


def texts_needed(window: spans.Windowed) -> list[tuple[str, Sequence[str]]]:
    """This will list the texts of its steps, each with the channels that it must be written for."""
    found: dict[str, list[str]] = {}
    for step in _steps(window):
        known = found.setdefault(step["template"], [])
        known += [one for one in step["channels"] if one not in known]
    return list(found.items())


def _step(code: str, name: str, name_en: str, anchor: str, template: str, **more: Any) -> Raw:
    usual = {"offset_days": 0, "channels": _BOTH, "valid_days": 3, "priority": 50}
    return {
        "code": code, "name": name, "name_en": name_en, "anchor": anchor, "template": template,
        **usual, **more,
    }  # fmt: skip


def _steps(window: spans.Windowed) -> list[Raw]:
    reached = window.as_data()
    reminder = {"at": "10:00", "needs": _NOT_ACTIVATED}
    return [
        _step("welcome", "欢迎", "Welcome", Anchor.APPLICATION_RESULT.value, "touch_welcome",
              priority=10),
        _step("activate-3", "第3天未激活提醒", "Not activated after 3 days", Anchor.ISSUE.value,
              "touch_activate", offset_days=3, channels=_SMS, valid_days=2, **reminder),
        _step("activate-10", "第10天未激活提醒", "Not activated after 10 days", Anchor.ISSUE.value,
              "touch_activate", offset_days=10, **reminder),
        *_to_go(window, {"all": [{"kind": "activated"}, {"not": reached}]}),
        _step("qualified", "达标", "Qualified", Anchor.FIRST_USE.value, "touch_qualified",
              channels=_SMS, wait={"until": reached, "days": _wait_days(window),
                                   "then": Then.SEND.value, "otherwise": Then.SKIP.value}),
        _step("granted", "奖励已发放", "Gift granted", Anchor.GRANT.value, "first_gift",
              valid_days=5, priority=20),
        _step("points", "积分即将到期", "Points about to expire", Anchor.POINTS_EXPIRING.value,
              "touch_points", offset_days=-14, at="10:00", valid_days=10),
    ]  # fmt: skip


def _to_go(window: spans.Windowed, short: Raw) -> list[Raw]:
    """The reminders within the window: on days of it, or so many days before its end where it is
    one of fixed days. That of the last day also goes by e-mail, and before the others."""
    if window.counted_from == CountedFrom.DATES:
        anchor, days = Anchor.WINDOW_END.value, [day - _USUAL_DAYS for day in _TO_GO]
    else:
        anchor = _COUNTED_FROM[window.counted_from].value
        last = (window.days or 0) - (not window.is_last_day_inside)
        days = [day for day in _TO_GO if day <= last]
    return [
        _step(*_to_go_names(day), anchor, "touch_to_go", offset_days=day, at="10:00", needs=short,
              **(_LAST if day in (_TO_GO[-1], _TO_GO[-1] - _USUAL_DAYS) else _EARLIER))
        for day in days
    ]  # fmt: skip


def _to_go_names(day: int) -> tuple[str, str, str]:
    if day < 0:
        return f"left-{-day}", f"还剩{-day}天差额提醒", f"To go, {-day} days left"
    return f"to-go-{day}", f"第{day}天差额提醒", f"To go at day {day}"


_COUNTED_FROM = {
    CountedFrom.ISSUE.value: Anchor.ISSUE,
    CountedFrom.ACTIVATION.value: Anchor.ACTIVATION,
}
_EARLIER: Raw = {"channels": _SMS, "valid_days": 5}
_LAST: Raw = {"channels": _BOTH, "valid_days": 4, "priority": 30}


def _wait_days(window: spans.Windowed) -> int:
    """As long as the window lasts, and the day on which its last day is known."""
    if window.days is None:
        return _LONGEST_WAIT
    return min(window.days + 1, _LONGEST_WAIT)
