"""The demo bank's exclusive group: of two welcome gifts a customer has one, and the first of them
is short."""

import datetime as dt
from typing import Any

from campaigns.groups import operations as groups
from portal.staff.models import Staff

DAYS_AGO = 3
_GROUP = "welcome-choice"
CODES = ("welcome-tea", "welcome-film")
_STOCK, _MORE = 60, 2_000


def open_group(*, at: dt.datetime) -> None:
    """This will make the group, as compliance decided it."""
    groups.open_group(
        code=_GROUP, name="迎新礼二选一", name_en="One welcome gift", days=None,
        source="合规部意见：同一客户只享一份迎新礼", actor=Staff.objects.get(username="compliance"),
        at=at,
    )  # fmt: skip


def plans_of(known: dict[str, Any], *, beside: list[str]) -> list[dict[str, Any]]:
    """This will make the two plans out of the known case's, the one that comes first at the head;
    the gifts of the campaigns `beside` are given besides."""
    return [
        _plan(known, beside, (CODES[0], "迎新茶礼", "Welcome tea", 12), 10, _STOCK),
        _plan(known, beside, (CODES[1], "迎新观影礼", "Welcome film", 9), 20, _MORE),
    ]


def _plan(
    known: dict[str, Any],
    beside: list[str],
    called: tuple[str, str, str, int],
    priority: int,
    stock: int,
) -> dict[str, Any]:
    code, name, name_en, value = called
    tier = {
        "code": "gift", "kind": "gift", "name": name, "name_en": name_en, "value": value,
        "stock": stock,
    }  # fmt: skip
    return {
        **known,
        "code": code,
        "name": name,
        "name_en": name_en,
        "rewards": {"tiers": [tier]},
        "budget": {"total": "20000.00"},
        "priority": priority,
        "group": _GROUP,
        "stacks_with": beside,
    }
