"""The files of consents and refusals: what they must hold, and that their order decides nothing."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.contact import queries
from journeys.contact.models import Consent, DoNotContact
from journeys.outreach.operations import claiming
from portal.intake import operations as intake
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import ConsentFactory, ConsentTextFactory, ContactRuleFactory
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db

HEAD = "reference,customer,purpose,channel,statement,text,evidence,recorded_date,recorded_time\n"
GIVEN = "S1,C1,marketing,sms,given,marketing/1,电13812345678,2026-05-20,10:30:00\n"
BACK = "S2,C1,marketing,sms,withdrawn,,客服录音,2026-05-21,09:00:00\n"
LATER = HEAD.strip() + ",effective_date,effective_time\n"
REFUSALS = "reference,customer,said_date,said_time,source,words\n"
REFUSED = "R1,C1,2026-05-20,10:30:00,call,别打13812345678了\n"


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    ContactRuleFactory()
    ConsentTextFactory()
    ConsentTextFactory(version=2, effective_date=dt.date(2026, 5, 21))
    ConsentTextFactory(code="sharing", purpose="sharing")


def answer(at: dt.datetime = AT) -> str:
    ids = list(Consent.objects.values_list("customer_id", flat=True)[:1])
    return queries.ask_gate(
        customer_ids=ids, purpose="marketing", channels=["sms"], dedup_key="A", at=at
    )[0].answer


def reasons_of(folder: Path, kind: str, content: str) -> list[tuple[str, str]]:
    """Column and reason of each bad cell."""
    lines = [line.replace('"', "") for line in errors_of(take(folder, kind, content))]
    return [(line.split(",")[1], line.split(",", 3)[3]) for line in lines]


def test_consents_come_in_once_and_a_withdrawal_holds(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "consents", HEAD + GIVEN)) == (1, 0, 0, 0)
    said = Consent.objects.get()
    assert (said.evidence, str(said.text), said.is_granted) == (
        "电138****5678",
        "marketing/1",
        True,
    )
    assert said.effective_at == said.recorded_at
    assert said.recorded_at == dt.datetime(2026, 5, 20, 2, 30, tzinfo=dt.UTC)
    assert answer() == "open"
    assert counts_of(take(tmp_path, "consents", HEAD + GIVEN + BACK)) == (1, 0, 1, 0)
    assert answer() == "no_consent"
    before = list(Consent.objects.order_by("id").values())
    assert counts_of(take(tmp_path, "consents", HEAD + BACK + GIVEN)) == (0, 0, 2, 0)
    assert list(Consent.objects.order_by("id").values()) == before


def test_a_consent_may_begin_later_and_have_no_channel(tmp_path: Path) -> None:
    rows = GIVEN.strip() + ",2026-06-02,00:00:00\n"
    shared = "S3,C1,sharing,,given,sharing/1,柜面,2026-05-20,10:30:00,,\n"
    assert counts_of(take(tmp_path, "consents", LATER + rows + shared)) == (2, 0, 0, 0)
    assert [answer(), answer(AT + dt.timedelta(days=1))] == ["no_consent", "open"]
    assert Consent.objects.get(purpose="sharing").channel == ""


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GIVEN.replace("C1", "C9"), "customer"),
        (GIVEN.replace("marketing,sms", "service,sms"), "purpose"),
        (GIVEN.replace("sms", "fax"), "channel"),
        (GIVEN.replace("sms", ""), "channel"),
        (GIVEN.replace("marketing,sms,given,marketing", "sharing,sms,given,sharing"), "channel"),
        (GIVEN.replace("marketing/1", ""), "text"),
        (BACK.replace(",,", ",marketing/1,"), "text"),
        (GIVEN.replace("marketing/1", "marketing/3"), "text"),
        (GIVEN.replace("marketing/1", "sharing/1"), "text"),
        (GIVEN.replace("marketing/1", "marketing/2"), "text"),
        (GIVEN.replace("电13812345678", ""), "evidence"),
        (GIVEN.replace("2026-05-20", "2026-06-02"), "recorded_date"),
        (GIVEN.replace("10:30:00", ""), "recorded_time"),
    ],
)
def test_bad_consents(tmp_path: Path, row: str, column: str) -> None:
    found = reasons_of(tmp_path, "consents", HEAD + row)
    assert [name for name, _why in found] == [column]
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GIVEN.strip() + ",2026-06-02,\n", "effective_date"),
        (GIVEN.strip() + ",,00:00:00\n", "effective_date"),
        (BACK.strip() + ",2026-05-22,00:00:00\n", "effective_date"),
    ],
)
def test_bad_beginnings(tmp_path: Path, row: str, column: str) -> None:
    found = reasons_of(tmp_path, "consents", LATER + row)
    assert [name for name, _why in found] == [column]
    assert not Consent.objects.exists()


def test_what_is_still_to_be_said_is_not_taken() -> None:
    """By the day of the import it could be; by the clock it is ahead."""
    far = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    names = HEAD.strip().split(",")
    row = dict(zip(names, BACK.strip().replace("2026-05-21", "2998-12-31").split(","), strict=True))
    report = intake.import_rows(
        kind="consents", rows=[row], actor=None, at=far, source_name="test", shown=1
    )
    assert report.reasons == {"not_yet": 1}
    refused = dict(zip(REFUSALS.strip().split(","), REFUSED.strip().split(","), strict=True))
    refused["said_date"] = "2998-12-31"
    report = intake.import_rows(
        kind="do_not_contact", rows=[refused], actor=None, at=far, source_name="test", shown=1
    )
    assert report.reasons == {"not_yet": 1}


@pytest.mark.parametrize(
    "changed",
    [
        BACK.replace("S2", "S1"),
        GIVEN.replace("10:30", "10:31"),
        GIVEN.replace("sms", "phone"),
        GIVEN.replace("电13812345678", "柜面"),
    ],
)
def test_a_statement_is_never_changed(tmp_path: Path, changed: str) -> None:
    take(tmp_path, "consents", HEAD + GIVEN)
    before = Consent.objects.values().get()
    assert [name for name, _why in reasons_of(tmp_path, "consents", HEAD + changed)] == [
        "reference"
    ]
    assert Consent.objects.values().get() == before


def test_a_refusal_is_final_and_stands_beside_others(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "do_not_contact", REFUSALS + REFUSED)) == (1, 0, 0, 0)
    assert counts_of(take(tmp_path, "do_not_contact", REFUSALS + REFUSED)) == (0, 0, 1, 0)
    first = DoNotContact.objects.values().get()
    assert (first["words"], first["source"]) == ("别打138****5678了", "call")
    again = REFUSED.replace("R1", "R2").replace("05-20", "05-10")
    assert counts_of(take(tmp_path, "do_not_contact", REFUSALS + again)) == (1, 0, 0, 0)
    assert DoNotContact.objects.filter(reference="R1").values().get() == first
    other = REFUSED.replace("call", "sms")
    found = reasons_of(tmp_path, "do_not_contact", REFUSALS + other)
    assert [name for name, _why in found] == ["reference"]
    assert DoNotContact.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (REFUSED.replace("C1", "C9"), "customer"),
        (REFUSED.replace("call", "dream"), "source"),
        (REFUSED.replace("别打13812345678了", ""), "words"),
        (REFUSED.replace("2026-05-20", "2026-06-02"), "said_date"),
    ],
)
def test_bad_refusals(tmp_path: Path, row: str, column: str) -> None:
    found = reasons_of(tmp_path, "do_not_contact", REFUSALS + row)
    assert [name for name, _why in found] == [column]
    assert not DoNotContact.objects.exists()


@pytest.mark.parametrize(
    ("kind", "content"), [("consents", HEAD + BACK), ("do_not_contact", REFUSALS + REFUSED)]
)
def test_a_file_binds_the_very_next_sending(tmp_path: Path, kind: str, content: str) -> None:
    from journeys.customers.models import Customer

    customer = Customer.objects.get(number="C1")
    ConsentFactory(customer=customer)
    message = MessageFactory(customer=customer)
    take(tmp_path, kind, content)
    assert claiming.claim_batch(sizes={"sms": 5}, at=AT) == ([], True)
    message.refresh_from_db()
    assert message.state == "cancelled"


class Undone(Exception):
    """Takes an example's rows away again."""


