"""Branches, teams and staff: who works here, and where."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from portal.kit import languages
from portal.staff import rules
from portal.staff.enums import BranchLevel, Role

# Plain words only: a slash in a code would break the paths of the tree, and a capital in a user
# name would make two names of one.
CODE_PATTERN = r"^[A-Za-z0-9_-]+$"
USERNAME_PATTERN = r"^[a-z0-9._-]+$"


class BranchQuerySet(models.QuerySet["Branch"]):
    def within(self, branch: "Branch") -> "BranchQuerySet":
        """The branch itself and everything that hangs below it."""
        return self.filter(path__startswith=branch.path)


class Branch(models.Model):
    """A place in the bank's tree: head office, region, branch."""

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[RegexValidator(CODE_PATTERN)]
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    level = models.CharField(_("level"), max_length=12, choices=BranchLevel.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("above"),
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    division_code = models.CharField(_("division code"), max_length=12, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [
            models.CheckConstraint(
                name="branch_root_is_head_office",
                condition=Q(level=BranchLevel.HEAD_OFFICE, parent=None)
                | (~Q(level=BranchLevel.HEAD_OFFICE) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(
                name="branch_path_ends_with_code",
                condition=Q(path__endswith=Concat(Value("/"), F("code"), Value("/"))),
            ),
            models.CheckConstraint(name="branch_code_plain", condition=Q(code__regex=CODE_PATTERN)),
            models.UniqueConstraint(
                name="branch_one_head_office",
                fields=["level"],
                condition=Q(level=BranchLevel.HEAD_OFFICE),
            ),
        ]
        indexes = [
            models.Index(
                name="branch_path_prefix", fields=["path"], opclasses=["varchar_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.name_en if languages.reads_english() else self.name


class Team(models.Model):
    """A group of staff within a branch."""

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="teams", verbose_name=_("branch")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name_en if languages.reads_english() else self.name


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """A person who signs in. There is no superuser: the role says everything."""

    username = models.CharField(
        _("user name"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(USERNAME_PATTERN)],
        help_text=_("Small letters, digits, dot, dash and underscore."),
    )
    staff_number = models.CharField(_("staff number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="staff", verbose_name=_("branch")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("team")
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default="zh-hans",
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_date = models.DateField(_("joined on"), null=True, blank=True)

    objects = StaffManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["staff_number", "name"]

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(name="staff_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="staff_username_plain", condition=Q(username__regex=USERNAME_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        english = languages.reads_english() and self.name_en
        return self.name_en if english else self.name

    @property
    def is_staff(self) -> bool:
        """Whether the Django admin opens for this person."""
        return self.role == Role.ADMINISTRATOR

    @property
    def is_superuser(self) -> bool:
        return False

    def may(self, permission: str) -> bool:
        """Whether this person's role holds a permission of the portal."""
        return self.is_active and rules.role_may(self.role, permission)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's question, asked by the admin alone."""
        return self.is_active and rules.admin_may(self.role, perm)

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
