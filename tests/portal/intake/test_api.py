"""The JSON API: who may call, what is taken in, what is refused, and the same key twice."""

import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from journeys.models import Transaction
from portal.intake import operations
from portal.kit import clock, valkey
from portal.kit.registry import registry
from portal.models import ApiCall, ApiToken, AuditEntry, Branch, ImportBatch
from tests.factories.intake import make_bank
from tests.factories.journeys import ApplicationFactory, CustomerFactory
from tests.factories.merchants import MerchantFactory, StoreFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

ADDRESS = "/api/v1/imports/transactions/"
ROW = {"reference": "T1", "card": "K1", "amount": "10.00", "posted_date": "2026-03-05"}
BAD = {**ROW, "reference": "T2", "amount": "13812345678x"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret() -> str:
    """The text of a token for transactions, in a bank that can take some."""
    ApplicationFactory.reset_sequence(1000)  # none has the number of an example
    make_bank()
    admin = StaffFactory(role="administrator")
    made = operations.create_token(
        name="core", kinds=["transactions"], last_day=clock.today(), by=admin, at=clock.now()
    )
    with valkey.connect() as client:
        client.delete(f"portal:rate:api:{made[0].pk}")
    return made[1]


def call(secret: str, body: Any, address: str = ADDRESS, **headers: str) -> tuple[int, Any]:
    """Status and JSON of a POST, with the words in English."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Authorization": f"Bearer {secret}", "Accept-Language": "en", **headers}
    answer = Client(enforce_csrf_checks=True).post(
        address, sent, content_type="application/json", headers=given
    )
    kind = "application/json" if answer.status_code == 200 else "application/problem+json"
    assert answer.headers["Content-Type"] == kind
    assert not answer.cookies
    return answer.status_code, answer.json()


def get(secret: str, address: str) -> Any:
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
    return Client().get(address, headers=headers)


def test_rows_are_taken_in_and_bad_ones_listed(secret: str) -> None:
    status, answer = call(secret, [ROW, BAD])
    batch = ImportBatch.objects.get()
    assert (status, answer) == (200, {
        "batch": batch.pk, "kind": "transactions", "is_trial": False, "rows_read": 2, "rows_new": 1,
        "rows_changed": 0, "rows_same": 0, "rows_bad": 1, "rows_older": 0,
        "warnings": [], "errors_total": 1,
        "errors": [{"row": 2, "column": "amount", "value": "138****5678x",
                    "reason": "This is not an amount; write it as 1234.50."}],
    })  # fmt: skip
    assert (batch.file_name, batch.by, Transaction.objects.count()) == ("API: core", None, 1)
    shown = get(secret, f"/api/v1/imports/{batch.pk}/").json()
    assert shown == {name: answer[name] for name in shown}
    assert list(
        AuditEntry.objects.filter(action="api.called").values_list("changes__status", flat=True)
    ) == [200, 200]  # fmt: skip


def test_the_same_key_gets_the_same_answer(secret: str) -> None:
    first = call(secret, [ROW], **{"Idempotency-Key": "k1"})
    assert call(secret, [ROW], **{"Idempotency-Key": "k1"}) == first
    assert (ImportBatch.objects.count(), ApiCall.objects.count()) == (1, 1)
    status, answer = call(secret, [BAD], **{"Idempotency-Key": "k1"})
    assert (status, answer["detail"]) == (
        422, "This Idempotency-Key came with other rows before. Give each call its own.",
    )  # fmt: skip
    assert call(secret, [ROW], **{"Idempotency-Key": "k2"})[1]["rows_same"] == 1
    assert call(secret, [ROW], **{"Idempotency-Key": "a b"})[0] == 422
    assert ApiCall.objects.count() == 2


def test_a_trial_tells_what_the_rows_would_do_and_keeps_nothing(secret: str) -> None:
    trial = f"{ADDRESS}?trial=true"
    status, told = call(secret, [ROW, BAD], trial, **{"Idempotency-Key": "k1"})
    assert (status, told["is_trial"], Transaction.objects.count()) == (200, True, 0)
    assert ImportBatch.objects.get().is_dry_run
    assert get(secret, f"/api/v1/imports/{told['batch']}/").json()["is_trial"]
    # The same rows, taken in, are another call.
    assert call(secret, [ROW, BAD], **{"Idempotency-Key": "k1"})[0] == 422
    done = call(secret, [ROW, BAD], f"{ADDRESS}?trial=false")[1]
    both = {"batch": 0, "is_trial": None}
    assert (done | both, done["is_trial"]) == (told | both, False)
    assert Transaction.objects.count() == 1
    again = call(secret, [ROW, BAD], trial)[1]
    assert (again["rows_new"], again["rows_same"], again["rows_bad"]) == (0, 1, 1)
    status, refused = call(secret, [ROW], f"{ADDRESS}?trial=maybe")
    assert (status, refused["detail"]) == (422, "trial is true or false.")
    assert Transaction.objects.count() == 1


def test_a_refusal_is_kept_under_its_key_too(secret: str) -> None:
    first = call(secret, [{"strange": "1"}], **{"Idempotency-Key": "k1"})
    assert first[0] == 422
    assert call(secret, [{"strange": "1"}], **{"Idempotency-Key": "k1"}) == first
    assert ImportBatch.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (b"[", 422, "The body is no JSON in UTF-8."),
        (b"\xff", 422, "The body is no JSON in UTF-8."),
        (b"[" * 100_000, 422, "The body is no JSON in UTF-8."),
        ({"rows": []}, 422, "The body must be a list of rows."),
        ([], 422, "There are no rows."),
        ([{}], 422, "Row 1 is not an object of texts by column: numbers and days are sent as text,"
         " an empty cell as null."),
        ([ROW, {**ROW, "amount": 10}], 422, "Row 2 is not an object of texts by column: numbers"
         " and days are sent as text, an empty cell as null."),
        (b'[{"reference": "\\ud800"}]', 422, "Row 1 holds half of a character."),
        ([{**ROW, "a\0b": "x"}], 422, "A name of a column in row 1 holds a sign that no name can"
         " have."),
        ([{**ROW, "a\nb": "x"}], 422, "Unknown column: “a b”. Known are: reference, card, kind,"
         " amount, posted_date, posted_time, merchant, mcc, channel, division_code, refund_of,"
         " as_of."),
        (b'[{"reference":"T1","card":"K1","amount":"10","amount":"99","posted_date":"2026-03-05"}]',
         422, "A row gives the column “amount” twice; give each column once."),
        (b'[{"a\\u0000\\ud800":"1","a\\u0000\\ud800":"1"}]', 422,
         "A row gives the column “a ?” twice; give each column once."),
        ([ROW, {"card": "K1"}], 422, "Row 2 has other columns."),
        ([ROW] * 5_001, 413, "There are 5001 rows; send at most 5000 in one call."),
        (b" " * (10 * 2**20 + 1), 413, "The body is larger than 10 MB; send fewer rows."),
    ],
)  # fmt: skip
def test_what_is_no_list_of_rows(secret: str, body: Any, status: int, detail: str) -> None:
    answer = call(secret, body)
    assert (answer[0], answer[1]["detail"]) == (status, detail)
    assert Transaction.objects.count() == 0


def test_a_null_sign_in_a_cell_spoils_its_row_alone(secret: str) -> None:
    status, answer = call(secret, [ROW, {**ROW, "reference": "T\0", "card": "K\0"}])
    assert (status, answer["rows_new"], answer["rows_bad"]) == (200, 1, 1)
    assert [(one["column"], one["value"]) for one in answer["errors"]] == [
        ("reference", "T "), ("card", "K "),
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize(
    ("address", "stroke"),
    [
        ("/api/v1/nothing/", ""),
        ("/api/v1/", ""),
        ("/api/", ""),
        ("/api/v1/imports/a b/", ""),
        ("/api/v1/imports/transactions", "Addresses end with a stroke, “/”. "),
        ("/api/v1/flash/none", "Addresses end with a stroke, “/”. "),
    ],
)
def test_an_address_that_is_not_there_answers_as_the_others_do(
    address: str, stroke: str, method: str
) -> None:
    """Also without a token, and with none that could be proved."""
    ask = getattr(Client(enforce_csrf_checks=True), method)
    answer = ask(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["detail"] == stroke + (
        "There is nothing at this address; /api/v1/openapi.json describes those there are."
    )
    assert (answer.headers["Content-Language"], answer.headers["Cache-Control"]) == (
        "en", "no-store",
    )  # fmt: skip
    assert not answer.cookies


def test_the_examples_of_the_description_are_rows_that_could_be_sent(secret: str) -> None:
    """Sent whole, in the order of the kinds, every one is taken, but for what it names."""
    shop = MerchantFactory(number="M000001", is_partner=True)
    row_of("merchants.Post", number="M000001-S1-Z1", store=StoreFactory(merchant=shop))
    CustomerFactory(number="C00000002")
    StaffFactory(username="zj01_r1", role="relationship_manager")
    row_of("portal.Team", code="T001", branch=Branch.objects.get(code="B001"))
    StaffFactory(username="bj01_t1", role="telemarketer", branch=Branch.objects.get(code="B001"))
    document = get(secret, "/api/v1/openapi.json").json()
    for kind in registry.import_kinds.values():
        properties = document["components"]["schemas"][f"{kind.code}_row"]["properties"]
        row = {name: one["examples"][0] for name, one in properties.items() if "examples" in one}
        report = operations.import_rows(
            kind=kind.code, rows=[row], actor=None, at=clock.now(), source_name="test", shown=50
        )
        # A text, a campaign, a benefit, who stands at a post and a plan of promotion money that are
        # not there, and a day before there were rules.
        found = {one.column for one in report.findings} - {
            "text", "cause_reference", "benefit", "opened_date", "staff", "plan",
        }  # fmt: skip
        assert (kind.code, found) == (kind.code, set()), report.findings


def test_who_may_not_call(secret: str) -> None:
    token = ApiToken.objects.get()
    wrong = ["", "x", secret[:-1], f"{token.pk + 1}.{secret.partition('.')[2]}", "²." + secret]
    assert {call(given, [ROW])[0] for given in wrong} == {401}
    assert call(secret, [ROW], Authorization=f"Basic {secret}")[0] == 401
    assert call(secret, [ROW], "/api/v1/imports/customers/")[0] == 403
    assert call(secret, [ROW], "/api/v1/imports/nothing/")[0] == 403
    assert get(secret, ADDRESS).status_code == 405
    assert get(secret, "/api/v1/imports/999999/").status_code == 404
    # An unknown token and a wrong secret get the same answer.
    details = {json.dumps(call(given, [ROW])[1]) for given in wrong}
    assert len(details) == 1
    assert Transaction.objects.count() == 0


def test_an_expired_token_says_so_to_who_proved_it(secret: str) -> None:
    end = ApiToken.objects.get().expires_at
    with time_machine.travel(end):
        status, answer = call(secret, [ROW])
        document = get(secret, "/api/v1/openapi.json")
        wrong = call(secret[:-1], [ROW])[1]
    day = f"{end.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"
    assert (status, answer) == (401, {
        "type": "about:blank", "title": "Unauthorized", "status": 401,
        "detail": f"This token expired on {day}; ask the administrator for a new one.",
    })  # fmt: skip
    assert document.status_code == 401
    assert "expired" not in wrong["detail"]
    assert Transaction.objects.count() == 0
    entries = AuditEntry.objects.filter(action="api.called")
    assert list(entries.values_list("changes__status", flat=True)) == [401, 401]


def test_the_last_day_counts_whole() -> None:
    admin, day = StaffFactory(role="administrator"), dt.date(2026, 3, 5)
    made = dt.datetime(2026, 3, 5, 1, tzinfo=dt.UTC)
    token, _text = operations.create_token(
        name="core", kinds=["cards"], last_day=day, by=admin, at=made
    )
    end = dt.datetime(2026, 3, 5, 16, tzinfo=dt.UTC)  # midnight in Shanghai
    assert token.expires_at == end
    assert token.state_at(end - dt.timedelta(microseconds=1)) == "in_force"
    assert token.state_at(end) == "expired"


def test_a_revoked_token_says_so_and_its_use_is_noted(secret: str) -> None:
    admin = StaffFactory(role="administrator")
    assert ApiToken.objects.get().last_used_at is None
    call(secret, [ROW])
    used = ApiToken.objects.get().last_used_at
    assert used is not None
    operations.revoke_token(name="core", reason="retired", by=admin, at=clock.now())
    status, answer = call(secret, [BAD])
    assert (status, answer["detail"]) == (
        401, "This token was revoked; ask the administrator for a new one.",
    )  # fmt: skip
    assert ApiToken.objects.get().last_used_at > used
    assert ImportBatch.objects.count() == 1


def test_a_token_revoked_while_its_call_waits_takes_nothing_in(secret: str) -> None:
    """The call was let in; by the time it has its turn, the token is revoked."""
    token = ApiToken.objects.get()
    admin = StaffFactory(role="administrator")
    operations.revoke_token(name="core", reason="retired", by=admin, at=clock.now())
    with pytest.raises(operations.TokenRefused):
        operations.receive_rows(
            token=token, kind="transactions", rows=[ROW], key="", body_hash="0" * 64,
            at=clock.now(),
        )  # fmt: skip
    assert (Transaction.objects.count(), ApiCall.objects.count()) == (0, 0)


def test_a_token_sees_its_own_imports_only(secret: str) -> None:
    batch = call(secret, [ROW])[1]["batch"]
    admin = StaffFactory(role="administrator")
    other = operations.create_token(
        name="other", kinds=["transactions"], last_day=clock.today(), by=admin, at=clock.now()
    )[1]
    assert get(other, f"/api/v1/imports/{batch}/").status_code == 404


def test_too_many_calls(secret: str, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    assert [call(secret, [ROW])[0] for _ in range(3)] == [200, 200, 429]


def test_the_description_fits_the_kinds(secret: str) -> None:
    """Every path, reference and needed column of the OpenAPI document leads somewhere."""
    document = get(secret, "/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert set(document) == {"openapi", "info", "servers", "security", "paths", "components"}
    codes = list(registry.import_kinds)
    others = [path for door in registry.api_doors.values() for path in door.paths()]
    imports = [f"/imports/{code}/" for code in codes]
    assert list(document["paths"]) == [*imports, "/imports/{batch}/", *others]
    names = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(names) == len(set(names))
    for reference in _references(document):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    for code, kind in registry.import_kinds.items():
        schema = document["components"]["schemas"][f"{code}_row"]
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
        assert list(schema["properties"]) == kind.names
        assert schema["required"] == [c.name for c in kind.columns if c.is_needed]
    for path in document["paths"].values():
        for operation in path.values():
            assert all(len(status) == 3 for status in operation["responses"])
            assert "200" in operation["responses"]


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return own + [found for item in node.values() for found in _references(item)]


# --- the commands ---------------------------------------------------------------------------
def test_a_token_is_shown_once_and_revoked_for_good(capsys: pytest.CaptureFixture[str]) -> None:
    make_bank()
    StaffFactory(role="administrator", username="root")
    StaffFactory(role="campaign_manager", username="cm")
    call_command("create_api_token", "core", kinds="transactions,cards", by="root", days=2)
    text = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    assert (token.kinds, text.partition(".")[2] in token.token_hash) == (
        ["cards", "transactions"], False,
    )  # fmt: skip
    assert token.expires_at == clock.start_of(clock.today() + dt.timedelta(days=3))
    assert call(text, [ROW])[0] == 200
    for kinds, by in [("x", "root"), ("cards", "cm"), ("cards", "nobody"), ("cards", "root")]:
        with pytest.raises(CommandError):
            call_command("create_api_token", "core", kinds=kinds, by=by)
    assert ApiToken.objects.count() == 1
    for reason, by in (("", "root"), ("retired", "cm"), ("retired", "nobody")):
        with pytest.raises(CommandError):
            call_command("revoke_api_token", "core", by=by, reason=reason)
    call_command("revoke_api_token", "core", by="root", reason="retired")
    assert call(text, [ROW])[0] == 401
    with pytest.raises(CommandError):
        call_command("revoke_api_token", "core", by="root", reason="retired")
    token = ApiToken.objects.get()
    assert (token.revoked_by.username, token.revoke_reason) == ("root", "retired")
