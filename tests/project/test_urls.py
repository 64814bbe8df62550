"""Addresses: found without a registry, own pages before generic ones, the API only when it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from gnomon.records.kinds import kinds


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_kind_has_its_list_and_record_page(kind):
    assert reverse(f"{kind.name}-list") == f"/{kind.app}/{kind.path}/"
    number = f"{kind.prefix}-000042"
    assert resolve(f"/{kind.app}/{kind.path}/{number}").kwargs["number"] == number


def test_an_apps_own_page_wins_over_the_generic_one():
    assert resolve("/organization/permissions/").url_name == "permissions"
    assert resolve("/").url_name == "home"


def test_an_unknown_name_is_no_address():
    with pytest.raises(NoReverseMatch):
        reverse("no-such-page")


def test_opening_pages_does_not_wait_for_the_api():
    code = (
        "import sys, django; django.setup(); from django.urls import resolve, reverse;"
        "resolve('/sign-in'); reverse('home'); sys.exit('ninja' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, timeout=120)
    assert ran.returncode == 0
