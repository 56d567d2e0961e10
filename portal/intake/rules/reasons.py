"""Why a cell is refused, in the words of both languages."""

from django.utils.translation import gettext_lazy as _

from portal.intake.rules.kinds import Reason
from portal.kit.numbers import PersonalNumber

FORMULA = Reason("formula", _("There is a formula in the cell; write its value instead."))
FAILED_FORMULA = Reason(
    "failed_formula",
    _("The formula of this cell failed ({error}); mend it in the spreadsheet, or clear the cell."),
)
MISSING = Reason("missing", _("The cell is empty, but the column is needed."))
DAMAGED = Reason("damaged", _("The cell holds damaged or invisible characters."))
TOO_LONG = Reason("too_long", _("The text is too long: at most {limit} characters."))
BLANKS = Reason("blanks", _("The key holds blanks or signs that a key cannot hold."))
NOT_IN_ADDRESS = Reason(
    "not_in_address",
    _("The key stands in the addresses of pages and cannot hold / \\ ? # % or be . or ..;"
      " put another sign in their place, such as a hyphen, the same in all files."),
)  # fmt: skip
ROUNDED = Reason(
    "rounded",
    _("The spreadsheet rounded this number; make the column text and fill it in again."),
)
NOT_A_DAY = Reason("not_a_day", _("This is not a day; write it as 2026-03-02."))
TOO_EARLY = Reason("too_early", _("The day is before 1900."))
TOO_LATE = Reason("too_late", _("The day is later than {latest}."))
NOT_A_TIME = Reason("not_a_time", _("This is not a time; write it as 13:05:00."))
NOT_AN_INSTANT = Reason(
    "not_an_instant",
    _("This is neither a day nor an instant; write it as 2026-03-02 or 2026-03-02 13:05:00."),
)
NOT_AN_AMOUNT = Reason("not_an_amount", _("This is not an amount; write it as 1234.50."))
NOT_POSITIVE = Reason("not_positive", _("The amount must be above 0."))
NEGATIVE = Reason("negative", _("The amount must not be below 0."))
PLACES = Reason("places", _("An amount has at most two decimal places."))
TOO_LARGE = Reason("too_large", _("The amount is too large."))
NOT_YES_OR_NO = Reason("not_yes_or_no", _("Write true or false."))
NO_SUCH_CHOICE = Reason("no_such_choice", _("This is not one of: {known}."))
NOT_A_PHONE = Reason("not_a_phone", _("This is not a mainland mobile number (11 digits)."))
NOT_AN_ID_NUMBER = Reason("not_an_id_number", _("This is not an ID number (18 characters)."))
CHECK_DIGIT = Reason("check_digit", _("The last character of the ID number does not fit."))
NOT_A_COMPANY_CODE = Reason(
    "not_a_company_code",
    _("This is not a unified social credit code: 18 digits and capital letters, no I, O, S, V, Z."),
)
COMPANY_CHECK_SIGN = Reason(
    "company_check_sign",
    _("The last character of the unified social credit code does not fit."),
)
NOT_A_COUNT = Reason("not_a_count", _("This is not a whole number above 0; write it as 1200."))
NOT_AN_EMAIL = Reason("not_an_email", _("This is not an e-mail address."))
NOT_DIGITS = Reason("not_digits", _("Write digits only, as many as {lengths}."))
FULL_CARD_NUMBER = Reason(
    "full_card_number", _("Full card numbers are not taken in; send the masked number.")
)
CARD_NUMBER_AS_KEY = Reason(
    "card_number_as_key",
    _("This is a full card number, and keys are shown on pages; give the source's own key instead,"
      " or a keyed hash of the number."),
)  # fmt: skip
PHONE_AS_KEY = Reason(
    "phone_as_key",
    _("This is a mobile number, and keys are shown on pages; give the source's own key instead, or"
      " a keyed hash of the number."),
)  # fmt: skip
ID_NUMBER_AS_KEY = Reason(
    "id_number_as_key",
    _("This is an ID number, and keys are shown on pages; give the source's own key instead, or a"
      " keyed hash of the number."),
)  # fmt: skip
PERSONAL = {
    PersonalNumber.MOBILE: PHONE_AS_KEY,
    PersonalNumber.ID_NUMBER: ID_NUMBER_AS_KEY,
    PersonalNumber.CARD: CARD_NUMBER_AS_KEY,
}
