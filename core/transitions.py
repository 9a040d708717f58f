"""State changes: lock, check, save, record, written once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import audit
from core.models import Stateful


class System:
    """The actor of a clock or a command."""

    pk: Final = None

    def __str__(self) -> str:
        return "hệ thống"


SYSTEM: Final = System()
Actor = AbstractBaseUser | System
M = TypeVar("M", bound=Stateful)


class DomainError(Exception):
    """A rule says no; the text is a sentence for the user that says what to do."""


class TransitionRefused(DomainError):
    """The row is no longer in a state from which this verb starts: another person was faster."""


@dataclass(frozen=True)
class Transition:
    """One edge of a table of states: from any of ``sources`` to ``target``, for whom ``allows(user, row)``."""

    verb: str
    sources: frozenset[Any]
    target: Any
    label: Any
    allows: Callable[[Any, Any], bool]


@contextmanager
def perform(transition: Transition, instance: M, *, actor: Actor, reason: str = "") -> Iterator[M]:
    """Yield the row, locked and fresh; the caller fills in what else changes. Refusals are recorded when the transaction has ended."""
    try:
        with transaction.atomic():
            row = lock(instance)
            before = row.state
            if before not in transition.sources:
                raise TransitionRefused(
                    _("Không thực hiện được việc “%(verb)s”: hiện ở trạng thái “%(state)s”. Hãy tải lại trang để xem tình trạng mới nhất.")
                    % {"verb": transition.label, "state": row.get_state_display()}  # type: ignore[attr-defined]
                )
            if actor is not SYSTEM and not transition.allows(actor, row):
                raise PermissionDenied
            yield row
            row.state = transition.target
            row.clean_fields(exclude=[field.name for field in row._meta.fields if isinstance(field, models.ForeignKey)])
            row.clean()
            row.save()
            audit.record(transition.verb, row, actor=actor, from_state=before, to_state=row.state, reason=reason)
    except (DomainError, PermissionDenied) as refusal:
        audit.refused(transition.verb, instance, actor=actor, reason=str(refusal) or "không có quyền")
        raise


def lock(instance: M) -> M:
    """The row read again under ``FOR NO KEY UPDATE``; must run inside a transaction."""
    manager = type(instance)._base_manager
    return manager.select_for_update(of=("self",), no_key=True).get(pk=instance.pk)
