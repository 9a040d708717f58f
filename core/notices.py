"""A sentence for a user: shown in the application, mailed through the outbox."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, outbox
from core.models import Notice


def notify(user_ids: Iterable[int], text: str, url: str = "", *, key: str = "", mail: bool = True) -> list[Notice]:
    """Write a notice for each user in the running transaction; with ``key``, at most one per user ever."""
    at = clock.now()
    rows = [Notice(user_id=pk, text=text[:400], url=url, key=key, created_at=at) for pk in sorted(set(user_ids))]
    if key:
        own = Notice.objects.filter(key=key, user__in=[row.user_id for row in rows])
        known = set(own.values_list("pk", flat=True))
        Notice.objects.bulk_create(rows, ignore_conflicts=True)  # another worker may be telling the same at this moment
        rows = list(own.filter(created_at=at).exclude(pk__in=known))
    else:
        Notice.objects.bulk_create(rows)
    if mail:
        for row in rows:
            outbox.add("notice.mail", notice_id=row.pk)
    return rows


def mail(*, notice_id: int) -> None:
    """Send one notice by e-mail if its user has an address and it was not sent yet."""
    notice = Notice.objects.select_related("user").filter(pk=notice_id, mailed_at__isnull=True).first()
    if notice is None or not notice.user.email:
        return
    with override("vi"):
        body = _("%(text)s\n\nXem tại: %(url)s\n\n%(brand)s – thư tự động, không trả lời.") % {
            "text": notice.text,
            "url": f"{settings.PUBLIC_URL}{notice.url}",
            "brand": settings.BRAND,
        }
        subject = " ".join(f"[{settings.BRAND}] {notice.text[:120]}".split())  # a reason may have several lines, a subject has one
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [notice.user.email])
    Notice.objects.filter(pk=notice.pk).update(mailed_at=clock.now())
