"""What a person changes about the shell itself."""

from portal.staff.models import Staff


def choose_language(*, staff: Staff, language: str) -> Staff:
    """This will keep `language` (a code of the setting LANGUAGES) with the person."""
    staff.language = language
    staff.save(update_fields=["language"])
    return staff
