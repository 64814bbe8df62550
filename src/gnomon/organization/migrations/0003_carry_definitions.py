from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations

from gnomon.jobs.moments import milliseconds
from gnomon.records.ledger.canonical import canonical
from gnomon.records.ledger.entries import entry_digest, entry_seal
from gnomon.records.ledger.keys import seal_key

WHY = "Carried over from the table that administrators filled by hand."
TYPES = {"text", "number", "date", "boolean", "choice"}


def carry(apps, schema_editor):
    """Each definition becomes a record with its first ledger entry; values in records stay as they are."""
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    for n, old in enumerate(apps.get_model("records", "CustomField").objects.order_by("id"), 1):
        facts = {
            "title": old.title_en, "title_zh": old.title_zh, "of_kind": old.kind, "name": old.name, "type": old.type,
            "required": old.required, "choices": old.choices, "position": old.position,
            "status": "retired" if old.retired else "in_use",
        }
        _born(apps, "CustomField", "custom_field", f"FLD-{n:06d}", facts, now)
        _counted(apps, "FLD", n)
    versions = list(apps.get_model("records", "WorkflowVersion").objects.order_by("kind", "version"))
    newest = {old.kind: old.version for old in versions if old.in_force}
    for n, old in enumerate(versions, 1):
        facts = {
            "title": f"{old.kind} {old.version}", "of_kind": old.kind, "edition": old.version, "table": old.table,
            "status": "in_force" if newest.get(old.kind) == old.version else "replaced",
        }
        _born(apps, "WorkflowVersion", "workflow_version", f"WFV-{n:06d}", facts, now)
        _counted(apps, "WFV", n)


def _born(apps, model, kind, number, facts, now):
    born = apps.get_model("organization", model)(number=number, recorded_at=now, version=1, workflow_version=1, **facts)
    born.save(force_insert=True)
    told = {"workflow_version": 1, **facts}
    written = {name: [None, value] for name, value in told.items() if value not in ("", 0, False, [], {}, None)}
    text = canonical(written).decode()
    at = milliseconds(now)
    digest = entry_digest(kind, number, 1, f"{kind}:recorded", "system", at, at, text, WHY)
    apps.get_model("records", "LedgerEntry").objects.create(
        kind=kind, number=number, version=1, verb=f"{kind}:recorded", actor="system", recorded_at=now,
        happened_at=now, facts=text, because=WHY, digest=digest, seal=entry_seal(seal_key(settings.HOME / "keys"), digest),
    )


def _counted(apps, prefix, last):
    apps.get_model("records", "Numbering").objects.update_or_create(prefix=prefix, defaults={"last": last})


class Migration(migrations.Migration):

    dependencies = [
        ("organization", "0002_customizing"),
        ("records", "0003_imports"),
    ]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
