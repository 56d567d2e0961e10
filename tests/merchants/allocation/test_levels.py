"""Who may upload what money brings: who leads the partner, and managers for their branches."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from merchants.allocation import queries
from merchants.models import FundPlan, ResponseLevel
from portal.approvals import operations as approvals
from portal.intake import operations as intake
from portal.intake import queries as uploads
from portal.intake.rules import ImportReport
from portal.models import Staff, Upload
from portal.staff.enums import Role
from tests.factories import funds as made
from tests.factories import partnerships
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
HEADER = "plan,merchant,amount,effect,source"


def file_of(plan: FundPlan, effect: int = 9000) -> str:
    """A level of each partner of a plan."""
    rows = [
        f"{plan.code},{line.partnership.merchant.number},1000,{effect},一季度复盘"
        for line in queries.lines_of(plan)
    ]
    return "\n".join([HEADER, *rows])


def take(folder: Path, text: str, actor: Staff | None, name: str = "levels.csv") -> ImportReport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return intake.import_file(kind="response_levels", path=path, actor=actor, at=made.AT)


def reasons(report: ImportReport) -> dict[str, int]:
    return {code: number for code, number in report.reasons.items() if number}


def mixed() -> tuple[FundPlan, Staff, Staff]:
    """A plan of a branch manager with a partner of each of two relationship managers."""
    branch = BranchFactory()
    plan = made.plan(owner=StaffFactory(role=Role.BRANCH_MANAGER, branch=branch))
    leaders = [partnerships.manager(branch=branch) for _number in range(2)]
    for leader in leaders:
        made.line(plan, made.partner(leader=leader))
    return plan, leaders[0], leaders[1]


def test_a_relationship_manager_brings_the_levels_of_the_own_partners_alone(
    tmp_path: Path,
) -> None:
    plan, mine, _other = mixed()
    report = take(tmp_path, file_of(plan), mine)
    assert (report.rows_new, report.rows_bad, reasons(report)) == (1, 1, {"not_own_partner": 1})
    level = ResponseLevel.objects.get()
    assert (level.line.partnership.manager, level.by) == (mine, mine)


def test_a_branch_manager_brings_those_of_the_branch_and_no_other(tmp_path: Path) -> None:
    plan, _mine, _other = mixed()
    near, far = made.chief(plan), StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())
    assert reasons(take(tmp_path, file_of(plan), far)) == {"not_own_partner": 2}
    assert ResponseLevel.objects.count() == 0
    assert take(tmp_path, file_of(plan), near, "near.csv").rows_new == 2
    everybody = StaffFactory(role=Role.ADMINISTRATOR, branch=BranchFactory())
    again = take(tmp_path, file_of(plan, 9500), everybody, "all.csv")
    assert (again.rows_changed, reasons(again)) == (2, {})
    assert set(ResponseLevel.objects.values_list("by", flat=True)) == {everybody.pk}
    # The same again by another one changes nothing, and leaves whose it was.
    assert take(tmp_path, file_of(plan, 9500), near, "same.csv").rows_same == 2
    assert set(ResponseLevel.objects.values_list("by", flat=True)) == {everybody.pk}


def test_whose_file_it_was_does_not_approve_the_plan(tmp_path: Path) -> None:
    plan, _mine, _other = mixed()
    chief = made.chief(plan)
    take(tmp_path, file_of(plan), chief)
    assert chief in queries.who_wrote(plan)
    made.submitted(made.solved(plan))
    plan.refresh_from_db()
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=plan.submission_id or 0, checker=chief, verdict="approve", reason="",
            at=made.AT,
        )  # fmt: skip
    assert made.decided(plan).state == "approved"


def test_whose_file_it_was_stays_whatever_file_comes_after(tmp_path: Path) -> None:
    plan, _mine, _other = mixed()
    first, second, third = (made.chief(plan) for _number in range(3))
    take(tmp_path, file_of(plan), first)
    take(tmp_path, file_of(plan, 9001), second, "otherwise.csv")
    rows = [f"{row},8000,9500" for row in file_of(plan, 9001).splitlines()[1:]]
    text = "\n".join([f"{HEADER},effect_low,effect_high", *rows])
    assert take(tmp_path, text, third, "ends.csv").rows_changed == 2
    levels = set(ResponseLevel.objects.values_list("by", "by_before__0", "by_before__1"))
    assert levels == {(third.pk, first.pk, second.pk)}
    ResponseLevel.objects.update(by_before=[])  # by a hand on the database
    assert {first, second, third} <= set(queries.who_wrote(plan))


def test_the_upload_page_offers_each_role_what_is_open_to_it(client_of: ClientOf) -> None:
    plan, mine, other = mixed()
    assert [kind.code for kind in uploads.kinds_open_to(mine)] == ["response_levels"]
    assert len(uploads.kinds_open_to(StaffFactory(role=Role.ADMINISTRATOR))) > 10
    client, url = client_of(mine), reverse("upload_start")
    page = client.get(url + "?kind=response_levels")
    assert [code for code, _label in page.context["form"].fields["kind"].choices] == [
        "response_levels"
    ]

    def sent(kind: str) -> Any:
        file = SimpleUploadedFile("levels.csv", file_of(plan).encode())
        return client.post(url, {"kind": kind, "file": file})

    assert sent("merchants").status_code == 200
    assert Upload.objects.count() == 0
    answer = sent("response_levels")
    upload = Upload.objects.get()
    assert (answer["Location"], upload.by) == (reverse("upload_page", args=[upload.pk]), mine)
    assert client.get(answer["Location"]).status_code == 200
    assert client_of(other).get(answer["Location"]).status_code == 404
    assert client.get(reverse("import_kinds")).status_code == 200
    assert client.get(reverse("import_list")).status_code == 403
    shown = client.get(reverse("fund_page", args=[plan.pk]))
    assert shown.context["may_upload"] is True
