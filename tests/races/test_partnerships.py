"""Two people at the same partnership at the same moment: one moves it, the other is told who."""

from typing import Any

import pytest

from merchants.directory import operations as directory
from merchants.models import PhaseChange, PhaseSuggestion
from merchants.partnerships import operations, queries
from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
AT = clock.start_of(made.FIRST)


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_who_move_at_once_one_wins_and_the_other_is_told(attempt: int) -> None:
    row = made.begun()
    people = [row.manager, made.chief(row)]
    targets = ["comparison", "ended"]

    def move(place: int) -> str:
        try:
            operations.change_phase(
                partnership_id=row.pk, to=targets[place], after=1, reason="x",
                actor=people[place], at=AT,
            )  # fmt: skip
        except operations.MovedMeanwhile as told:
            return str(told)
        return "moved"

    answers = in_threads(2, move)
    winner = answers.index("moved")
    assert people[winner].label in answers[1 - winner]
    row.refresh_from_db()
    assert (row.phase, row.moved) == (targets[winner], 2)
    assert PhaseChange.objects.filter(partnership=row).count() == 2


def test_one_merchant_is_opened_once() -> None:
    row = made.begun()
    made.moved(row, "ended", on=made.FIRST)

    def begin(_place: int) -> str:
        try:
            operations.open_partnership(
                merchant_id=row.merchant_id, scenarios=[], phase="prospect", reason="x",
                actor=row.manager, at=AT,
            )  # fmt: skip
        except operations.AlreadyOpen:
            return "refused"
        return "opened"

    assert sorted(in_threads(3, begin)) == ["opened", "refused", "refused"]


def test_the_budget_of_alarms_holds_when_all_are_given_at_once() -> None:
    leader = made.manager()
    rows = [made.begun(manager=leader) for _number in range(5)]
    on = made.FIRST
    known = queries.evidence_of(partnerships=rows, on=on)

    def suggest(place: int) -> Any:
        row = rows[place]
        try:
            operations.suggest_move(
                partnership_id=row.pk, to="ended", reasons=[{"code": "no_change"}],
                evidence=known[row.pk], on=on,
            )  # fmt: skip
        except operations.NoAlarmsLeft:
            return "none left"
        return "made"

    answers = in_threads(5, suggest)
    assert sorted(answers) == ["made", "made", "none left", "none left", "none left"]
    assert PhaseSuggestion.objects.count() == 2


def test_a_merchant_is_merged_away_or_its_partnership_begins() -> None:
    leader = made.manager()
    made.set_rule()
    for _round in range(3):
        gone, kept = (MerchantFactory(branch=leader.branch, manager=leader) for _place in range(2))

        def step(place: int, gone: Any = gone, kept: Any = kept) -> str:
            try:
                if place:
                    directory.merge_merchants(
                        kept=kept, merged=gone, reason="x", actor=leader, at=AT
                    )
                else:
                    operations.open_partnership(
                        merchant_id=gone.pk, scenarios=[], phase="prospect", reason="x",
                        actor=leader, at=AT,
                    )  # fmt: skip
            except (directory.DirectoryRefused, operations.PartnershipNotAllowed):
                return "refused"
            return "done"

        assert sorted(in_threads(2, step)) == ["done", "refused"]
        gone.refresh_from_db()
        assert (gone.merged_into_id is None) is gone.partnerships.exists()
