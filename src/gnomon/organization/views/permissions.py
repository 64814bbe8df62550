"""Who may do what: the table that the actions enforce (5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gnomon.organization.customizing import CHANGED_PERMISSION
from gnomon.organization.permitting import permit, stays
from gnomon.organization.roles import CODES, STAFF, RoleText, base_of, known_roles
from gnomon.organization.sign_in import signed_in
from gnomon.organization.verbs import verb_title
from gnomon.records.definitions import forget_definitions
from gnomon.records.kinds import Kind
from gnomon.records.permissions import VERBS, matrix, may, require
from gnomon.records.refusals import InvalidFacts, NotAllowed
from gnomon.standard.clauses import clause_order
from gnomon.standard.plugs import Says
from gnomon.ui.render import render


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role may, whether it was decided here, and why nobody can change it."""

    allowed: bool
    decided: bool = False
    stays: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A verb with one answer for each role."""

    title: Says
    cells: Sequence[Cell]
    name: str
    is_move: bool = False


@dataclass(slots=True)
class Block:
    """A kind with its verbs."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)
    narrowed: bool = False

    @property
    def list_url(self) -> str:
        return f"{self.kind.name}-list"


def matrix_page(request: HttpRequest) -> HttpResponse:
    """Roles × kinds × verbs, read from the same table that refuses; administrators decide for one role at a time."""
    if not signed_in(request).holds(*STAFF):
        raise NotAllowed(_("The table of permissions is for the people who work here."))
    known = known_roles()
    roles = [one for one in known if one.code == request.GET.get("role", "")] or list(known)
    shown = blocks(roles)
    seen = state_of(shown)
    chosen = roles[0].code if len(roles) == 1 else ""
    faults: list[str] = []
    if request.method == "POST" and chosen:
        require(signed_in(request), "change", CHANGED_PERMISSION)
        if request.POST.get("seen") != seen:
            faults = [_("Somebody changed these permissions meanwhile. Look at them again, then decide.")]
        else:
            faults, changed = _decided(request, chosen)
            if not faults:
                messages.success(request, _said(changed))
                return redirect(request.get_full_path())
    return render(
        request, "organization/permissions.html", roles=roles, blocks=shown, all_roles=known, role=chosen, seen=seen,
        decides=bool(chosen) and may(signed_in(request), "change", CHANGED_PERMISSION), faults=faults,
        because=request.POST.get("because", ""), status=422 if faults else 200,
    )  # fmt: skip


def state_of(shown: Sequence[Block]) -> str:
    """What the table says, in short: whoever decides decides about this, and about nothing newer."""
    told = [
        (block.kind.name, line.name, cell.allowed) for block in shown for line in block.lines for cell in line.cells
    ]
    return sha256(repr(told).encode()).hexdigest()[:16]


def _decided(request: HttpRequest, role: str) -> tuple[list[str], int]:
    """What is wrong, or else how many permissions are different now; all of them or none."""
    wanted, because = set(request.POST.getlist("may")), request.POST.get("because", "").strip()
    by, changed = signed_in(request), 0
    try:
        with transaction.atomic():
            for kind, verb, _holders in matrix():
                if not stays(kind, verb, role):
                    allowed = f"{kind.name}:{verb}" in wanted
                    changed += permit(kind, verb, role, allowed=allowed, by=by, because=because)
    except InvalidFacts as refused:
        forget_definitions()  # what was tried and taken back
        return list(refused.fields.values()) or [refused.says], 0
    return [], changed


def _said(changed: int) -> str:
    if not changed:
        return _("Nothing was different.")
    return ngettext("%(count)d permission was changed.", "%(count)d permissions were changed.", changed) % {
        "count": changed
    }


def blocks(roles: Sequence[RoleText]) -> list[Block]:
    """The matrix by kind, in the order of the clauses."""
    found: dict[str, Block] = {}
    for kind, verb, holders in matrix():
        block = found.setdefault(kind.name, Block(kind, narrowed=kind.sees is not None))
        title = verb_title(kind, verb)
        declared = kind.declared_holders(verb)
        cells = [
            Cell(
                allowed := role.code in holders,
                allowed != (base_of(role.code) in (declared if role.code in CODES else holders)),
                stays(kind, verb, role.code) if len(roles) == 1 else "",
            )
            for role in roles
        ]
        block.lines.append(Line(title, cells, verb, verb not in VERBS))
    return sorted(found.values(), key=lambda block: clause_order(block.kind.clause))
