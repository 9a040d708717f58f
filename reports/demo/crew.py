"""Worker processes of a played year: each with its own connection, none of them waking Celery."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import django

from core import outbox


def _by_hand(work: Callable[..., Counter[str]], arguments: tuple[Any, ...]) -> Counter[str]:
    with outbox.by_hand():
        return work(*arguments)


@dataclass(frozen=True)
class Crew:
    """Runs a function over many arguments, in processes or, without any, right here."""

    pool: ProcessPoolExecutor | None
    size: int

    def each(self, work: Callable[..., Counter[str]], arguments: Iterable[tuple[Any, ...]]) -> Counter[str]:
        """The sum of what ``work`` counts over all arguments."""
        every = list(arguments)
        if self.pool is None:
            found: Iterable[Counter[str]] = [_by_hand(work, each) for each in every]
        else:
            found = self.pool.map(_by_hand, [work] * len(every), every)
        return sum(found, Counter())

    def together(self, work: Callable[[], Counter[str]]) -> Counter[str]:
        """The same work in every process at once."""
        return self.each(work, [()] * max(self.size, 1))


@contextmanager
def crew(size: int) -> Iterator[Crew]:
    """Processes for the time of a play; 0 plays in this one."""
    if not size:
        yield Crew(None, 0)
        return
    with ProcessPoolExecutor(size, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        yield Crew(pool, size)


def peak_megabytes() -> tuple[float, float]:
    """The largest memory of this process, and of any process it has ended."""
    own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own, children


def processor_seconds() -> float:
    """What this process and those it has ended spent of the processors."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)
