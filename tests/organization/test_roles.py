"""The ten roles."""

from __future__ import annotations

import pytest
from django.utils import translation

from gnomon.organization.roles import CODES, EXPORTING, EXTERNAL_AUDITOR, REQUESTER, ROLES, STAFF, role_title


def test_there_are_ten_roles_and_each_is_named_in_both_languages():
    assert len(CODES) == len(set(CODES)) == 10
    for role in ROLES:
        with translation.override("en"):
            assert role_title(role.code) == role.en
        with translation.override("zh-hans"):
            assert role_title(role.code) == role.zh


def test_requesters_do_not_see_all_service_records():
    assert set(CODES) - set(STAFF) == {REQUESTER}


def test_an_external_auditor_takes_no_lists_away():
    assert EXTERNAL_AUDITOR not in EXPORTING


@pytest.mark.django_db
def test_a_role_that_nobody_knows_stands_for_itself():
    assert role_title("archivist") == "archivist"
