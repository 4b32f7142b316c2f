"""The outermost layer: hosts, forwarded addresses, sizes, origins, and the headers of every answer."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from litestar import Litestar, Response
from litestar.testing import TestClient

from university.access import PUBLIC
from university.app import create_app
from university.drafting.course_files import CourseFile
from university.keys.keyring import KeyRing
from university.language import LANGUAGES
from university.operating import in_use
from university.serving import pages
from university.serving.cookies import drop_cookie
from university.serving.forms import TOKEN_FIELD, form_token
from university.serving.gate import CONTENT_SECURITY_POLICY, Asgi, Scope, _client
from university.serving.logs import JsonLines
from university.settings import Settings, read_settings

HEADERS = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-frame-options": "DENY",
    "reporting-endpoints": 'csp="/policy-reports"',
    "server": "university",
    "content-security-policy": CONTENT_SECURITY_POLICY,
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def engine_name() -> str:
    """The gate stands before the database: one engine is enough here."""
    return "sqlite"


@pytest.fixture
def stranger(client: TestClient) -> TestClient:
    """A client that does not say where its requests come from."""
    del client.headers["sec-fetch-site"]
    return client


def test_every_route_sends_every_header(client: TestClient) -> None:
    assert len(PUBLIC) > 20
    for route in [*sorted(PUBLIC), "GET /nowhere", "GET /static/none.css", "PUT /verify"]:
        method, path = route.split(" ", 1)
        answer = client.request(method, re.sub(r"{[^}]+}", "x", path))
        assert answer.status_code < 500, route
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value], f"{route}: {name}"
        own = answer.headers["cross-origin-resource-policy"]
        assert own == ("cross-origin" if "access-control-allow-origin" in answer.headers else "same-origin"), route
        assert answer.headers["cache-control"], route
        assert method == "POST" or "set-cookie" not in answer.headers, f"{route} sets a cookie"


def test_https_adds_what_only_https_can_promise(tmp_path: Path, settings: Settings) -> None:
    secure = read_settings(
        {
            "UNIVERSITY_DATA": str(tmp_path / "secure"),
            "UNIVERSITY_BASE_URL": "https://Learn.example.org:443",
            "UNIVERSITY_SMTP_URL": "smtp://127.0.0.1",
        }
    )
    with in_use.using(secure):  # as every start begins
        assert secure.data.stat().st_mode & 0o077 == 0, "others on the machine could read what is kept about people"
    with TestClient(create_app(secure), base_url="https://learn.example.org") as client:
        client.follow_redirects = False
        headers = client.get("/healthz").headers
        assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
        assert headers["content-security-policy"].endswith("; upgrade-insecure-requests")
        told = client.post("/language", data={"language": "nl", "next": "/"}, headers={"origin": secure.origin})
        assert secure.origin == "https://learn.example.org"
        assert told.headers["set-cookie"].startswith("__Host-l=nl;")
        assert {"secure", "httponly", "path=/"} <= {
            part.strip().lower() for part in told.headers["set-cookie"].split(";")
        }
        # Browsers remove a cookie of this name only when they are told so with Secure.
        gone = client.post("/devices/stop", headers={"origin": secure.origin}).headers["set-cookie"]
        assert gone.startswith("__Host-e=")
        assert {"secure", "max-age=0"} <= {part.strip().lower() for part in gone.split(";")}
        assert client.get("/verify", headers={"host": "127.0.0.1"}).status_code == 421
    ended = Response(b"")
    drop_cookie(ended, SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(settings=secure))), "s")  # type: ignore[arg-type]
    (cookie,) = ended.cookies
    assert (cookie.key, cookie.max_age, cookie.secure, cookie.path) == ("__Host-s", 0, True, "/")


def test_a_cookie_ends_in_one_way_that_browsers_believe() -> None:
    sources = (Path(pages.__file__).parents[1]).rglob("*.py")
    assert not [path.name for path in sources if "delete_cookie" in path.read_text(encoding="utf-8")]


def test_no_name_of_a_file_breaks_out_of_its_header() -> None:
    for name in ('a"; filename="b.exe', "日本.pdf", "a\r\nset-cookie: x=1.pdf"):
        header = CourseFile(name, b"").headers["content-disposition"]
        assert re.fullmatch(r'(inline|attachment); filename="[A-Za-z0-9._-]+"', header)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("127.0.0.1", 200),
        ("LOCALHOST:99", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("user@127.0.0.1", 400),
        ("127.0.0.1:80.x", 400),
        ("127.0.0.1:", 400),
        ("127.0.0.1, evil.example", 400),
        ("", 400),
    ],
)
def test_a56_only_our_own_hosts_are_answered(client: TestClient, host: str, status: int) -> None:
    answer = client.get("/verify", headers={"host": host})
    assert answer.status_code == status
    assert "evil" not in answer.text
    if status == 421:  # load balancers ask by whatever address they know
        assert client.get("/healthz", headers={"host": host}).status_code == 200


async def answer_of(app: Asgi, headers: list[tuple[bytes, bytes]], path: str = "/verify") -> int:
    """The status of a request with exactly these headers, as no client of good manners would send them."""
    scope: Scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "client": ("203.0.113.9", 4711), "server": ("127.0.0.1", 8000), "extensions": {}, "asgi": {"version": "3.0"},
    }  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            assert isinstance(message["status"], int)
            statuses.append(message["status"])

    await app(scope, receive, send)  # type: ignore[arg-type]
    return statuses[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 400),
        ([(b"host", b"127.0.0.1"), (b"host", b"127.0.0.1")], 400),
        ([(b"host", b"127.0.0.1"), (b"content-length", b"3"), (b"transfer-encoding", b"chunked")], 400),
        ([(b"host", b"127.0.0.1"), (b"cookie", b"l=\xff; \xe9;;=; l"), (b"accept-language", b"\xff;q=x,,")], 200),
        ([(b"host", b"127.0.0.1"), (b"accept", b"\xff" * 3000)], 200),
    ],
)
@pytest.mark.anyio
async def test_heads_that_make_no_sense(
    settings: Settings, database: object, headers: list[tuple[bytes, bytes]], status: int
) -> None:
    assert await answer_of(create_app(settings), headers) == status


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "client"),
    [
        ("203.0.113.9", "6.6.6.6", "", "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "10.0.0.0/8", "198.51.100.7"),  # A60
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.2.3.4", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7:4711", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8:1:2:3::9]:4711", "10.0.0.0/8", "2001:db8:1:2::/64"),
        ("10.0.0.1", "", "10.0.0.0/8", "10.0.0.1"),
        ("10.0.0.1", "<script>", "10.0.0.0/8", "unknown"),
        ("::ffff:203.0.113.9", "", "", "203.0.113.9"),
        ("2001:db8::1", "", "", "2001:db8::/64"),
        ("2001:db8::2:3:4:5", "", "", "2001:db8::/64"),
    ],
)
def test_a60_the_client_is_the_nearest_address_that_is_none_of_our_proxies(
    peer: str, forwarded: str, trusted: str, client: str
) -> None:
    networks = read_settings({"UNIVERSITY_TRUSTED_PROXIES": trusted}).trusted_proxies
    assert _client({"client": (peer, 1)}, [forwarded] if forwarded else [], networks) == client


def test_a64_a_form_from_elsewhere_is_refused(stranger: TestClient, settings: Settings) -> None:
    form = {"language": "nl", "next": "/"}
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8001"},
        {"sec-fetch-site": "cross-site", "origin": settings.origin},
        {},
    ):
        assert stranger.post("/language", data=form, headers=headers).status_code == 403, headers
    for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": settings.origin}):
        assert stranger.post("/language", data=form, headers=headers).status_code == 303, headers


def test_a66_without_an_origin_the_token_of_our_own_form_counts(stranger: TestClient, settings: Settings) -> None:
    secret = KeyRing(settings.data / "keys").secret("forms")
    form = {"language": "nl", "next": "/"}
    good = form_token(secret)
    assert stranger.post("/language", data={**form, TOKEN_FIELD: good}).status_code == 303
    for bad in (
        "",
        "x",
        "é" * 40,
        good[:-1] + ("1" if good[-1] == "0" else "0"),
        "0." + good.partition(".")[2],
        "f" * 9000 + ".x",
        "-1.x",
        good + " ",
    ):
        assert stranger.post("/language", data={**form, TOKEN_FIELD: bad}).status_code == 403, bad
    twice = f"language=nl&{TOKEN_FIELD}={good}&{TOKEN_FIELD}={good}"
    assert stranger.post("/language", content=twice, headers=FORM).status_code == 403
    assert stranger.post("/language", data=form, files={TOKEN_FIELD: ("t", good)}).status_code == 403
    assert stranger.post("/language", data={TOKEN_FIELD: "x" * 1_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"language=nl", "text/plain", 415),
        (b"language=nl", "", 415),
        (b"[" * 60_000, "application/json", 415),
        (b"a=%ED%A0%80", FORM["content-type"], 400),
        (b"a=%ff", FORM["content-type"], 400),
        (b"\xff\xfe", FORM["content-type"], 400),
        (b"language=nl&language=en", FORM["content-type"], 400),
        (b"&".join([b"a=1"] * 2000), FORM["content-type"], 400),
        (b"--x\r\nContent-Disposition: form", "multipart/form-data; boundary=x", 400),
        (b"--x--\r\n", "multipart/form-data", 415),
        (b"language=nl", FORM["content-type"] + "; charset=bogus", 303),
        (b"a=" + b"x" * 70_000, FORM["content-type"], 413),
        (b"[" * 200_000, "application/json", 413),
    ],
)
def test_a36_what_is_no_form_gets_an_answer_of_its_own(
    client: TestClient, content: bytes, kind: str, status: int
) -> None:
    headers = {"content-type": kind} if kind else {}
    assert client.post("/language", content=content, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["//evil", "/\\evil", "https:evil", "https://evil", "/%0d%0aevil", "\r\n", "evil", ""])
def test_a58_no_form_leads_off_the_site(client: TestClient, path: str) -> None:
    answer = client.post("/language", data={"language": "nl", "next": path})
    assert answer.status_code == 303
    assert answer.headers["location"] in {"/", "/%0d%0aevil"}


def test_static_files_are_whole_or_not_there(client: TestClient, settings: Settings) -> None:
    (settings.data / "static" / ".env").write_text("secret")
    for odd in (
        "..%2f",
        "%2e%2e/app.py",
        ".env",
        "%00",
        "x" * 5000,
        "",
        "fonts",
        "style.css/",
        "..\\x",
        "style.css%00",
    ):
        assert client.get(f"/static/{odd}").status_code == 404, odd
    style = re.search(r'href="(/static/[^"]+/style.css)"', client.get("/verify").text)
    assert style
    answer = client.get(style[1], headers={"accept-encoding": "gzip"})
    assert answer.headers["cache-control"] == "max-age=31536000, public, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "permissions-policy" not in answer.headers, "it is no page, and each font would carry it"
    assert client.get(style[1].replace("style.css", "../style.css")).status_code in {200, 404}


def test_every_method_but_the_declared_ones_is_nothing_to_see(client: TestClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
        assert client.request(method, "/verify").status_code == 404
    options = client.options("/verify")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a71_a_fault_of_ours_is_a_calm_page_and_one_line_of_types_and_places(
    settings: Settings, database: object, accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings)
    router = app.app.application  # type: ignore[attr-defined]
    assert isinstance(router, Litestar)
    router.state.templates = None
    with TestClient(app, base_url=settings.base_url, raise_server_exceptions=False) as client:
        answer = client.get("/verify/canary-of-ada", headers={"accept": accept})
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "canary" not in caplog.text
    assert any("AttributeError" in record.getMessage() for record in caplog.records)


def test_the_log_tells_types_and_places_and_no_message(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("ada@example.org")
    except ValueError:
        logging.getLogger("asyncio").exception("the task of ada@example.org failed")
    line = JsonLines().format(caplog.records[-1])
    assert "ada@example.org" not in line
    assert json.loads(line)["fault"] == ["ValueError"]
    ours = logging.makeLogRecord({"name": "university.jobs.worker", "msg": '{"job": "x"}', "levelno": 20})
    assert JsonLines().format(ours) == '{"job": "x"}'


def test_errors_speak_the_language_of_the_visitor(client: TestClient) -> None:
    for language in LANGUAGES:
        answer = client.get("/nowhere", headers={"accept-language": language})
        assert f'<html lang="{language}"' in answer.text
