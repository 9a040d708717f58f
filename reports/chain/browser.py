"""A browser without a screen: cookies, redirects, forms; over the standard library, or over anything that sends a request."""

from __future__ import annotations

import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any, Protocol

from reports.chain.pages import Form, Page, Pairs, read

Upload = tuple[str, bytes, str]  # name, content, content type


class ChainBroken(Exception):
    """A page did not answer as the chain needs it."""


class Answer(Protocol):
    status: int
    location: str
    body: bytes


class Transport(Protocol):
    """Sends one request of one visitor and keeps the cookies."""

    def send(self, method: str, url: str, pairs: Pairs, uploads: Mapping[str, Upload]) -> Answer: ...


class Browser:
    """One visitor."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.page = Page("", 0, "")

    def get(self, url: str) -> Page:
        """Open a page; follows redirects, and is content with nothing but a page that came in full."""
        return self._go("GET", url, [], {})

    def submit(
        self,
        form: Form,
        values: Mapping[str, str | Sequence[str] | bool] | None = None,
        *,
        button: tuple[str, str] | None = None,
        uploads: Mapping[str, Upload] | None = None,
    ) -> Page:
        """Fill a form of the present page in and send it."""
        pairs = form.fill(values or {}).pairs() + ([button] if button else [])
        return self._go(form.method.upper(), urllib.parse.urljoin(self.page.url, form.action), pairs, uploads or {})

    def _go(self, method: str, url: str, pairs: Pairs, uploads: Mapping[str, Upload]) -> Page:
        url = urllib.parse.urljoin(self.page.url, url)
        for _hop in range(8):
            answer = self.transport.send(method, url, pairs, uploads)
            if answer.status not in {301, 302, 303, 307, 308}:
                break
            method, pairs, uploads = "GET", [], {}
            url = urllib.parse.urljoin(url, answer.location)
        page = read(url, answer.status, answer.body.decode("utf-8", "replace"))
        if page.status != 200:
            raise ChainBroken(f"{method} {url} answers {page.status}: {page.summary()}")
        self.page = page
        return page


class _Kept(urllib.request.HTTPRedirectHandler):
    """Redirects come back as answers: the browser follows them."""

    def redirect_request(self, req: Any, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str) -> None:
        return None


class HttpAnswer:
    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status = status
        self.location: str = headers.get("Location") or ""
        self.body = body


class HttpTransport:
    """Real requests to a running system."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.opener = urllib.request.build_opener(_Kept, urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(self, method: str, url: str, pairs: Pairs, uploads: Mapping[str, Upload]) -> HttpAnswer:
        address = urllib.parse.urljoin(self.base_url, url)
        data, headers = None, {"Accept-Language": "vi", "Referer": address}
        if method == "GET" and pairs:
            address = f"{address.partition('?')[0]}?{urllib.parse.urlencode(pairs)}"
        elif method == "POST":
            data, headers["Content-Type"] = encode(pairs, uploads)
        request = urllib.request.Request(address, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=120) as response:
                return HttpAnswer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return HttpAnswer(error.code, error.headers, error.read())


def encode(pairs: Pairs, uploads: Mapping[str, Upload]) -> tuple[bytes, str]:
    """A body with its content type, as a browser sends it."""
    if not uploads:
        return urllib.parse.urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    boundary = secrets.token_hex(16)
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in pairs]
    for name, (filename, content, kind) in uploads.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(f"--{boundary}\r\n".encode() + part for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
