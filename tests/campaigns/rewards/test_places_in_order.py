"""What a version that renamed a tier gave for a place before places were the campaign's stays, and
is numbered in its order."""

import datetime as dt
import importlib
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns.models import Grant, GrantReversal
from tests.campaigns.rewards.test_persons import brings
from tests.factories.campaigns import AT, ON, approved, card_in_use
from tests.factories.journeys import DAY
from tests.factories.rewards import run_of

pytestmark = pytest.mark.django_db
migration = importlib.import_module("campaigns.migrations.0139_places_by_campaign")
NAME = "grant_once_for_place"
# Of each customer what was given for a place: the tier's code, its round, whether it stands.
GIVEN = [
    [("pal", 1, False), ("friend", 1, False), ("friend", 2, True)],
    [("friend", 1, True), ("pal", 1, True)],
    [("friend", 1, False), ("friend", 2, True)],
    [("friend", 1, True)],
]


def written(version: Any) -> list[list[int]]:
    run, found = run_of(version), []
    for rows in GIVEN:
        card = card_in_use()
        mine = []
        for number, (code, order, stands) in enumerate(rows):
            referral = brings(card, DAY + dt.timedelta(days=number))
            grant = Grant.objects.create(
                campaign=version.campaign, version=version, run=run, customer=card.customer,
                card=card, reward=code, slot=f"{code}:1", place=1, most=3, round=order,
                referral=referral, amount=1, granted_date=ON, granted_at=AT,
            )  # fmt: skip
            mine.append(grant.pk)
            if not stands:
                GrantReversal.objects.create(
                    grant=grant, kind="not_brought", on_date=ON, at=AT
                )  # fmt: skip
        found.append(mine)
    return found


def test_places_that_were_given_twice_stay_and_are_told(caplog: Any) -> None:
    key = next(one for one in Grant._meta.constraints if one.name == NAME)
    version = approved(code="bring")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Grant, key)
    found = written(version)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.schema_editor() as editor:
        editor.add_constraint(Grant, key)
    caplog.clear()
    with connection.schema_editor() as editor:
        migration.count_places_anew(None, editor)
        editor.add_constraint(Grant, key)
    rounds = dict(Grant.objects.values_list("pk", "round"))
    assert [[rounds[pk] for pk in mine] for mine in found] == [[1, 2, 3], [1, 2], [1, 2], [1]]
    assert Grant.objects.filter(reversal=None).count() == 5
    both = " and ".join(map(str, found[1]))
    (said,) = [one.getMessage() for one in caplog.records if one.name == migration.__name__]
    assert said.startswith("Campaign bring gave the same place")
    assert said.endswith(f"settle what was paid too much: {both}.")
    # Grants are only added to, as before.
    with pytest.raises(DatabaseError), transaction.atomic():
        Grant.objects.filter(pk=found[3][0]).update(round=7)
    with connection.schema_editor() as editor:
        migration.count_places_anew(None, editor)
    assert dict(Grant.objects.values_list("pk", "round")) == rounds
