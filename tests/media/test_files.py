"""Pictures and documents that staff bring in: judged by their bytes, drawn anew, called by their hash."""

from __future__ import annotations

import hashlib
import io
import struct
import time
import tracemalloc
import zipfile
import zlib
from typing import Any

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.conftest import only_on
from tests.desk import COURSE, Desk, draft_of, must_not_lock
from tests.learner import words
from university.course_folders import Folder, write_zip
from university.database import Database
from university.drafting.drafts import Broken, import_folder
from university.drafting.uploads import BadUpload, picture_file

SPRING = f"{COURSE}/lessons/spring"
TEXT = "modules/01-upstream/01-spring.md"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (10, 120, 90)).save(written, format=kind, **options)
    return written.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of very many pixels in a few bytes."""
    row = zlib.compress(b"\0" * (side // 8 + 1))

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def with_place() -> bytes:
    """A photograph that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Canary cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 15.0, 30.0)})
    return drawn("JPEG", exif=exif)


def upload(desk: Desk, content: bytes, name: str = "x.png") -> Any:
    return desk.client.post(f"{COURSE}/files", files={"file": (name, content, "application/octet-stream")})


def new_files(database: Database, rivers: Folder) -> dict[str, bytes]:
    files = draft_of(database).folder.files
    return {path: content for path, content in files.items() if path not in rivers.files}


