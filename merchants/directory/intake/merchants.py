"""The files of merchants, of their stores, and of persons at them. The names, phones and mail
addresses of persons are sealed while the file is read."""

from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import ContactRole, MerchantSource, StoreState
from merchants.directory.rules import name_key, normal_code, unknown_merchant
from portal.intake.rules import (
    Cell,
    Check,
    Column,
    ImportKind,
    Reason,
    Target,
    cells,
    unknown,
    unknown_branch,
)
from portal.kit import masking, pinyin, sealed

UNKNOWN_MCC = Reason(
    "unknown_mcc", _("There is no merchant category of this code; an administrator adds it.")
)
UNKNOWN_DIVISION = Reason(
    "unknown_division",
    _("There is no division of this code; it may have been joined with another one."),
)
NO_MANAGER = Reason(
    "no_manager", _("There is no relationship manager who works here under this user name.")
)
LED_BY_ANOTHER = Reason(
    "led_by_another",
    _("{leader} leads an open partnership with it. Give the merchant to somebody else on its page; "
      "the partnership goes along."),
)  # fmt: skip
OTHER_MERCHANT = Reason(
    "other_merchant", _("This number stands already under merchant {merchant}.")
)
CLOSED_WITHOUT_DAY = Reason(
    "closed_without_day", _("A store that is closed for good, and no other, has a day of it.")
)
CLOSED_TOO_EARLY = Reason("closed_too_early", _("It was closed before it was opened."))
SECOND_MAIN = Reason(
    "second_main", _("The merchant has a main contact already, here or in this file: {other}.")
)

_COMPANY_CODE = Cell(
    cells.parse_company_code, "text", _("unified social credit code, 18 characters")
)
# A merchant that was merged stands for the other: what a file says of it is kept there.
JOINED_MERCHANT = (
    "JOIN merchants_merchant named ON named.number = s.merchant"
    " JOIN merchants_merchant m ON m.id = coalesce(named.merged_into_id, named.id)"
)


def _address_key(text: str) -> str:
    key = cells.parse_key(text, 40, is_of_merchant=True)
    cells.refuse_unaddressable(key)
    return key


_NUMBER = Cell(_address_key, "text", cells.address_key(40).format)


def own(column: str, condition: str, reason: Reason) -> Check:
    """This will return a check within one row."""
    sql = f"SELECT s.row_number, s.{column} AS value FROM intake_staging s WHERE {condition}"
    return Check(column, reason, sql)


def same_merchant(table: str) -> Check:
    """This will return the check that a number goes not over to another merchant; those that are
    one count as one."""
    return Check(
        "merchant", OTHER_MERCHANT,
        f"SELECT s.row_number, s.merchant AS value, other.number AS merchant"
        f" FROM intake_staging s JOIN {table} old ON old.number = s.number"
        " JOIN merchants_merchant other ON other.id = old.merchant_id"
        " JOIN merchants_merchant named ON named.number = s.merchant"
        " WHERE other.id <> coalesce(named.merged_into_id, named.id)",
    )  # fmt: skip


@lru_cache(maxsize=50_000)
def _spelled(name: str | None) -> tuple[str | bytes | None, ...]:
    return name, pinyin.spell(name or "", most=240), name_key(name or "")


def _shortened(code: str | None) -> tuple[str | bytes | None, ...]:
    """A code as it is given, and without the zeros that fill it up."""
    return code, code and normal_code(code)


# A file that goes on naming the old manager would part a merchant from its partnership.
_LED = Check(
    "manager", LED_BY_ANOTHER,
    "SELECT s.row_number, s.manager AS value, leader.username AS leader FROM intake_staging s"
    " JOIN merchants_merchant m ON m.number = s.number"
    " JOIN merchants_partnership led ON led.merchant_id = m.id AND led.phase <> 'ended'"
    " JOIN portal_staff leader ON leader.id = led.manager_id"
    " LEFT JOIN portal_staff p ON p.username = s.manager"
    " WHERE p.id IS DISTINCT FROM m.manager_id AND p.id IS DISTINCT FROM leader.id",
    when_given="manager",
)  # fmt: skip

_DIVISION_CODE = cells.digits(2, 4, 6)
_DIVISION_STAGES = (("division_given", "text"), ("division_code", "text"))

