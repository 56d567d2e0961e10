"""Who a session belongs to."""

from allauth.account.auth_backends import AuthenticationBackend

from portal.staff.models import Staff


class StaffBackend(AuthenticationBackend):
    """Signs in as the library does. The person of a request comes with the branch in one statement:
    every page tells it, and rows are seen by it."""

    def get_user(self, user_id: int) -> Staff | None:
        staff = Staff.objects.select_related("branch").filter(pk=user_id).first()
        return staff if staff is not None and self.user_can_authenticate(staff) else None
