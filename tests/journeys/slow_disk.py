"""The settings of an installation whose disk takes its time: whoever watches sees it in mid-write."""

import time
from typing import Any

from gnomon.project.settings import *  # noqa: F403
from gnomon.standard import durable

_keep_bytes = durable.keep_bytes


def keep_slowly(file: Any) -> None:
    time.sleep(0.2)
    _keep_bytes(file)


durable.keep_bytes = keep_slowly
