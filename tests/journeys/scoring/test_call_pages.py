"""The pages of the model of calls: empty, filled, and what may be asked and set."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from journeys.scoring import operations, queries
from journeys.scoring.models import TraitsChoice
from portal.audit.models import AuditEntry
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory

ClientOf = Callable[..., Client]
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def text_of(client: Client, name: str, **asked: str) -> str:
    answer = client.get(reverse(name), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_without_calls_the_page_says_what_to_do(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="analyst", language="en"))
    page = text_of(client, "call_models")
    assert "No calls to learn from yet" in page
    assert reverse("call_models_train") not in page
    answer = client.post(reverse("call_models_train"), follow=True)
    assert [str(one) for one in answer.context["messages"]] == [
        "There are no calls yet: import a file of the kind “Past calls” first."
    ]


def test_versions_stand_with_their_figures(client_of: ClientOf) -> None:
    staff = StaffFactory(role="branch_manager", language="en")
    write_calls(staff.branch, 1500)
    client = client_of(staff)
    assert "No version yet" in text_of(client, "call_models")
    plain, full = operations.train_call_models(at=AT, actor=staff)
    answer = client.get(reverse("call_models"))
    assert [one.pk for one in answer.context["versions"]] == [full.pk, plain.pk]
    assert answer.context["newest"].pk == plain.pk
    page = " ".join(answer.content.decode().split())
    measured = plain.figures["model"]
    assert f"{measured['auc']:.3f} ± {measured['half_width']:.3f}" in page
    assert page.count("<polyline") == 2
    assert "moved much" not in page
    tenth = plain.figures["tenths"][0]
    told = f"foretold {round(100 * tenth['foretold'])} %, came {round(100 * tenth['came'])} %"
    assert told in page
    # Other calls come in, of people with more on their accounts.
    write_calls(staff.branch, 1000, seed=2, balance=99_999, called_date=dt.date(2026, 5, 1))
    assert "Average balance" in page
    moved = queries.drift_of(plain, on=AT.date()).moved[0]
    assert (moved.fact, moved.is_large) == ("balance", True)
    # What is shown was kept; the night after, it is another.
    assert "moved much" not in text_of(client, "call_models")
    operations.keep_drift(at=AT + dt.timedelta(days=1))
    assert "moved much" in text_of(client, "call_models")


def test_successes_are_those_of_ones_own_branches(client_of: ClientOf) -> None:
    staff = StaffFactory(role="branch_manager", language="en", branch=BranchFactory())
    write_calls(staff.branch, 4, attempts=1, result="success", called_date=dt.date(2026, 3, 1))
    write_calls(staff.branch, 10, seed=2, attempts=2, result="success")
    write_calls(BranchFactory(), 50, seed=3, attempts=3)
    answer = client_of(staff).get(reverse("call_models"))
    rows = {name: (share.of, share.whole) for name, share in answer.context["groups"][0]["rows"]}
    assert rows == {"1": (4, 4), "2": (10, 10)}
    page = " ".join(answer.content.decode().split())
    attempts = page[page.index("Success by calls in the campaign") :]
    attempts = attempts[: attempts.index("</table>")]
    assert attempts.count("too few") == 1
    assert attempts.count("100.0 %<br>") == 1


@pytest.mark.parametrize("role", ["telemarketer", "compliance", "campaign_manager"])
def test_others_may_neither_see_nor_train(client_of: ClientOf, role: str) -> None:
    client = client_of(role)
    assert client.get(reverse("call_models")).status_code == 403
    assert client.post(reverse("call_models_train")).status_code == 403


def test_traits_are_chosen_with_a_reason_for_ones_own_branch(client_of: ClientOf) -> None:
    staff = StaffFactory(role="branch_manager", language="en")
    client = client_of(staff)
    asked = {"with_traits": "true", "reason": " "}
    assert client.post(reverse("call_traits"), asked).status_code == 200
    assert not TraitsChoice.objects.exists()
    answer = client.post(reverse("call_traits"), asked | {"reason": "试用三个月"})
    assert answer.url == reverse("call_models")
    made = TraitsChoice.objects.get()
    assert (made.branch, made.chosen_by, made.with_traits, made.reason) == (
        staff.branch, staff, True, "试用三个月",
    )  # fmt: skip
    assert queries.reads_traits(staff.branch)
    assert AuditEntry.objects.get(action="call_traits.chosen").changes == {"with_traits": True}
    assert "are scored with personal traits" in text_of(client, "call_models")


def test_a_call_is_asked_about(client_of: ClientOf) -> None:
    client = client_of(StaffFactory(role="analyst", language="en"))
    full = {"attempts": "1", "earlier": "2", "earlier_result": "success", "channel": "mobile",
            "since_days": "30", "balance": "", "in_default": "", "has_housing_loan": "true",
            "has_loan": "false"}  # fmt: skip
    page = text_of(client, "call_score", **full)
    assert "100 of 100 points" in page
    assert "Result of the earlier campaign: Success. Speaks for a success." in page
    assert "of 100 points" not in text_of(client, "call_score")
    wrong = text_of(client, "call_score", **(full | {"earlier": "0"}))
    assert "Without a contact in earlier campaigns there are no days since it" in wrong
    assert "of 100 points" not in wrong
