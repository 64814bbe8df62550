"""Find what the installed apps declare; there is no registry to keep in step."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

from django.apps import apps

T = TypeVar("T")


@cache
def collect(module: str, plug: type[T]) -> tuple[T, ...]:
    """All values of type `plug` at the top of `<app>.<module>`, in the order of INSTALLED_APPS."""
    found: list[T] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.{module}"
        if find_spec(name) is None:
            continue
        declared = vars(import_module(name)).values()
        found.extend(value for value in declared if isinstance(value, plug) and value not in found)
    return tuple(found)