def test_a_picture_is_added_shown_to_staff_alone_and_taken_out_again(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    answer = upload(desk, drawn())
    [(path, content)] = new_files(database, rivers).items()
    assert answer.headers["location"] == f"{COURSE}/files#{path}"
    page = desk.open(f"{COURSE}/files")
    address = page.find(id=path).find("img")["src"]  # type: ignore[union-attr, index]
    shown = desk.client.get(address)  # type: ignore[arg-type]
    assert (shown.status_code, shown.content, shown.headers["cache-control"]) == (200, content, "no-store")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    public = str(address).replace("/editor/courses/rivers/preview/", "/courses/rivers/")
    assert desk.client.get(public).status_code == 404
    desk.client.post(f"{COURSE}/files/remove", data={"path": path})
    assert draft_of(database).folder.files == rivers.files


def test_the_page_says_where_a_file_is_used_and_which_is_used_nowhere(desk: Desk, rivers: Folder) -> None:
    page = desk.open(f"{COURSE}/files")
    assert "used nowhere" not in page.find(id="files/map.txt").get_text()  # type: ignore[union-attr]
    upload(desk, drawn())
    assert "used nowhere" in desk.open(f"{COURSE}/files").get_text()


def test_a_pdf_is_a_download(database: Database, desk: Desk, rivers: Folder) -> None:
    pdf = b"%PDF-1.7\n% nothing\n%%EOF\n"
    upload(desk, pdf)
    path = f"files/{hashlib.sha256(pdf).hexdigest()[:32]}.pdf"
    assert new_files(database, rivers) == {path: pdf}
    link = desk.open(f"{COURSE}/files").find(id=path).find("a")["href"]  # type: ignore[union-attr, index]
    assert desk.client.get(link).headers["content-disposition"].startswith("attachment")  # type: ignore[arg-type]
    assert upload(desk, b"%PDF-" + b"x" * (20 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize(
    "content",
    [SVG, b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", b"MZ\x90\x00", b"\x89PNG\r\n\x1a\nbroken", b"RIFF\0\0\0\0WAVE"],
)
def test_a39_what_is_no_picture_of_ours_is_refused(
    database: Database, desk: Desk, rivers: Folder, content: bytes
) -> None:
    assert upload(desk, content).status_code == 422
    assert new_files(database, rivers) == {}


def test_a39_a_polyglot_of_gif_and_jar_is_refused(database: Database, desk: Desk, rivers: Folder) -> None:
    jar = io.BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: Evil\n")
    assert upload(desk, drawn("GIF") + jar.getvalue()).status_code == 422
    assert new_files(database, rivers) == {}


@pytest.mark.parametrize(
    "tail", [b"<?php system($_GET[0]); ?>", b"<html><script>alert(1)</script></html>", b"PK\x03\x04"]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a39_what_hangs_behind_a_picture_is_gone(
    database: Database, desk: Desk, rivers: Folder, kind: str, tail: bytes
) -> None:
    assert upload(desk, drawn(kind) + tail).status_code == 303
    [content] = new_files(database, rivers).values()
    assert tail not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == (kind, (40, 30))


def test_a40_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(BadUpload):
        picture_file(bomb())
    seconds, (_now, most) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * 1024 * 1024
    assert seconds < 60, "unpacking 900 million pixels would take far longer"
    assert upload(desk, bomb()).status_code == 422
    assert new_files(database, rivers) == {}


def test_a40_a_picture_of_6_mb_is_too_large(database: Database, desk: Desk, rivers: Folder) -> None:
    large = drawn("JPEG") + b"\0" * (6 * 1024 * 1024)
    assert upload(desk, large).status_code == 413
    asked = {"files": {"picture": ("a.jpg", large, "image/jpeg")}, "data": {"alt": "A"}}
    assert desk.client.post(f"{COURSE}/pictures", **asked).status_code == 413
    desk.open(SPRING)
    answer = desk.client.post(SPRING, data={**desk.fields(SPRING), "alt": "A"}, files=asked["files"])
    assert answer.status_code == 413
    assert new_files(database, rivers) == {}


def test_a40_what_a_camera_wrote_is_gone(database: Database, desk: Desk, rivers: Folder) -> None:
    assert b"Canary cameras" in with_place()
    upload(desk, with_place())
    [content] = new_files(database, rivers).values()
    assert b"Canary" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
        assert "exif" not in picture.info


@pytest.mark.parametrize(
    "name", ["../../x.png", "a\0.png", "a" * 5000 + ".png", ".htaccess", "x.php", "CON", "é\u202e.png"]
)
def test_a41_whatever_a_file_is_called_it_is_kept_under_its_hash(
    database: Database, desk: Desk, rivers: Folder, name: str
) -> None:
    boundary = b"border"
    head = b'content-disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n'
    body = b"--" + boundary + b"\r\n" + head + drawn() + b"\r\n--" + boundary + b"--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=border"}
    status = desk.client.post(f"{COURSE}/files", content=body, headers=headers).status_code
    assert status in {303, 400}
    for path, content in new_files(database, rivers).items():
        assert path == f"images/{hashlib.sha256(content).hexdigest()[:32]}.png"
    assert (status == 303) == bool(new_files(database, rivers))


MP4 = b"\0\0\0\x20ftypisom" + bytes(40)
WEBM = b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" + bytes(40)
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nWater, seen from above: één druppel.\n".encode()


@pytest.mark.parametrize(
    ("content", "folder", "ending", "media_type"),
    [
        (MP4, "files", "mp4", "video/mp4"),
        (WEBM, "files", "webm", "video/webm"),
        (CAPTIONS, "captions", "vtt", "text/vtt"),
        (b"\xef\xbb\xbf" + CAPTIONS, "captions", "vtt", "text/vtt"),
    ],
)
def test_films_and_captions_are_added_and_offered_to_the_lesson(
    database: Database, desk: Desk, rivers: Folder, content: bytes, folder: str, ending: str, media_type: str
) -> None:
    assert upload(desk, content, "../../film.html").status_code == 303
    [path] = new_files(database, rivers)
    assert path == f"{folder}/{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
    page = desk.open(f"{COURSE}/files")
    [link] = [str(one["href"]) for one in page.select(".media__look") if str(one["href"]).endswith(path)]
    sent = desk.client.get(link)
    assert sent.headers["content-type"].startswith(media_type)
    assert "sandbox" in sent.headers["content-security-policy"]
    assert path in desk.open(SPRING).decode()


@pytest.mark.parametrize(
    "content",
    [
        b"\0\0\0\x20ftypqt  " + bytes(40),
        b"\0\0\0\x20ftypheic" + bytes(40),
        b"\x1a\x45\xdf\xa3" + b"matroska" + bytes(40),
        b"WEBVTT\n\xff\xfe",
        b"WEBVTT\n\0",
        b"<html>WEBVTT",
        b"WEBVTT\n" + b"x" * 1024 * 1024,
    ],
)
def test_a39_what_is_no_film_and_no_captions_is_refused(desk: Desk, rivers: Folder, content: bytes) -> None:
    assert upload(desk, content, "film.mp4").status_code in {413, 422}


def test_a40_what_a_camera_wrote_is_gone_from_pictures_in_a_folder_too(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    told, plain = with_place(), drawn("JPEG")
    files = {**rivers.files, "images/told.jpg": told, "images/plain.jpg": plain}
    with database.writing() as session:
        import_folder(session, Folder(files, "rivers"))
    kept = draft_of(database).folder
    assert b"Canary" not in kept.files["images/told.jpg"]
    assert not Image.open(io.BytesIO(kept.files["images/told.jpg"])).getexif()
    assert kept.files["images/plain.jpg"] == plain, "what tells nothing stays as it was, byte for byte"
    zipped = write_zip(Folder({**files, "images/new.jpg": told}, "rivers"))
    looked = desk.client.post(
        f"{COURSE}/exchange", data={"target": "new"}, files={"file": ("rivers.zip", zipped, "application/zip")}
    )
    assert "1 files added" in words(looked)
    assert "0 files changed" in words(looked), "the same picture twice is no change"
    with database.writing() as session:
        damaged = {**files, "images/told.jpg": told[:600]}
        with pytest.raises(Broken) as broken:
            import_folder(session, Folder(damaged, "rivers"))
        assert [finding.path for finding in broken.value.findings] == ["images/told.jpg"]


def test_a_large_photograph_comes_out_as_large_as_a_page_needs() -> None:
    path, content = picture_file(drawn("JPEG", (4000, 3000)))
    assert path.endswith(".jpg")
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (2000, 1500)


def test_a_photograph_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(picture_file(drawn("JPEG", (40, 20), exif=exif))[1])) as picture:
        assert picture.size == (20, 40)


def test_transparent_pixels_stay_transparent() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(written, format="PNG")
    with Image.open(io.BytesIO(picture_file(written.getvalue())[1])) as picture:
        assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


# Into a lesson


def test_a_picture_without_javascript_lands_at_the_end_of_the_text(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open(SPRING)
    form = {**desk.fields(SPRING), "text": "Words.\r\n", "alt": "A [drop] of water"}
    assert desk.client.post(SPRING, data=form, files={"picture": ("d.png", drawn(), "image/png")}).status_code == 303
    [path] = new_files(database, rivers)
    text = draft_of(database).text(TEXT)
    assert text.endswith(f"Words.\n\n![A \\[drop\\] of water](../../{path})\n")
    article = BeautifulSoup(desk.client.get(f"{COURSE}/preview/spring").text, "html.parser").find("article")
    assert article.find("img")["alt"] == "A [drop] of water"  # type: ignore[union-attr, index]


def test_a_picture_needs_a_description_or_is_marked_as_decoration(
    database: Database, desk: Desk, rivers: Folder
) -> None:
    desk.open(SPRING)
    form = {**desk.fields(SPRING), "text": "Kept."}
    files = {"picture": ("d.png", drawn(), "image/png")}
    desk._took(desk.client.post(SPRING, data=form, files=files))
    assert desk.answer.status_code == 422
    assert desk.page.find(id="alt-error")
    assert desk.fields(SPRING)["text"] == "Kept."
    assert new_files(database, rivers) == {}
    pictures = f"{COURSE}/pictures"
    json = {"accept": "application/json"}
    answer = desk.client.post(pictures, data={"alt": " "}, files=files, headers=json)
    assert (answer.status_code, "people who cannot see" in answer.json()["detail"]) == (422, True)
    assert desk.client.post(pictures, data={"alt": "A"}, headers=json).status_code == 422
    written = desk.client.post(pictures, data={"decorative": "true"}, files=files, headers=json).json()["markdown"]
    [path] = new_files(database, rivers)
    assert written == f'![](../../{path} "decorative")'


@pytest.mark.parametrize(
    "path", ["course.yaml", "exam.yaml", "modules/01-upstream/01-spring.md", "pools/exam.yaml", "images/none.png"]
)
def test_texts_and_keys_of_a_draft_are_no_files_to_fetch(desk: Desk, rivers: Folder, path: str) -> None:
    sha256 = hashlib.sha256(rivers.files.get(path, b"")).hexdigest()
    assert desk.client.get(f"{COURSE}/preview/files/{sha256}/{path}").status_code == 404
    assert desk.client.get(f"{COURSE}/preview/files/{'0' * 64}/images/drop.png").status_code == 404
    assert desk.client.post(f"{COURSE}/files/remove", data={"path": path}).status_code == 404


@only_on("sqlite")
def test_nobody_waits_while_a_picture_is_drawn_anew(
    desk: Desk, rivers: Folder, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = must_not_lock(monkeypatch, database, "university.drafting.uploads._drawn_anew")
    desk.open(SPRING)
    form = {**desk.fields(SPRING), "alt": "A river"}
    for path, name in ((f"{COURSE}/files", "file"), (f"{COURSE}/pictures", "picture"), (SPRING, "picture")):
        assert desk.client.post(path, data=form, files={name: ("a.png", drawn())}).status_code < 400
    assert len(draws) == 3
