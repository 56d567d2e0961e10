"""Words of a person's rights: Personal Information Protection Law (PIPL), articles 24 and 44-50."""

from django.db import models
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _


class RightsKind(models.TextChoices):
    """What the person asks for."""

    ACCESS = "access", _("Copy of the data")
    CORRECT = "correct", _("Correction")
    DELETE = "delete", _("Erasure")
    OBJECT = "object", _("No marketing any more")


class RightsState(models.TextChoices):
    OPEN = "open", _("Open request")
    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("Allowed, being carried out")
    DONE = "done", _("Request fulfilled")
    REFUSED = "refused", _("Request refused")


class RightsChannel(models.TextChoices):
    """How the request came."""

    BRANCH = "branch", _("At the branch")
    HOTLINE = "hotline", _("Hotline")
    APP = "app", _("Mobile app")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter")
    AGENT = "agent", _("Through an agent")


class IdentityCheck(models.TextChoices):
    """How it was made sure that it is the person who asks."""

    NOT_YET = "not_yet", _("Not checked yet")
    ID_DOCUMENT = "id_document", _("ID document seen at the branch")
    CALL_BACK = "call_back", _("Called back on the known number")
    SIGNED_IN = "signed_in", _("Signed in to the mobile app")
    MANDATE = "mandate", _("Agent with a mandate and both ID documents")


class RefusalGround(models.TextChoices):
    """Why a request is refused; the articles are those of the PIPL."""

    IDENTITY = "identity", _("Identity not proven (art. 50)")
    NEEDED = "needed", _("Still needed for the contract (art. 47 no. 1)")
    RETENTION = "retention", _("A law demands that it is kept (art. 47)")
    SECRECY = "secrecy", _("A law demands secrecy (art. 45 with art. 18)")
    CORRECT = "correct", _("The data is correct (art. 46)")
    NOTHING = "nothing", _("Nothing is held about the person")


class Certainty(models.TextChoices):
    """How sure a rule is."""

    A = "A", _("A: the law itself")
    B = "B", _("B: official text, quoted by several")
    C = "C", _("C: secondary sources")
    D = "D", _("D: draft or practice")


class RightsEventKind(models.TextChoices):
    OPENED = "opened", _("Request taken in")
    IDENTITY = "identity", _("Identity checked")
    COPIED = "copied", _("Copy made")
    CORRECTED = "corrected", _("Data corrected")
    OBJECTED = "objected", _("Marketing stopped for good")
    ERASURE_ASKED = "erasure_asked", _("Erasure put before a second person")
    ERASURE_ALLOWED = "erasure_allowed", _("Erasure allowed")
    ERASURE_RETURNED = "erasure_returned", _("Erasure not allowed")
    ERASED = "erased", _("Data erased")
    PROVEN = "proven", _("Proof: nothing is left")
    RESIDUE = "residue", _("Proof: something is left")
    SEARCH_ASKED = "search_asked", _("Asked to try again")
    DONE = "done", _("Request answered")
    REFUSED = "refused", _("Request refused with its ground")


# What the portal itself writes into a history: kept in English, told in the reader's language.
PERSONS_CHANGED = gettext_noop(
    "A lead of the same person came or went meanwhile. Ask for the erasure anew."
)
IDENTITY_ERASED = gettext_noop("The identity was erased. The proof is kept with the request.")
REFUSAL_KEPT = gettext_noop(
    "Kept are only keyed hashes of what was on file of phone, ID number and e-mail, for which "
    "marketing was refused: nobody with one of them is contacted. Without the bank's key none of "
    "them can be told from its hash."
)
IDENTITY_ERASED_BUT_REFUSAL = gettext_noop(
    "The identity was erased. Kept are only keyed hashes of what was on file of phone, ID number "
    "and e-mail, so that the refusal of marketing holds. The proof is kept with the request."
)
# Said while refusals held for the phone alone; it stands in older requests.
_PHONE_KEPT = gettext_noop(
    "Kept is only a keyed hash of the phone, for which marketing was refused: nobody with this "
    "phone is contacted. Without the bank's key no phone can be told from it."
)
_IDENTITY_ERASED_BUT_PHONE = gettext_noop(
    "The identity was erased. Kept is only a keyed hash of the phone, so that the refusal of "
    "marketing holds. The proof is kept with the request."
)
_OF_THE_PORTAL = {
    PERSONS_CHANGED, IDENTITY_ERASED, REFUSAL_KEPT, IDENTITY_ERASED_BUT_REFUSAL, _PHONE_KEPT,
    _IDENTITY_ERASED_BUT_PHONE,
}  # fmt: skip


def told(words: str) -> str:
    """This will say a sentence of the portal in the language of the reader; what people wrote
    stays as it is."""
    return gettext(words) if words in _OF_THE_PORTAL else words


class CopyForm(models.TextChoices):
    """The form of the file that a person gets."""

    XLSX = "xlsx", _("Workbook (XLSX)")
    JSON = "json", _("JSON file")


class ErasureState(models.TextChoices):
    """`carrying_out` lives within one transaction; it is never committed."""

    ASKED = "asked", _("Asked")
    APPROVED = "approved", _("Erasure allowed by a second person")
    RETURNED = "returned", _("Returned")
    CARRYING_OUT = "carrying_out", _("Being carried out")
    ERASED = "erased", _("Erased, not proven yet")
    PROVEN = "proven", _("Erased and proven")


class ProofScope(models.TextChoices):
    ROWS = "rows", _("The person's own rows")
    ALL = "all", _("All tables, files and the queue")


class Obstacle(models.TextChoices):
    """What stands against an erasure."""

    OPEN_APPLICATION = "open_application", _("An application for a card is open")
    OPEN_CARD = "open_card", _("A card is not closed")
    OPEN_COMPLAINT = "open_complaint", _("A complaint is not closed")
    OPEN_CASE = "open_case", _("A service case is open")
    MESSAGES = "messages", _("Messages are under way")
    FILE = "file", _("A file that names the person is being imported")
