"""Dated rules of campaigns, as an administrator adds them: each field of each form is sent, kept
and read from the day on for which it was set."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse

from campaigns.effect import queries as effect
from campaigns.era import queries as era
from campaigns.models import (
    EffectRule,
    EraRule,
    PausePolicy,
    SenderName,
    SubmissionRule,
    WarningRule,
)
from campaigns.planning import queries as planning
from campaigns.warnings import queries as warnings
from campaigns.warnings.enums import Action, Kind, Severity
from portal.models import AuditEntry
from portal.staff import rules
from portal.staff.enums import Role

pytestmark = pytest.mark.django_db

FROM = dt.date(2040, 1, 1)
SOURCE = "董事会 2039-12"
# What is sent beside day and source, in form and value as it is read again.
VALUES: dict[type[Model], dict[str, Any]] = {
    SubmissionRule: {
        "dry_run_days": 3, "audience_percent": 4, "audience_slack": 50, "cost_percent": 6,
        "cost_slack": Decimal("70.25"),
    },
    EraRule: {
        "months": 3, "fewest_cards": 40, "known_percent": 51, "fewest_customers": 60,
        "pull_percent": 61, "batch_percent": 62, "reached_percent": 63, "partner_percent": 64,
    },
    EffectRule: {
        "window_days": 31, "settle_days": 5, "fewest": 200, "tuned": 300,
        "error_percent": Decimal("2.50"), "power_percent": 81, "cap": Decimal("9000.50"),
    },
}  # fmt: skip
IN_FORCE: dict[type[Model], Callable[[dt.date], Any]] = {
    SubmissionRule: lambda on: planning.submission_rule(on=on),
    EraRule: era.rule_on,
    EffectRule: effect.rule_on,
}
# `SenderNameForm` is its own: tests/campaigns/texts/test_senders.py.
ELSEWHERE = {SenderName}


def add(client: Any, model: type[Model], values: dict[str, Any]) -> int:
    """The answer to the form of a model, sent with exactly the fields that it asks for."""
    url = reverse(f"admin:campaigns_{model._meta.model_name}_add")
    data = {"effective_date": FROM.isoformat(), "source": SOURCE} | values
    asked = client.get(url).context["adminform"].form.fields
    assert set(asked) == set(data)
    return int(client.post(url, {name: str(value) for name, value in data.items()}).status_code)


def test_each_rule_that_may_be_added_is_looked_at() -> None:
    allowed = {
        name for name, what in rules.ADMIN_MODELS.items()
        if name.startswith("campaigns.") and "add" in what
    }  # fmt: skip
    models = {*VALUES, *ELSEWHERE, WarningRule, PausePolicy}
    assert allowed == {model._meta.label_lower for model in models}


@pytest.mark.parametrize("model", list(VALUES))
def test_what_is_set_is_in_force_from_its_day_on(client_of: Any, model: type[Model]) -> None:
    before = IN_FORCE[model](FROM)
    assert add(client_of(Role.ADMINISTRATOR), model, VALUES[model]) == 302
    row = IN_FORCE[model](FROM)
    found = {name: getattr(row, name) for name in VALUES[model]}
    assert (found, row.effective_date, row.source) == (VALUES[model], FROM, SOURCE)
    assert IN_FORCE[model](FROM - dt.timedelta(days=1)) == before
    assert AuditEntry.objects.filter(action=f"{model._meta.model_name}.added").count() == 1


@pytest.mark.parametrize("kind", Kind.values)
def test_the_limits_of_each_kind_of_warning(client_of: Any, kind: str) -> None:
    mild, grave = (9, 3) if kind == Kind.BUDGET else (3, 9)
    values = {
        "kind": kind, "days": 21, "fewest": 8, "wait": 4, "warn": mild, "severe": grave,
    }  # fmt: skip
    before = warnings.rules_on(FROM).get(kind)
    assert add(client_of(Role.ADMINISTRATOR), WarningRule, values) == 302
    row = warnings.rules_on(FROM)[kind]
    assert {name: getattr(row, name) for name in values} == values
    assert warnings.limits_on(kind, FROM) == row.limits
    assert warnings.rules_on(FROM - dt.timedelta(days=1)).get(kind) == before


@pytest.mark.parametrize("kind", Kind.values)
def test_what_follows_from_each_kind_of_warning(client_of: Any, kind: str) -> None:
    client = client_of(Role.ADMINISTRATOR)
    for severity, action in ((Severity.WARN, Action.TELL), (Severity.SEVERE, Action.PAUSE)):
        values = {"kind": kind, "severity": severity, "action": action}
        assert add(client, PausePolicy, {name: str(one) for name, one in values.items()}) == 302
        assert warnings.action_on(kind, severity, FROM) == action
