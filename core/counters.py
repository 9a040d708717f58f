"""Numbers without gaps: a counter row per series, locked by whoever takes a number until the transaction that uses it ends."""

from __future__ import annotations

from collections.abc import Iterable

from core.models import Counter


def lock(keys: Iterable[str]) -> dict[str, Counter]:
    """The counters of these keys, made when missing and locked in key order; the caller writes back what it took."""
    wanted = sorted(set(keys))
    Counter.objects.bulk_create([Counter(key=key) for key in wanted], ignore_conflicts=True)
    return {counter.key: counter for counter in Counter.objects.select_for_update().filter(key__in=wanted).order_by("key")}


def take(key: str) -> int:
    """The next number of one series."""
    counter = lock([key])[key]
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value
