"""What goes wrong, as problem details (RFC 9457) whose detail is a sentence that says what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from gnomon.api.answers import problem
from gnomon.api.conditions import ConditionNeeded, NotAsSeen
from gnomon.api.limits import TooMany
from gnomon.api.once import KeyUsedOtherwise, StillAtWork
from gnomon.organization.scopes import ScopeMissing
from gnomon.records.bodies import TOO_MUCH, says_too_much
from gnomon.records.facts import fact
from gnomon.records.models import Record
from gnomon.records.refusals import InvalidFacts, MoveRefused, NotAllowed, NotYet, Refused, StaleRecord

CHALLENGE = 'Bearer realm="Gnomon"'


class NoSuchMove(Exception):
    """A move that the record's workflow does not know."""

    def __init__(self, record: Record, name: str) -> None:
        super().__init__(name)
        self.record, self.name = record, name


class Problem(Schema):
    """A refusal: `detail` is a sentence, `errors` has one for each field that is wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: dict[str, str] = Field(default_factory=dict)
    changed: dict[str, list[Any]] = Field(default_factory=dict)
    version: int = Field(0, description="The present one, when yours was older: send again with it what still holds.")


def install(api: NinjaAPI) -> None:
    """Turn every expected refusal into problem details."""

    @api.exception_handler(InvalidFacts)
    def invalid(_request: HttpRequest, refused: InvalidFacts) -> HttpResponse:
        return problem(422, _("The facts cannot be taken"), refused.says, errors=refused.fields)

    @api.exception_handler(StaleRecord)
    def stale(_request: HttpRequest, refused: StaleRecord) -> HttpResponse:
        changed = {name: [fact(old), fact(new)] for name, (old, new) in refused.changed.items()}
        # A condition in the headers that does not hold is 412 (RFC 9110, 13.1.1); a conflict in the facts is 409.
        status = 412 if isinstance(refused, NotAsSeen) else 409
        return problem(
            status, _("Somebody was quicker"), refused.says, changed=changed, by=refused.by, version=refused.version
        )

    @api.exception_handler(ConditionNeeded)
    def unconditional(_request: HttpRequest, refused: ConditionNeeded) -> HttpResponse:
        return problem(428, _("Say what you saw"), refused.says)

    @api.exception_handler(StillAtWork)
    def at_work(_request: HttpRequest, refused: StillAtWork) -> HttpResponse:
        answer = problem(409, _("Still at work"), refused.says)
        answer["Retry-After"] = "1"
        return answer

    @api.exception_handler(NotYet)
    def not_yet(_request: HttpRequest, refused: NotYet) -> HttpResponse:
        answer = problem(503, _("Not yet"), refused.says)
        answer["Retry-After"] = str(refused.again)
        return answer

    @api.exception_handler(KeyUsedOtherwise)
    def other_request(_request: HttpRequest, refused: KeyUsedOtherwise) -> HttpResponse:
        return problem(422, _("Another request"), refused.says, errors={"Idempotency-Key": refused.says})

    @api.exception_handler(TooMany)
    def too_many(_request: HttpRequest, refused: TooMany) -> HttpResponse:
        answer = problem(429, _("Too many calls"), refused.says)
        answer["Retry-After"] = str(refused.wait)
        return answer

    @api.exception_handler(ScopeMissing)
    def out_of_scope(_request: HttpRequest, refused: ScopeMissing) -> HttpResponse:
        answer = problem(403, _("Not allowed"), refused.says)
        answer["WWW-Authenticate"] = f'{CHALLENGE}, error="insufficient_scope", scope="{refused.scope}"'
        return answer

    @api.exception_handler(MoveRefused)
    def refused_move(_request: HttpRequest, refused: MoveRefused) -> HttpResponse:
        return problem(409, _("The move is refused"), refused.says)

    @api.exception_handler(NotAllowed)
    def forbidden(_request: HttpRequest, refused: NotAllowed) -> HttpResponse:
        return problem(403, _("Not allowed"), refused.says)

    @api.exception_handler(Refused)
    def other(_request: HttpRequest, refused: Refused) -> HttpResponse:
        return problem(400, _("Refused"), refused.says)

    @api.exception_handler(Http404)
    def missing(_request: HttpRequest, _missing: Http404) -> HttpResponse:
        return problem(404, _("Not found"), _("There is no such record, or you may not know of it. Check the number."))

    @api.exception_handler(NoSuchMove)
    def no_move(_request: HttpRequest, error: NoSuchMove) -> HttpResponse:
        record = error.record
        open_to = ", ".join(move.name for move in record.kind.workflow_of(record).moves_from(record.status)) or "–"
        says = _("%(record)s has no move “%(move)s”. Open to it now: %(moves)s.")
        return problem(
            404, _("No such move"), says % {"record": record.number, "move": error.name[:80], "moves": open_to}
        )  # fmt: skip

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        answer = problem(
            401, _("Who are you?"), _("Send “Authorization: Bearer TOKEN” with a token that is valid and not revoked.")
        )
        sent = "Authorization" in request.headers
        answer["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"' if sent else CHALLENGE
        return answer

    @api.exception_handler(ValidationError)
    def malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem(422, _("The request cannot be read"), _first(error), errors=_by_field(error))

    for sort in TOO_MUCH:

        @api.exception_handler(sort)
        def too_large(_request: HttpRequest, error: Exception) -> HttpResponse:
            return problem(413, _("Too large"), says_too_much(error))

    @api.exception_handler(HttpError)
    def plain(_request: HttpRequest, error: HttpError) -> HttpResponse:
        detail = _("The body is not JSON that can be read. Check its syntax and its encoding, which must be UTF-8.")
        return problem(error.status_code, _("Refused"), detail if error.status_code == 400 else str(error))


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem details of a refusal; any other error is raised again."""
    answer: HttpResponse = _teller().on_exception(request, error)
    return answer


@cache
def _teller() -> NinjaAPI:
    """Nothing to call: it knows what to say of each refusal."""
    api = NinjaAPI(urls_namespace="refusals")
    install(api)
    return api


def _by_field(error: ValidationError) -> Mapping[str, str]:
    return {_place(e["loc"]): _sentence(e) for e in error.errors}


def _place(steps: Sequence[str | int]) -> str:
    """The name of what is wrong: the first steps name the body and our own parameter, which clients know nothing of."""
    return ".".join(str(step) for step in steps[2:]) or "body"


def _sentence(error: Mapping[str, Any]) -> str:
    says = {
        "missing": _("This must be given."),
        "extra_forbidden": _("There is no such field here."),
        "string_type": _("This must be a text."),
        "string_unicode": _("The text holds a character that cannot be kept. Leave it out."),
        "string_too_long": _("The text is too long."),
        "int_type": _("This must be a whole number."),
        "int_from_float": _("This must be a whole number."),
        "bool_type": _("This must be true or false."),
        "dict_type": _("This must be an object of names and values."),
        "model_type": _("The body must be an object of names and values."),
        "model_attributes_type": _("The body must be an object of names and values."),
    }
    return says.get(error["type"], f"{error['msg']}.")


def _first(error: ValidationError) -> str:
    for name, says in _by_field(error).items():
        return f"{name}: {says}"
    return _("The request cannot be read.")
