"""What must hold in every database of the product, whatever happened; asked by tests, by ``play_year`` and by ``check_invariants``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reports.invariants import decisions, dossiers, effects, figures, numbers, people, states, stored
from reports.invariants.breach import Breach

# Named by what holds. Numbers of quality.md's list: 1, 2, 3, 4, 5, 6, 7, 8, 9, 12.
CHECKS: dict[str, Callable[[], Iterable[str]]] = {
    "one dossier per unit and campaign": dossiers.doubled,
    "results recomputed equal results stored": dossiers.misjudged,
    "states change along declared edges, one event each": states.strayed,
    "nothing in a submitted dossier changes": dossiers.touched_after_submission,
    "nothing in a closed campaign changes": dossiers.touched_after_close,
    "a certificate rests on a released decision and a met dossier": decisions.unfounded,
    "a released decision has all its files, certificates and dossiers": decisions.incomplete,
    "numbers are unique and without gaps": numbers.broken,
    "submitter, appraiser and voter are different persons": people.not_separate,
    "nobody appraises or votes on the own unit": people.on_own_unit,
    "stored files fit their recorded hash and size": stored.damaged,
    "no file without a row is older than a day": stored.orphaned,
    "effects happen, and happen once": effects.lost_or_doubled,
    "province equals the sum of its communes": figures.unequal,
}


def breaches(only: Iterable[str] | None = None) -> Iterator[Breach]:
    """Every breach found, named by the rule it breaks; nothing when all is well."""
    for rule in CHECKS if only is None else only:
        for what in CHECKS[rule]():
            yield Breach(rule, what)


__all__ = ["CHECKS", "Breach", "breaches"]