MERCHANTS = ImportKind(
    code="merchants",
    label=_("Merchants"),
    help=_("Merchants under the number of the source. Who is a partner, people decide here."),
    table="merchants_merchant",
    key="number",
    columns=(
        Column("number", _NUMBER, _("merchant number"), "M000001", True),
        Column(
            "name", cells.plain(120), _("name"), "杭州山月小馆", True,
            stages=(("name", "text"), ("name_pinyin", "text"), ("name_key", "text")),
            expand=_spelled,
        ),
        Column("name_en", cells.plain(120), _("English name"), "Shanyue Bistro"),
        Column("legal_name", cells.plain(160), _("registered name"), "杭州山月餐饮有限公司"),
        Column("credit_code", _COMPANY_CODE, _("unified social credit code"),
               "91440300708461136T"),
        Column("mcc", cells.digits(4), _("merchant category code (ISO 18245)"), "5812", True),
        Column("branch", cells.key(20), _("code of the branch that keeps it"), "B001", True),
        Column("manager", cells.plain(40), _("user name of its relationship manager"), "zj01_r1"),
        Column("division_code", _DIVISION_CODE, _("administrative division"), "330106",
               stages=_DIVISION_STAGES, expand=_shortened),
        Column("source", cells.choice(MerchantSource.values), _("how the bank came to know it"),
               "acquiring", default=MerchantSource.ACQUIRING.value),
        Column("joined_date", cells.DAY, _("with the bank since this day"), "2024-03-02"),
    ),
    joins=(
        "JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN portal_staff p ON p.username = s.manager"
    ),
    targets=(
        Target("number", "s.number"),
        Target("name", "s.name"),
        Target("name_pinyin", "s.name_pinyin"),
        Target("name_key", "s.name_key"),
        Target("name_en", "coalesce(s.name_en, '')", of="name_en"),
        Target("legal_name", "coalesce(s.legal_name, '')", of="legal_name"),
        Target("credit_code", "coalesce(s.credit_code, '')", of="credit_code"),
        Target("category_id", "s.mcc"),
        Target("branch_id", "b.id"),
        Target("manager_id", "p.id", of="manager"),
        Target("division_code", "coalesce(s.division_given, '')", of="division_code"),
        Target("source", "s.source", of="source"),
        Target("joined_date", "s.joined_date", of="joined_date"),
        # Whether it is a partner is decided here: a new one is none, and no file changes it.
        Target("is_partner", "FALSE", is_of_new=True),
    ),
    checks=(
        unknown_branch(),
        unknown("mcc", "merchants_merchantcategory", "mcc", UNKNOWN_MCC),
        unknown("division_code", "merchants_division", "code", UNKNOWN_DIVISION),
        unknown("manager", "portal_staff", "username", NO_MANAGER,
                "r.role = 'relationship_manager' AND r.is_active"),
        _LED,
    ),
)  # fmt: skip

STORES = ImportKind(
    code="stores",
    label=_("Stores"),
    help=_("Places of business of merchants under the number of the source; merchants come first."),
    table="merchants_store",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("store number"), "S000001", True),
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001",
               True),
        Column("name", cells.plain(120), _("name"), "西湖店", True),
        Column("name_en", cells.plain(120), _("English name"), "Xihu store"),
        Column("division_code", _DIVISION_CODE, _("administrative division"), "330106", True,
               stages=_DIVISION_STAGES, expand=_shortened),
        Column("address", cells.plain(200), _("address"), "文三路100号"),
        Column("state", cells.choice(StoreState.values), _("whether it is open"), "open",
               default=StoreState.OPEN.value),
        Column("opened_date", cells.DAY, _("day of opening"), "2024-03-02", days_ahead=1000),
        Column("closed_date", cells.DAY, _("day of closing for good"), ""),
    ),
    joins=JOINED_MERCHANT,
    targets=(
        Target("number", "s.number"),
        Target("merchant_id", "m.id"),
        Target("name", "s.name"),
        Target("name_en", "coalesce(s.name_en, '')", of="name_en"),
        Target("division_id", "s.division_code"),
        Target("address", "coalesce(s.address, '')", of="address"),
        # State and its days hang together: what a file lacks of them stays (see `stays`).
        Target("state", "s.state"),
        Target("opened_date", "s.opened_date"),
        Target("closed_date", "s.closed_date"),
    ),
    checks=(
        unknown_merchant(),
        unknown("division_code", "merchants_division", "code", UNKNOWN_DIVISION),
        same_merchant("merchants_store"),
        own("closed_date", "(s.state = 'closed') <> (s.closed_date IS NOT NULL)",
             CLOSED_WITHOUT_DAY),
        own("closed_date", "s.closed_date < s.opened_date", CLOSED_TOO_EARLY),
    ),
    stays=(
        ("state", "old.state"), ("opened_date", "old.opened_date"),
        ("closed_date", "CASE WHEN s.state = 'closed' THEN old.closed_date END"),
    ),
)  # fmt: skip


def _sealed(
    field: str, mask: Callable[[str], str]
) -> Callable[[str | None], tuple[str | bytes | None, ...]]:
    """A cell becomes the sealed value, its blind index, those by other keys, and its mask."""
    seal = f"merchantcontact.{field}"

    def expand(value: str | None) -> tuple[str | bytes | None, ...]:
        if value is None:
            return None, None, None, ""
        index, others = sealed.blind_index(value, seal), sealed.other_indexes(value, seal)
        return sealed.seal(value, seal), index, others, mask(value)

    return expand


