"""The file of customers. Phone, ID number, e-mail and address are sealed while the file is
read."""

import functools
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from journeys.customers import queries
from journeys.customers.enums import CustomerKind, LawfulBasis, Source, Trait
from journeys.customers.rules import HASH_OF, lock_named
from journeys.stages import rules as stages
from portal.intake.rules import (
    Check,
    Column,
    History,
    ImportKind,
    Reason,
    Target,
    cells,
    unknown_branch,
)
from portal.kit import masking, pinyin, sealed

NUMBER_OF_A_COMPANY = Reason(
    "number_of_a_company",
    _("This is the unified social credit code of a company, but the customer is a person; give the"
      " person's ID number, or the kind company."),
)  # fmt: skip
NUMBER_OF_A_PERSON = Reason(
    "number_of_a_person",
    _("This is the ID number of a person, but the customer is a company; give the company's unified"
      " social credit code, or the kind person."),
)  # fmt: skip
NUMBER_OF_OTHER_KIND = Reason(
    "number_of_other_kind",
    _("This customer has an ID number as {kind}; with another kind the ID number must be given"
      " too."),
)  # fmt: skip


def _sealed(
    field: str, mask: Callable[[str], str]
) -> Callable[[str | None], tuple[str | bytes | None, ...]]:
    """A cell becomes the sealed value, its blind index, those by other keys, its mask, and where
    refusals hold for it its lasting hash."""
    traits = [Trait(field)] if field in HASH_OF else []

    def expand(value: str | None) -> tuple[str | bytes | None, ...]:
        if value is None:
            return None, None, None, "", *(None for _trait in traits)
        sealed_value = sealed.seal(value, f"customer.{field}")
        index, others = sealed.blind_index(value, field), sealed.other_indexes(value, field)
        lasting = (queries.hash_of(trait, value) for trait in traits)
        return sealed_value, index, others, mask(value), *lasting

    return expand


def _stages(field: str) -> tuple[tuple[str, str], ...]:
    sealed_ones = tuple((f"{field}_{end}", "bytea") for end in ("sealed", "index", "others"))
    lasting = ((HASH_OF[Trait(field)], "bytea"),) if field in HASH_OF else ()
    return (*sealed_ones, (f"{field}_masked", "text"), *lasting)


def _targets(field: str) -> tuple[Target, ...]:
    # A sealed value differs each time it is made: its blind index says whether it is the same. One
    # that another key made of the same value stays, until the change of keys comes to the row.
    index = (
        f"CASE WHEN s.{field}_others IS NULL THEN s.{field}_index ELSE coalesce("
        f"(SELECT c.{field}_index FROM journeys_customer c WHERE c.number = s.number"
        f" AND position(c.{field}_index IN s.{field}_others) > 0), s.{field}_index) END"
    )
    return (
        Target(f"{field}_sealed", f"s.{field}_sealed", of=field, same_by=f"{field}_index"),
        Target(f"{field}_index", index, of=field),
        Target(f"{field}_masked", f"s.{field}_masked", of=field),
        *(Target(name, f"s.{name}", of=field) for trait, name in HASH_OF.items() if trait == field),
    )


_ID_NUMBER = _sealed("id_number", masking.mask_id_number)


def _sealed_id_number(value: str | None) -> tuple[str | bytes | None, ...]:
    """With the kind of customer to which the number belongs, while it can be read; nothing where
    a number would be right for both."""
    holders = cells.holders_of(value) if value else set()
    of_kind = holders.pop() if len(holders) == 1 else None
    return (*_ID_NUMBER(value), of_kind)


def _number_of(of_kind: CustomerKind, reason: Reason) -> tuple[Check, Check]:
    """A number of `of_kind` is bad for another kind: that of the file, or where the file lacks
    it, that in which the customer stands."""
    sql = (
        "SELECT s.row_number, s.id_number_masked AS value FROM intake_staging s{join}"
        f" WHERE s.id_number_kind = '{of_kind.value}' AND {{kind}} <> '{of_kind.value}'"
    )
    join = " LEFT JOIN journeys_customer c ON c.number = s.number"
    return (
        Check("id_number", reason, sql.format(join="", kind="s.kind"), when_given="kind"),
        Check("id_number", reason, sql.format(join=join, kind="coalesce(c.kind, s.kind)"),
              when_lacking="kind"),
    )  # fmt: skip


