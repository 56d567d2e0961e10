"""Customers, applications and cards of the big bank."""

import datetime as dt
from typing import Any

from benchmarks.bank import rows
from benchmarks.bank.house import BRANCHES

_SURNAMES = (
    "王 wang,李 li,张 zhang,刘 liu,陈 chen,杨 yang,黄 huang,赵 zhao,吴 wu,周 zhou,徐 xu,孙 sun,"
    "马 ma,朱 zhu,胡 hu,郭 guo,何 he,林 lin,高 gao,罗 luo,郑 zheng,梁 liang,谢 xie,宋 song,唐 tang,"
    "许 xu,韩 han,冯 feng,邓 deng,曹 cao,彭 peng,曾 zeng,肖 xiao,田 tian,董 dong,袁 yuan,潘 pan"
)
_GIVEN = (
    "伟 wei,芳 fang,娜 na,敏 min,静 jing,丽 li,强 qiang,磊 lei,军 jun,洋 yang,勇 yong,艳 yan,"
    "杰 jie,"
    "娟 juan,涛 tao,明 ming,超 chao,秀 xiu,霞 xia,平 ping,刚 gang,桂 gui,英 ying,华 hua,玉 yu,"
    "兰 lan,"
    "建 jian,国 guo,文 wen,志 zhi,海 hai,小 xiao,春 chun,雪 xue,梅 mei,红 hong,波 bo,斌 bin,"
    "宇 yu,浩 hao,"
    "子 zi,涵 han,欣 xin,怡 yi,博 bo,思 si,嘉 jia,俊 jun,晨 chen,晓 xiao"
)


def make_customers(cursor: Any, customers: int, on: dt.date) -> None:
    from journeys.models import Customer
    from portal.kit import sealed

    columns = {
        "number": "'C' || lpad(n::text, 8, '0')",
        "kind": "CASE WHEN is_company THEN 'company' ELSE 'person' END",
        "name": "CASE WHEN is_company THEN c1 || c2 || '商贸有限公司' ELSE c0 || c1 || c2 END",
        "name_pinyin": "CASE WHEN is_company THEN concat_ws(' ', p1, p2,"
        " 'shang mao you xian gong si') ELSE concat_ws(' ', p0, p1, p2) END",
        "birth_date": f"date '{on}' - 7000 - pg_temp.dice(n, 5, 18000)",
        "branch_id": "b.id",
        "division_code": "'440305'",
        "registered_date": f"date '{on}' - 30 * 36 - pg_temp.dice(n, 6, 1500)"
        " + CASE WHEN n % 4 = 0 THEN 30 * 36 ELSE 0 END",
        "source": "'core_banking'",
        "lawful_basis": "'contract'",
        "phone_masked": "'13' || substr(pg_temp.phone(n), 3, 1) || '****' || "
        "right(pg_temp.phone(n), 4)",
        "callee": "pg_temp.fingerprint(n, 'callee')",
        "bearer": "pg_temp.fingerprint(n, 'bearer')",
        "reader": "CASE WHEN n % 10 < 6 THEN pg_temp.fingerprint(n, 'reader') END",
        "id_number_masked": "'440***********' || lpad((n % 10000)::text, 4, '0')",
        "email_masked": "CASE WHEN n % 10 < 6 THEN 'c***@example.com' ELSE '' END",
    }
    secrets = {"phone": "13800000000", "id_number": "11010519491231002X", "email": "c@example.com"}
    for field, text in secrets.items():
        shown = "n % 10 < 6" if field == "email" else "true"
        value = sealed.seal(text, f"customer.{field}").hex()
        columns[f"{field}_sealed"] = f"CASE WHEN {shown} THEN '\\x{value}'::bytea END"
        columns[f"{field}_index"] = f"CASE WHEN {shown} THEN pg_temp.fingerprint(n, '{field}') END"
    drawn = (
        "SELECT n, pg_temp.dice(n, 1, 100) < 3 AS is_company,"
        f" pg_temp.dice(n, 2, {BRANCHES}) * pg_temp.dice(n, 7, {BRANCHES}) / {BRANCHES} AS place,"
        " f.sign[x] AS c0, f.sound[x] AS p0, g.sign[y] AS c1, g.sound[y] AS p1,"
        " CASE WHEN n % 10 < 8 THEN g.sign[z] ELSE '' END AS c2,"
        " CASE WHEN n % 10 < 8 THEN g.sound[z] END AS p2"
        f" FROM generate_series(1, {customers}) n CROSS JOIN f CROSS JOIN g CROSS JOIN LATERAL"
        " (SELECT 1 + pg_temp.dice(n, 3, f.size) * pg_temp.dice(n, 8, f.size) / f.size AS x,"
        " 1 + pg_temp.dice(n, 4, g.size) AS y, 1 + pg_temp.dice(n, 9, g.size) AS z) place"
    )
    lists = [rows.words("f", _SURNAMES, "sign", "sound"), rows.words("g", _GIVEN, "sign", "sound")]
    with rows.without_indexes(cursor, Customer):
        rows.insert(
            cursor, Customer, columns,
            f"FROM (WITH {', '.join(lists)} {drawn}) d JOIN bank_branch b USING (place) ORDER BY n",
        )  # fmt: skip


