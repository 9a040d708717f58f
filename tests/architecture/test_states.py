"""Tables of states: complete, reachable, repeated by the database, each verb once, each with a right."""

from __future__ import annotations

import re

import pytest
from django.db import models
from django.db.models import CheckConstraint

from core.models import Stateful
from core.transitions import Transition
from reports.invariants.states import ENTRIES, TABLES, stateful_models

TABLED = pytest.mark.parametrize(("model", "table"), TABLES.items(), ids=lambda value: getattr(value, "__name__", ""))


def values(model: type[Stateful]) -> set[str]:
    return {value for value, _label in model._meta.get_field("state").choices}


def test_every_stateful_model_has_a_table() -> None:
    assert set(TABLES) == set(stateful_models())


@TABLED
def test_every_state_is_reachable_from_the_initial_one(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    reached, before = {str(model._meta.get_field("state").default)}, set()
    while reached != before:
        before = set(reached)
        reached |= {str(edge.target) for edge in table if {str(source) for source in edge.sources} & reached}

    assert reached == values(model)


@TABLED
def test_edges_name_known_states(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    named = {str(state) for edge in table for state in (*edge.sources, edge.target)}

    assert named <= values(model)


@TABLED
def test_verbs_are_named_once_with_their_object(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    verbs = [edge.verb for edge in table]

    assert len(verbs) == len(set(verbs))
    assert len({verb.partition(".")[0] for verb in verbs}) == 1
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", verb) for verb in verbs)


@TABLED
def test_every_edge_has_a_label_and_a_right(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    assert all(str(edge.label) and edge.allows.__name__.startswith("can_") for edge in table)


@TABLED
def test_the_database_repeats_the_list_of_states(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
    lists = [
        {str(value) for value in condition[1]}
        for check in checks
        for condition in (child for child in check.condition.children if isinstance(child, tuple))
        if condition[0] == "state__in" and len(check.condition.children) == 1
    ]

    assert values(model) in lists


@TABLED
def test_state_is_not_editable(model: type[Stateful], table: tuple[Transition, ...]) -> None:
    state = model._meta.get_field("state")

    assert isinstance(state, models.CharField)
    assert not state.editable


def test_verbs_differ_between_tables() -> None:
    verbs = [edge.verb for table in TABLES.values() for edge in table]

    assert len(verbs) == len(set(verbs))
    assert not set(verbs) & {entry.partition(" ")[0] for entry in ENTRIES}


def test_state_is_written_in_one_place() -> None:
    """Nothing but ``perform`` assigns ``.state`` or updates it in bulk."""
    from django.conf import settings

    written = re.compile(r"^\s*\w+\.state = |\.update\([^)]*\bstate=|bulk_update\([^)]*[\"']state[\"']", re.MULTILINE)
    apps = ("core", "units", "movement", "directives", "evaluations", "reports")
    found = [
        str(path.relative_to(settings.BASE_DIR))
        for app in apps
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts and written.search(path.read_text())
    ]

    assert found == ["core/transitions.py"]
