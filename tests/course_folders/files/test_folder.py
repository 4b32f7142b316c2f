"""Folders and zip files to values and back, and the digest that anybody can repeat."""

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.course_folders.lighthouses import SITE, changed, lighthouses, with_file
from university.course_folders import (
    Folder,
    Unreadable,
    check,
    digest,
    read_course,
    read_folder,
    read_zip,
    with_status,
    write_folder,
    write_zip,
)
from university.course_folders.files import (
    archive,
)


def zipped(entries: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return packed.getvalue()


def codes(folder: Folder) -> list[str]:
    return [finding.code for finding in check(folder)]


def test_a_folder_read_and_written_has_the_same_bytes(tmp_path: Path) -> None:
    write_folder(lighthouses(), tmp_path / "lighthouses")
    assert read_folder(tmp_path / "lighthouses") == lighthouses()


def test_a_folder_packed_and_unpacked_is_the_same() -> None:
    assert read_zip(write_zip(lighthouses())) == lighthouses()
    assert write_zip(lighthouses()) == write_zip(lighthouses())


def test_a_zip_without_a_folder_around_has_no_name() -> None:
    folder = read_zip(zipped(dict(lighthouses().files)))
    assert folder.name is None
    assert check(folder, SITE) == []


def test_names_with_a_dot_in_front_are_not_part_of_a_course(tmp_path: Path) -> None:
    write_folder(lighthouses(), tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / "images" / ".DS_Store").write_text("x")
    assert read_folder(tmp_path).files == lighthouses().files
    assert read_zip(zipped({**lighthouses().files, ".git/config": b"x"})).files == lighthouses().files


def test_links_and_devices_are_named_and_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    course = tmp_path / "lighthouses"
    write_folder(lighthouses(), course)
    (course / "files" / "link.pdf").symlink_to(secret)
    (course / "images" / "all").symlink_to(tmp_path)
    os.mkfifo(course / "files" / "pipe")
    folder = read_folder(course)
    assert [(one.path, one.code) for one in check(folder, SITE)] == [
        ("files/link.pdf", "E013"),
        ("files/pipe", "E013"),
        ("images/all", "E013"),
    ]
    assert all(b"secret" not in content for content in folder.files.values())


def test_a_link_in_place_of_the_course_file_is_all_that_is_said_about_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("format: 1")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "course.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert codes(read_folder(tmp_path / "x")) == ["E013"]
    (tmp_path / "x" / "other").symlink_to(tmp_path)
    (tmp_path / "x" / "course.yaml").unlink()
    assert codes(read_folder(tmp_path / "x")) == ["E001", "E013"]


def test_no_folder_and_no_zip_are_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There is no folder"):
        read_folder(tmp_path / "none")
    with pytest.raises(Unreadable, match="no readable zip file"):
        read_zip(b"PK but not really")
    damaged = bytearray(write_zip(lighthouses()))
    damaged[60:90] = b"\0" * 30
    with pytest.raises(Unreadable, match="no readable zip file"):
        read_zip(bytes(damaged))


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../out.txt", "a\\..\\out.txt", "./a", "a//b"])
def test_a_zip_with_a_path_outside_of_itself_is_refused(name: str) -> None:
    folder = read_zip(zipped({"course.yaml": b"", name: b"x"}))
    assert folder.files == {}
    assert codes(folder) == ["E015"]


def test_a_zip_with_a_link_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        link = zipfile.ZipInfo("files/link")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert codes(read_zip(packed.getvalue())) == ["E015"]


def test_a_zip_with_one_name_twice_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("course.yaml", "a")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("course.yaml", "b")
    assert codes(read_zip(packed.getvalue())) == ["E015"]


def test_a_zip_that_grows_too_much_is_refused() -> None:
    assert codes(read_zip(zipped({"files/blanks.bin": b"\0" * 3_000_000}))) == ["E015"]


def test_a_zip_with_too_many_entries_or_bytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(read_zip(zipped({f"files/{number}": b"" for number in range(5001)}))) == ["E015"]
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    assert codes(read_zip(zipped({"files/a": os.urandom(600), "files/b": os.urandom(600)}))) == ["E015"]


def test_a_zip_of_a_million_entries_is_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 5)
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda _self: pytest.fail("it was listed"))
    many = read_zip(zipped({f"{n}.md": b"x" for n in range(60)}))
    assert [finding.what for finding in many.findings] == ["the zip file has 60 entries"]


def test_what_a_zip_says_of_its_sizes_is_not_believed() -> None:
    packed = bytearray(zipped({"files/blanks.bin": b"\0" * 3_000_000}))
    # The sizes in the list at the end, which unpackers trust, say one byte.
    place = packed.rindex(b"PK\x01\x02") + 24
    packed[place : place + 4] = (1).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        read_zip(bytes(packed))


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        write_folder(Folder({"../out.txt": b"x"}), tmp_path / "course")
    assert not (tmp_path / "out.txt").exists()


def test_the_digest_is_what_sha256sum_gives_for_a_published_folder(tmp_path: Path) -> None:
    published = with_status(lighthouses(), "published")
    write_folder(published, tmp_path)
    script = "find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum"
    printed = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert digest(published) == printed.split()[0]


def test_the_digest_knows_no_status_and_every_other_byte() -> None:
    assert digest(with_status(lighthouses(), "published")) == digest(with_status(lighthouses(), "archived"))
    assert digest(changed("course.yaml", "status: draft\n", "status: published\n")) == digest(lighthouses())
    assert digest(changed("course.yaml", "eqf: 3", "eqf: 4")) != digest(lighthouses())
    assert digest(with_file("LICENSE", "Do as you like.")) != digest(lighthouses())
    without = changed("course.yaml", "status: draft\n", "")
    assert digest(without) == digest(with_status(without, "published"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"status: draft # soon\r\n", b"status: archived # soon\r\n"),
        (b"\xef\xbb\xbfstatus: 'draft'\n", b"\xef\xbb\xbfstatus: archived\n"),
        (b"title: x", b"title: x\nstatus: archived\n"),
        (b"title: x\r\n", b"title: x\r\nstatus: archived\r\n"),
        (b"inner:\n  status: draft\n", b"inner:\n  status: draft\nstatus: archived\n"),
        (b"status: archived\n", b"status: archived\n"),
    ],
)
def test_a_new_status_touches_nothing_else(before: bytes, after: bytes) -> None:
    assert with_status(Folder({"course.yaml": before}), "archived").files["course.yaml"] == after


def test_the_status_is_read_again_as_it_was_set() -> None:
    for status in ("draft", "published", "archived"):
        course = read_course(with_status(lighthouses(), status)).course
        assert course is not None
        assert course.status == status
