"""What people are told, and that they were (7.4)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from gnomon.jobs.moments import MomentField


class Message(models.Model):
    """One thing that people are told because of one cause; its title is kept in every language of the house.

    `texts` holds the further words in each language where an organisation gave its own, and is empty otherwise.
    `commitment` stands for all its words: an erasure blanks these and their `salt`, and leaves it (`sealing.words`).
    Messages of before have neither.
    """

    cause = models.CharField(max_length=200, unique=True)
    what = models.CharField(max_length=60)
    kind = models.CharField(max_length=40, blank=True, default="")
    number = models.CharField(max_length=40, blank=True, default="")
    titles = models.JSONField()
    text = models.TextField(blank=True, default="")
    texts = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=500, blank=True, default="")
    links = models.JSONField(default=list)
    internal = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    actor = models.CharField(max_length=40, blank=True, default="")
    told_at = MomentField()
    salt = models.CharField(max_length=20, blank=True, default="", editable=False)
    commitment = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("number", "id"), name="messages_about_record"),)

    def __str__(self) -> str:
        return self.title_in(get_language())

    def title_in(self, language: str | None) -> str:
        """The title as a reader of that language gets it."""
        titles: dict[str, str] = self.titles
        return titles.get(language or "") or titles.get(settings.LANGUAGE_CODE) or next(iter(titles.values()), "")

    def text_in(self, language: str | None) -> str:
        """The further words as a reader of that language gets them."""
        texts: dict[str, str] = self.texts
        return texts.get(language or "", self.text)


class Receipt(models.Model):
    """That one person is told of one message, and when they read it here.

    A suppressed one is kept but not shown to the person: too much was told about the record within an hour.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    person = models.CharField(max_length=40)
    read_at = MomentField(null=True, blank=True)
    suppressed = models.BooleanField(default=False)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=("message", "person"), name="a_person_is_told_once_of_a_cause"),)
        indexes = (
            models.Index(fields=("person", "-id"), name="receipts_of_person"),
            models.Index(
                fields=("person",), name="receipts_unread", condition=models.Q(read_at__isnull=True, suppressed=False)
            ),
            models.Index(fields=("read_at",), name="receipts_read", condition=models.Q(read_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.message}"

    @property
    def words(self) -> str:
        """The further words of the message, in the language of the moment."""
        return self.message.text_in(get_language())