def _stages(field: str) -> tuple[tuple[str, str], ...]:
    ends = tuple((f"{field}_{end}", "bytea") for end in ("sealed", "index", "others"))
    return (*ends, (f"{field}_masked", "text"))


def _targets(field: str) -> tuple[Target, ...]:
    # A sealed value differs each time it is made: its blind index says whether it is the same. One
    # that another key made of the same value stays, until the change of keys comes to the row.
    index = (
        f"CASE WHEN s.{field}_others IS NULL THEN s.{field}_index ELSE coalesce("
        f"(SELECT c.{field}_index FROM merchants_merchantcontact c WHERE c.number = s.number"
        f" AND position(c.{field}_index IN s.{field}_others) > 0), s.{field}_index) END"
    )
    return (
        Target(f"{field}_sealed", f"s.{field}_sealed", of=field, same_by=f"{field}_index"),
        Target(f"{field}_index", index, of=field),
        Target(f"{field}_masked", f"s.{field}_masked", of=field),
    )


def _person(
    name: str, cell: Cell, words: object, example: str, mask: Callable[[str], str],
    is_needed: bool = False,
) -> Column:  # fmt: skip
    return Column(
        name, cell, words, example, is_needed, stages=_stages(name), expand=_sealed(name, mask),
        mask=mask,
    )  # fmt: skip


_IS_MAIN = "{row}.is_main AND {row}.left_date IS NULL"
_STAGED_MAIN, _OTHER_MAIN = _IS_MAIN.format(row="s"), _IS_MAIN.format(row="o")
# Who else is the main contact of a row's merchant: on file and not told otherwise by this file, or
# in an earlier row of it.
_SECOND_MAIN = (
    f"SELECT s.row_number, s.is_main AS value, other.number AS other FROM intake_staging s"
    f" {JOINED_MERCHANT} JOIN LATERAL (SELECT c.number FROM merchants_merchantcontact c"
    f" WHERE c.merchant_id = m.id AND c.number <> s.number AND {_IS_MAIN.format(row='c')}"
    f" AND NOT EXISTS (SELECT FROM intake_staging o WHERE o.number = c.number"
    f" AND NOT ({_OTHER_MAIN}))"
    " UNION ALL SELECT o.number FROM intake_staging o"
    " JOIN merchants_merchant n ON n.number = o.merchant"
    f" WHERE coalesce(n.merged_into_id, n.id) = m.id AND {_OTHER_MAIN}"
    " AND o.row_number < s.row_number LIMIT 1) other ON TRUE"
    f" WHERE {_STAGED_MAIN}"
)
# Who is the main contact no more makes room first: each row is looked at as it is written. Who had
# left is none already, and is left as is.
_MAKE_ROOM = (
    "UPDATE merchants_merchantcontact c SET is_main = FALSE FROM intake_staging s"
    f" WHERE s.number = c.number AND {_IS_MAIN.format(row='c')} AND NOT ({_STAGED_MAIN})"
)

CONTACTS = ImportKind(
    code="merchant_contacts",
    label=_("Contact persons of merchants"),
    help=_("People who speak for merchants; merchants come first."),
    table="merchants_merchantcontact",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the person"), "P000001",
               True),
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001",
               True),
        Column("role", cells.choice(ContactRole.values), _("what the person does there"),
               "manager", True),
        _person("name", cells.plain(40), _("full name; kept encrypted"), "王小明",
                masking.mask_name, True),
        _person("phone", cells.PHONE, _("mobile number; kept encrypted"), "13800000000",
                masking.mask_phone),
        _person("email", cells.EMAIL, _("e-mail address; kept encrypted"), "name@example.com",
                masking.mask_email),
        Column("is_main", cells.YES_OR_NO, _("whether it is the one to talk to first"), "true",
               True),
        Column("left_date", cells.DAY, _("since when the person is not there any more"), ""),
    ),
    joins=JOINED_MERCHANT,
    targets=(
        Target("number", "s.number"),
        Target("merchant_id", "m.id"),
        Target("role", "s.role"),
        *_targets("name"),
        *_targets("phone"),
        *_targets("email"),
        Target("is_main", "s.is_main"),
        Target("left_date", "s.left_date"),
    ),
    checks=(
        unknown_merchant(),
        same_merchant("merchants_merchantcontact"),
        Check("is_main", SECOND_MAIN, _SECOND_MAIN),
    ),
    before=(_MAKE_ROOM,),
    # The day decides who is the main contact, too: a file without it brings nobody back.
    stays=(("left_date", "old.left_date"),),
)  # fmt: skip
