"""Every column that can hold words about a person is declared: what an erasure does with it, or
why it is kept. The message of a failure is written for whoever adds a model."""

import pytest
from django.apps import apps
from django.db import models

from journeys.models import Card, CareEvent, Customer, Lead, Transaction
from journeys.rights.queries import holdings, links
from portal.kit.personal import Fate, ImpersonalTable, PersonalTable
from portal.kit.registry import registry
from tests.project import house

HOW = """
A person can have the own data erased, and the portal proves that nothing is left. So say for each
of these columns what an erasure does with it, in journeys/rights/rules/tables.py (for models of
campaigns in campaigns/apps/rows.py). Import from portal.kit.personal:
  BLANK   identity in a field of its own: it becomes empty, NULL or {}
  MARK    words that people write: they become the mark, empty ones stay empty
  TOKEN   the person's own number: a random one takes its place
  CLEAN   text that is kept, but may name somebody: what names the person is cut out
  keep("why")  it names nobody, or the law wants it as it is
If a trigger refuses updates of the table, let it pass erasures too, by a migration with one line:
  SELECT journeys_open_to_erasure('TABLE', 'TRIGGER', OWNER, 'COLUMN', ..), where OWNER is SQL over
  the row $1 (jsonb), such as  'customer:' || ($1 ->> 'customer_id')  (see 0032_ledgers_open..).
A model that has nothing to do with customers gets ImpersonalTable("app.Model", "why").
Then tests/journeys/rights/test_erasing.py plays a person's life through it by itself.
"""


def _own_models() -> list[type[models.Model]]:
    return [model for app in house.APPS for model in apps.get_app_config(app).get_models()]


def _reached() -> dict[type[models.Model], str]:
    """The models that lead to a person, each with how."""
    return {
        link.model: f"leads to {root.__name__} by {' or '.join(link.paths) or 'being it'}"
        for root in holdings.ROOTS
        for link in links.links_to(root)
    }


def test_every_column_of_a_persons_table_is_declared() -> None:
    missing = [
        f'  PersonalTable("{model._meta.label}", ..., {{"{column}": ?}})   '
        f"{type(model._meta.get_field(column)).__name__}; the model {how}"
        for model, how in _reached().items()
        for column in links.undeclared(model)
    ]
    house.assert_none(missing, HOW + "\nUndeclared columns of tables that hold a person's rows:")


def test_every_other_model_is_declared_too() -> None:
    """A table without a foreign key to a person may still name one in free text."""
    reached = _reached()
    missing = [
        f'  ImpersonalTable("{model._meta.label}", "why")   or, column by column: '
        f"{', '.join(links.textual_columns(model))}"
        for model in _own_models()
        if model not in reached and links.textual_columns(model) and not links.declared(model)
    ]
    house.assert_none(missing, HOW + "\nModels of which nobody said whether they name persons:")


def test_columns_of_tables_that_may_name_somebody_are_declared() -> None:
    missing = [
        f"  {model._meta.label}.{column}"
        for model in _own_models()
        if model not in _reached() and isinstance(links.declared(model), PersonalTable)
        for column in links.undeclared(model)
    ]
    house.assert_none(missing, HOW + "\nUndeclared columns of tables that may name somebody:")


# Text or JSON without a limit that is kept in a person's table: each thought over twice.
KEPT_FREE_TEXT = {
    "campaigns.Alert.evidence",  # figures, days and codes of a warning
    "campaigns.GrantReversal.facts",
    "campaigns.Decision.facts",  # [met, figure or day] of each condition
    "campaigns.TrialGrant.parts",  # cents by the number of a merchant, or the bank
    "campaigns.TouchStep.reasons",  # the same, and the answer of the gate
    "journeys.LeadMove.line",  # figures of an assignment, ids and codes
    "journeys.LeadMerge.taken",  # figures, times and ids
    "journeys.LeadHold.known",  # codes and figures of a call to come, without personal traits
    "journeys.LeadHold.reasons",  # codes and figures
    "journeys.QualityReview.marks",  # codes of what staff did, which a trigger checks
    "journeys.Erasure.rows_changed",  # counts by table
    "journeys.Erasure.needles",  # sealed, and empty when the proof is done: a constraint says so
    "journeys.ErasureProof.places",  # table, column and key
}


