"""What people add to a list: their views of it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower


class SavedView(models.Model):
    """A list with its filters, order and columns under a name; a person's own, or shared."""

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.TextField()
    person = models.CharField(max_length=40)
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("kind", "person", "name"), name="a_view_name_is_used_once"),
            models.UniqueConstraint(
                models.F("kind"), Lower("name"), condition=models.Q(shared=True),
                name="shared_views_of_a_kind_have_one_name_each",
            ),
        )  # fmt: skip
