"""The jobs that the installed apps declare in their `clockwork.py`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from gnomon.jobs.refusals import UnknownJob
from gnomon.standard.collect import collect
from gnomon.standard.plugs import Job

USUAL_ATTEMPTS = 8


@cache
def declared_jobs() -> Mapping[str, Job]:
    """Every declared job by its name; two of one name are refused."""
    jobs: dict[str, Job] = {}
    for job in collect("clockwork", Job):
        if job.name in jobs:
            raise ValueError(f"Two apps declare a job named {job.name}; give one of them another name.")
        jobs[job.name] = job
    return jobs


def job_named(name: str) -> Job:
    """The declared job of that name."""
    try:
        return declared_jobs()[name]
    except KeyError:
        raise UnknownJob(
            f"There is no job named {name}. Declare it in the clockwork.py of an installed app, "
            "or install the app that had it."
        ) from None


def is_brief(name: str) -> bool:
    """Whether a worker may take it with others; never when nobody declares it."""
    job = declared_jobs().get(name)
    return job is not None and job.brief


def attempts_of(name: str) -> int:
    """How often a job of that name is tried; the usual number when nobody declares it."""
    job = declared_jobs().get(name)
    return USUAL_ATTEMPTS if job is None else job.attempts
