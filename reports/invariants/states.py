"""Every state was reached along declared edges, each step with its audit event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from core.models import Stateful
from core.transitions import Transition
from directives.models import OfficialDocument
from directives.states import DOCUMENT_TRANSITIONS
from evaluations.models import CommitteeSession, CriteriaSet, Decision, Dossier
from evaluations.states import CRITERIA_TRANSITIONS, DECISION_TRANSITIONS, DOSSIER_TRANSITIONS, SESSION_TRANSITIONS
from movement.models import Campaign, Registration
from movement.states import CAMPAIGN_TRANSITIONS, REGISTRATION_TRANSITIONS
from reports.invariants.breach import rows
from units.models import UnitApplication
from units.states import APPLICATION_TRANSITIONS

TABLES: dict[type[Stateful], tuple[Transition, ...]] = {
    UnitApplication: APPLICATION_TRANSITIONS,
    Campaign: CAMPAIGN_TRANSITIONS,
    Registration: REGISTRATION_TRANSITIONS,
    OfficialDocument: DOCUMENT_TRANSITIONS,
    CriteriaSet: CRITERIA_TRANSITIONS,
    Dossier: DOSSIER_TRANSITIONS,
    CommitteeSession: SESSION_TRANSITIONS,
    Decision: DECISION_TRANSITIONS,
}

# Born elsewhere than in the initial state: the national checklists, shipped as published.
ENTRIES = ["criteria.load published"]


def stateful_models() -> list[type[Stateful]]:
    """Every model that has a state; each must be in ``TABLES``."""
    return [model for model in apps.get_models() if issubclass(model, Stateful)]


def strayed() -> Iterator[str]:
    """Events off the edges, events that do not continue the one before, rows whose state no event explains."""
    for model in stateful_models():
        yield from _off_the_edges(model)
        yield from _unexplained(model)


def _off_the_edges(model: type[Stateful]) -> Iterator[str]:
    """Steps by id: the first begins at the initial state, each where the one before ended, all along an edge.

    An event without ``from_state`` tells of the birth of the row and is its first.
    """
    edges = [f"{edge.verb} {source} {edge.target}" for edge in TABLES[model] for source in edge.sources]
    for pk, event, verb, before, after, previous in rows(
        """
        SELECT target_id, id, verb, from_state, to_state, previous FROM (
            SELECT target_id, id, verb, from_state, to_state,
                lag(to_state) OVER (PARTITION BY target_id ORDER BY id) AS previous
            FROM core_auditevent WHERE target_type_id = %(type)s AND to_state <> '' AND NOT refused
        ) step
        WHERE CASE from_state
            WHEN '' THEN previous IS NOT NULL OR NOT (to_state = %(initial)s OR verb || ' ' || to_state = ANY(%(entries)s))
            ELSE coalesce(previous, %(initial)s) <> from_state
                OR verb || ' ' || from_state || ' ' || to_state <> ALL(%(edges)s)
        END
        """,
        {**_asked(model), "edges": edges, "entries": ENTRIES},
    ):
        yield f"event {event}: {verb} took {model.__name__} {pk} from {before or 'nothing'} (it was {previous}) to {after}"


def _unexplained(model: type[Stateful]) -> Iterator[str]:
    """Rows whose state is not where their last event led, or not the initial one when there is none."""
    for pk, state, told in rows(
        f"""
        SELECT item.id, item.state, coalesce(last.to_state, %(initial)s) FROM "{model._meta.db_table}" item
        LEFT JOIN LATERAL (
            SELECT to_state FROM core_auditevent
            WHERE target_type_id = %(type)s AND target_id = item.id AND to_state <> '' AND NOT refused ORDER BY id DESC LIMIT 1
        ) last ON true
        WHERE item.state <> coalesce(last.to_state, %(initial)s)
        """,
        _asked(model),
    ):
        yield f"{model.__name__} {pk} is {state}, its events say {told}"


def _asked(model: type[Stateful]) -> dict[str, Any]:
    return {"type": ContentType.objects.get_for_model(model).pk, "initial": _initial(model)}


def _initial(model: type[Stateful]) -> str:
    state: Any = model._meta.get_field("state")
    return str(state.default.value if hasattr(state.default, "value") else state.default)
