"""Notices: in the application at once, by mail through the outbox, once per key."""

import pytest
from django.core import mail

from core import notices, outbox
from core.models import Notice


@pytest.fixture
def reader(world):
    return world.cast.head


def test_notice_is_shown_and_mailed_once(reader, settings):
    notices.notify([reader.pk], "Hồ sơ đã được tiếp nhận.", "/viec-cua-toi/")
    outbox.sweep()
    notices.mail(notice_id=Notice.objects.get(user=reader).pk)

    (letter,) = mail.outbox
    assert (letter.to, "Hồ sơ đã được tiếp nhận." in letter.body, f"{settings.PUBLIC_URL}/viec-cua-toi/" in letter.body) == (
        [reader.email],
        True,
        True,
    )


def test_notice_to_somebody_without_mail_stays_in_the_application(world):
    notices.notify([world.cast.officer.pk], "Có việc mới.")
    outbox.sweep()

    assert (mail.outbox, Notice.objects.get(user=world.cast.officer).read_at) == ([], None)


def test_notice_with_a_key_is_written_once(reader):
    for _turn in range(2):
        notices.notify([reader.pk], "Còn 3 ngày.", key="due-3")

    assert Notice.objects.filter(user=reader, key="due-3").count() == 1


def test_notice_pages_show_only_the_own(world, client_for, reader):
    notices.notify([reader.pk], "Chỉ cho trưởng bản.", "/viec-cua-toi/")
    notice = Notice.objects.get(user=reader)

    own = client_for(reader).get("/thong-bao/")
    other = client_for(world.cast.neighbour_officer)

    assert ("Chỉ cho trưởng bản." in own.content.decode(), "Chỉ cho trưởng bản." in other.get("/thong-bao/").content.decode()) == (
        True,
        False,
    )
    assert other.post(f"/thong-bao/{notice.pk}/mo/").status_code == 404


def test_opening_a_notice_marks_it_read_and_leads_on(client_for, reader):
    notices.notify([reader.pk], "Xem việc.", "/viec-cua-toi/")
    notice = Notice.objects.get(user=reader)

    response = client_for(reader).post(f"/thong-bao/{notice.pk}/mo/")

    notice.refresh_from_db()
    assert (response.url, notice.read_at is not None) == ("/viec-cua-toi/", True)


def test_a_reason_of_several_lines_can_be_mailed(reader):
    notices.notify([reader.pk], "Bị trả lại: dòng một\r\ndòng hai")
    outbox.sweep()

    (letter,) = mail.outbox
    assert letter.subject.endswith("dòng một dòng hai")
