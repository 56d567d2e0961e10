"""Versions of the model: what they learn from, when the scorecard stands in, and what is told."""

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from journeys.scoring import operations, queries
from journeys.scoring.models import CallModel, PastCall
from journeys.scoring.queries import Asked
from journeys.scoring.rules import call_card, features, learning, model
from portal.audit.models import AuditEntry
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
ON = dt.date(2026, 6, 1)
pytestmark = pytest.mark.django_db
needs_library = pytest.mark.skipif(
    not learning.has_library(), reason="scikit-learn (the extra `score`) is not installed"
)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def train() -> list[CallModel]:
    return operations.train_call_models(at=AT, actor=None)


@needs_library
def test_a_version_keeps_what_it_learned_and_how_good_it_is() -> None:
    branch = BranchFactory()
    calls = write_calls(branch, 1500)
    plain, full = train()
    assert (plain.with_traits, full.with_traits) == (False, True)
    for one in (plain, full):
        assert (one.calls, one.held_out, one.known) == (1500, 300, 1500)
        assert (one.first_day, one.last_day) == (calls[0].called_date, calls[-1].called_date)
        assert one.lacks == ""
        figures = one.figures
        assert figures["won"] == sum(row.result == "success" for row in calls[-300:])
        assert figures["model"]["auc"] > figures["scorecard"]["auc"] > 0.5
        assert [tenth["calls"] for tenth in figures["tenths"]] == [30] * 10
    # What is kept scores as what was learned.
    seen = queries.latest_calls()
    learned = learning.learn(seen, with_traits=False)
    one = CallModel.objects.get(pk=plain.pk)
    kept = model.model_of(one.learned)
    assert (kept.chances(kept.table_of(seen)) == learned.chances(learned.table_of(seen))).all()
    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions == ["call_model.trained"] * 2


def test_figures_come_from_a_training_without_the_last_calls() -> None:
    branch = BranchFactory()
    write_calls(branch, 1500)
    first = train()[0].figures["tenths"]
    # The last day's results are known to nobody before it: what is foretold stays the same.
    last = PastCall.objects.order_by("-called_date").values_list("called_date", flat=True)[0]
    rows = PastCall.objects.filter(called_date=last)
    assert rows.update(result="failure") == 20
    second = train()[0].figures["tenths"]
    assert [one["foretold"] for one in first] == [one["foretold"] for one in second]
    assert [one["came"] for one in first] != [one["came"] for one in second]


def test_too_few_calls_leave_the_scorecard() -> None:
    branch = BranchFactory()
    write_calls(branch, 300)
    assert [one.lacks for one in train()] == ["too_few", "too_few"]
    found = queries.score_call(
        Asked(ON, attempts=1, earlier=2, earlier_result="success", channel="mobile", since_days=30),
        branch=branch,
    )
    assert (found.version, found.chance, found.points) == (None, None, 100)
    assert [why.words for why in found.reasons] == [
        "Result of the earlier campaign: Success. Speaks for a success.",
        "Calls in this campaign: 1. Speaks for a success.",
        "Kind of phone: Mobile phone. Speaks for a success.",
        "Days since an earlier contact: 30. Speaks for a success.",
    ]


def test_a_model_that_is_no_better_leaves_the_scorecard() -> None:
    branch = BranchFactory()
    write_calls(branch, 1500)
    # Of the last calls the scorecard knows all: nothing can be better.
    last = list(PastCall.objects.order_by("called_date", "id"))[-300:]
    points = call_card.scores_of(queries.latest_calls())[-300:]
    for row, given in zip(last, points, strict=True):
        row.result = "success" if given > 55 else "failure"
    PastCall.objects.bulk_update(last, ["result"])
    assert {one.lacks for one in train()} == {"not_better"}


def test_without_calls_it_says_what_to_do() -> None:
    with pytest.raises(operations.Refused, match="There are no calls yet"):
        train()
    assert not CallModel.objects.exists()
    assert operations.train_if_due(at=AT) == []


def test_the_clock_trains_when_enough_calls_came_in() -> None:
    branch = BranchFactory()
    write_calls(branch, 100)
    assert len(operations.train_if_due(at=AT)) == 2
    assert operations.train_if_due(at=AT) == []
    write_calls(branch, operations.NEW_CALLS - 1, seed=2)
    assert operations.train_if_due(at=AT) == []
    write_calls(branch, 1, seed=3)
    assert len(operations.train_if_due(at=AT)) == 2


