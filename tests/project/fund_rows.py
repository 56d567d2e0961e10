"""One good row of each model of promotion money, and what its constraints refuse."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.db.models import Model

from merchants.models import FundAccount, FundPlan
from portal.models import Staff
from tests.factories import funds as made
from tests.factories import partnerships
from tests.factories.portal import StaffFactory
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, row_of

_PAST = {
    "basis": "past", "source": "x", "past_spent": Decimal(5), "past_effect": Decimal(50),
    "ceiling": Decimal(100),
}  # fmt: skip
_ENTERED = {"basis": "entered", "source": "x", "ceiling": Decimal(9), "half": Decimal(3)}


def _plan(**values: Any) -> Model:
    owner = values.pop("owner", None) or partnerships.manager(branch=values.get("branch"))
    return insert(
        "merchants.FundPlan", values, name="x", branch=owner.branch, owner=owner, first_date=DAY,
        last_date=DAY, budget=Decimal(1000), made_at=INSTANT,
    )  # fmt: skip


def _line(**values: Any) -> Model:
    return insert(
        "merchants.FundLine", values, plan=lazy("merchants.FundPlan"),
        partnership=lazy("merchants.Partnership"), most=Decimal(100), step=Decimal(10),
    )  # fmt: skip


def _share(**values: Any) -> Model:
    return insert(
        "merchants.FundShare", values, plan=lazy("merchants.FundPlan"), kind="scenario",
        value="dining", least_percent=10, most_percent=50,
    )  # fmt: skip


def _level(**values: Any) -> Model:
    line = values.pop("line", None) or row_of("merchants.FundLine")
    return insert(
        "merchants.ResponseLevel", values, line=line, plan_code=line.plan.code,
        number=line.partnership.merchant.number, amount=Decimal(5), effect=Decimal(9), source="x",
    )  # fmt: skip


def approved_line(**values: Any) -> Any:
    """A line of an approved plan that has its account already."""
    return made.first_line(made.approved(partners=1, **values))


def _account(**values: Any) -> Model:
    """The account that its approval opened; with other values, one more of that line."""
    line = values.pop("line", None) or approved_line()
    if not values:
        return line.account
    return insert("merchants.FundAccount", values, line=line, allocated=line.chosen)


def _entry(**values: Any) -> Model:
    account = values.pop("account", None) or row_of("merchants.FundAccount")
    return insert(
        "merchants.FundEntry", values, account=account, kind="commit", amount=Decimal(10),
        document="x", actor=partnerships.manager, on_date=DAY, at=INSTANT, key=uuid.uuid4,
    )  # fmt: skip


def on_plan(_staff: Staff, arguments: dict[str, Any]) -> None:
    """One more partner of a plan."""
    row_of("merchants.FundLine", plan=FundPlan.objects.get(pk=arguments["plan_id"]))


def on_ledger(_staff: Staff, arguments: dict[str, Any]) -> None:
    """One more entry of a ledger, by somebody else."""
    account = FundAccount.objects.get(line=arguments["line_id"])
    row_of("merchants.FundEntry", account=account, actor=StaffFactory())


BUILDERS.update(
    {
        "merchants.FundPlan": _plan,
        "merchants.FundLine": _line,
        "merchants.FundShare": _share,
        "merchants.ResponseLevel": _level,
        "merchants.FundAccount": _account,
        "merchants.FundEntry": _entry,
    }
)

_P, _L, _S = "merchants.FundPlan", "merchants.FundLine", "merchants.FundShare"
_R, _E = "merchants.ResponseLevel", "merchants.FundEntry"
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("fund_plan_named", _P, {"name": ""}),
    ("fund_plan_amends_with_reason", _P, {"amend_reason": "x"}),
    ("fund_plan_days", _P, {"last_date": DAY - dt.timedelta(days=1)}),
    ("fund_plan_has_money", _P, {"budget": Decimal(0)}),
    ("fund_plan_percents", _P, {"income_percent": Decimal(101), "inputs_source": "x"}),
    ("fund_plan_percents", _P, {"reach_percent": Decimal(-1), "inputs_source": "x"}),
    ("fund_plan_inputs_have_source", _P, {"reach_percent": Decimal(1)}),
    ("fund_line_bounds", _L, {"least": Decimal(-1)}),
    ("fund_line_bounds", _L, {"step": Decimal(0)}),
    ("fund_line_bounds", _L, {"least": Decimal(101)}),
    ("fund_line_chosen_within", _L, {"chosen": Decimal(101)}),
    ("fund_line_chosen_within", _L, {"chosen": Decimal(5), "least": Decimal(6)}),
    ("fund_line_response_whole", _L, _PAST | {"past_spent": None}),
    ("fund_line_response_whole", _L, _PAST | {"ceiling": Decimal(50)}),
    ("fund_line_response_whole", _L, _PAST | {"half": Decimal(1)}),
    ("fund_line_response_whole", _L, _ENTERED | {"half": None}),
    ("fund_line_response_whole", _L, {"ceiling": Decimal(1)}),
    ("fund_line_response_whole", _L, {"basis": "moon", "source": "x"}),
    ("fund_line_interval", _L, _PAST | {"past_low": Decimal(40)}),
    ("fund_line_interval", _L, _PAST | {"past_low": Decimal(51), "past_high": Decimal(60)}),
    ("fund_line_interval", _L, _PAST | {"past_low": Decimal(40), "past_high": Decimal(100)}),
    ("fund_line_has_source", _L, _ENTERED | {"source": ""}),
    ("fund_line_percents", _L, {"merchant_percent": Decimal(100)}),
    ("fund_line_percents", _L, {"last_year": Decimal(-1)}),
    ("fund_share_of_something", _S, {"least_percent": 60}),
    ("fund_share_of_something", _S, {"most_percent": 101}),
    ("fund_share_of_something", _S, {"least_percent": 0, "most_percent": 100}),
    ("fund_share_of_something", _S, {"kind": "moon"}),
    ("response_level_is_some", _R, {"amount": Decimal(-1)}),
    ("response_level_is_some", _R, {"source": ""}),
    ("response_level_interval", _R, {"effect_low": Decimal(1)}),
    ("response_level_interval", _R, {"effect_low": Decimal(10), "effect_high": Decimal(11)}),
    ("fund_entry_sign", _E, {"amount": Decimal(0)}),
    ("fund_entry_sign", _E, {"amount": Decimal(-1)}),
    ("fund_entry_rests_on", _E, {"against": lazy(_E)}),
    ("fund_entry_has_document", _E, {"document": ""}),
]

UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("fund_line_once", _L, ["plan", "partnership"], {}),
    ("fund_share_once", _S, ["plan", "kind", "value"], {}),
    ("response_level_once", _R, ["plan_code", "number", "amount", "line"], {}),
]

# The triggers say it first: tests/merchants/allocation/test_guards.
ELSEWHERE = {"fund_plan_state_known", "fund_plan_submitted", "fund_account_holds"}
ONLY_ADDED_TO = [(_E, "document")]
