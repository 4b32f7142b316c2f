"""The outermost layer of the program: every request passes here before anything else sees it.

It lets only our own hosts in, decides who the client is, sets the language, gives every response the security
headers and writes the one log line of a request: route template and figures, never an address or a name.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

from university import statistics
from university.language import COOKIE as LANGUAGE_COOKIE, choose_language, gettext as _, speaking
from university.serving.logs import fault_of
from university.serving.request_id import answering
from university.setting_checks import LOOPBACK_NAMES
from university.settings import Network, Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("university.requests")

# A name or an address, then perhaps a port: nothing else may stand in a Host header.
HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")

# Answered to any host: load balancers ask by address.
HOSTLESS_PATHS = frozenset({"/healthz", "/readyz"})
# And this one, by which the program finds out whether another address leads to it.
HOSTLESS_PREFIX = "/healthz/"

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect", "media", "manifest")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "report-to csp",
    )
)
# Where browsers send what a page of ours was kept from doing.
REPORTS = "/policy-reports"


class Gate:
    """ASGI application around the whole program."""

    def __init__(self, app: Asgi, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.hosts = LOOPBACK_NAMES if settings.is_local else frozenset({settings.base.hostname})
        self.headers = _security_headers(settings)
        self.file_headers = _file_headers(self.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        visit = Visit(scope, self.settings)
        refusal = self._refusal(visit)
        if refusal:
            await visit.answer_shortly(send, self.headers, *refusal)
            return visit.log_line()
        scope.setdefault("state", {}).update(
            request_id=visit.request_id,
            client=visit.client,
            chosen_language=visit.chosen_language,
            statistics=visit.statistics,
        )
        language = choose_language(visit.chosen_language, visit.header(b"accept-language"))
        with speaking(language), answering(visit.request_id), statistics.asking(visit.statistics, scope["path"]):
            await self._pass_on(visit, receive, send)

    async def _pass_on(self, visit: Visit, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            visit.note(message)
            if message["type"] == "http.response.start":
                is_file = visit.is_static and message["status"] == 200
                common = self.file_headers if is_file else self.headers
                message["headers"] = _merged(message.get("headers", []), common)
            await send(message)

        try:
            await self.app(visit.scope, receive, send_with_headers)
        except Exception as error:  # not from a page: those have their own answer to every fault
            log.error(json.dumps({"request": visit.request_id, **fault_of(error)}))
            if visit.status:
                raise
            await visit.answer_shortly(send, self.headers, 500, _("Something went wrong"))
        finally:
            visit.log_line()

    def _refusal(self, visit: Visit) -> tuple[int, str] | None:
        """Status and sentence for a request that is not for us; None lets it in."""
        hosts = visit.headers(b"host")
        if visit.scope["path"] in HOSTLESS_PATHS or visit.scope["path"].startswith(HOSTLESS_PREFIX):
            return None
        if len(hosts) != 1 or not (host := HOST.fullmatch(hosts[0])):
            return 400, _("A request needs exactly one host name.")
        if host[1].strip("[]").lower() not in self.hosts:
            return 421, _("This server does not answer for that host name.")
        if visit.headers(b"transfer-encoding") and visit.headers(b"content-length"):
            return 400, _("A request has either a length or chunks, not both.")
        return None


class Visit:
    """One request as the gate sees it, and the figures of its answer."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        self.scope = scope
        self.started = time.perf_counter()
        self.request_id = secrets.token_hex(8)
        self.status = 0
        self.sent = 0
        self.client = _client(scope, self.headers(b"x-forwarded-for"), settings.trusted_proxies)
        self.chosen_language = self._cookie(settings.cookie_name(LANGUAGE_COOKIE))
        consent = self._cookie(settings.cookie_name(statistics.COOKIE)) or ""
        self.statistics = statistics.choice(consent, self.header(b"sec-gpc"))

    def headers(self, name: bytes) -> list[str]:
        return [value.decode("latin-1") for key, value in self.scope["headers"] if key.lower() == name]

    def header(self, name: bytes) -> str:
        return next(iter(self.headers(name)), "")

    def note(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.sent += len(message.get("body", b""))

    def log_line(self) -> None:
        """One JSON line from an allow-list: no path, query, header, cookie, body or address."""
        log.info(
            json.dumps(
                {
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "request": self.request_id,
                    "method": self.scope["method"] if self.scope["method"].isalpha() else "?",
                    "route": self.scope.get("path_template") or self._unrouted(),
                    "status": self.status,
                    "ms": round((time.perf_counter() - self.started) * 1000, 1),
                    "bytes": self.sent,
                    "worker": os.getpid(),
                }
            )
        )

    async def answer_shortly(self, send: Send, headers: list[tuple[bytes, bytes]], status: int, text: str) -> None:
        """A plain sentence for requests that must not reach the program."""
        self.status = status
        body = text.encode()
        own = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": _merged(own, headers)})
        await send({"type": "http.response.body", "body": body})

    @property
    def is_static(self) -> bool:
        return bool(self.scope["path"].startswith("/static/"))

    def _unrouted(self) -> str:
        return "/static" if self.is_static else "-"

    def _cookie(self, name: str) -> str | None:
        pairs = (pair.strip().partition("=") for header in self.headers(b"cookie") for pair in header.split(";"))
        return next((value for key, _equals, value in pairs if key == name), None)


def _security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    policy = CONTENT_SECURITY_POLICY
    headers = {
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "x-frame-options": "DENY",
        "reporting-endpoints": f'csp="{REPORTS}"',
        "server": "university",
    }
    if settings.is_https:
        policy += "; upgrade-insecure-requests"
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    headers["content-security-policy"] = policy
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _file_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What a font or a style sheet needs: it is no page, and the headers of pages are a tenth of a first visit."""
    of_pages = (b"permissions-policy", b"cross-origin-opener-policy", b"x-frame-options", b"reporting-endpoints")
    kept = [(name, value) for name, value in headers if name not in (*of_pages, b"content-security-policy")]
    return [*kept, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")]


def _merged(own: list[tuple[bytes, bytes]], common: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The response's own headers, then every common one it does not set itself."""
    present = {name.lower() for name, _value in own}
    return [*own, *((name, value) for name, value in common if name not in present)]


def _client(scope: Scope, forwarded: list[str], trusted: tuple[Network, ...]) -> str:
    """The peer's address, or, behind trusted proxies, the nearest address that is none of them.

    Read from the right: what stands further left was written by whoever sent the request.
    IPv6 addresses count by their /64, the smallest part handed to one customer.
    """
    address = (scope.get("client") or ("", 0))[0]
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    while hops and _is_within(address, trusted):
        address = _without_port(hops.pop())
    return _network_of(address)


def _without_port(hop: str) -> str:
    """Some proxies write 192.0.2.7:1234 or [2001:db8::7]:1234."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _is_within(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _network_of(address: str) -> str:
    parsed = _parsed(address)
    if parsed is None:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address; an IPv4 one that a dual-stack socket wrapped as IPv6 is unwrapped, or all would share a /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
