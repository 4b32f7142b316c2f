"""A credential inside an SVG picture (Open Badges 3.0, baking)."""

import re
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_TAG = f"{{{_NAMESPACE}}}credential"
_START = re.compile(r"""<svg(?=[\s>])(?:[^<>"']|"[^"<]*"|'[^'<]*')*(?<!/)>""")


def bake(svg: str, credential: str) -> str:
    """The picture with the credential (JSON text) right after its first tag; a ValueError if it cannot be one."""
    found = _START.search(svg)
    if found is None or unbake(svg) is not None:
        raise ValueError("this is not an SVG picture without a credential")
    # The end of a CDATA section and two characters that XML lacks stand as JSON's own escapes, which mean the same.
    text = credential.replace("]]>", "]]\\u003e").replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    element = f'<openbadges:credential xmlns:openbadges="{_NAMESPACE}"><![CDATA[{text}]]></openbadges:credential>'
    baked = svg[: found.end()] + element + svg[found.end() :]
    if unbake(baked) != text.strip():
        raise ValueError("the first tag of the picture is not its own")
    return baked


def unbake(svg: str) -> str | None:
    """The credential in a picture, as text, or none. A ValueError for what is no picture, or holds two."""
    try:
        root = ElementTree.fromstring(svg.encode())
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError("this is not an SVG picture") from error
    found = list(root.iter(_TAG))
    if root.tag != "{http://www.w3.org/2000/svg}svg" or len(found) > 1:
        raise ValueError("this is not an SVG picture with one credential")
    return (found[0].text or "").strip() if found else None
