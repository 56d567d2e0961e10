"""The list of those inside: who stays, moves and leaves by an edit, for who writes and who approves
it; within scope, masked, by fate, and as a file."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignVersion, Draft
from campaigns.touches.enums import Fate, Left
from journeys.models import Card
from portal.models import Branch, Export
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import draft
from tests.factories.journeys import DAY
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.touches import plan_of, step, sweep, touched
from tests.portal.exports.workbooks import sheets_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


class Scene:
    """Four people inside a plan, two in each of two branches; a new version is about one of them,
    and another lets all stay."""

    def __init__(self) -> None:
        self.writer = StaffFactory(role="campaign_manager")
        touched(step("a"), step("b", offset_days=90), owner=self.writer)
        self.branches: list[Branch] = [BranchFactory(), BranchFactory()]
        self.cards: list[Card] = [
            holder(customer__branch=self.branches[number % 2], customer__name="王小明")
            for number in range(4)
        ]
        sweep(DAY)
        here = [self.branches[0].code]
        after = plan_of(step("c", offset_days=200))
        self.stays = draft(touches=after | {"inside": "stay"}, owner=self.writer)
        self.moves: CampaignVersion = draft(touches=after, branches=here, owner=self.writer)

    def numbers(self, branch: int) -> set[str]:
        return {card.customer.number for card in self.cards[branch::2]}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def look(client: Client, name: str = "inside_list", **asked: str) -> Any:
    return client.get(reverse(name), asked, headers={"hx-request": "true"})


def told(page: Any) -> set[tuple[str, str, str, str]]:
    return {
        (line.stay.customer.number, str(line.fated.fate), line.because_words, line.step)
        for line in page.context["page"].rows
    }


def test_each_person_is_listed_with_the_fate_and_the_counts_add_up(
    scene: Scene, client_of: Clients
) -> None:
    client = client_of(scene.writer)
    key = f"v{scene.moves.pk}"
    page = look(client, of=key)
    gone = str(Left.UNCOVERED.label)
    assert told(page) == {
        *((number, "move", "", "步骤c") for number in scene.numbers(0)),
        *((number, "leave", gone, "") for number in scene.numbers(1)),
    }
    assert "王小明" not in page.content.decode()
    assert "王**" in page.content.decode()
    fates = look(client, "inside_counts", of=key).context["fates"]
    assert (fates.inside, fates.stay, fates.move, fates.leave) == (4, 0, 2, 2)
    # The latest version is looked at where none is named.
    assert told(look(client)) == told(page)


@pytest.mark.parametrize(("fate", "of_moves", "of_stays"), [
    ("stay", 0, 4), ("move", 2, 0), ("leave", 2, 0),
])  # fmt: skip
def test_those_of_one_fate_are_listed_by_what_comes_in_force(
    fate: str, of_moves: int, of_stays: int, scene: Scene, client_of: Clients
) -> None:
    client = client_of(scene.writer)
    for version, count in ((scene.moves, of_moves), (scene.stays, of_stays)):
        page = look(client, of=f"v{version.pk}", fate=fate)
        assert [str(one.fated.fate) for one in page.context["page"].rows] == [fate] * count


def test_a_draft_is_looked_at_by_who_writes_it_alone(scene: Scene, client_of: Clients) -> None:
    client = client_of(scene.writer)
    client.post(reverse("design_edit", args=["first-gift"]))
    found = Draft.objects.get()
    key = f"d{found.pk}"
    touch_page = client.get(reverse("design_touches", args=[found.pk])).content.decode()
    assert f"{reverse('inside_list')}?of={key}" in touch_page
    # As it begins it says what those inside have already.
    everybody = scene.numbers(0) | scene.numbers(1)
    assert told(look(client, of=key)) == {(number, "move", "", "步骤b") for number in everybody}
    assert key in dict(look(client).context["form"].fields["of"].choices)
    found.content = {name: value for name, value in found.content.items() if name != "products"}
    found.save()
    page = look(client, of=key)
    assert page.context["edit"].coming is None
    assert "草稿尚未填全" in page.content.decode()
    other = look(client_of("approver"), of=key)
    assert key not in dict(other.context["form"].fields["of"].choices)
    assert other.context["edit"].key == f"v{scene.moves.pk}"


def test_a_branch_sees_its_own_people(scene: Scene, client_of: Clients) -> None:
    client = client_of(StaffFactory(role="branch_manager", branch=scene.branches[1]))
    key = f"v{scene.moves.pk}"
    assert {number for number, *_rest in told(look(client, of=key))} == scene.numbers(1)
    fates = look(client, "inside_counts", of=key).context["fates"]
    assert (fates.inside, fates.move, fates.leave) == (2, 0, 2)


@pytest.mark.parametrize("role", ["approver", "analyst"])
def test_who_may_not_see_customers_is_told_each_fate_without_a_name(
    role: str, scene: Scene, client_of: Clients
) -> None:
    client = client_of(role)
    page = look(client, of=f"v{scene.moves.pk}")
    fates = [str(one.fated.fate) for one in page.context["page"].rows]
    assert sorted(fates) == ["leave", "leave", "move", "move"]
    shown = page.content.decode()
    for line in page.context["page"].rows:
        assert f"<td>{line.stay.pk}</td>" in shown
        assert line.stay.customer.number not in shown
    assert "王**" not in shown
    assert reverse("export_start", args=["people_inside"]) not in shown


def test_it_is_taken_out_as_it_is_shown(scene: Scene, client_of: Clients) -> None:
    client = client_of(scene.writer)
    asked = {"of": f"v{scene.moves.pk}", "fate": "move"}
    address = reverse("export_start", args=["people_inside"], query=asked)
    assert address.replace("&", "&amp;") in look(client, **asked).content.decode()
    answer = client.post(address, {"reason": "审批前核对"})
    sheets = sheets_of(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = [[str(cell) for cell in row] for sheet in sheets.values() for row in sheet]
    rows = [row for row in cells if row[0] in scene.numbers(0) | scene.numbers(1)]
    assert {row[0] for row in rows} == scene.numbers(0)
    assert {(row[1], row[4]) for row in rows} == {("王**", str(Fate.MOVE.label))}
    made = Export.objects.get()
    assert (made.filters, made.rows) == (asked, 2)
    listed = client.get(reverse("export_list")).content.decode()
    assert f"新户首刷礼，第{scene.moves.number}版" in listed


def test_what_names_nothing_lists_the_usual(scene: Scene, client_of: Clients) -> None:
    client = client_of(scene.writer)
    for key in ("v0", "x1", "d999", "v99999999999999999999", "", "v-1"):
        assert look(client, of=key).context["edit"].key == f"v{scene.moves.pk}"


def test_where_nobody_is_inside_the_list_says_so(client_of: Clients) -> None:
    page = look(client_of("campaign_manager"))
    assert page.context["edit"] is None
    assert "没有客户处于较早版本内" in page.content.decode()
