"""Legal exclusions (TT 124/2021, Đ1.2.b) and the trees of conditions they are written in.

A tree is ``{"all": […]}``, ``{"any": […]}`` or one fact: ``{"fact": name, "is": value}``, ``{"fact": name, "in": […]}``,
``{"fact": name, "at_most": number}``, ``{"fact": name, "missing": true}``. A fact nobody has entered leaves its leaf undecided, and the
tree too unless the rest decides it: an enterprise whose revenue alone is unknown is small all the same when its capital is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from units.models import ExclusionRule
from units.querysets import current

Condition = Mapping[str, Any]
Facts = Mapping[str, Any] | object
TESTS = ("is", "in", "at_most", "missing")


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether the facts at hand prove the condition; what is undecided does not hold."""
    return verdict(condition, facts) is True


def verdict(condition: Condition, facts: Facts) -> bool | None:
    """Whether the condition is true, false or, for want of facts, undecided."""
    if "all" in condition:
        parts = [verdict(part, facts) for part in condition["all"]]
        return False if False in parts else None if None in parts else True
    if "any" in condition:
        parts = [verdict(part, facts) for part in condition["any"]]
        return True if True in parts else None if None in parts else False
    return _leaf_verdict(condition, fact(facts, condition["fact"]))


def fact(facts: Facts, name: str) -> Any:
    """One fact of a unit, application, or mapping; ``None`` when nobody has entered it."""
    value = facts.get(name) if isinstance(facts, Mapping) else getattr(facts, name, None)
    return None if value == "" else value


def _leaf_verdict(leaf: Condition, value: Any) -> bool | None:
    if "missing" in leaf:
        return bool((value is None) == leaf["missing"])
    if value is None:
        return None
    if "at_most" in leaf:
        return Decimal(str(value)) <= Decimal(str(leaf["at_most"]))
    return bool(value in leaf["in"] if "in" in leaf else value == leaf["is"])


def check(condition: Condition) -> None:
    """Refuse, with a ``ValueError``, a tree that could not be judged."""
    for branch in ("all", "any"):
        if branch in condition:
            if set(condition) != {branch} or not isinstance(condition[branch], list):
                raise ValueError(f"“{branch}” takes a list and stands alone: {condition}")
            for part in condition[branch]:
                check(part)
            return
    if "fact" not in condition or len(condition) != 2 or not set(condition) & set(TESTS):
        raise ValueError(f"A leaf is a fact with one of {', '.join(TESTS)}: {condition}")


def rules_on(on: date) -> tuple[ExclusionRule, ...]:
    """The exclusions in force on a day; read once for a whole batch of units."""
    return tuple(ExclusionRule.objects.filter(current(on)))


def first_exclusion(facts: Facts, *, on: date, rules: Iterable[ExclusionRule] | None = None) -> ExclusionRule | None:
    """The first rule in force that shuts a unit with these facts out, or ``None``."""
    kind = fact(facts, "kind")
    for rule in rules_on(on) if rules is None else rules:
        if rule.kind == kind and holds(rule.condition, facts):
            return rule
    return None


def missing_facts(facts: Facts, *, on: date, rules: Iterable[ExclusionRule] | None = None) -> tuple[str, ...]:
    """Names of the facts without which the exclusions cannot be ruled out; the unit is not excluded, but somebody must ask."""
    kind = fact(facts, "kind")
    in_force = [rule for rule in (rules_on(on) if rules is None else rules) if rule.kind == kind]
    if any(holds(rule.condition, facts) for rule in in_force):
        return ()
    return tuple(dict.fromkeys(name for rule in in_force for name in _undecided(rule.condition, facts)))


def _undecided(condition: Condition, facts: Facts) -> Iterator[str]:
    if verdict(condition, facts) is not None:
        return
    if "fact" in condition:
        yield condition["fact"]
        return
    for part in condition.get("all") or condition.get("any") or []:
        yield from _undecided(part, facts)
