"""Points, consents, refusals, contacts, messages, complaints and cases of the big bank."""

import datetime as dt
from typing import Any

from benchmarks.bank import rows


def make_points(cursor: Any, _customers: int, on: dt.date) -> None:
    """This will write points: up to five gains a holder, and for one of 40 something redeemed."""
    from journeys.models import PointsEntry

    holders = f"""(SELECT customer_id AS id, min(first_used_date) AS since FROM journeys_card
        WHERE first_used_date < date '{on}' - 5 GROUP BY customer_id) h"""
    with rows.without_indexes(cursor, PointsEntry):
        columns = {
            "reference": "'E' || h.id || '-' || k", "customer_id": "h.id", "kind": "'earned'",
            "points": "200 + pg_temp.dice(h.id * 8 + k, 60, 4000)", "on_date": "day",
            "expires_date": "day + 730",
        }  # fmt: skip
        source = f"""FROM (SELECT h.id, k,
                h.since + pg_temp.dice(h.id * 8 + k, 62, date '{on}' - 1 - h.since) AS day
            FROM {holders} CROSS JOIN LATERAL generate_series(1, pg_temp.dice(h.id, 61, 6)) k) h
            ORDER BY day, h.id"""
        rows.insert(cursor, PointsEntry, columns, source)
        columns = {
            "reference": "'R' || h.customer_id", "customer_id": "h.customer_id",
            "kind": "'redeemed'", "points": "-(h.total / 2)", "on_date": f"date '{on}'",
        }  # fmt: skip
        source = """FROM (SELECT customer_id, sum(points) AS total FROM journeys_pointsentry
            WHERE customer_id % 40 = 0 GROUP BY customer_id) h ORDER BY customer_id"""
        rows.insert(cursor, PointsEntry, columns, source)


def settle_points(cursor: Any) -> None:
    """This will write the batches of points and what was taken from each, as the triggers do."""
    cursor.execute(
        "INSERT INTO journeys_pointsbatch (entry_id, customer_id, on_date, expires_date, points,"
        " used, expired, changes) SELECT id, customer_id, on_date, expires_date, points, 0, 0, 0"
        " FROM journeys_pointsentry WHERE kind = 'earned' ORDER BY id"
    )
    cursor.execute(
        "SELECT journeys_settle_points(coalesce(array_agg(DISTINCT customer_id), '{}'))"
        " FROM journeys_pointsentry WHERE points < 0"
    )


def make_consents(cursor: Any, _customers: int, on: dt.date) -> None:
    """This will write consents for two channels and some withdrawals, and one refusal in 100."""
    from journeys.models import Consent, ConsentText, DoNotContact

    text = ConsentText.objects.create(
        code="bench", version=1, purpose="marketing", words="同意", words_en="I agree",
        effective_date=dt.date(2010, 1, 1),
    )  # fmt: skip
    with rows.without_indexes(cursor, Consent):
        for number, channel in enumerate(("sms", "email", "phone")):
            granted = f"pg_temp.dice(id, {number + 70}, 10) < 7"
            columns = {
                "customer_id": "id", "purpose": "'marketing'", "channel": f"'{channel}'",
                "is_granted": granted, "text_id": f"CASE WHEN {granted} THEN {text.pk} END",
                "evidence": "'branch form'",
                "effective_at": "registered_date", "recorded_at": "registered_date",
            }  # fmt: skip
            asked = f"WHERE pg_temp.dice(id, {number + 75}, 10) < {8 - 2 * number}"
            rows.insert(cursor, Consent, columns, f"FROM journeys_customer {asked} ORDER BY id")
        columns |= {"channel": "'sms'", "is_granted": "false", "text_id": "NULL::bigint",
                    "evidence": "'hotline'",
                    "effective_at": f"date '{on}' - pg_temp.dice(id, 79, 300)"}  # fmt: skip
        columns["recorded_at"] = columns["effective_at"]
        withdrawn = "FROM journeys_customer WHERE id % 25 = 0 ORDER BY id"
        rows.insert(cursor, Consent, columns, withdrawn)
    columns = {"customer_id": "id", "at": f"date '{on}' - pg_temp.dice(id, 78, 300)",
               "words": "'不要再联系我'", "source": "'hotline'"}  # fmt: skip
    rows.insert(cursor, DoNotContact, columns, "FROM journeys_customer WHERE id % 100 = 7")


