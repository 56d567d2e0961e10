"""The tree grows below its roots, refusals keep what was said, and what was tried counts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from merchants.models import AnswerTry, Refusal, RefusalAnswer, RefusalReason
from merchants.prospects.rules import Share
from merchants.refusals import operations, queries
from merchants.refusals.rules import standing, wording
from portal.models import AuditEntry
from portal.staff.enums import Role
from tests.factories import partnerships
from tests.factories.merchants import ContactFactory
from tests.factories.portal import StaffFactory
from tests.merchants.refusals import made
from tests.project.rows import row_of

LATER = made.DAY + dt.timedelta(days=1)


def chief() -> Any:
    return StaffFactory(role=Role.BRANCH_MANAGER)


def grown(parent: RefusalReason, **values: Any) -> RefusalReason:
    usual: dict[str, Any] = {"said": made.SAID, "actor": chief(), "at": made.at()}
    return operations.grow_reason(parent_id=parent.pk, **{**usual, **values})


@pytest.mark.django_db
def test_the_three_roots_stand_with_answers_and_reasons_below_them() -> None:
    roots = RefusalReason.objects.filter(parent=None).order_by("id")
    assert [(row.root, row.name) for row in roots] == [
        ("unaware", "缺乏意识"), ("not_urgent", "需求不紧迫"), ("need_missed", "未抓住需求点"),
    ]  # fmt: skip
    for row in roots:
        assert set(row.answers.values_list("kind", flat=True)) == {"talk", "move"}
        assert row.children.count() >= 2
    written = [
        part
        for model in (RefusalReason, RefusalAnswer)
        for row in model.objects.values_list("name", "name_en", "text", "text_en")
        for part in row
    ]
    assert wording.faults(written) == []


@pytest.mark.django_db
def test_a_reason_grows_until_the_tree_is_deep_enough_and_is_retired_not_deleted() -> None:
    first = grown(made.root())
    second = grown(first)
    third = grown(second)
    assert (third.root, third.depth) == ("not_urgent", 3)
    with pytest.raises(operations.TreeNotAllowed):
        grown(third)
    with pytest.raises(operations.TreeNotAllowed):  # one of this name stands there
        grown(made.root())
    retire: dict[str, Any] = {"why": "没人用", "actor": chief(), "at": made.at()}
    for row in (made.root(), first):  # a root; a reason with others below it
        with pytest.raises(operations.TreeNotAllowed):
            operations.retire_reason(reason_id=row.pk, **retire)
    with pytest.raises(operations.TreeNotAllowed):
        operations.retire_reason(reason_id=third.pk, **{**retire, "why": " "})
    operations.retire_reason(reason_id=third.pk, **retire)
    assert third.pk not in [one for _root, some in queries.forest().choices() for one, _ in some]
    with pytest.raises(operations.TreeNotAllowed):
        grown(third, said=replace(made.SAID, name="别的"))
    assert grown(second).pk != third.pk  # the name is free again
    assert AuditEntry.objects.filter(action="refusal_reason.retired").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("text", "合作后保证增长"), ("text_en", "Growth is GUARANTEED"), ("name", "最佳方案"),
        ("text", "请打 13912345678"), ("name_en", " "),
    ],
)  # fmt: skip
def test_words_that_promise_too_much_or_name_a_person_are_refused(part: str, words: str) -> None:
    before = RefusalAnswer.objects.count()
    with pytest.raises(operations.TreeNotAllowed):
        operations.add_answer(
            reason_id=made.root().pk, kind="talk", said=replace(made.SAID, **{part: words}),
            actor=chief(), at=made.at(),
        )  # fmt: skip
    assert RefusalAnswer.objects.count() == before


@pytest.mark.django_db
def test_only_who_writes_playbooks_changes_the_tree() -> None:
    for role in (Role.RELATIONSHIP_MANAGER, Role.COMPLIANCE):
        with pytest.raises(operations.TreeNotAllowed):
            grown(made.root(), actor=StaffFactory(role=role))
    assert grown(made.root(), actor=StaffFactory(role=Role.ADMINISTRATOR)).depth == 1


@pytest.mark.django_db
def test_a_refusal_is_recorded_answered_and_overcome() -> None:
    row = partnerships.begun()
    person = ContactFactory(merchant=row.merchant)
    refusal = made.refused(row, said="电话 13912345678 再说", contact=person.number)
    assert (refusal.words, refusal.contact) == ("电话 139****5678 再说", person)
    first = made.tried(refusal)
    with pytest.raises(operations.RefusalNotAllowed):  # it is being tried already
        made.tried(refusal)
    made.told(first, "failed")
    second = made.tried(refusal)  # once more, on purpose
    assert Refusal.objects.get().state == "open"
    made.told(second, "worked", note="定了三月")
    refusal.refresh_from_db()
    assert (refusal.state, refusal.settled_by) == ("overcome", row.manager)
    with pytest.raises(operations.RefusalNotAllowed):
        made.tried(refusal)
    assert list(queries.open_of(partnership_id=row.pk)) == []
    actions = AuditEntry.objects.filter(action__startswith="refusal.").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "refusal.recorded", "refusal.tried", "refusal.try_settled", "refusal.tried",
        "refusal.try_settled",
    ]  # fmt: skip


def _of_another() -> dict[str, Any]:
    return {"contact": ContactFactory().number}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        lambda: {"said": " "},
        lambda: {"said_date": LATER},
        lambda: {"actor": partnerships.manager()},
        _of_another,
        lambda: {"reason_id": row_of("merchants.RefusalReason", retired_date=made.DAY,
                                     retired_by=StaffFactory(), retired_why="x").pk},
    ],
)  # fmt: skip
def test_what_cannot_be_recorded(values: Callable[[], dict[str, Any]]) -> None:
    row = partnerships.begun()
    with pytest.raises(operations.RefusalNotAllowed):
        made.refused(row, **values())
    assert Refusal.objects.count() == 0


@pytest.mark.django_db
def test_an_answer_to_another_reason_or_before_the_refusal_is_not_tried() -> None:
    refusal = made.refused()
    for values in (
        {"answer_id": made.talk(made.root("unaware")).pk},
        {"tried_date": made.DAY - dt.timedelta(days=1)},
        {"tried_date": LATER},
        {"actor": partnerships.manager()},
    ):
        with pytest.raises(operations.RefusalNotAllowed):
            made.tried(refusal, **values)
    assert AnswerTry.objects.count() == 0


@pytest.mark.django_db
def test_a_refusal_by_mistake_stays_and_counts_for_nothing() -> None:
    refusal = made.refused()
    made.told(made.tried(refusal), "failed")
    tree, reason = queries.forest(), made.root().pk

    def known() -> tuple[int, int]:
        first = next(
            row for row in queries.evidence_of(tree=tree, reason_id=reason)
            if row.answer == made.talk(made.root())
        )  # fmt: skip
        count = next(node.count for node in tree.nodes() if node.reason.pk == reason)
        return first.here.share.whole, count

    assert known() == (1, 1)
    assert refusal.partnership is not None
    given: dict[str, Any] = {
        "refusal_id": refusal.pk, "actor": refusal.partnership.manager, "at": made.at(),
    }  # fmt: skip
    with pytest.raises(operations.RefusalNotAllowed):
        operations.withdraw_refusal(why="", **given)
    operations.withdraw_refusal(why="记错商户", **given)
    assert known() == (0, 0)
    with pytest.raises(operations.RefusalNotAllowed):
        operations.let_be(why="x", **given)


@pytest.mark.django_db
def test_what_was_under_way_when_another_answer_worked_gets_its_outcome() -> None:
    refusal = made.refused()
    move = made.root().answers.get(kind="move")
    first, second = made.tried(refusal), made.tried(refusal, answer_id=move.pk)
    made.told(first, "worked")
    before = Refusal.objects.values().get()
    made.told(second, "worked")
    assert Refusal.objects.values().get() == before
    assert set(AnswerTry.objects.values_list("outcome", flat=True)) == {"worked"}


@pytest.mark.django_db
def test_leads_refuse_too_until_they_are_won() -> None:
    me = partnerships.manager()
    lead = row_of("merchants.MerchantLead", branch=me.branch)
    given: dict[str, Any] = {
        "lead_id": lead.pk, "reason_id": made.root().pk, "said": "不需要", "said_date": made.DAY,
        "at": made.at(),
    }  # fmt: skip
    with pytest.raises(operations.RefusalNotAllowed):
        operations.record_lead_refusal(actor=partnerships.manager(), **given)
    refusal = operations.record_lead_refusal(actor=me, **given)
    operations.try_answer(
        refusal_id=refusal.pk, answer_id=made.talk(made.root()).pk, tried_date=made.DAY,
        actor=me, at=made.at(),
    )  # fmt: skip
    row_of("merchants.MerchantDeal", lead=lead)
    with pytest.raises(operations.RefusalNotAllowed):
        operations.record_lead_refusal(actor=me, **given)
    assert Refusal.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_counts_at_the_reason_and_above_it_and_is_inherited_from_above() -> None:
    below = made.root().children.order_by("id").first()
    assert below is not None
    refusal = made.refused(reason_id=below.pk)
    made.told(made.tried(refusal), "worked")
    tree = queries.forest()
    for reason in (made.root(), below):
        rows = {row.answer: row for row in queries.evidence_of(tree=tree, reason_id=reason.pk)}
        assert rows[made.talk(made.root())].here.share == Share(1, 1)
    beside = made.root().children.order_by("-id").first()
    assert beside is not None
    rows = {row.answer: row for row in queries.evidence_of(tree=tree, reason_id=beside.pk)}
    met = rows[made.talk(made.root())]
    assert (met.here.share, met.everywhere) == (Share(0, 0), Share(1, 1))


@pytest.mark.parametrize(
    ("counted", "stands", "settled"),
    [
        ([(5, 5), (0, 0)], {0: (1, 1), 1: (0, 0)}, False),
        ([(4, 4), (2, 4)], {0: (0, 0), 1: (0, 0)}, False),  # four are too few
        ([(4, 5), (2, 5)], {0: (1, 2), 1: (1, 2)}, False),  # five overlap
        ([(29, 30), (3, 30)], {0: (1, 1), 1: (2, 2)}, True),
        ([(29, 30), (3, 30), (4, 4)], {0: (1, 1), 1: (2, 2), 2: (0, 0)}, True),
    ],
)
def test_few_cases_are_not_ranked_and_overlaps_share_their_places(
    counted: list[tuple[int, int]], stands: dict[int, tuple[int, int]], settled: bool
) -> None:
    rows = standing.ranked([(name, Share(*pair), 0) for name, pair in enumerate(counted)])
    assert {row.answer: (row.first, row.last) for row in rows} == stands
    assert standing.is_alone_best(rows) is settled
    assert rows[0].answer == 0 or rows[0].share.whole >= 5


GUARDED = [
    ("merchants_refusalreason", "RefusalReason", "name = 'x'"),
    ("merchants_refusalreason", "RefusalReason", "parent_id = NULL"),
    ("merchants_refusalanswer", "RefusalAnswer", "text = 'x'"),
    ("merchants_refusal", "Refusal", "words = 'x'"),
    ("merchants_refusal", "Refusal", "state = 'overcome', settled_by_id = recorded_by_id,"
     " settled_at = now()"),
    ("merchants_answertry", "AnswerTry", "tried_date = '2026-01-01'"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "model", "change"), GUARDED)
def test_the_database_keeps_what_was_said(table: str, model: str, change: str) -> None:
    row = row_of(f"merchants.{model}")
    for sql in (f"UPDATE {table} SET {change} WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql, [row.pk])
    row.refresh_from_db()


@pytest.mark.django_db
def test_the_database_lets_no_fourth_root_nothing_below_itself_and_no_second_settlement() -> None:
    said = {"name": "x", "name_en": "x", "text": "x", "text_en": "x", "added_at": made.at()}
    with pytest.raises(DatabaseError), transaction.atomic():
        RefusalReason.objects.create(root="unaware", **said)
    with pytest.raises(DatabaseError), transaction.atomic():
        RefusalReason.objects.create(pk=990, parent_id=990, root="unaware", depth=1, **said)
    reason = row_of(
        "merchants.RefusalReason", retired_date=made.DAY, retired_by=StaffFactory(),
        retired_why="x",
    )  # fmt: skip
    for label, values in (
        ("RefusalReason", {"parent": reason}), ("RefusalAnswer", {"reason": reason}),
        ("Refusal", {"reason": reason}), ("Refusal", {"contact": ContactFactory()}),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            row_of(f"merchants.{label}", **values)
    used = made.root().children.first()
    assert used is not None
    row_of("merchants.RefusalReason", parent=used)
    for row in (reason, used):  # retired before; one in use stands below it
        with pytest.raises(DatabaseError), transaction.atomic():
            RefusalReason.objects.filter(pk=row.pk).update(
                retired_date=LATER, retired_by=StaffFactory(), retired_why="y"
            )
    one = made.told(made.tried(made.refused()), "worked")
    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerTry.objects.filter(pk=one.pk).update(outcome="failed")
    with pytest.raises(DatabaseError), transaction.atomic():
        Refusal.objects.filter(pk=one.refusal_id).update(state="let_be", settled_why="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        row_of("merchants.AnswerTry", refusal=one.refusal)  # it is overcome


@pytest.mark.django_db
def test_what_was_under_way_when_a_refusal_was_let_be_gets_its_outcome() -> None:
    """Else only what worked would be told, and every rate would look better than it is."""
    refusal = made.refused()
    one = made.tried(refusal)
    manager = one.tried_by
    operations.let_be(refusal_id=refusal.pk, why="换人再谈", actor=manager, at=made.at())
    made.told(one, "failed")
    refusal.refresh_from_db()
    assert (one.outcome, refusal.state) == ("open", "let_be")
    one.refresh_from_db()
    assert one.outcome == "failed"
    found = queries.evidence_of(tree=queries.forest(), reason_id=refusal.reason_id)
    here = next(row.here for row in found if row.answer.pk == one.answer_id)
    assert (here.share, here.open) == (Share(0, 1), 0)