def test_reasons_are_told_in_the_readers_language_and_traits_only_where_chosen() -> None:
    region = BranchFactory()
    branch, other = BranchFactory(parent=region), BranchFactory()
    write_calls(branch, 1500)
    plain, full = train()
    asked = Asked(
        ON, attempts=1, earlier=2, earlier_result="success", channel="mobile", since_days=30, age=70
    )
    found = queries.score_call(asked, branch=branch)
    assert (found.version, found.with_traits) == (plain.pk, False)
    assert found.chance is not None
    assert 0.5 < found.chance < 1
    assert found.reasons[0].words == (
        "Result of the earlier campaign: Success. Speaks for a success."
    )
    assert "age" not in {why.fact for why in found.reasons}
    manager = StaffFactory(branch=region)
    operations.choose_traits(branch=region, with_traits=True, reason="试用", actor=manager, at=AT)
    with_age = queries.score_call(asked, branch=branch)
    assert (with_age.version, with_age.with_traits) == (full.pk, True)
    assert "Age: 70. Speaks for a success." in [why.words for why in with_age.reasons]
    assert not queries.reads_traits(other)
    operations.choose_traits(branch=branch, with_traits=False, reason="停", actor=manager, at=AT)
    assert (queries.reads_traits(branch), queries.reads_traits(region)) == (False, True)


def test_the_same_call_scores_the_same_whatever_comes_of_that_days_calls() -> None:
    branch = BranchFactory()
    write_calls(branch, 1500)
    train()
    asked = Asked(dt.date(2026, 2, 2), attempts=2)
    before = queries.score_call(asked, branch=branch)
    PastCall.objects.filter(called_date__gte=asked.called_date).update(result="success")
    assert queries.score_call(asked, branch=branch) == before


def test_what_is_told_of_a_call_is_what_the_version_says_of_it() -> None:
    branch = BranchFactory()
    # A bank that succeeded each time once, and then no more often than others.
    write_calls(branch, 1500, result="success")
    later = write_calls(branch, 2020, seed=2)
    for row in later:
        row.called_date += dt.timedelta(days=100)
    PastCall.objects.bulk_update(later, ["called_date"])
    words: dict[str, list[str]] = {name: [] for name in features.CODED}
    line = {"names": ["recent.30"], "mean": [0], "scale": [1], "weights": [1], "intercept": 0}
    kept = {"format": 1, "with_traits": False, "words": words, "line": line, "trees": None}
    CallModel.objects.create(
        made_at=AT, with_traits=False, learned=kept, known=3520, calls=3520, held_out=0,
        first_day=ON, last_day=ON, figures={}, parts={},
    )  # fmt: skip
    learned, on = model.model_of(kept), later[-1].called_date
    expected = learned.chances(learned.table_of(queries.latest_calls()))[-1]
    found = queries.score_call(Asked(on), branch=branch)
    assert found.chance == pytest.approx(expected, abs=1e-9)


def test_a_choice_needs_a_reason() -> None:
    manager = StaffFactory()
    with pytest.raises(operations.Refused, match="Say why"):
        operations.choose_traits(
            branch=manager.branch, with_traits=True, reason=" ", actor=manager, at=AT
        )
    assert queries.choice_for(manager.branch) is None


def test_what_is_kept_and_cannot_be_read_leaves_the_scorecard() -> None:
    branch = BranchFactory()
    write_calls(branch, 1500)
    plain, _full = train()
    whole = dict(CallModel.objects.get(pk=plain.pk).learned)
    line = whole["line"]
    asked = Asked(ON, attempts=1, channel="mobile")
    for broken in (
        {"format": 1}, [], whole | {"format": 2}, whole | {"words": {}},
        whole | {"line": line | {"names": ["unheard.of", *line["names"][1:]]}},
    ):  # fmt: skip
        # Rows are only added: a later one stands before those that are sound.
        CallModel.objects.create(
            **{
                field.attname: getattr(plain, field.attname)
                for field in CallModel._meta.concrete_fields
                if not field.primary_key
            } | {"learned": broken}
        )  # fmt: skip
        found = queries.score_call(asked, branch=branch)
        assert (found.version, found.chance, found.points) == (None, None, 63)
