"""How programs get in, and how guessing is stopped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.jobs.moments import MomentField


class AccessToken(models.Model):
    """A key with which a program acts as a person; only its SHA-256 is kept."""

    person = models.ForeignKey("organization.Person", on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)
    made_at = MomentField(_("made at"))
    expires_at = MomentField(_("expires at"), null=True, blank=True)
    last_used_at = MomentField(_("last used at"), null=True, blank=True)
    revoked_at = MomentField(_("revoked at"), null=True, blank=True)
    # What it was before it was rotated is good for a while, so that programs can be told the new text in peace.
    former_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    former_until = MomentField(null=True, blank=True)
    calls_per_minute = models.PositiveIntegerField(_("calls per minute"), null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("person", "name"), condition=models.Q(revoked_at__isnull=True), name="a_token_name_is_used_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_titles(self) -> list[str]:
        """What it may do, in words."""
        from gnomon.organization.scopes import scope_title

        return [scope_title(scope) for scope in self.scopes]


class SignInFailures(models.Model):
    """Failed attempts under one username, whether or not it exists.

    The name is kept as a digest: people type their password into the wrong field.
    """

    name_digest = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = MomentField()
    locked_until = MomentField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name_digest[:8]}…: {self.count}"
