"""Plans of targets: made, split exactly, approved by another person, derived and replaced."""

import datetime as dt
from decimal import Decimal

import pytest

from journeys.targets import operations, queries
from journeys.targets.enums import Level
from journeys.targets.models import TargetCell, TargetNode
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.factories import leads
from tests.factories import targets as made
from tests.factories.portal import BranchFactory, head_office
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
AT = made.AT


def values(node: TargetNode) -> list[Decimal]:
    return list(node.cells.order_by("month").values_list("value", flat=True))


def split(
    node: TargetNode, level: str, weights: dict[int, int], owner: Staff | None = None
) -> None:
    operations.split_node(
        node_id=node.pk, level=level, weights={pk: Decimal(one) for pk, one in weights.items()},
        actor=owner or node.plan.owner, at=AT,
    )  # fmt: skip


def test_a_quarter_is_split_over_its_months_by_their_workdays() -> None:
    plan = made.plan(total=Decimal(100))
    assert sum(values(made.root(plan))) == 100
    assert [cell.month for cell in made.root(plan).cells.order_by("month")] == plan.months
    assert plan.last_day == dt.date(2026, 3, 31)
    rate = made.plan(measure="cards_in_use", total=Decimal("82.5"))
    assert values(made.root(rate)) == [Decimal("82.50")] * 3


def test_a_target_goes_down_the_tree_exactly_and_says_what_is_unassigned() -> None:
    owner = made.manager(head_office())
    north, south = BranchFactory(), BranchFactory()
    plan = made.plan(owner, total=Decimal(101))
    root = made.root(plan)
    split(root, "branch", {north.pk: 2, south.pk: 1})
    rows = queries.tree_of(plan)
    assert [(row.node.branch, row.depth, row.unassigned) for row in rows] == [
        (owner.branch, 0, 0), (north, 1, None), (south, 1, None),
    ]  # fmt: skip
    assert rows[1].total + rows[2].total == 101
    for place, whole in enumerate(values(root)):
        assert rows[1].cells[place] + rows[2].cells[place] == whole
    people = [leads.caller(north), leads.caller(north), leads.caller(north)]
    split(rows[1].node, "person", {one.pk: 1 for one in people})
    below = queries.tree_of(plan)
    mine = [row for row in below if row.depth == 2]
    assert sum(row.total for row in mine) == below[1].total
    node = mine[0].node
    month = plan.months[0]
    operations.set_month(node_id=node.pk, month=month, value=Decimal(0), actor=owner, at=AT)
    assert queries.tree_of(plan)[1].unassigned == mine[0].values[month]
    assert [row.depth for row in queries.tree_of(plan, has_people=False)] == [0, 1, 1]


def test_no_part_gets_more_than_is_left() -> None:
    owner = made.manager(head_office())
    one, other = BranchFactory(), BranchFactory()
    plan = made.plan(owner, period="month", first_date=made.MONTH, total=Decimal(10))
    root = made.root(plan)
    split(root, "branch", {one.pk: 1, other.pk: 1})
    part = root.parts.get(branch=one)
    for node, value in ((part, 6), (root, 9)):
        with pytest.raises(operations.TargetRefused):
            operations.set_month(
                node_id=node.pk, month=made.MONTH, value=Decimal(value), actor=owner, at=AT
            )
    assert [values(root), values(part)] == [[10], [5]]
    operations.set_month(node_id=root.pk, month=made.MONTH, value=Decimal(11), actor=owner, at=AT)
    operations.set_month(node_id=part.pk, month=made.MONTH, value=Decimal(6), actor=owner, at=AT)
    assert queries.tree_of(plan)[0].unassigned == 0


def test_a_plan_is_approved_by_another_person_and_stays() -> None:
    plan = made.approved(made.plan())
    assert plan.state == "approved"
    with pytest.raises(operations.TargetRefused):
        split(made.root(plan), "person", {leads.caller(plan.branch).pk: 1})
    assert TargetNode.objects.count() == 1
    verbs = AuditEntry.objects.filter(action__startswith="targets.").order_by("pk")
    assert list(verbs.values_list("action", flat=True)) == [
        "targets.planned", "targets.submitted", "targets.approved",
    ]  # fmt: skip


def test_a_returned_plan_may_be_changed_again() -> None:
    plan = made.plan()
    operations.submit_plan(plan_id=plan.pk, actor=plan.owner, at=AT)
    assert made.decided(plan, "return", "总数不对").state == "draft"


