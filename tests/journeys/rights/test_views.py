"""The pages of requests about data, walked through as the people who use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Customer, RightsCopy, RightsRequest
from journeys.reveals import operations as reveals
from journeys.rights import operations as rights
from journeys.rights import queries
from portal.kit import clock
from portal.kit.personal import ERASED
from portal.models import AuditEntry, Staff, Submission
from portal.staff.enums import Role
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rights import EMAIL, ID_NUMBER, NAME, NUMBER, PHONE, the_person
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


@pytest.fixture
def client_of(client_of: ClientOf) -> ClientOf:
    """Clients of people who read English."""

    def sign_in(who: str | Staff) -> Client:
        staff = who if isinstance(who, Staff) else StaffFactory(role=who, language="en")
        return client_of(staff)

    return sign_in


@pytest.fixture
def manager() -> Staff:
    return StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory(), language="en")


@pytest.fixture(autouse=True)
def _rule() -> None:
    long_ago = clock.today().replace(year=2020, day=1)
    rights.set_usual_rule(effective_date=long_ago, at=clock.now())
    reveals.set_usual_rule(effective_date=long_ago, at=clock.now())


def take_in(client: Client, person: str, kind: str, **changes: str) -> Any:
    given = {
        "person": person, "kind": kind, "channel": "branch", "identity_check": "id_document",
        "received_date": clock.today().isoformat(), "details": "请处理我的资料",
    } | changes  # fmt: skip
    return client.post(reverse("rights_new"), given)


def step(client: Client, name: str, request: RightsRequest, **given: str) -> Any:
    data = {f"{name}-{field}": value for field, value in given.items()}
    return client.post(reverse(f"rights_{name}", args=[request.number]), data, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_an_erasure_from_the_branch_to_the_proof(manager: Staff, client_of: ClientOf) -> None:
    person = the_person(branch=manager.branch)
    card = row_of("journeys.Card", customer=person)
    branch, officer = client_of(manager), client_of(Role.COMPLIANCE)
    answer = take_in(branch, NUMBER.lower(), "delete", identity_check="not_yet")
    request = RightsRequest.objects.get()
    page = reverse("rights_page", args=[request.number])
    assert answer["Location"] == page
    seen = branch.get(page)
    assert (seen.status_code, seen.context["held"]) == (200, None)
    assert branch.post(reverse("rights_erase", args=[request.number])).status_code == 403
    assert said(step(officer, "erase", request)) == ["Check the identity of the person first."]
    step(officer, "identity", request, identity_check="call_back")
    answer = step(officer, "erase", request)
    assert said(answer) == ["The data cannot be erased yet. A card is not closed: 1."]
    type(card).objects.filter(pk=card.pk).update(closed_date=clock.today())
    assert said(step(officer, "erase", request)) == ["Done. The history keeps it."]
    submission = Submission.objects.get()
    approver = client_of(Role.APPROVER)
    shown = approver.get(reverse("approval_page", args=[submission.pk]))
    assert shown.context["target_url"] == page
    assert not any(value in shown.content.decode() for value in (NAME, PHONE, EMAIL))
    assert approver.get(page).status_code == 200
    approver.post(reverse("approval_approve", args=[submission.pk]), {"reason": ""})
    rights.work_through(now=clock.now, due=queries.erasures_to_do(), carry_out=rights.carry_out)
    done = officer.get(page)
    request.refresh_from_db()
    assert request.state == "done"
    assert [proof.findings for proof in done.context["erasure"]["proofs"]] == [0, 0]
    assert not any(value in done.content.decode() for value in (NAME, PHONE, NUMBER, EMAIL))
    again = take_in(officer, NUMBER, "access")
    assert again.status_code == 422


def test_the_copy_is_handed_out_and_not_kept_by_the_browser(
    manager: Staff, client_of: ClientOf
) -> None:
    the_person(branch=manager.branch)
    officer = client_of(Role.COMPLIANCE)
    take_in(officer, NUMBER, "access")
    request = RightsRequest.objects.get()
    url = reverse("rights_copy", args=[request.number])
    answer = officer.post(url, {"copy-form": "json"})
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, PHONE.encode() in content) == (200, True)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(content) == RightsCopy.objects.get().size
    assert officer.post(url, {"copy-form": "pdf"}).status_code == 422
    shown = officer.get(reverse("rights_page", args=[request.number])).content.decode()
    assert not any(value in shown for value in (NAME, PHONE, EMAIL, ID_NUMBER))
    assert officer.get(url).status_code == 405


def test_a_correction_with_bad_input_loses_nothing(client_of: ClientOf) -> None:
    the_person()
    officer = client_of(Role.COMPLIANCE)
    take_in(officer, NUMBER, "correct")
    request = RightsRequest.objects.get()
    bad = step(officer, "correct", request, field="phone", value="123", reason="身份证")
    assert bad.status_code == 422
    assert "This is not a mainland mobile number (11 digits)." in bad.content.decode()
    assert 'value="123"' in bad.content.decode()
    for field, value, words in (
        ("name", "", "Write the right value; the name cannot be taken away."),
        ("name", "李\u200b四", "The value holds damaged or invisible characters. Type it instead "
                               "of pasting it."),
        ("name", "李" * 81, "The text is too long: at most 80 characters."),
        ("birth_date", "2999-01-01", f"The day is later than {clock.today()}."),
        ("birth_date", "x", "This is not a day; write it as 2026-03-02."),
        ("division_code", "1", "Write digits only, as many as 2, 4, 6, 9, 12."),
    ):  # fmt: skip
        answer = step(officer, "correct", request, field=field, value=value, reason="身份证")
        assert answer.status_code == 422
        assert answer.context["correct_form"].errors == {"value": [words]}
    good = step(officer, "correct", request, field="phone", value="13700000001", reason="身份证")
    assert said(good) == ["Done. The history keeps it."]
    assert Customer.objects.get().phone_masked == "137****0001"
    assert "139****5678 → 137****0001" in good.content.decode()
    step(officer, "finish", request, words="已改")
    late = step(officer, "finish", request, words="已改")
    assert said(late) == ["This request changed meanwhile. Look at its state again."]


@pytest.mark.parametrize(
    "typed", [NUMBER, NUMBER.lower(), PHONE, f"+86 {PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}", EMAIL,
              EMAIL.upper(), ID_NUMBER, ID_NUMBER.lower()],
)  # fmt: skip
def test_a_person_is_found_by_everything_that_identifies(typed: str, client_of: ClientOf) -> None:
    person = the_person()
    answer = client_of(Role.COMPLIANCE).post(reverse("rights_find"), {"text": typed})
    persons = [each["person"] for each in answer.context["found"]]
    assert person in persons
    text = answer.content.decode()
    assert not any(value in text for value in (NAME, PHONE, EMAIL, ID_NUMBER))
    entry = AuditEntry.objects.get(action="rights.searched")
    assert f"customer:{person.pk}" in entry.changes["found"]
    assert not any(value in str(entry.changes) for value in (PHONE, EMAIL, ID_NUMBER))


def test_nothing_found_says_so(client_of: ClientOf) -> None:
    officer = client_of(Role.COMPLIANCE)
    answer = officer.post(reverse("rights_find"), {"text": "13800000009"})
    assert answer.context["found"] == []
    assert "Nothing is held" in answer.content.decode()
    assert officer.get(reverse("rights_find")).context["found"] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "C-NOBODY"}, "no customer or lead of your branches"),
        ({"received_date": "2999-01-01"}, "still to come"),
        ({"details": ""}, "required"),
        ({"kind": "magic"}, "magic"),
    ],
)
def test_bad_input_gets_a_sentence(
    changes: dict[str, str], words: str, manager: Staff, client_of: ClientOf
) -> None:
    the_person(branch=manager.branch)
    given = {"person": NUMBER, "kind": "access"} | changes
    answer = take_in(client_of(manager), given.pop("person"), given.pop("kind"), **given)
    assert answer.status_code == 422
    assert words in answer.content.decode() or answer.context["form"].errors
    assert RightsRequest.objects.count() == 0


def test_a_person_of_another_branch_does_not_exist(manager: Staff, client_of: ClientOf) -> None:
    the_person(branch=BranchFactory())
    assert take_in(client_of(manager), NUMBER, "access").status_code == 422
    assert RightsRequest.objects.count() == 0


def test_the_panel_tells_what_nears_its_limit(client_of: ClientOf) -> None:
    near = row_of("journeys.RightsRequest", due_date=clock.today())
    row_of("journeys.Correction", request=near, source_differs_at=clock.now())
    text = client_of(Role.COMPLIANCE).get(reverse("home")).content.decode()
    assert near.number in text
    assert "would have undone: 1" in text
    assert near.number not in client_of(Role.ANALYST).get(reverse("home")).content.decode()


def test_the_customer_page_leads_to_a_request(manager: Staff, client_of: ClientOf) -> None:
    person = the_person(branch=manager.branch)
    page = client_of(manager).get(reverse("customer_page", args=[person.number]))
    link = reverse("rights_new") + f"?person={person.number}"
    assert link in page.content.decode()
    form = client_of(manager).get(link).context["form"]
    assert form["person"].value() == person.number


def test_marketing_is_not_stopped_for_a_person_who_was_erased(client_of: ClientOf) -> None:
    person, officer = the_person(), client_of(Role.COMPLIANCE)
    take_in(officer, NUMBER, "object")
    request = RightsRequest.objects.get()
    Customer.objects.filter(pk=person.pk).update(name=ERASED)
    assert said(step(officer, "object", request, words="别再联系我"))[-1] == (
        "This person's data was erased. Nothing more may be written about the person."
    )
    request.refresh_from_db()
    assert request.state == "open"
