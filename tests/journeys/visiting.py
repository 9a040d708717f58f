"""The browser of ``reports.chain`` over Django's test client: the same pages and forms without a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.test import Client

from core import jobs, outbox
from core.models import Job
from reports.chain.browser import Browser, Upload, encode
from reports.chain.pages import Pairs


@dataclass
class ClientAnswer:
    status: int
    location: str
    body: bytes


class ClientTransport:
    """Requests of one visitor through ``django.test.Client``."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def send(self, method: str, url: str, pairs: Pairs, uploads: Mapping[str, Upload]) -> ClientAnswer:
        parts = urlsplit(url)
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if method == "GET":
            response = self.client.get(f"{parts.path}?{urlencode(pairs)}" if pairs else address)
        else:
            body, content_type = encode(pairs, uploads)
            response = self.client.generic(method, address, body, content_type)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return ClientAnswer(response.status_code, response.headers.get("Location", ""), content)


def visitor() -> Browser:
    return Browser(ClientTransport())


def work() -> None:
    """What the worker would do now: the outbox, and the jobs that run."""
    while outbox.sweep():
        pass
    for job in Job.objects.filter(outcome=Job.Outcome.RUNNING).values_list("pk", flat=True):
        while jobs.run(job):
            pass
    while outbox.sweep():
        pass
