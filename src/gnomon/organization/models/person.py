"""A person: whoever acts, is served or answers for something."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Cast, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gnomon.organization.fields import RolesField, is_time_zone
from gnomon.records.models import Record, RecordQuerySet


class PersonQuerySet(RecordQuerySet):
    """Adjectives of people."""

    def active(self) -> Self:
        """Those who may sign in today, as far as status and date go."""
        today = timezone.localdate()
        within = models.Q(access_until__isnull=True) | models.Q(access_until__gte=today)
        return self.filter(within, status="active")

    def holding(self, role: str) -> Self:
        """Those who hold a role."""
        # SQLite cannot look into a JSON list; as text it reads the same on both databases.
        return self.alias(roles_text=Cast("roles", models.TextField())).filter(roles_text__contains=f'"{role}"')


PersonManager = BaseUserManager.from_queryset(PersonQuerySet)


class Person(Record, AbstractBaseUser):
    """A person (5.3, 7.2); `title` is the name. People leave, they are never deleted.

    Without a username nobody can sign in as this person: callers of an imported log, for example.
    `password` and `last_login` are not in the ledger.
    """

    username = models.CharField(
        _("username"), max_length=150, unique=True, null=True, blank=True,
        help_text=_("The name to sign in with; capital letters make no difference."),
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True, default="")
    phone = models.CharField(_("telephone"), max_length=40, blank=True, default="")
    language = models.CharField(
        _("language"), max_length=10, blank=True, default="", choices=settings.LANGUAGES,
        help_text=_("Left empty, the browser decides."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, default="", validators=(is_time_zone,),
        help_text=_("An IANA name, as Asia/Shanghai. Left empty, the zone of the installation."),
    )  # fmt: skip
    roles = RolesField(_("roles"), default=list, blank=True)
    team = models.ForeignKey(
        "organization.Team", on_delete=models.PROTECT, null=True, blank=True,
        related_name="people", verbose_name=_("team"),
    )  # fmt: skip
    access_until = models.DateField(
        _("access until"), null=True, blank=True,
        help_text=_("The last day on which this person can sign in; external auditors always have one."),
    )  # fmt: skip

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["title"]

    # Signing in needs a manager that knows natural keys.
    objects: ClassVar[Any] = PersonManager()  # type: ignore[assignment]

    class Meta(Record.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="a_username_is_lower_case"),
        )
        indexes = (models.Index(fields=("email",), name="people_by_email"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django's stub has a class attribute here
        """Whether this person may sign in and act today."""
        return self.status == "active" and (self.access_until is None or timezone.localdate() <= self.access_until)

    def holds(self, *roles: str) -> bool:
        """Whether this person holds one of the roles."""
        return not set(roles).isdisjoint(self.roles)

    def get_full_name(self) -> str:
        return self.title
