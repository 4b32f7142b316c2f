"""The program as a whole: it answers, and it refuses what nobody declared."""

from litestar.testing import TestClient


def test_the_program_is_up_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    assert client.head("/readyz").status_code == 200


def test_an_unknown_address_gets_the_error_page_in_the_house_style(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text


def test_choosing_a_language_sets_one_cookie_and_goes_back(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "nl", "next": "//evil.example"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    assert "l=nl" in answer.headers["set-cookie"]


def test_a_post_from_another_site_is_refused(client: TestClient) -> None:
    answer = client.post("/language", data={"language": "nl"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_two_files_where_one_is_meant_are_refused(client: TestClient) -> None:
    twice = [("file", (name, b"%PDF-1.7", "application/pdf")) for name in ("a.pdf", "b.pdf")]
    assert client.post("/verify/file", files=twice).status_code == 400