@functools.lru_cache(maxsize=50_000)
def spell(name: str) -> str:
    """This will spell a name in pinyin without tones: 王小明 is "wang xiao ming"."""
    return pinyin.spell_person(name, most=200)


def _spelled(name: str | None) -> tuple[str | bytes | None, ...]:
    return name, spell(name or "")


CUSTOMERS = ImportKind(
    code="customers",
    label=_("Customers"),
    help=_("Persons and small companies under the bank's own customer number."),
    table="journeys_customer",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the bank's customer number"), "C00000001", True),
        Column(
            "name", cells.plain(80), _("full name"), "王小明", True,
            stages=(("name", "text"), ("name_pinyin", "text")), expand=_spelled,
            mask=masking.mask_name,
        ),
        Column(
            "kind", cells.choice(CustomerKind.values), _("person or small company"), "person",
            default=CustomerKind.PERSON.value,
        ),
        Column(
            "phone", cells.PHONE, _("mobile number; kept encrypted"), "13800000000",
            stages=_stages("phone"), expand=_sealed("phone", masking.mask_phone),
            mask=masking.mask_phone,
        ),
        Column(
            "id_number", cells.ID_NUMBER,
            _("ID number, of a company its unified social credit code; kept encrypted"),
            "11010519491231002X",
            stages=(*_stages("id_number"), ("id_number_kind", "text")), expand=_sealed_id_number,
            mask=masking.mask_id_number,
        ),
        Column(
            "email", cells.EMAIL, _("e-mail address; kept encrypted"), "name@example.com",
            stages=_stages("email"), expand=_sealed("email", masking.mask_email),
            mask=masking.mask_email,
        ),
        Column(
            "address", cells.plain(200),
            _("postal address, beginning with the province; kept encrypted"),
            "浙江省杭州市西湖区文三路100号3幢201室",
            stages=_stages("address"), expand=_sealed("address", masking.mask_address),
            mask=masking.mask_address,
        ),
        Column("birth_date", cells.DAY, _("day of birth"), "1949-12-31", days_ahead=0),
        Column("branch", cells.key(20), _("code of the branch that keeps the customer"), "B001",
               True),
        Column("language", cells.choice(["zh-hans", "en"]), _("language of messages"), "zh-hans",
               default="zh-hans"),
        Column("division_code", cells.digits(2, 4, 6, 9, 12), _("administrative division"),
               "440305"),
        Column("registered_date", cells.DAY, _("customer since this day"), "2026-03-02", True),
        Column("source", cells.choice(Source.values), _("where the data came from"),
               "core_banking", default=Source.FILE.value),
        Column("lawful_basis", cells.choice(LawfulBasis.values),
               _("ground on which the data is held (PIPL, article 13)"), "contract", True),
    ),
    joins="JOIN portal_branch b ON b.code = s.branch",
    targets=(
        Target("number", "s.number"),
        Target("name", "s.name"),
        Target("name_pinyin", "s.name_pinyin"),
        Target("kind", "s.kind", of="kind"),
        *_targets("phone"),
        *_targets("id_number"),
        *_targets("email"),
        *_targets("address"),
        Target("birth_date", "s.birth_date", of="birth_date"),
        Target("branch_id", "b.id"),
        Target("language", "s.language", of="language"),
        Target("division_code", "coalesce(s.division_code, '')", of="division_code"),
        Target("registered_date", "s.registered_date"),
        Target("source", "s.source", of="source"),
        Target("lawful_basis", "s.lawful_basis"),
    ),
    checks=(
        unknown_branch(),
        *_number_of(CustomerKind.COMPANY, NUMBER_OF_A_COMPANY),
        *_number_of(CustomerKind.PERSON, NUMBER_OF_A_PERSON),
        Check("kind", NUMBER_OF_OTHER_KIND,
              "SELECT s.row_number, s.kind AS value, c.kind FROM intake_staging s"
              " JOIN journeys_customer c ON c.number = s.number"
              " WHERE s.kind <> c.kind AND c.id_number_index IS NOT NULL",
              when_given="kind", when_lacking="id_number"),
    ),
    before=(lock_named("number"),),
    after=stages.follow(
        "SELECT c.id FROM journeys_customer c JOIN intake_staging s ON s.number = c.number"
    ),
    history=History(),
)  # fmt: skip
