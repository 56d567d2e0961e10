"""What active cards are in the demo bank, and the figures of its last months."""

import datetime as dt
from typing import Any

from journeys.activity import operations
from journeys.activity.rules import USUAL

_DAYS = 92


def build_activity(*, on: dt.date, at: dt.datetime) -> None:
    """This will define active cards in two ways, set the limit of sleeping cards, and count."""
    usual: dict[str, Any] = {
        "effective_date": dt.date(2022, 7, 7), "leaves_closed": True, "leaves_unactivated": False,
        "leaves_supplementary": False, "policy_products": [], "actor": None, "at": at,
    }  # fmt: skip
    operations.set_definition(
        code="cards-180", name="活卡率（180天，按卡）", name_en="Active cards, 180 days",
        counted="cards", window_days=180, source="信用卡中心统计口径，2022年第3号", **usual,
    )  # fmt: skip
    operations.set_definition(
        code="accounts-90", name="活跃客户率（90天，按户）", name_en="Active accounts, 90 days",
        counted="customers", window_days=90, source="信用卡中心统计口径，2022年第4号", **usual,
    )  # fmt: skip
    operations.set_sleep_rule(
        effective_date=on, limits=USUAL, source="银保监规〔2022〕13号", actor=None, at=at
    )
    operations.count_figures(clock=lambda: at, back=_DAYS)
