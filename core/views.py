"""Pages of the mechanics: a long job and its progress, notices."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from core import clock, jobs
from core.http import SignedInRequest, render_page
from core.models import Job, Notice


def job_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Progress of a job for the person who started it; the page refreshes itself until the job is over."""
    job = get_object_or_404(Job.objects.filter(created_by=request.user), pk=pk)
    parked = job.items.filter(done_at__isnull=True).exclude(error="")[:20]
    running = job.outcome == Job.Outcome.RUNNING
    context = {"job": job, "progress": jobs.progress(job), "is_running": running, "parked": parked, "tone": "info" if running else "ok"}
    return render_page(request, "core/job_detail.html", context, fragment="progress")


@require_POST
def job_retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Try the parked items again."""
    job = get_object_or_404(Job.objects.filter(created_by=request.user), pk=pk)
    if job.outcome == Job.Outcome.CANCELLED:
        raise PermissionDenied
    jobs.retry(job, actor=request.user)
    return redirect("core:job-detail", pk=job.pk)


def notice_list(request: SignedInRequest) -> HttpResponse:
    """The user's notices, newest first."""
    page = Paginator(Notice.objects.filter(user=request.user), 50).get_page(request.GET.get("trang"))
    unread = Notice.objects.filter(user=request.user, read_at__isnull=True).count()
    return render_page(request, "core/notice_list.html", {"page": page, "unread_count": unread})


@require_POST
def notice_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go to what it is about."""
    notice = get_object_or_404(Notice.objects.filter(user=request.user), pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return redirect(notice.url or "core:notice-list")


@require_POST
def notice_read_all(request: SignedInRequest) -> HttpResponse:
    Notice.objects.filter(user=request.user, read_at__isnull=True).update(read_at=clock.now())
    return redirect("core:notice-list")