def make_contacts(cursor: Any, _customers: int, on: dt.date) -> None:
    """This will write messages that were sent with their contacts in the last 36 days: to a third
    of the customers, to some of them as many as the caps allow."""
    from journeys.models import Contact, Message

    drawn = f"""FROM (
        SELECT c.id, k, 'bank:' || k AS key,
            ((date '{on}' - 6 * (k - 1) - pg_temp.dice(c.id * 8 + k, 80, 6)) + time '10:00'
                + pg_temp.dice(c.id * 8 + k, 81, 30000) * interval '1 second')
                AT TIME ZONE 'Asia/Shanghai' - interval '1 day' AS at
        FROM journeys_customer c CROSS JOIN LATERAL
            generate_series(1, 1 + pg_temp.dice(c.id, 82, 6) * pg_temp.dice(c.id, 83, 6) / 6) k
        WHERE c.id % 3 = 0) d ORDER BY at, id"""
    both = {"customer_id": "id", "channel": "'sms'", "purpose": "'marketing'",
            "origin": "'campaign:bank:v1'", "dedup_key": "key"}  # fmt: skip
    with rows.without_indexes(cursor, Contact):
        rows.insert(cursor, Contact, both | {"at": "at"}, drawn)
    template = "(SELECT min(id) FROM journeys_messagetemplate WHERE channel = 'sms')"
    context = '{"card_tail": "0001", "campaign": "x", "reward": "y", "amount": "1"}'
    columns = both | {
        "template_id": template, "context": f"'{context}'", "state": "'sent'", "queued_at": "at",
        "not_before": "at", "sent_at": "at", "attempts": "1", "gateway_reference": "'g' || id",
    }  # fmt: skip
    with rows.without_indexes(cursor, Message):
        rows.insert(cursor, Message, columns, drawn)


def make_care(cursor: Any, _customers: int, on: dt.date) -> None:
    """This will write complaints (some open, with their pause of marketing) and service cases."""
    from journeys.models import Complaint, MarketingPause, ServiceCase

    complaint = {
        "number": "'Q' || c.id", "customer_id": "c.id", "branch_id": "c.branch_id",
        "channel": "'hotline'", "grade": "'simple'", "words": "'短信太多'", "limit_days": "15",
    }  # fmt: skip
    rows.insert(
        cursor, Complaint,
        complaint | {"state": "'open'", "opened_date": f"date '{on}' - c.id::int % 14"},
        "FROM journeys_customer c WHERE c.id % 1000 = 11",
    )  # fmt: skip
    opened = f"date '{on}' - 20 - c.id::int % 400"
    closed = {
        "state": "'closed'", "opened_date": opened, "answered_date": f"{opened} + 5",
        "closed_date": f"{opened} + 10", "cause_kind": "'process'", "remedy": "'已致歉'",
    }  # fmt: skip
    rows.insert(cursor, Complaint, complaint | closed,
                "FROM journeys_customer c WHERE c.id % 250 = 13")  # fmt: skip
    pause = {"customer_id": "customer_id", "kind": "'complaint'", "reference": "number",
             "since": "opened_date"}  # fmt: skip
    rows.insert(cursor, MarketingPause, pause, "FROM journeys_complaint WHERE state = 'open'")
    case = {
        "number": "'S' || c.id", "customer_id": "c.id", "branch_id": "c.branch_id",
        "channel": "'app'", "subject": "'账单查询'", "opened_date": opened,
        "state": "CASE WHEN c.id % 200 = 1 THEN 'open' ELSE 'closed' END",
        "closed_date": f"CASE WHEN c.id % 200 <> 1 THEN {opened} + 3 END",
    }  # fmt: skip
    rows.insert(cursor, ServiceCase, case, "FROM journeys_customer c WHERE c.id % 50 = 1")
