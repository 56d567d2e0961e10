"""The inbox, an alert's page, the word of whom one concerns, panels and the file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Alert
from campaigns.warnings.enums import Kind, Severity, State
from campaigns.warnings.forms import AlertFilter, DecideForm, MoveForm, WordForm
from portal.models import Staff
from portal.staff.enums import Role
from tests.campaigns.warnings.finding import compliance, moved, of_staff, raised, unused
from tests.executing import executes
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import version_with
from tests.project.rows import row_of
from tests.project.warning_rows import about, alert_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def _listed(client: Client, **asked: str) -> set[int]:
    page = client.get(reverse("alert_list"), asked)
    assert page.status_code == 200
    return {line.alert.pk for line in page.context["lines"]}


# --- the inbox --------------------------------------------------------------------------------
@executes(AlertFilter, "whose", whose=("mine", "all"))
def test_the_own_alerts_that_wait_come_first(client_of: ClientOf) -> None:
    officer = compliance()
    mine, others = alert_of(owner=officer), alert_of()
    alert_of(owner=officer, moved=["looking", "dismissed"])
    client = client_of(officer)
    assert _listed(client) == {mine.pk}
    assert _listed(client, whose="mine") == {mine.pk}
    assert _listed(client, whose="all") == {mine.pk, others.pk}


WAYS: dict[str, list[str]] = {
    "open": [], "looking": ["looking"], "confirmed": ["looking", "confirmed"],
    "dismissed": ["looking", "dismissed"], "settled": ["looking", "confirmed", "settled"],
}  # fmt: skip


@executes(AlertFilter, "state", state="state")
@pytest.mark.parametrize("state", ["waiting", *State.values, "any"])
def test_alerts_by_state(state: str, client_of: ClientOf) -> None:
    officer = compliance()
    made = {name: alert_of(owner=officer, moved=way).pk for name, way in WAYS.items()}
    wanted = {"waiting": ["open", "looking"], "any": list(made)}.get(state, [state])
    assert _listed(client_of(officer), state=state) == {made[name] for name in wanted}


@executes(AlertFilter, "kind", kind="kind")
@pytest.mark.parametrize("kind", Kind.values)
def test_alerts_by_kind(kind: str, client_of: ClientOf) -> None:
    officer = compliance()
    wanted = "never_used" if kind != "never_used" else "shared"
    made = alert_of(owner=officer, kind=wanted)
    assert _listed(client_of(officer), kind=kind) == set()
    assert _listed(client_of(officer), kind=wanted) == {made.pk}


@executes(AlertFilter, "severity", "campaign", severity=("warn", "severe"))
def test_alerts_by_severity_and_campaign(client_of: ClientOf) -> None:
    officer, campaign = compliance(), version_with().campaign
    mild = alert_of(owner=officer)
    severe = alert_of(owner=officer, severity=Severity.SEVERE, campaign=campaign)
    client = client_of(officer)
    assert _listed(client, severity="warn") == {mild.pk}
    assert _listed(client, severity="severe") == {severe.pk}
    assert _listed(client, campaign=campaign.code) == {severe.pk}


def test_a_manager_sees_the_own_branches_and_nothing_about_himself(client_of: ClientOf) -> None:
    branch = BranchFactory()
    manager = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    below = alert_of(branch=BranchFactory(parent=branch))
    alert_of(branch=BranchFactory())
    own = about(manager)
    client = client_of(manager)
    assert _listed(client, whose="all") == {below.pk}
    assert client.get(reverse("alert_page", args=[own.pk])).status_code == 404


def test_an_address_that_asks_nonsense_asks_for_nothing(client_of: ClientOf) -> None:
    officer = compliance()
    made = alert_of(owner=officer)
    assert _listed(client_of(officer), state="lost", kind="luck") == {made.pk}


# --- an alert -----------------------------------------------------------------------------------
@executes(MoveForm, "to", "reason", to="to")
@pytest.mark.parametrize("to", State.values)
def test_an_alert_is_moved_on_its_page(to: str, client_of: ClientOf) -> None:
    officer = compliance()
    before = {"open": ["looking"], "looking": []}.get(to, WAYS[to][:-1])
    alert = alert_of(owner=officer, moved=before)
    page = reverse("alert_page", args=[alert.pk])
    answer = client_of(officer).post(
        reverse("alert_move", args=[alert.pk]), {"to": to, "reason": "核对过"}
    )
    assert (answer.status_code, answer["Location"]) == (302, page)
    alert.refresh_from_db()
    assert alert.state == to


def test_a_move_that_is_not_open_is_not_taken(client_of: ClientOf) -> None:
    officer = compliance()
    alert = alert_of(owner=officer)
    url = reverse("alert_move", args=[alert.pk])
    assert client_of(officer).post(url, {"to": "settled", "reason": "x"}).status_code == 422
    alert.refresh_from_db()
    assert alert.state == State.OPEN


@pytest.mark.parametrize("kind", Kind.values)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_has_its_page(kind: str, language: str, client_of: ClientOf) -> None:
    evidence = EVIDENCE.get(kind)
    officer = StaffFactory(role=Role.COMPLIANCE, language=language)
    more = {"evidence": evidence} if evidence else {}
    alert = alert_of(owner=officer, kind=kind, **more)
    page = client_of(officer).get(reverse("alert_page", args=[alert.pk]))
    assert page.status_code == 200
    assert "{" not in page.context["line"].words
    assert (page.context["picture"] is None) is ("series" not in alert.evidence)


_PART = {
    "of": 12, "whole": 20, "percent": 60.0, "low": 38.7, "high": 78.1, "others_of": 20,
    "others_whole": 100, "others_percent": 20.0, "times": 1.9, "days": 90, "wait": 3,
}  # fmt: skip
EVIDENCE: dict[str, dict[str, Any]] = {
    "budget": {"left": "10.00", "most": "100.00", "pace": "30.00", "days": 3,
               "used_up": "2026-07-01", "days_left": 1, "last_day": "",
               "series": [["2026-06-30", 30.0]]},
    "burst": {"hour": "2026-06-30T14:00:00+08:00", "count": 30, "busy": 3, "times": 10.0,
              "days": 28, "series": [["2026-06-30T14:00:00+08:00", 30]]},
    "splitting": {"near": 9, "around": 1, "expected": 1.0, "times": 4.1, "pieces": 3, "days": 30},
    "self": {"grants": 3, "customers": 1, "days": 90},
    "desk": {"customers": 3, "uses": 9, "again": 3, "days": 90, "merchant": 1},
    "month_end": {**_PART, "month": "2026-05", "series": [["2026-05", 60.0]]},
    "complaints": {"complaints": 5, "messages": 900, "expected": 0.1, "low": 1.6, "high": 11.7,
                   "times": 16.0, "days": 90},
    "refund": {"refunds": 9, "customers": 8, "purchases": 300, "expected": 1.0, "times": 4.1,
               "wait": 7, "days": 30},
    "partner": {"of": 90, "whole": 100, "percent": 90.0, "low": 82.6, "high": 94.5,
                "partners": 4, "index": 8_120, "merchant": 1},
    "sleeping": {"of": 190, "whole": 1_000, "percent": 19.0, "ceiling": 20.0, "due": 30,
                 "day": "2026-06-30", "series": [["2026-06-29", 18.8], ["2026-06-30", 19.0]]},
}  # fmt: skip


# --- the word of whom it concerns ---------------------------------------------------------------
def _confirmed() -> tuple[Alert, Staff]:
    branch = BranchFactory()
    StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    person = StaffFactory(role=Role.TELEMARKETER, branch=branch)
    return moved(raised(of_staff(person)), State.LOOKING, State.CONFIRMED), person


@executes(WordForm, "words")
def test_a_person_says_the_own_word(client_of: ClientOf) -> None:
    alert, person = _confirmed()
    client = client_of(person)
    home = client.get(reverse("home"))
    assert reverse("alerts_about_me") in home.content.decode()
    [line] = client.get(reverse("alerts_about_me")).context["lines"]
    assert (line["alert"], line["appeal"]) == (alert, None)
    url = reverse("alert_word", args=[alert.pk])
    assert client.post(url, {"words": "客户出国"}).status_code == 302
    assert client.post(url, {"words": ""}).status_code == 302
    [line] = client.get(reverse("alerts_about_me")).context["lines"]
    assert (line["appeal"].words, line["appeal"].said_by) == ("客户出国", person)
    other = client_of(StaffFactory(role=Role.TELEMARKETER))
    assert other.post(url, {"words": "x"}).status_code == 404


@executes(DecideForm, "reason", verdict="verdict")
@pytest.mark.parametrize(
    ("verdict", "state"), [("upheld", State.DISMISSED), ("refused", State.CONFIRMED)]
)
def test_somebody_else_decides(verdict: str, state: State, client_of: ClientOf) -> None:
    alert, _person = _confirmed()
    row_of("campaigns.Appeal", alert=alert)
    officer = compliance()
    client = client_of(officer)
    assert client.get(reverse("alert_page", args=[alert.pk])).context["may_decide"]
    url = reverse("alert_decide", args=[alert.pk])
    assert client.post(url, {"verdict": verdict}).status_code == 302
    alert.refresh_from_db()
    assert alert.state == State.CONFIRMED
    client.post(url, {"verdict": verdict, "reason": "有记录"})
    alert.refresh_from_db()
    appeal = alert.appeals.get()
    assert (alert.state, appeal.is_upheld, appeal.decided_by) == (
        state, verdict == "upheld", officer,
    )  # fmt: skip


# --- elsewhere ----------------------------------------------------------------------------------
def test_the_home_page_and_the_campaigns_page_tell_of_alerts(client_of: ClientOf) -> None:
    campaign = version_with().campaign
    alert = alert_of(owner=campaign.owner, campaign=campaign)
    client = client_of(campaign.owner)
    link = reverse("alert_page", args=[alert.pk])
    assert link in client.get(reverse("home")).content.decode()
    assert link in client.get(reverse("campaign_alerts", args=[campaign.code])).content.decode()
    part = reverse("campaign_alerts", args=[campaign.code])
    assert part in client.get(reverse("campaign_page", args=[campaign.code])).content.decode()
    other = client_of(StaffFactory(role=Role.ANALYST))
    assert part not in other.get(reverse("campaign_page", args=[campaign.code])).content.decode()


def test_what_lists_read_does_not_name_persons_in_evidence() -> None:
    """What stands in evidence are figures, days and codes."""
    compliance()
    person = StaffFactory()
    alert = raised(of_staff(person))
    written = str(alert.evidence)
    assert person.name not in written
    assert person.username not in written
    assert raised(unused(BranchFactory())).evidence == alert.evidence
