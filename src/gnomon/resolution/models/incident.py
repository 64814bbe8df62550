"""Incidents (8.6.1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from gnomon.agreements.levels import PRIORITY, Priority
from gnomon.records.fields import ActorField, MomentField
from gnomon.records.levels import LevelField
from gnomon.records.models import Record
from gnomon.resolution.category_fields import CategoryField
from gnomon.resolution.fields import ClosureCodeField, EntriesField
from gnomon.resolution.levels import IMPACT, URGENCY, Level


class Channel(models.TextChoices):
    """How we heard of it."""

    PHONE = "phone", _("Phone")
    PORTAL = "portal", _("Portal")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    MONITORING = "monitoring", _("Monitoring")
    WALK_IN = "walk_in", _("In person")


class WaitingReason(models.TextChoices):
    """Whom or what we wait for."""

    USER = "user", _("User")
    SUPPLIER = "supplier", _("Supplier")
    PROBLEM = "problem", _("Problem")
    CHANGE = "change", _("Change")
    EVIDENCE = "evidence", _("Evidence")


def _moment(title: Any) -> MomentField[Any, Any]:
    return MomentField(title, null=True, blank=True)


def _leading(title: Any, others: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name=others, verbose_name=title, db_index=False
    )


class Incident(Record):
    """An unplanned interruption or degradation of a service, and how it was dealt with (8.6.1)."""

    description = models.TextField(_("description"), blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.PORTAL)
    requester = models.ForeignKey(
        "organization.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # “incident_of_requester” serves, and answers from the index alone
        related_name="reported_incidents",
        verbose_name=_("requester"),
    )
    customer = models.ForeignKey(
        "agreements.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("customer"),
    )
    service = models.ForeignKey(
        "portfolio.Service",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("service"),
        db_index=False,
    )
    category = CategoryField(_("category"), max_length=120, blank=True)
    subcategory = CategoryField(_("subcategory"), max_length=120, blank=True, sub=True)
    impact = LevelField(_("impact"), scale=IMPACT, choices=Level.choices, null=True, blank=True)
    urgency = LevelField(_("urgency"), scale=URGENCY, choices=Level.choices, null=True, blank=True)
    priority = LevelField(_("priority"), scale=PRIORITY, choices=Priority.choices, null=True, blank=True)
    team = models.ForeignKey(
        "organization.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("team"),
        db_index=False,
    )
    assignee = models.ForeignKey(
        "organization.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_incidents",
        verbose_name=_("assignee"),
        db_index=False,
    )
    opened_at = MomentField(_("opened at"))
    responded_at = _moment(_("responded at"))
    resolved_at = _moment(_("resolved at"))
    closed_at = _moment(_("closed at"))
    closed_by = ActorField(_("closed by"), max_length=40, blank=True)
    escalated_at = _moment(_("escalated at"))
    escalated_to = models.ForeignKey(
        "organization.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("escalated to the manager"), db_index=False,
    )  # fmt: skip
    waiting_reason = models.CharField(_("waiting for"), max_length=20, choices=WaitingReason.choices, blank=True)
    resolution = models.TextField(_("resolution"), blank=True)
    closure_code = ClosureCodeField(_("closure code"), max_length=40, blank=True)
    reopen_count = models.PositiveIntegerField(_("reopened"), default=0)
    reassignment_count = models.PositiveIntegerField(_("reassigned"), default=0)
    first_contact_resolution = models.BooleanField(_("resolved at first contact"), default=False)
    is_major = models.BooleanField(_("major incident"), default=False)
    meets_major_criteria_at = _moment(_("met the major criteria at"))
    major_declared_at = _moment(_("declared major at"))
    major_manager = models.ForeignKey(
        "organization.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("major incident manager"),
        db_index=False,
    )
    management_informed_at = _moment(_("top management informed at"))

    # one record told as part of another: each points to the one that leads
    parent = _leading(_("part of"), "children")
    merged_into = _leading(_("merged into"), "merged")
    split_from = _leading(_("split from"), "splits")
    carried = EntriesField(_("entries carried over"), null=True, blank=True, editable=False)

    # pinned when the clocks begin, so that later editions never rewrite a verdict
    sla = models.ForeignKey(
        "agreements.ServiceLevelAgreement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        verbose_name=_("service level agreement"),
    )
    sla_version = models.PositiveIntegerField(_("version of the agreement"), null=True, blank=True)
    calendar_version = models.PositiveIntegerField(_("version of the calendar"), null=True, blank=True)

    # pinned when a team gets it: what its turn is held to
    ola = models.ForeignKey(
        "agreements.OperationalLevelAgreement", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+", verbose_name=_("operational level agreement"), db_index=False,
    )  # fmt: skip
    ola_version = models.PositiveIntegerField(_("version of the internal agreement"), null=True, blank=True)
    ola_calendar_version = models.PositiveIntegerField(_("version of the team's calendar"), null=True, blank=True)

    external_number = models.CharField(_("number elsewhere"), max_length=80, blank=True)
    source = models.JSONField(_("facts of the source"), default=dict, blank=True)
    source_made_sla = models.BooleanField(_("target met by the source's account"), null=True, blank=True)

    # projections: rebuilt from the ledger at any time with the same result
    due_at = _moment(_("due at"))
    respond_due_at = _moment(_("response due at"))
    resolve_due_at = _moment(_("resolution due at"))
    respond_met = models.BooleanField(_("responded within target"), null=True, blank=True)
    resolve_met = models.BooleanField(_("resolved within target"), null=True, blank=True)

    minutes_spent = models.IntegerField(_("minutes spent"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("incident")
        indexes = (
            models.Index(fields=("status", "priority", "-id"), name="incident_desk_list"),
            models.Index(fields=("due_at",), name="incident_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=("team", "status", "-id"), name="incident_team_queue"),
            models.Index(fields=("assignee", "status", "-id"), name="incident_my_queue"),
            models.Index(fields=("service", "-id"), name="incident_of_service"),
            models.Index(fields=("requester", "-id"), name="incident_of_requester"),
            models.Index(fields=("opened_at",), name="incident_opened"),
            models.Index(fields=("service", "category", "opened_at"), name="incidents_alike_since"),
            models.Index(fields=("status",), name="incident_major", condition=models.Q(is_major=True)),
            models.Index(
                fields=("meets_major_criteria_at",), name="incident_meets_major",
                condition=models.Q(meets_major_criteria_at__isnull=False),
            ),
            models.Index(
                fields=("responded_at",), name="incident_responded",
                condition=models.Q(responded_at__isnull=False),
            ),
            models.Index(fields=("resolved_at",), name="incident_resolved"),
            models.Index(fields=("closed_at",), name="incident_closed"),
            *(
                models.Index(fields=(name,), name=f"incident_{name}", condition=models.Q(**{f"{name}__isnull": False}))
                for name in ("parent", "merged_into", "split_from")
            ),
            models.Index(
                fields=("external_number",), name="incident_elsewhere", condition=~models.Q(external_number="")
            ),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="an_incident_closes_after_it_opened",
            ),
            models.CheckConstraint(
                condition=models.Q(is_major=False) | models.Q(major_declared_at__isnull=False),
                name="a_major_incident_was_declared_at_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into__isnull=True)),
                name="a_merged_incident_says_into_which",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="an_incident_is_no_part_of_itself",
            ),
        )
