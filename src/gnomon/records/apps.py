from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "gnomon.records"
    label = "records"
    verbose_name = _("Records")
    clause = "7.5"

    def ready(self) -> None:
        post_migrate.connect(guard_ledger, sender=self)
        post_migrate.connect(watch_rules, sender=self)


def guard_ledger(using: str, **_facts: Any) -> None:
    """After each migration, since SQLite alters a table by making it anew, without its triggers."""
    from gnomon.records.ledger.triggers import guard

    guard(connections[using])


def watch_rules(using: str, **_facts: Any) -> None:
    """After each migration, for the same reason."""
    from gnomon.records.rules import watch

    watch(connections[using])
