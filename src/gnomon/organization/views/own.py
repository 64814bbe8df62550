"""What a person keeps about themself: settings, password, tokens."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from gnomon.organization import actions
from gnomon.organization.forms import OwnSettingsForm, PasswordForm, TokenForm
from gnomon.organization.queries import teams_of
from gnomon.organization.roles import role_title
from gnomon.organization.sign_in import signed_in
from gnomon.records.refusals import InvalidFacts
from gnomon.ui.render import render


def settings_page(request: HttpRequest) -> HttpResponse:
    """Who I am here, and how I like it."""
    person = signed_in(request)
    form = OwnSettingsForm(
        request.POST or None,
        initial={"language": person.language, "time_zone": person.time_zone, "phone": person.phone},
    )
    if request.method == "POST" and form.is_valid():
        actions.change_own_settings(person, **form.cleaned_data)
        if person.language:
            translation.activate(person.language)
        messages.success(request, _("Your settings are saved."))
        return redirect("own_settings")
    return render(
        request, "organization/own_settings.html", form=form, me=person, teams=teams_of(person),
        roles=[role_title(code) for code in person.roles], status=_status(form),
    )  # fmt: skip


@sensitive_post_parameters()
@never_cache
def password_page(request: HttpRequest) -> HttpResponse:
    """Change my password; this session stays, all others end."""
    person = signed_in(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_own_password(person, form.cleaned_data["present"], form.cleaned_data["password"])
        except InvalidFacts as refused:
            _put(form, refused)
        else:
            update_session_auth_hash(request, person)
            messages.success(
                request, _("Your password is changed. Other places where you were signed in are signed out.")
            )
            return redirect("own_settings")
    return render(request, "organization/own_password.html", form=form, me=person, status=_status(form))


@never_cache
def tokens_page(request: HttpRequest) -> HttpResponse:
    """My tokens; the text of a new one is shown once."""
    person = signed_in(request)
    form = TokenForm(request.POST or None, person=person)
    text = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _made, text = actions.make_token(
                person, name=given["name"], scopes=form.scopes(), expires_at=timezone.now() + given["days"],
                calls_per_minute=given["calls_per_minute"], by=person,
            )  # fmt: skip
            form = TokenForm(person=person)
        except InvalidFacts as refused:
            _put(form, refused)
    return _tokens(request, form, text)


@require_POST
@never_cache
def rotate(request: HttpRequest, key: int) -> HttpResponse:
    """Give one of my tokens a new text, which is shown once."""
    person = signed_in(request)
    token = get_object_or_404(person.tokens.filter(revoked_at=None), pk=key)
    _token, text = actions.rotate_token(token, by=person)
    return _tokens(request, TokenForm(person=person), text)


def _tokens(request: HttpRequest, form: TokenForm, text: str) -> HttpResponse:
    person = signed_in(request)
    return render(
        request, "organization/own_tokens.html", form=form, me=person, text=text, status=_status(form),
        tokens=person.tokens.filter(revoked_at=None), now=timezone.now(),
    )  # fmt: skip


@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """End one of my tokens."""
    person = signed_in(request)
    token = get_object_or_404(person.tokens, pk=key)
    actions.revoke_token(token, by=person)
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("own_tokens")


def _put(form: forms.Form, refused: InvalidFacts) -> None:
    for name, says in refused.fields.items():
        form.add_error(name if name in form.fields else None, says)


def _status(form: forms.Form) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
