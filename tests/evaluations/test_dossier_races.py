"""Two at once on one dossier, over connections of their own: one receipt, one dossier, no lost answer."""

from threading import Barrier, Thread

from django.db import connections

from core.models import OutboxMessage, StoredFile
from core.transitions import DomainError
from evaluations.models import Dossier
from evaluations.operations import dossier as operations
from evaluations.operations.dossier import AnswerInput
from evaluations.transitions.dossier import submit_dossier
from tests import world as worlds
from tests.factories import evaluations as make


def at_once(*acts) -> list[object]:
    """Run the acts in threads of their own connections, started together; answers or refusals in order."""
    results: list[object] = [None] * len(acts)
    gate = Barrier(len(acts))

    def run(place: int, act) -> None:
        gate.wait()
        try:
            results[place] = act()
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_submissions_at_once_make_one_receipt(committed_db):
    world = worlds.build()
    dossier = make.ready_dossier(world)

    results = at_once(*[lambda: submit_dossier(dossier, actor=world.cast.head, at=world.at)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["Dossier", "TransitionRefused"]
    assert StoredFile.objects.filter(purpose="receipt").count() == 1
    assert OutboxMessage.objects.filter(kind="dossier.submitted").count() == 1


def test_opening_twice_at_once_makes_one_dossier(committed_db):
    world = worlds.build()
    make.received_registration(world, world.residential_area)
    participation = world.participation(world.residential_area)

    results = at_once(*[lambda: operations.open_dossier(participation.pk, at=world.at)] * 3)

    assert len(set(results)) == 1
    assert Dossier.objects.get().answers.count() == 19


def test_two_editors_at_once_lose_nothing(committed_db):
    world = worlds.build()
    dossier = make.opened_dossier(world)
    row = dossier.answers.get(question__code="KDC-2")

    def save(user, note):
        return lambda: operations.save_answers(
            dossier, answers={row.pk: AnswerInput({"yes": True}, note=note, version=0)}, actor=user, at=world.at
        )

    results = at_once(save(world.cast.head, "của trưởng bản"), save(world.cast.officer, "của cán bộ"))

    kept = dossier.answers.get(pk=row.pk).self_note
    told = [each.typed.note for result in results for each in result.overtaken]
    assert sorted([kept, *told]) == ["của cán bộ", "của trưởng bản"]
