"""The file of leads."""

from pathlib import Path

import pytest

from journeys.customers import queries as customers
from journeys.models import DoNotContact, ErasedNumber, Lead, LeadMerge, LeadPair
from portal.intake import operations as intake
from portal.kit import sealed
from portal.models import Branch
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
HEAD = (
    "number,kind,name,company,phone,source,lawful_basis,basis_words,branch,team,collected_by,post,"
    "campaign,collected_at\n"
)
GOOD = (
    "L1,person,王小明,山月餐饮有限公司,13800000009,registry,public_data,,B001,,seller1,,"
    "SPRING26,2026-05-02 13:05:00\n"
)


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    StaffFactory(username="seller1", branch=Branch.objects.get(code="B001"))


def row(_number: str, **changes: str) -> str:
    names = HEAD.strip().split(",")
    cells = dict(zip(names, GOOD.strip().split(","), strict=True)) | {"number": _number} | changes
    return ",".join(cells[name] for name in names) + "\n"


def test_a_lead_comes_once_sealed_free_and_credited(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "leads", HEAD + GOOD)) == (1, 0, 0, 0)
    assert counts_of(take(tmp_path, "leads", HEAD + GOOD, "again.csv")) == (0, 0, 1, 0)
    changed = row("L1", name="王大明", phone="13800000008", collected_at="2026-05-03 13:05:00")
    assert counts_of(take(tmp_path, "leads", HEAD + changed, "other.csv")) == (0, 0, 1, 0)
    lead = Lead.objects.get()
    assert sealed.unseal(bytes(lead.phone_sealed or b""), "lead.phone") == "13800000009"
    assert bytes(lead.callee or b"") == customers.callee_of("13800000009")
    assert (lead.name, lead.state, lead.owner, lead.is_sole) == ("王小明", "new", None, True)
    assert (lead.collected_by and lead.collected_by.username, lead.campaign) == (
        "seller1", "SPRING26",
    )  # fmt: skip
    assert lead.credit_branch == lead.branch == Branch.objects.get(code="B001")
    assert lead.created_at.isoformat() == "2026-05-02T05:05:00+00:00"


def test_the_same_phone_is_merged_and_what_looks_alike_is_held_beside(tmp_path: Path) -> None:
    first = HEAD + GOOD + row("L2") + row("L3", phone="13800000007", company="山月（餐饮）")
    assert counts_of(take(tmp_path, "leads", first)) == (3, 0, 0, 0)
    more = HEAD + row("L4", phone="13800000007") + row("L5", phone="", company="")
    assert counts_of(take(tmp_path, "leads", more, "b.csv")) == (2, 0, 0, 0)
    merges = LeadMerge.objects.order_by("merged__number")
    assert list(merges.values_list("kept__number", "merged__number", "at")) == [
        ("L1", "L2", AT), ("L3", "L4", AT),
    ]  # fmt: skip
    pairs = LeadPair.objects.values_list("first__number", "second__number")
    assert list(pairs) == [("L1", "L3")]
    again = take(tmp_path, "leads", more, "c.csv")
    assert counts_of(again) == (0, 0, 2, 0)
    assert LeadMerge.objects.count() == 2


def test_a_merge_that_was_undone_stays_undone_when_the_file_comes_again(tmp_path: Path) -> None:
    from journeys.telemarketing import operations

    content = HEAD + GOOD + row("L2")
    take(tmp_path, "leads", content)
    boss = StaffFactory(role="branch_manager", branch=Branch.objects.get(code="B001"))
    merge = LeadMerge.objects.get()
    operations.undo_merge(merge_id=merge.pk, reason="两人", actor=boss, at=AT)
    take(tmp_path, "leads", content, "again.csv")
    assert Lead.objects.filter(state="new").count() == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"branch": "B9"}, "There is no branch with this code."),
        ({"number": "M-1-0123456789abcdef"},
         "Numbers that begin with M- are those of calls that campaigns ask for."),
        ({"lawful_basis": "consent"},
         "Where the person consented, say when, where and in which words."),
        ({"post": "Z9"}, "There is no post with this number."),
        ({"team": "T9"}, "There is no team with this code in this branch."),
        ({"collected_by": "nobody"}, "There is nobody of the staff with this user name."),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_why(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    report = take(tmp_path, "leads", HEAD + row("L9", **changes) + GOOD)
    assert counts_of(report) == (1, 0, 0, 1)
    assert reason in errors_of(report)[0]


def test_who_refused_or_was_erased_does_not_come(tmp_path: Path) -> None:
    customer = CustomerFactory(phone="13800000006", branch=Branch.objects.get(code="B001"))
    DoNotContact.objects.create(
        customer=customer, words="别打了", source="call", reference="R1", at=AT
    )
    ErasedNumber.objects.create(number_hash=customers.erased_hash("L8"), erased_at=AT)
    report = take(tmp_path, "leads", HEAD + row("L7", phone="13800000006") + row("L8") + GOOD)
    assert counts_of(report) == (1, 0, 0, 2)
    assert "13800000006" not in "".join(errors_of(report))


def test_a_manager_brings_leads_of_the_own_branches_alone(tmp_path: Path) -> None:
    here = BranchFactory(code="B002")
    below = BranchFactory(code="B003", parent=here)
    boss = StaffFactory(role="branch_manager", branch=here)
    path = tmp_path / "file.csv"
    rows = row("L1", branch=here.code) + row("L2", branch=below.code) + row("L3")
    path.write_text(HEAD + rows.replace("13800000009", ""))
    report = intake.import_file(kind="leads", path=path, actor=boss, at=AT)
    assert counts_of(report) == (2, 0, 0, 1)
