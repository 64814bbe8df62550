"""What is done around the application in each web process: what stands for good is collected no more, writers go first."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from gnomon.project.queued_sqlite.base import let_the_writer_go_on

Wsgi = Callable[[Any, Any], Iterable[bytes]]
AFTER = 100


def settled(application: Wsgi, after: int = AFTER) -> Wsgi:
    """The application, whose process settles with request number `after`.

    By then everything is loaded: some hundred thousand objects, which a full round would walk through in 0.1 to
    0.2 s, in the middle of whichever request it falls into.
    """
    turns = count(1)

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        if next(turns) == after:
            settle()
        return application(environ, start_response)

    return answer


def courteous(application: Wsgi) -> Wsgi:
    """The application, which begins no request while another thread of its process writes."""

    def answer(environ: Any, start_response: Any) -> Iterable[bytes]:
        let_the_writer_go_on()
        return application(environ, start_response)

    return answer


def settle() -> None:
    """Keep all that is here now, and never look at it again."""
    gc.collect()
    gc.freeze()
