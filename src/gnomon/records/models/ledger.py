"""The append-only ledger and the seals over it."""

from __future__ import annotations

from typing import Any

from django.db import models

from gnomon.jobs.moments import MomentField


class LedgerEntry(models.Model):
    """One thing that happened to one record, told once and never altered.

    `facts` is canonical JSON text `{field: [old, new]}`; `personal` holds those that may speak of people,
    each with a salt, until they are erased (`ledger.personal`); `digest` is SHA-256 over all content but the
    sequence, of personal facts over their commitments; `seal` shows that this installation wrote the entry.
    """

    sequence = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=80)
    actor = models.CharField(max_length=40)
    recorded_at = MomentField()
    happened_at = MomentField()
    facts = models.TextField()
    because = models.TextField(blank=True, default="")
    personal = models.TextField(blank=True, default="", db_default="")
    digest = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=("number", "version"), name="one_entry_for_each_version"),)
        indexes = (models.Index(fields=("kind", "sequence"), name="ledger_by_kind"),)

    def __str__(self) -> str:
        return f"{self.number} #{self.version} {self.verb}"

    @property
    def changes(self) -> dict[str, list[Any]]:
        """All facts as a dictionary of field → [old, new]; what was erased reads as `facts.ERASED`."""
        from gnomon.records.facts import read_facts

        return read_facts(self.facts, self.personal)


class Leaf(models.Model):
    """The place of an entry in the Merkle tree; once taken, order and content are fixed."""

    position = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("position",)


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root at one moment."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    previous = models.BinaryField(max_length=32)
    sealed_at = MomentField()
    key_id = models.CharField(max_length=16)
    signature = models.BinaryField(max_length=64)
    frontier = models.BinaryField()

    class Meta:
        ordering = ("size",)