def make_applications(cursor: Any, _customers: int, on: dt.date) -> None:
    from journeys.models import Application

    drawn = f"""
        SELECT c.id, c.branch_id, c.number || '-' || k AS number, k, c.id * 2 + k AS seed,
            greatest(c.registered_date,
                date '{on}' - pg_temp.dice(c.id * 2 + k, 11, 1080)) AS filed
        FROM journeys_customer c CROSS JOIN LATERAL generate_series(
            1, (pg_temp.dice(c.id, 10, 100) >= 12)::int + (pg_temp.dice(c.id, 10, 100) >= 82)::int
        ) k"""
    judged = f"""
        SELECT *, filed + 1 + pg_temp.dice(seed, 12, 24) AS decided,
            pg_temp.dice(seed, 13, 100) AS luck
        FROM ({drawn}) a"""
    is_open = f"decided > date '{on}'"
    columns = {
        "number": "'A' || substr(number, 2)",
        "customer_id": "id",
        "product_id": "(SELECT array_agg(id ORDER BY id) FROM journeys_cardproduct)"
        "[1 + pg_temp.dice(seed, 14, 4)]",
        "branch_id": "branch_id",
        "filed_date": "filed",
        "state": f"CASE WHEN {is_open} THEN 'filed' WHEN luck < 80 THEN 'approved'"
        " WHEN luck < 95 THEN 'refused' ELSE 'withdrawn' END",
        "decided_date": f"CASE WHEN NOT {is_open} THEN decided END",
        "is_fast_track": "seed % 10 = 0",
    }
    with rows.without_indexes(cursor, Application):
        rows.insert(cursor, Application, columns, f"FROM ({judged}) j ORDER BY filed, id")


def make_cards(cursor: Any, _customers: int, on: dt.date) -> None:
    from journeys.models import Card

    drawn = """
        SELECT a.*, k, a.decided_date + pg_temp.dice(a.id, 20, 5) AS issued,
            pg_temp.dice(a.id * 2 + k, 21, 100) AS luck, a.id * 2 + k AS seed
        FROM journeys_application a CROSS JOIN LATERAL
            generate_series(0, (pg_temp.dice(a.id, 22, 100) < 35)::int) k
        WHERE a.state = 'approved'"""
    columns = {
        "reference": "'K' || substr(number, 2) || '-' || k",
        "masked_number": "'622588******' || lpad((seed % 10000)::text, 4, '0')",
        "customer_id": "customer_id",
        "application_id": "id",
        "product_id": "product_id",
        "branch_id": "branch_id",
        "is_primary": "k = 0",
        "issued_date": "issued",
        "activated_date": f"CASE WHEN luck < 85 AND issued + 15 <= date '{on}'"
        " THEN issued + 1 + pg_temp.dice(seed, 23, 15) END",
        "closed_date": f"CASE WHEN luck > 96 AND issued + 200 < date '{on}' THEN issued + 200 END",
    }
    with rows.without_indexes(cursor, Card):
        rows.insert(cursor, Card, columns,
                f"FROM ({drawn}) d WHERE issued <= date '{on}' ORDER BY issued, id, k")  # fmt: skip
