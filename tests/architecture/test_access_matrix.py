"""Every address × every member of the cast × GET, POST, htmx × own, foreign and missing object, against the table beside this file.

The table is data to be read in reviews: one line per address, object and method, one letter per member of the cast. A new address without
lines fails; so does any letter that changes. After a wanted change: ``MATRIX=write bin/test tests/architecture/test_access_matrix.py``,
then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import world as worlds
from tests.architecture.places import Place, build_place, other_province, staff_neighbour

TABLE = Path(__file__).with_name("access_matrix.txt")
CAST = (
    "anonymous", "nobody", "head", "officer", "school_head", "commune_officer", "commune_officer_two", "chair", "member_one",
    "neighbour_officer", "province_officer", "province_officer_two", "province_chair", "leader", "auditor", "admin", "open_head",
)  # fmt: skip
LETTERS = {200: "o", 302: ">", 400: "b", 403: "x", 404: ".", 405: "m", 409: "c", 422: "v"}
SIGN_IN = "/tai-khoan/login/"
MISSING = 999_999_999
VERBS = ("GET", "POST", "HTMX")
# The plain suite asks for what may leak or be done; ``bin/test --long`` for every cell.
IS_LONG = bool(os.environ.get("LONG") or os.environ.get("MATRIX"))

# Which row an address names. A name alone is its ``pk``; otherwise every argument with the row and column it comes from.
SUBJECTS: dict[str, str | dict[str, str]] = {
    "core:job-detail": "job",
    "core:job-retry": "job",
    "core:notice-open": "notice",
    "reports:certificate-check": {"code": "certificate.code"},
    "units:application-sent": "application",
    "units:application-correct": "application",
    "units:application-detail": "application",
    "units:application-confirm": "application",
    "units:application-refuse": "application",
    "units:unit-detail": "unit",
    "movement:campaign-detail": "campaign",
    "movement:campaign-edit": "campaign",
    "evaluations:campaign-open": "campaign",
    "movement:registration-detail": "registration-open",
    "movement:registration-edit": "registration-draft",
    "movement:registration-share": "registration-draft",
    "movement:registration-preview": "registration-draft",
    "movement:registration-prepare": "registration-draft",
    "movement:registration-decline": "registration-prepared",
    "movement:registration-sign": "registration-prepared",
    "movement:registration-receive": "registration-signed",
    "movement:registration-return": "registration-signed",
    "movement:registration-paper": "registration-paper",
    "movement:commitment-file": "commitment",
    "movement:commitment-verify": "commitment",
    "movement:committee-create": {"authority_pk": "authority.pk"},
    "movement:committee-detail": "committee",
    "movement:committee-edit": "committee",
    "movement:member-create": "committee",
    "movement:member-edit": {"pk": "committee.pk", "member_pk": "member.pk"},
    "directives:series-mode": {"authority_pk": "authority.pk", "type": "=QĐ", "year": "=2026"},
    "directives:document-detail": "document",
    "directives:document-file": "document",
    "directives:document-scan": "document",
    "directives:document-scan-file": "document",
    "evaluations:dossier-detail": "dossier-open",
    "evaluations:dossier-group": {"pk": "dossier-open.pk", "group": "group.pk"},
    "evaluations:sources-refresh": "dossier-open",
    "evaluations:self-review": "dossier-open",
    "evaluations:self-review-file": "dossier-submitted",
    "evaluations:dossier-check": "dossier-open",
    "evaluations:dossier-submit": "dossier-open",
    "evaluations:dossier-submitted": "dossier-submitted",
    "evaluations:receipt-file": "dossier-submitted",
    "evaluations:dossier-withdraw": "dossier-submitted",
    "evaluations:dossier-on-behalf": "dossier-open",
    "evaluations:signed-paper": "dossier-open",
    "evaluations:signed-paper-file": "dossier-paper",
    "evaluations:answer-save": "answer",
    "evaluations:snapshot-take": "answer",
    "evaluations:evidence-form": "answer",
    "evaluations:evidence-remove": "evidence",
    "evaluations:evidence-file": "evidence",
    "evaluations:appraisal": "dossier-received",
    "evaluations:answer-snapshot": {"pk": "dossier-open.pk", "answer_pk": "answer.pk"},
    "evaluations:dossier-receive": "dossier-submitted",
    "evaluations:dossier-return": "dossier-received",
    "evaluations:dossier-propose": "dossier-received",
    "evaluations:session-detail": "session-voting",
    "evaluations:session-agenda": "session-agenda",
    "evaluations:session-attendance": "session-agenda",
    "evaluations:session-open": "session-agenda",
    "evaluations:session-close": "session-voted",
    "evaluations:session-minutes": "session-closed",
    "evaluations:decision-draft": "session-closed",
    "evaluations:item-vote": "item",
    "evaluations:item-close": "item",
    "evaluations:item-conflict": "item",
    "evaluations:decision-detail": "decision-released",
    "evaluations:decision-approve": "decision-pending",
    "evaluations:decision-release": "decision-approved",
    "evaluations:decision-preview": "decision-pending",
    "evaluations:decision-file": "decision-released",
    "evaluations:certificate-detail": "certificate",
    "evaluations:certificate-file": "certificate",
    "evaluations:certificate-reprint": "certificate",
    "evaluations:certificate-reissue": "certificate",
    "evaluations:notice-file": "recognition",
}
# Addresses of allauth whose arguments name no row of ours.
FIXED: dict[str, dict[str, str]] = {
    "account_confirm_email": {"key": "unknown"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "unknown"},
}


def url_names() -> list[str]:
    """Every named address."""

    def walk(resolver: URLResolver, namespace: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, f"{pattern.namespace}:" if pattern.namespace else namespace)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield f"{namespace}{pattern.name}"

    return sorted(set(walk(get_resolver(), "")))


@dataclass
class Stage:
    """The world of the matrix and a signed-in client for each member of the cast."""

    own: Place
    foreign: Place
    clients: dict[str, Client]
    cookies: dict[str, str]

    def addresses(self, name: str) -> dict[str, str]:
        """The addresses to be tried under a name, by object."""
        if name in FIXED:
            return {"fixed": reverse(name, kwargs=FIXED[name])}
        subject = SUBJECTS.get(name)
        if subject is None:
            return {"list": reverse(name)}
        arguments = {"pk": f"{subject}.pk"} if isinstance(subject, str) else subject
        missing = {key: "0" * 26 if key == "code" else _constant(value) or MISSING for key, value in arguments.items()}
        return {
            "own": reverse(name, kwargs={key: self._value(self.own, value) for key, value in arguments.items()}),
            "foreign": reverse(name, kwargs={key: self._value(self.foreign, value) for key, value in arguments.items()}),
            "missing": reverse(name, kwargs=missing),
        }

    def _value(self, place: Place, source: str) -> Any:
        if constant := _constant(source):
            return constant
        row, _dot, column = source.partition(".")
        return getattr(place[row], column)

    def letter(self, who: str, verb: str, address: str) -> str:
        """What one member of the cast gets; whatever it does is undone."""
        client = self.clients[who]
        client.cookies.load(self.cookies[who])  # whoever signed out is back
        with transaction.atomic():
            response = (
                client.post(address, {"once": str(uuid4())})
                if verb == "POST"
                else client.get(address, headers={"HX-Request": "true"} if verb == "HTMX" else {})
            )
            transaction.set_rollback(True)
        if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
            return "L"
        return LETTERS.get(response.status_code, f"<{response.status_code}>")


def _constant(source: str) -> str:
    return source.removeprefix("=") if source.startswith("=") else ""


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """One world for all lines, in a transaction that is thrown away; papers are a few bytes, read from nowhere."""
    patch = pytest.MonkeyPatch()
    printed = iter(range(1_000_000))
    patch.setattr("core.pdf.render", lambda template, document: f"%PDF {next(printed)}".encode())
    patch.setattr("core.files.read", lambda stored: b"%PDF")
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        world = worlds.build()
        staff_neighbour(world)
        own = build_place(world, world.commune, world.commune_authority, first="residential_area", applicant=world.cast.nobody)
        foreign = build_place(
            world,
            world.neighbour,
            world.neighbour_authority,
            first="neighbour_residential_area",
            applicant=world.cast.neighbour_officer,
        )
        foreign.rows |= other_province(world)
        clients = _clients(world, own)
        yield Stage(own, foreign, clients, {who: client.cookies.output(header="", sep=";") for who, client in clients.items()})
        transaction.set_rollback(True)
    patch.undo()


def _clients(world: worlds.World, own: Place) -> dict[str, Client]:
    """``open_head`` heads the unit whose dossier and registrations most lines are about."""
    users = {name: getattr(world.cast, name, None) for name in CAST}
    users["open_head"] = own["unit"].grants.get().user
    clients = {}
    for name, user in users.items():
        clients[name] = Client(raise_request_exception=False)
        if user is not None:
            clients[name].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return clients


@pytest.fixture(scope="module")
def table() -> dict[str, list[str]]:
    """The lines of the table by address."""
    lines: dict[str, list[str]] = {}
    for line in TABLE.read_text().splitlines() if TABLE.exists() else ():
        if line and not line.startswith("#"):
            lines.setdefault(line.split()[0], []).append(line)
    return lines


@pytest.fixture
def _unblocked(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        cache.clear()
        yield


def is_asked(subject: str, verb: str) -> bool:
    """Whether this run asks for a line."""
    return IS_LONG or (verb != "HTMX" and subject != "missing")


@pytest.mark.parametrize("name", url_names())
@pytest.mark.usefixtures("_unblocked")
def test_access(name: str, stage: Stage, table: dict[str, list[str]]) -> None:
    with transaction.atomic():
        found = [
            f"{name:<42} {subject:<8} {verb:<5} {''.join(stage.letter(who, verb, address) for who in CAST)}"
            for subject, address in stage.addresses(name).items()
            for verb in VERBS
            if is_asked(subject, verb)
        ]
        transaction.set_rollback(True)
    if os.environ.get("MATRIX") == "write":
        table[name] = found
        _write(table)
        return
    wanted = [line for line in table.get(name, []) if is_asked(*line.split()[1:3])]
    assert found == wanted, "The access matrix differs; read it, and if it is wanted write it anew."


def _write(table: dict[str, list[str]]) -> None:
    head = [
        "# o shown  > redirected after an act or to a start  L sent to sign in  x no right (403)  . does not exist for them (404)",
        "# v refused with the form (422)  m wrong method  b bad request  c conflict. Columns:",
        *(f"#   {number + 1:>2} {who}" for number, who in enumerate(CAST)),
    ]
    lines = [line for name in sorted(table) if name in url_names() for line in table[name]]
    TABLE.write_text("\n".join([*head, *lines, ""]))


@pytest.mark.django_db  # pytest-django sets databases up for marked tests alone; the lines above share one transaction instead
def test_table_names_no_address_that_is_gone(table: dict[str, list[str]]) -> None:
    assert set(table) == set(url_names())


def test_nothing_of_a_neighbour_is_shown_to_people_of_the_commune(table: dict[str, list[str]]) -> None:
    """Read the table once more as a rule: foreign and missing objects look alike to those who have nothing to do with them."""
    public = {"reports:certificate-check"}
    outside = [
        CAST.index(who) for who in ("nobody", "head", "officer", "school_head", "commune_officer", "commune_officer_two", "open_head")
    ]
    lines = [line.split() for name in table for line in table[name] if name not in public]
    by_key = {(name, subject, verb): letters for name, subject, verb, letters in lines}
    different = [
        (name, verb, CAST[column])
        for (name, subject, verb), letters in by_key.items()
        if subject == "foreign"
        for column in outside
        if letters[column] != by_key[name, "missing", verb][column]
    ]
    assert different == []
