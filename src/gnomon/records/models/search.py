"""What search remembers beside its index."""

from __future__ import annotations

from django.db import models


class SearchMark(models.Model):
    """How far a piece of work on the index has come."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField(default=0)


class SearchWord(models.Model):
    """A Latin word that records hold, and in about how many it was seen: what a mistyped word may have meant."""

    word = models.CharField(max_length=24, primary_key=True)
    seen = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=("seen",), name="rarest_words"),)


class SearchNear(models.Model):
    """A word with a letter left out, by which words that differ from it by an error are found."""

    key = models.CharField(max_length=24)
    word = models.CharField(max_length=24)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "word"), name="a_word_is_near_a_key_once"),)
        indexes = (models.Index(fields=("word",), name="keys_of_word"),)
