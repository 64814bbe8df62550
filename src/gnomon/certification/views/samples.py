"""Draw a sample, look at its records one by one, and draw it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gnomon.certification import actions
from gnomon.certification.catalogue import Requirement, catalogue
from gnomon.certification.kinds import SAMPLE
from gnomon.certification.models import ConformityRun, Sample
from gnomon.certification.numbers import Numbers
from gnomon.certification.queries.board import lines_of as requirements_of
from gnomon.certification.queries.samples import WAITING, lines_of, tally
from gnomon.certification.queries.stored import newest_run
from gnomon.certification.sample_forms import DrawForm, ExamineForm
from gnomon.certification.samples import suggested_size
from gnomon.certification.sampling import EXAMINED, OUTCOMES, population_of
from gnomon.certification.views.doors import for_readers, person_of
from gnomon.records import permissions
from gnomon.records.queries import names_of
from gnomon.records.refusals import InvalidFacts, Refused
from gnomon.records.views.finding import found
from gnomon.records.views.writing import put_errors
from gnomon.ui.render import render

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A count of a run that a sample is drawn from."""

    run: ConformityRun
    asked: Requirement
    rule: int
    part: str
    population: Numbers

    @property
    def of(self) -> str:
        """How the address names it."""
        return f"{self.rule}-{self.part}"

    @property
    def says(self) -> Any:
        """What the check says, or the requirement when its deciding rules are taken together."""
        return self.asked.rules[self.rule - 1].says if self.rule else self.asked.text


@for_readers
def draw(request: HttpRequest) -> HttpResponse:
    """The form of a sample, over the population that it is drawn from; without one, what there is to choose."""
    person = person_of(request)
    permissions.require(person, "create", SAMPLE)
    if not request.GET.get("requirement"):
        return _choose(request)
    place = _place(request.GET)
    form = DrawForm(place.population, request.POST or None)
    if form.is_valid():
        order = form.order()
        try:
            return redirect(actions.draw_sample(
                place.asked.id, by=person, run=place.run, rule=place.rule, part=place.part, **order,
            ))  # fmt: skip
        except InvalidFacts as refused:
            put_errors(form, refused)
    return render(
        request, "certification/draw_sample.html", kind=SAMPLE, form=form, record=None, expect=None, place=place,
        counts=_counts(place), suggested=suggested_size(len(place.population)), submit=_("Draw the sample"),
        list_url=reverse("sample-list"), cancel_url=reverse("certification-requirement", args=[place.asked.id]),
        status=422 if form.errors else 200,
    )  # fmt: skip


@for_readers
def records(request: HttpRequest, number: str, form: ExamineForm | None = None) -> HttpResponse:
    """The records that were drawn, each with what was found and the form to say so."""
    sample, person = found(request, SAMPLE, number), person_of(request)
    assert isinstance(sample, Sample)
    outcome = request.GET.get("outcome", "")
    lines = lines_of(sample, person, outcome)
    page = Paginator(lines, A_PAGE).get_page(request.GET.get("page"))
    may_examine = sample.status == "drawn" and permissions.may(person, EXAMINED, SAMPLE)
    return render(
        request, "certification/sample_records.html", sample=sample, outcome=outcome, lines=list(page.object_list),
        page=page, counts=tally(sample), outcomes=OUTCOMES, waiting=WAITING, may_examine=may_examine, form=form,
        names=names_of(line.found.by for line in lines if line.found), status=422 if form is not None else 200,
    )  # fmt: skip


@require_POST
@for_readers
def examine(request: HttpRequest, number: str) -> HttpResponse:
    """Keep what was found of one record, and go on with those that wait."""
    sample = found(request, SAMPLE, number)
    assert isinstance(sample, Sample)
    permissions.require(person_of(request), EXAMINED, SAMPLE)
    form = ExamineForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.examine(sample, given["record"], given["outcome"], by=person_of(request), because=given["because"])
        except InvalidFacts as refused:
            for name, says in refused.fields.items():
                form.add_error(name, says)
        except Refused as refused:
            form.add_error(None, refused.says)
        else:
            sample.refresh_from_db()
            waits = len(sample.drawn) - sample.examined_count
            messages.success(request, _("%(record)s was judged.") % {"record": given["record"]})
            here = reverse("sample-records", args=[sample.number])
            return redirect(f"{here}?outcome={WAITING}" if waits else sample.get_absolute_url())
    return records(request, number, form=form)


@for_readers
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Draw once more from the frozen population, before the eyes of whoever asks."""
    sample = found(request, SAMPLE, number)
    assert isinstance(sample, Sample)
    return render(request, "certification/sample_again.html", sample=sample, again=actions.drawn_again(sample))


def _choose(request: HttpRequest) -> HttpResponse:
    run = newest_run()
    lines = [line for line in requirements_of(run) if line.seen] if run is not None else []
    return render(
        request, "certification/choose_population.html", run=run, lines=lines, list_url=reverse("sample-list")
    )


def _place(given: QueryDict) -> Place:
    """The count that the address names: `of` is a rule and a part, as `1-seen`."""
    requirement = given.get("requirement", "")
    number = given.get("run", "")
    run = get_object_or_404(ConformityRun, number=number) if number else newest_run(None, requirement)
    rule, _dash, part = given.get("of", "0-seen").partition("-")
    try:
        if run is None:
            raise LookupError(_("No run has looked at this requirement yet. Run the checks first."))
        asked = catalogue(run.edition).requirement(requirement)
        rule_number = int(rule) if rule.isascii() and rule.isdigit() and len(rule) < 5 else -1
        if not 0 <= rule_number <= len(asked.rules):
            raise LookupError(_("There is no such rule."))
        order = Sample(run=run, requirement=asked.id, rule=rule_number, part=part)
        return Place(run, asked, rule_number, part, population_of(order))
    except (LookupError, InvalidFacts) as unknown:
        raise Http404(str(unknown)) from None


def _counts(place: Place) -> list[tuple[str, Any, str, int]]:
    """What else of the requirement can be drawn from: address, rule, part, how many."""
    parts = {each.value: str(each.label) for each in Sample.Part}
    found_here: list[tuple[str, Any, str, int]] = []
    whole = place.run.requirements.filter(requirement=place.asked.id).first()
    if whole is not None:
        for part, count in (("seen", whole.seen), ("late", whole.late_count), ("failed", whole.failed_count)):
            found_here.append((f"0-{part}", _("All deciding rules"), parts[part], count))
    for check in place.run.checks.filter(requirement=place.asked.id):
        says = place.asked.rules[check.rule - 1].says
        for part, count in (("seen", check.seen), ("late", check.late_count), ("failed", check.failed_count)):
            found_here.append((f"{check.rule}-{part}", says, parts[part], count))
    return [each for each in found_here if each[3]]
