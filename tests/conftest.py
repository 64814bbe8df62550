"""The cast and the stage, shared by all tests.

Alice owns the service, Bob works the desk, Carol is the customer, Dave audits, Eve must see nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from django.db import connection
from django.db.backends.sqlite3.base import Database
from django.test import Client, TransactionTestCase
from django.utils import timezone, translation
from hypothesis import settings

import gnomon.records.queries.history  # noqa: F401 - the package has a function of the same name
from gnomon.organization.models import Person
from gnomon.records.ledger.triggers import unguard
from tests.makers import a_person

# A busy machine is no fault of the code: properties are held to what they say, not to how fast.
settings.register_profile("gnomon", deadline=None)
settings.load_profile("gnomon")

# What the command line consists of is the same in all tests, and takes a tenth of a second to put together.
typer.testing._get_command = cache(typer.testing._get_command)

BEGINNING = "-at-the-beginning"
SignIn = Callable[[Person], Client]

_empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _as_at_the_beginning(case: TransactionTestCase) -> None:
    """Tests that commit leave an empty database behind, which the ledger refuses while it is guarded."""
    if connection.vendor == "sqlite":
        _copy_of_the_beginning()
        return
    unguard(connection)
    _empty_beside_the_models()
    _empty(case)  # ends in post_migrate, which puts the guards back


def _copy_of_the_beginning() -> None:
    """Put the tables as they were made over those of the test; connections of other threads see them change."""
    connection.close()
    connection.ensure_connection()
    with closing(Database.connect(str(connection.settings_dict["TEST"]["NAME"]) + BEGINNING)) as beginning:
        beginning.backup(connection.connection)


def _empty_beside_the_models() -> None:
    """Django empties the tables of models only; the search index stands beside them."""
    kept = {*connection.introspection.django_table_names(), "django_migrations"}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - kept):
            cursor.execute(f'DELETE FROM "{table}"')


TransactionTestCase._fixture_teardown = _as_at_the_beginning  # type: ignore[attr-defined]


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: some tests wait for browsers and other processes."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with tables and nothing in them, made once for all processes of a run; whoever needs one copies it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "migrated"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = shared / "home"
        if not home.exists():
            begun = shared / f"begun-{os.getpid()}"
            begun.mkdir()
            ours = {
                "GNOMON_HOME": str(begun),
                "GNOMON_DATABASE_URL": "",
                "DJANGO_SETTINGS_MODULE": "gnomon.project.settings",
            }
            migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env={**os.environ, **ours}, check=True)
            begun.rename(home)
    return home


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's file is there before pytest-django looks for it."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Each process of a run begins with a copy of the tables instead of making them again."""
    if connection.vendor == "sqlite":
        made = request.getfixturevalue("migrated_home") / "gnomon.sqlite3"
        ours = connection.settings_dict["TEST"]["NAME"]
        shutil.copyfile(made, ours)
        shutil.copyfile(made, f"{ours}{BEGINNING}")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A test that switches language or time zone, as answering a person does, leaves both as they were."""
    timezone.deactivate()
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What code remembers of stored records is forgotten: each test counts its record numbers from one.

    A test's transaction never ends, so versions are remembered at once.
    """
    versions = sys.modules["gnomon.records.queries.history"]
    monkeypatch.setattr(versions, "once_it_stands", lambda remember: remember())
    yield
    versions.forget_versions()
    sys.modules["gnomon.records.rules"].see(None)
    for memory in _memories(len(sys.modules)):
        memory.cache_clear()


@cache
def _memories(_modules: int) -> list[Any]:
    """The bounded memories of all our modules; unbounded ones hold declarations, which are the same in all tests."""
    return [
        value
        for name, module in list(sys.modules.items())
        if name.startswith("gnomon.")
        for value in list(vars(module).values())
        if not isinstance(value, type)
        and hasattr(value, "cache_clear")
        and value.cache_parameters()["maxsize"] is not None
    ]


@pytest.fixture
def alice(db: None) -> Person:
    """Owns the service."""
    return a_person("Alice Chen", username="alice", roles=["service_owner"])


@pytest.fixture
def bob(db: None) -> Person:
    """Works the desk."""
    return a_person("Bob Reed", username="bob", roles=["agent"])


@pytest.fixture
def carol(db: None) -> Person:
    """Is the customer: reports and asks."""
    return a_person("Carol Lane", username="carol", roles=["requester"])


@pytest.fixture
def dave(db: None) -> Person:
    """Audits, inside the house."""
    return a_person("Dave Holt", username="dave", roles=["internal_auditor"])


@pytest.fixture
def eve(db: None) -> Person:
    """Must see nothing: she may sign in and holds no role."""
    return a_person("Eve Stone", username="eve", roles=[])


@pytest.fixture
def olga(db: None) -> Person:
    """Administers the installation."""
    return a_person("Olga Winter", username="olga", roles=["administrator"])


@pytest.fixture
def sign_in() -> SignIn:
    """A browser in which a person is signed in."""

    def browser(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return browser


@pytest.fixture
def alice_browser(alice: Person, sign_in: SignIn) -> Client:
    return sign_in(alice)


@pytest.fixture
def bob_browser(bob: Person, sign_in: SignIn) -> Client:
    return sign_in(bob)


@pytest.fixture
def carol_browser(carol: Person, sign_in: SignIn) -> Client:
    return sign_in(carol)


@pytest.fixture
def dave_browser(dave: Person, sign_in: SignIn) -> Client:
    return sign_in(dave)


@pytest.fixture
def eve_browser(eve: Person, sign_in: SignIn) -> Client:
    return sign_in(eve)


@pytest.fixture
def olga_browser(olga: Person, sign_in: SignIn) -> Client:
    return sign_in(olga)


@pytest.fixture
def nobody_browser(db: Any) -> Client:
    """A browser in which nobody is signed in."""
    return Client()