# Hours of saying, and for consents hours until they hold (negative: typed in later).
statements = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from([-3, 0, 0, 4])),
    min_size=1,
    max_size=7,
)


def naive_holds(said: list[tuple[int, bool, int]], hour: int) -> bool:
    """In the order in which things were said, a withdrawal after consents of the same instant:
    which consents are alive, and which of them hold already."""
    words = [(min(at, at + wait), not given, at + wait) for at, given, wait in said if given]
    words += [(at, True, at) for at, given, _wait in said if not given]
    alive: list[int] = []
    for spoken, is_back, holds_from in sorted(words):
        if spoken > hour:
            break
        alive = [] if is_back else [*alive, holds_from]
    return any(holds_from <= hour for holds_from in alive)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(said=statements, data=st.data())
def test_late_rows_and_rows_out_of_order_give_the_same_answer(
    said: list[tuple[int, bool, int]], data: st.DataObject
) -> None:
    start = dt.datetime(2026, 5, 20, 9, tzinfo=dt.UTC)
    rows = []
    for number, (at, given_, wait) in enumerate(said):
        recorded = dt.datetime(2026, 5, 20, 17, tzinfo=dt.UTC) + dt.timedelta(hours=at)
        begins = recorded + dt.timedelta(hours=wait)
        rows.append({
            "reference": f"S{number}", "customer": "C1", "purpose": "marketing", "channel": "sms",
            "statement": "given" if given_ else "withdrawn",
            "text": "marketing/1" if given_ else "", "evidence": "e",
            "recorded_date": f"{recorded:%Y-%m-%d}", "recorded_time": f"{recorded:%H:%M:%S}",
            "effective_date": f"{begins:%Y-%m-%d}" if given_ else "",
            "effective_time": f"{begins:%H:%M:%S}" if given_ else "",
        })  # fmt: skip
    order = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    batches = [batch for batch in (order[:cut], order[cut:], order[:cut]) if batch]
    hour = data.draw(st.integers(0, 14))
    try:
        with transaction.atomic():
            reports = [
                intake.import_rows(
                    kind="consents", rows=batch, actor=None, at=AT, source_name="t", shown=1
                )
                for batch in batches
            ]
            found = answer(start + dt.timedelta(hours=hour))
            raise Undone
    except Undone:
        pass
    assert sum(report.rows_new for report in reports) == len(rows)
    assert sum(report.rows_bad + report.rows_changed for report in reports) == 0
    assert (found == "open") == naive_holds(said, hour)


def test_the_oracle_knows_the_table() -> None:
    """The examples of the rule, so that the oracle itself is looked at."""
    table = [
        ([(0, True, 0)], 0, True),
        ([(0, True, 0), (0, False, 0)], 0, False),
        ([(1, True, 4), (3, False, 0)], 6, False),
        ([(1, True, 4), (3, False, 0), (4, True, 0)], 6, True),
        ([(5, True, -3), (3, False, 0)], 6, False),
        ([(1, True, 4)], 4, False),
    ]
    assert [naive_holds(said, hour) for said, hour, _want in table] == [
        want for *_given, want in table
    ]