def test_free_text_is_kept_only_where_it_was_thought_over() -> None:
    """To keep is no way out for words that people write, or that name the person."""
    free = (models.TextField, models.JSONField, models.BinaryField)
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in _reached()
        for field in model._meta.concrete_fields
        if isinstance(field, free)
        and (fate := links.fate_of(model, field.name))
        and fate.fate is Fate.KEEP
    }
    house.assert_none(sorted(kept - KEPT_FREE_TEXT), HOW + "\nFree text that is kept:")
    house.assert_none(sorted(KEPT_FREE_TEXT - kept), "no longer kept:")


def test_nothing_is_declared_that_is_gone_or_wrong() -> None:
    reached, wrong = _reached(), []
    for label, table in registry.personal.items():
        model = apps.get_model(label) if apps.is_installed(_app_of(label)) else None
        if model is None:
            wrong += [f"{label}: no such app"] if _app_of(label) in house.APPS else []
        elif isinstance(table, ImpersonalTable):
            wrong += [f"{label}: it leads to a person"] if model in reached else []
            wrong += [f"{label}: say why"] if not table.why else []
        else:
            fields = {field.name for field in model._meta.concrete_fields}
            wrong += [f"{label}.{name}: no such column" for name in set(table.columns) - fields]
            wrong += [
                f"{label}.{name}: say why it is kept"
                for name, fate in table.columns.items()
                if fate.fate is Fate.KEEP and not fate.why
            ]
    house.assert_none(wrong)


def _app_of(label: str) -> str:
    names = {config.label: config.name for config in apps.get_app_configs()}
    return names.get(label.partition(".")[0], label)


def test_the_persons_own_columns_are_all_thought_of() -> None:
    """Of customers and leads every column that is no key, day of the bank or fixed choice."""
    facts = {"registered_date", "created_at"}
    missing = [
        f"{root._meta.label}.{field.name}"
        for root in holdings.ROOTS
        for field in root._meta.concrete_fields
        if not (field.primary_key or field.is_relation or field.choices or field.name in facts)
        and links.fate_of(root, field.name) is None
    ]
    house.assert_none(missing, HOW)


@pytest.mark.parametrize(
    ("root", "model", "paths"),
    [
        (Customer, Customer, ()),
        (Customer, Card, ("customer",)),
        # Its own key has no index: the way over the card has.
        (Customer, Transaction, ("card__customer",)),
        (Customer, CareEvent, ("case__customer", "complaint__customer")),
        (Customer, Lead, ("customer",)),
        (Lead, Lead, ()),
    ],
)
def test_the_ways_to_a_person(
    root: type[models.Model], model: type[models.Model], paths: tuple[str, ...]
) -> None:
    found = {link.model: link.paths for link in links.links_to(root)}
    assert found[model] == paths


def test_a_model_that_nobody_declared_is_found_and_stops_an_erasure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = {label: each for label, each in registry.personal.items() if "Consent" not in label}
    monkeypatch.setattr(registry, "personal", without)
    consent = apps.get_model("journeys.Consent")
    assert links.undeclared(consent) == ["evidence", "reference"]
    with pytest.raises(AssertionError, match=r"journeys\.Consent.*evidence"):
        test_every_column_of_a_persons_table_is_declared()


def test_each_of_many_foreign_models_is_reached() -> None:
    """The derivation covers every model with a foreign key to a customer or lead."""
    reached = _reached()
    direct = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model in holdings.ROOTS
    }
    assert direct <= set(reached)