def test_what_a_plan_gives_a_branch_is_split_further_there() -> None:
    owner = made.manager(head_office())
    branch = BranchFactory()
    plan = made.plan(owner, total=Decimal(90))
    split(made.root(plan), "branch", {branch.pk: 1})
    node = made.root(plan).parts.get()
    chief = made.manager(branch)
    given = {"node_id": node.pk, "name": "支行", "basis": "按人", "at": AT}
    with pytest.raises(operations.TargetRefused):
        operations.derive_plan(actor=chief, **given)
    made.approved(plan)
    with pytest.raises(operations.TargetRefused):
        operations.derive_plan(actor=owner, **given)
    own = operations.derive_plan(actor=chief, **given)
    assert values(made.root(own)) == values(node)
    with pytest.raises(operations.TargetRefused):
        operations.set_month(
            node_id=made.root(own).pk, month=own.months[0], value=Decimal(1), actor=chief, at=AT
        )
    person = leads.caller(branch)
    split(made.root(own), "person", {person.pk: 1}, chief)
    made.approved(own)
    on = dt.date(2026, 2, 3)
    assert [one.plan for one in queries.person_nodes(person, on=on)] == [own]
    assert [one.staff for one in queries.parts_of(node, has_people=True)] == [person]


def test_a_branch_follows_the_next_version_of_what_it_was_given() -> None:
    owner, branch = made.manager(head_office()), BranchFactory()
    chief = made.manager(branch)
    plan = made.plan(owner, total=Decimal(90))
    split(made.root(plan), "branch", {branch.pk: 1})
    made.approved(plan)
    given = {"name": "支行", "basis": "按人", "actor": chief, "at": AT}
    own = operations.derive_plan(node_id=made.root(plan).parts.get().pk, **given)
    made.approved(own)
    second = operations.next_version(plan_id=plan.pk, why="总行调整", actor=owner, at=AT)
    made.approved(second)
    stale = operations.next_version(plan_id=own.pk, why="按人", actor=chief, at=AT)
    with pytest.raises(operations.TargetRefused):
        operations.submit_plan(plan_id=stale.pk, actor=chief, at=AT)
    again = operations.derive_plan(node_id=made.root(second).parts.get().pk, **given)
    assert (again.replaces, again.version) == (own, 2)
    made.approved(again)
    own.refresh_from_db()
    assert own.state == "replaced"


def test_the_next_version_takes_the_place_of_the_one_before() -> None:
    plan = made.approved(made.plan())
    owner = plan.owner
    second = operations.next_version(plan_id=plan.pk, why="总行调整", actor=owner, at=AT)
    assert (second.version, values(made.root(second))) == (2, values(made.root(plan)))
    with pytest.raises(operations.TargetRefused):
        operations.next_version(plan_id=plan.pk, why="again", actor=owner, at=AT)
    made.approved(second)
    plan.refresh_from_db()
    second.refresh_from_db()
    assert (plan.state, second.state) == ("replaced", "approved")
    again = made.plan(owner)
    with pytest.raises(operations.TargetRefused):
        operations.submit_plan(plan_id=again.pk, actor=owner, at=AT)


def test_a_rate_is_handed_down_as_it_is() -> None:
    plan = made.plan(measure="cards_in_use", total=Decimal(80))
    people = [leads.caller(plan.branch), leads.caller(plan.branch)]
    split(made.root(plan), "person", {one.pk: 1 for one in people})
    assert {cell.value for cell in TargetCell.objects.all()} == {Decimal(80)}
    assert {row.unassigned for row in queries.tree_of(plan)} == {None}


def test_weights_begin_with_what_each_had_before() -> None:
    plan = made.plan()
    busy, idle = leads.caller(plan.branch), leads.caller(plan.branch)
    root = queries.one_node(scope=Scope(""), node_id=made.root(plan).pk)
    assert root is not None
    assert {one.weight for one in queries.subjects_below(root, Level.PERSON)} == {Decimal(1)}
    made.sold(busy, dt.date(2025, 6, 1))
    found = {one.pk: one.weight for one in queries.subjects_below(root, Level.PERSON)}
    assert found == {busy.pk: 1, idle.pk: 0}


def test_teams_are_told_apart() -> None:
    plan = made.plan()
    team = row_of("portal.Team", branch=plan.branch)
    person = leads.caller(plan.branch, team=team)
    split(made.root(plan), "team", {team.pk: 1})
    node = made.root(plan).parts.get()
    split(node, "person", {person.pk: 1})
    assert [one.level for one in queries.nodes_of(plan)] == ["branch", "team", "person"]
