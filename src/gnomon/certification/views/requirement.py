"""One requirement: how it is proved, what was found, what people judge, and which limits hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.certification import actions
from gnomon.certification.catalogue import Requirement, catalogue, semantics
from gnomon.certification.examination import RequirementOutcome
from gnomon.certification.forms import IntervalForm, JudgeForm, LimitForm, judge_form_for
from gnomon.certification.kinds import CONFORMITY_RUN, RULE_LIMIT, SAMPLE
from gnomon.certification.models import ConformityRun, Judgement, Sample
from gnomon.certification.queries.board import lines_of
from gnomon.certification.queries.live import declared_checks
from gnomon.certification.queries.stored import outcomes_of
from gnomon.certification.queries.trend import trend_of
from gnomon.certification.sentences import rule_sentence
from gnomon.certification.thresholds import share_of
from gnomon.certification.views.doors import for_readers, person_of, run_asked, run_kept
from gnomon.records.actors import SYSTEM
from gnomon.records.permissions import may
from gnomon.records.queries import names_of
from gnomon.records.refusals import InvalidFacts
from gnomon.standard.plugs import Actor
from gnomon.ui.render import render


@for_readers
def requirement(request: HttpRequest, requirement_id: str, form: JudgeForm | None = None) -> HttpResponse:
    asked = _named(requirement_id)
    run = run_asked(request, asked.id)
    return render(
        request,
        "certification/requirement.html",
        asked=asked,
        title=catalogue().titles[asked.clause],
        **_found(asked, run),
        run_kept=run_kept(request, run),
        **_permitted(asked, person_of(request), form),
        interval=semantics().intervals.get(asked.interval),
        trend=trend_of(asked.id),
        neighbours=_neighbours(asked),
        status=422 if form is not None else 200,
    )


@require_POST
@for_readers
def judge(request: HttpRequest, requirement_id: str) -> HttpResponse:
    """Keep a judgement, and check again so that the board shows it."""
    asked, person = _named(requirement_id), person_of(request)
    form = JudgeForm(asked.level, request.POST)
    if not form.is_valid():
        return requirement(request, requirement_id, form=form)
    try:
        made = actions.judge(asked.id, by=person, **form.facts())
    except InvalidFacts as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
        return requirement(request, requirement_id, form=form)
    actions.run_checks(by=person if may(person, "create", CONFORMITY_RUN) else SYSTEM)
    messages.success(request, _("%(number)s was judged in %(judgement)s.") % {
        "number": asked.id, "judgement": made.number})  # fmt: skip
    return redirect("certification-requirement", requirement_id)


@require_POST
@for_readers
def limits(request: HttpRequest, requirement_id: str, rule: int) -> HttpResponse:
    """Set the organization's own numbers for a rule; they hold from now on."""
    asked = _named(requirement_id)
    if not 1 <= rule <= len(asked.rules):
        raise Http404(_("There is no such rule."))
    form = LimitForm(asked.rules[rule - 1], request.POST)
    if form.is_valid():
        actions.set_limits(requirement_id, rule, by=person_of(request), **form.facts())
        messages.success(request, _("The limits hold from now on. Earlier verdicts stay as they were."))
    else:
        messages.error(request, _first_fault(form))
    return redirect("certification-requirement", requirement_id)


@require_POST
@for_readers
def interval(request: HttpRequest, requirement_id: str) -> HttpResponse:
    """Plan how often the activity of a requirement is repeated."""
    asked, form = _named(requirement_id), IntervalForm(request.POST)
    if form.is_valid() and asked.interval:
        actions.plan_activity(asked.interval, by=person_of(request), **form.cleaned_data)
        messages.success(request, _("The interval is planned. The next check goes by it."))
    else:
        messages.error(request, _first_fault(form))
    return redirect("certification-requirement", requirement_id)


def _named(requirement_id: str) -> Requirement:
    try:
        return catalogue().requirement(requirement_id)
    except LookupError as unknown:
        raise Http404(str(unknown)) from unknown


def _found(asked: Requirement, run: ConformityRun | None) -> dict[str, Any]:
    """What a run found about the requirement, and what people judged."""
    outcome = next(iter(outcomes_of(run, asked.id)), None) if run else None
    lines = lines_of(run, asked.id) if run else []
    judgements = list(Judgement.objects.filter(requirement=asked.id).order_by("-judged_at", "-id")[:10])
    return {
        "run": run,
        "line": lines[0] if lines else None,
        "judged": outcome.judged if outcome else None,
        "rules": _rules(asked, outcome),
        "judgements": judgements,
        "samples": list(Sample.objects.filter(requirement=asked.id).order_by("-id")[:10]),
        "names": names_of(each.judge for each in judgements),
    }


def _permitted(asked: Requirement, person: Actor, form: JudgeForm | None) -> dict[str, Any]:
    """The forms that this person may use here."""
    return {
        "judge_form": judge_form_for(asked, person) and (form or judge_form_for(asked, person)),
        "interval_form": IntervalForm(initial=_interval_default(asked)) if asked.interval else None,
        "may_set": may(person, "create", RULE_LIMIT),
        "may_check": may(person, "create", CONFORMITY_RUN),
        "may_draw": may(person, "create", SAMPLE),
    }


def _rules(asked: Requirement, outcome: RequirementOutcome | None) -> list[dict[str, Any]]:
    """Each rule with its outcome in the run, if there is one, and its sentence."""
    outcomes = {each.rule.position: each for each in outcome.rules} if outcome else {}
    rows: list[dict[str, Any]] = []
    for rule in asked.rules:
        found, check = outcomes.get(rule.position), declared_checks().get(rule.name)
        row: dict[str, Any] = {"rule": rule, "outcome": found, "says": str(check.says) if check else "", "because": ""}
        row["lacks"] = str(check.lacks) if check else ""
        row["source"] = catalogue().sources[rule.source]
        row["form"] = LimitForm(rule) if rule.limits or share_of(rule.threshold) else None
        if found is not None:
            row["because"] = rule_sentence(
                rule, found.verdict, seen=found.finding.seen, late=len(found.finding.late),
                failed=len(found.finding.failed), threshold=found.threshold, error=found.error,
            )  # fmt: skip
        rows.append(row)
    return rows


def _interval_default(asked: Requirement) -> dict[str, int]:
    default = semantics().intervals[asked.interval]
    return {"days": default.days, "tolerance_days": default.tolerance}


def _neighbours(asked: Requirement) -> tuple[Requirement | None, Requirement | None]:
    everyone = catalogue().requirements
    at = everyone.index(asked)
    return (everyone[at - 1] if at else None, everyone[at + 1] if at + 1 < len(everyone) else None)


def _first_fault(form: Any) -> str:
    for name, sentences in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {sentences[0]}" if label else str(sentences[0])
    return _("Nothing was changed.")
