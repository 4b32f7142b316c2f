"""A credential inside a picture."""

from __future__ import annotations

import pytest

from certificates import bake, credential_json, unbake
from certificates.credentials.json_text import read_json
from tests.certificates.badges import ada, signed

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


def test_the_credential_stands_right_after_the_first_tag() -> None:
    text = credential_json(signed())
    assert bake(PICTURE, text) == PICTURE.replace(
        '1 1">',
        f'1 1"><openbadges:credential xmlns:openbadges="{NAMESPACE}"><![CDATA[{text}]]></openbadges:credential>',
    )


def test_the_credential_comes_back_from_the_picture() -> None:
    text = credential_json(signed())
    assert unbake(bake(PICTURE, text)) == text
    assert unbake(PICTURE) is None


@pytest.mark.parametrize("title", ["]]>", "<svg> & </svg>", "Zoë 日本", "end\ufffe\uffff"])
def test_hard_words_come_back_as_they_were(title: str) -> None:
    document = signed(ada(certificate_title=title))
    baked = bake(PICTURE, credential_json(document))
    found = unbake(baked)
    assert found is not None
    assert read_json(found) == document


@pytest.mark.parametrize(
    "prologue",
    ['<?xml version="1.0"?>\n', "<!-- a picture -->", "\n "],
)
def test_what_stands_before_the_picture_stays(prologue: str) -> None:
    assert unbake(bake(prologue.strip() + PICTURE, "{}")) == "{}"
    assert bake(prologue.strip() + PICTURE, "{}").startswith(prologue.strip())


@pytest.mark.parametrize(
    "picture",
    [
        "",
        "no picture",
        "<svg",
        "<svg/>",
        "<svg></svg>",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "<html></html>",
        f"<!-- <svg> -->{PICTURE}",
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + PICTURE,
        '<html><svg xmlns="http://www.w3.org/2000/svg"></svg></html>',
    ],
)
def test_what_is_no_picture_is_refused(picture: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        bake(picture, "{}")


def test_a_picture_holds_one_credential() -> None:
    baked = bake(PICTURE, "{}")
    with pytest.raises(ValueError, match="without a credential"):
        bake(baked, "{}")
    element = baked[baked.index("<openbadges") : baked.index("<path")]
    with pytest.raises(ValueError, match="one credential"):
        unbake(baked.replace(element, element * 2))
