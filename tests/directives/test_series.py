"""Number series and the register: gapless where we count, typed once where the office counts."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from core import clock, files
from core.models import AuditEvent
from core.transitions import DomainError, TransitionRefused
from directives import operations
from directives.models import DocumentType, NumberSeries, OfficialDocument
from directives.states import DocumentState
from directives.transitions import attach_file, issue_document, replace_document, sign_document
from tests.world import World
from units.models import User

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def draft(world: World, **fields: object) -> OfficialDocument:
    return OfficialDocument.objects.create(
        authority=world.commune_authority, type=DocumentType.DECISION, symbol="QĐ-UBND", summary="Về việc công nhận", **fields
    )


def document_in(world: World, state: str) -> OfficialDocument:
    """A document that has come as far as ``state``."""
    document = draft(world)
    if state == "draft":
        return document
    document = act(world, "sign", document)
    stored = files.store_bytes(b"%PDF", name="quyet-dinh.pdf", content_type="application/pdf", purpose="decision")
    attach_file(document, stored)
    if state == "signed":
        return document
    document = act(world, "issue", document)
    return document if state == "issued" else act(world, "replace", document)


def act(world: World, verb: str, document: OfficialDocument, actor: User | None = None) -> OfficialDocument:
    actor = actor or world.cast.commune_officer
    if verb == "issue":
        return issue_document(document, actor=actor, at=world.at)
    if verb == "replace":
        return replace_document(document, actor=actor, at=world.at, reason="Sai trích yếu")
    signatory = world.commune_authority.signatories.get()
    return sign_document(document, actor=actor, at=world.at, signatory=signatory, issued_on=clock.local_date(world.at))


@pytest.mark.parametrize("verb", ["sign", "issue", "replace"])
@pytest.mark.parametrize("state", DocumentState.values)
def test_verb_starts_only_from_its_state(verb: str, state: str, world: World) -> None:
    document = document_in(world, state)
    targets = {("sign", "draft"): "signed", ("issue", "signed"): "issued", ("replace", "issued"): "replaced"}

    if (verb, state) in targets:
        assert act(world, verb, document).state == targets[verb, state]
    else:
        with pytest.raises(TransitionRefused):
            act(world, verb, document)


@pytest.mark.parametrize("who", ["neighbour_officer", "province_officer", "head", "leader", "nobody"])
def test_other_levels_do_not_sign(who: str, world: World) -> None:
    with pytest.raises(PermissionDenied):
        act(world, "sign", draft(world), getattr(world.cast, who))


def test_document_without_a_file_is_not_issued(world: World) -> None:
    document = act(world, "sign", draft(world))

    with pytest.raises(DomainError, match="chưa có tệp"):
        act(world, "issue", document)


def test_replacement_wants_a_reason(world: World) -> None:
    document = document_in(world, "issued")

    with pytest.raises(DomainError, match="lý do"):
        replace_document(document, actor=world.cast.commune_officer, at=world.at, reason=" ")


def test_a_file_once_attached_stays(world: World) -> None:
    document = document_in(world, "signed")
    other = files.store_bytes(b"%PDF other", name="khac.pdf", content_type="application/pdf", purpose="decision")
    document.refresh_from_db()
    first = document.file

    attach_file(document, other)

    document.refresh_from_db()
    assert document.file == first


def test_own_numbers_follow_each_other_per_type_and_year(world: World) -> None:
    series = operations.series_for(world.commune_authority, DocumentType.DECISION, 2026)
    other = operations.series_for(world.commune_authority, DocumentType.NOTICE, 2026)

    taken = [operations.take_number(series), operations.take_number(series), *operations.take_numbers(series, 3)]

    assert taken == [1, 2, 3, 4, 5]
    assert operations.take_number(other) == 1
    series.refresh_from_db()
    assert operations.next_number(series) == 6


def test_numbers_of_the_office_are_typed_and_unique(world: World) -> None:
    document = document_in(world, "draft")
    series = operations.series_for(world.commune_authority, DocumentType.DECISION, clock.local_date(world.at).year)
    operations.set_mode(series, mode=NumberSeries.Mode.EXTERNAL, actor=world.cast.commune_officer, at=world.at)
    signatory = world.commune_authority.signatories.get()
    sign_document(document, actor=world.cast.chair, at=world.at, signatory=signatory, issued_on=clock.local_date(world.at), number=41)

    with pytest.raises(DomainError, match="đã được dùng"):
        operations.take_number(series, number=41)
    with pytest.raises(DomainError, match="nhập số"):
        operations.take_number(series)
    with pytest.raises(DomainError, match="hàng loạt"):
        operations.take_numbers(series, 2)
    assert operations.take_number(series, number=7) == 7


def test_mode_is_fixed_by_the_first_number_and_always_for_certificates(world: World) -> None:
    actor, external = world.cast.commune_officer, NumberSeries.Mode.EXTERNAL
    used = operations.series_for(world.commune_authority, DocumentType.DECISION, 2026)
    operations.take_number(used)
    certificates = operations.series_for(world.commune_authority, DocumentType.CERTIFICATE, 2026)

    with pytest.raises(DomainError, match="đã có số"):
        operations.set_mode(used, mode=external, actor=actor, at=world.at)
    with pytest.raises(DomainError, match="luôn do phần mềm"):
        operations.set_mode(certificates, mode=external, actor=actor, at=world.at)
    assert operations.set_mode(used, mode=NumberSeries.Mode.OWN, actor=actor, at=world.at).mode == "own"


# ---------- Pages ----------


def test_series_page_switches_before_the_first_number(world: World, client_for: ClientFor) -> None:
    client = client_for(world.cast.commune_officer)
    year = clock.today().year
    url = reverse("directives:series-mode", args=[world.commune_authority.pk, "QĐ", year])

    page = client.get(reverse("directives:series-list"))
    form = client.get(url)
    client.post(url, {"once": str(uuid4()), "mode": "external"})

    assert [(row.type, row.may_change) for row in page.context["rows"]] == [("GCN", False), ("QĐ", True), ("TB", True)]
    assert form.context["form"].initial["mode"] == "own"
    assert NumberSeries.objects.get(type="QĐ").mode == "external"
    assert client_for(world.cast.chair).post(url, {"once": str(uuid4()), "mode": "own"}).status_code == 403
    assert client_for(world.cast.neighbour_officer).get(url).status_code == 404
    assert client_for(world.cast.head).get(reverse("directives:series-list")).status_code == 403


def test_register_shows_drafts_to_their_makers_alone(world: World, client_for: ClientFor) -> None:
    waiting, public = document_in(world, "signed"), document_in(world, "issued")

    seen = {
        who: [row.pk for row, _status in client_for(getattr(world.cast, who)).get(reverse("directives:document-list")).context["rows"]]
        for who in ("commune_officer", "province_officer", "neighbour_officer")
    }

    assert seen == {"commune_officer": [public.pk, waiting.pk], "province_officer": [public.pk], "neighbour_officer": []}
    client = client_for(world.cast.province_officer)
    assert client.get(reverse("directives:document-file", args=[public.pk]))["Content-Type"] == "application/pdf"
    assert client.get(reverse("directives:document-detail", args=[public.pk])).context["document"] == public
    assert client.get(reverse("directives:document-detail", args=[waiting.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_document_list_query_count(rows: int, world: World, client_for: ClientFor, django_assert_max_num_queries: Callable) -> None:
    for _number in range(rows):
        document_in(world, "issued")
    client = client_for(world.cast.commune_officer)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("directives:document-list") + "?q=cong")

    assert len(client.get(reverse("directives:document-list")).context["rows"]) == rows
    assert page.status_code == 200


# ---------- The scan of the signed paper ----------


def scan_of(color: str = "white") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 40), color).save(out, "PNG")
    return SimpleUploadedFile("Quyết định đã ký.png", out.getvalue(), "image/png")


def test_scan_is_kept_beside_our_own_file(world: World, client_for: ClientFor) -> None:
    document = document_in(world, "issued")
    ours, client = document.file, client_for(world.cast.commune_officer)
    url = reverse("directives:document-scan", args=[document.pk])
    assert client.get(url).status_code == 200

    hashes = []
    for color in ("white", "black"):
        client.post(url, {"once": str(uuid4()), "scan": scan_of(color)})
        document.refresh_from_db()
        hashes.append(document.signed_scan.sha256)

    assert (document.file, document.state, len(set(hashes))) == (ours, "issued", 2)
    events = AuditEvent.objects.filter(verb="document.scan", target_id=document.pk).order_by("pk")
    assert [event.data for event in events] == [{"before": "", "after": hashes[0]}, {"before": hashes[0], "after": hashes[1]}]
    page = client_for(world.cast.province_officer).get(reverse("directives:document-detail", args=[document.pk]))
    assert (hashes[1] in page.content.decode(), page.context["may_attach"]) == (True, False)
    answer = client.get(reverse("directives:document-scan-file", args=[document.pk]))
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("who", "status"),
    [("commune_officer", 302), ("chair", 302), ("member_one", 403), ("province_officer", 403), ("neighbour_officer", 404), ("head", 404)],
)
def test_scan_is_kept_by_the_office_or_the_chair(who: str, status: int, world: World, client_for: ClientFor) -> None:
    document = document_in(world, "issued")
    url = reverse("directives:document-scan", args=[document.pk])

    answer = client_for(getattr(world.cast, who)).post(url, {"once": str(uuid4()), "scan": scan_of()})

    document.refresh_from_db()
    assert (answer.status_code, document.signed_scan is not None) == (status, status == 302)


def test_scan_of_the_wrong_kind_or_before_issue_is_refused(world: World, client_for: ClientFor) -> None:
    issued, signed = document_in(world, "issued"), document_in(world, "signed")
    client, wrong = client_for(world.cast.commune_officer), SimpleUploadedFile("a.pdf", b"MZ not a pdf", "application/pdf")

    bad = client.post(reverse("directives:document-scan", args=[issued.pk]), {"once": str(uuid4()), "scan": wrong})
    early = client.post(reverse("directives:document-scan", args=[signed.pk]), {"once": str(uuid4()), "scan": scan_of()}, follow=True)

    assert (bad.status_code, "đã ban hành" in early.content.decode()) == (422, True)
    assert not OfficialDocument.objects.filter(signed_scan__isnull=False).exists()
