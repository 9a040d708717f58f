"""Views reach rows through ``visible_to`` alone: no view asks a manager for rows of a model that has a scope."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

VIEWS = sorted(
    path
    for app in ("core", "units", "movement", "directives", "evaluations", "reports")
    for path in [*(settings.BASE_DIR / app).glob("views.py"), *(settings.BASE_DIR / app / "views").glob("*.py")]
)
# Reading a model otherwise than by ``visible_to``, each with the reason why nothing leaks.
ELSEWHERE: dict[tuple[str, str], str] = {
    ("evaluations/views/appraisal.py", "Participation.objects.filter"): "names of the rows a snapshot of this dossier stored",
    ("evaluations/views/decision.py", "Certificate.objects.filter"): "filtered by ids that are visible, or of decisions the user makes",
    ("evaluations/views/decision.py", "Certificate.objects.select_related"): "prefetched for visible recognitions",
    ("evaluations/views/decision.py", "Decision.objects.filter"): "filtered by ids that are visible, without their join",
    ("evaluations/views/decision.py", "NumberSeries.objects.filter"): "the series of a visible decision's authority",
    ("evaluations/views/decision.py", "Recognition.objects.filter"): "filtered by ids that are visible, or of decisions the user makes",
    ("evaluations/views/dossier_pages.py", "Answer.objects.filter"): "last year's answers of a visible dossier's unit",
    ("evaluations/views/dossier_pages.py", "Evidence.objects.filter"): "evidence of a visible dossier's answers",
    ("evaluations/views/session.py", "AgendaItem.objects.select_related"): "prefetched for a visible session",
    ("movement/views/committee.py", "SteeringCommittee.objects.filter"): "filtered by ids that are visible, without their join",
    ("reports/views/context.py", "Area.objects.filter"): "the name of the province, printed on public pages",
    ("reports/views/context.py", "Area.objects.only"): "the name of the user's own office",
    ("reports/views/context.py", "Unit.objects.only"): "the name of the user's own unit",
    ("reports/views/home.py", "UnitApplication.objects.filter"): "the user's own applications",
    ("reports/views/results.py", "Certificate.objects.filter"): "prefetched for visible recognitions",
    ("units/views/registration.py", "UnitApplication.objects.filter"): "found by the token and account that this browser holds",
    ("units/views/registration.py", "UnitApplication.objects.select_related"): "the application this browser has just sent",
}


def scoped_models() -> set[str]:
    """Models whose manager knows who sees what."""
    return {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "visible_to")}


def unscoped_reads(source: str) -> list[tuple[int, str]]:
    """Lines where ``Model.objects`` is followed by anything but a named scope, for models that have ``visible_to``."""
    scopes = {"visible_to", "none", "released", "served", "open_under", "resembling"}
    models, found = scoped_models(), []
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            model = node.value.id if isinstance(node.value, ast.Name) else ""
            after = parents[node]
            called = after.attr if isinstance(after, ast.Attribute) else ""
            if model in models and called not in scopes:
                found.append((node.lineno, f"{model}.objects.{called}"))
    return found


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_view_reads_scoped_models_through_visible_to(path: Path) -> None:
    name = str(path.relative_to(settings.BASE_DIR))

    reads = [(line, read) for line, read in unscoped_reads(path.read_text()) if (name, read) not in ELSEWHERE]

    assert reads == []


def test_an_unscoped_read_is_seen() -> None:
    source = "def page(request, pk):\n    return Dossier.objects.get(pk=pk), Dossier.objects.visible_to(request.user), Area.objects.all()\n"

    assert unscoped_reads(source) == [(2, "Dossier.objects.get"), (2, "Area.objects.all")]


def test_every_exception_is_still_needed() -> None:
    present = {(str(path.relative_to(settings.BASE_DIR)), read) for path in VIEWS for _line, read in unscoped_reads(path.read_text())}

    assert set(ELSEWHERE) <= present
