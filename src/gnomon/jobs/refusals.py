"""What jobs refuse, in sentences.

JobRefused
├── UnknownJob      no app declares a job of that name
├── KeyTaken        the key already waits with other facts
└── NotDead         only a dead job can be revived
GiveUp              raised by a job's body: trying again cannot help
"""

from __future__ import annotations


class JobRefused(Exception):
    """A job cannot be stored or changed as asked; the text says why."""


class UnknownJob(JobRefused, LookupError):
    """No app declares a job of that name."""


class KeyTaken(JobRefused):
    """The key already waits with other facts."""


class NotDead(JobRefused):
    """Only a dead job can be revived."""


class GiveUp(Exception):
    """Raised by a job's body when trying again cannot help: the job is dead at once."""
