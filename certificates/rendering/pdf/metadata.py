"""XMP and the document information: the same facts, readable without opening the page. Also the colour profile."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from certificates.certificate import Certificate
from certificates.rendering.pdf.objects import text_string

PRODUCER = "University"

# Words by which readers find the parts of a file: a title that contains one must not look like a second part.
_DISARMED = {"%%EOF": "&#37;%EOF", "startxref": "&#115;tartxref", "/ByteRange": "&#47;ByteRange"}

_SCHEMA = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part number</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


@dataclass(frozen=True)
class Described:
    """What a file says about itself. `moment` is in UTC and whole seconds; `kinds` are the words of its type."""

    title: str
    author: str
    moment: datetime
    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    identifier: str
    coverage: str = ""


def validity(certificate: Certificate) -> str:
    """First and last day as an ISO 8601 interval; open when the certificate does not end."""
    last = certificate.expires_on.isoformat() if certificate.expires_on else ".."
    return f"{certificate.issued_on.isoformat()}/{last}"


def described(certificate: Certificate, title: str, language: str, specimen: bool) -> Described:
    """The facts of a certificate: identifier = address and version, coverage = validity."""
    return Described(
        title=title,
        author=certificate.issuer.name,
        moment=certificate.present_since,
        languages=tuple(dict.fromkeys([language, certificate.course.language])),
        kinds=("Certificate", *["SPECIMEN"] * specimen),
        identifier=certificate.identifier,
        coverage=validity(certificate),
    )


def xmp(about: Described) -> bytes:
    """The XMP packet. Dublin Core carries the facts."""
    moment = about.moment.isoformat().replace("+00:00", "Z")
    author = _safe(about.author)
    coverage = f"\n<dc:coverage>{_safe(about.coverage)}</dc:coverage>" if about.coverage else ""
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
{_SCHEMA}<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_safe(about.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:publisher><rdf:Bag><rdf:li>{author}</rdf:li></rdf:Bag></dc:publisher>
<dc:language><rdf:Bag>{_items(about.languages)}</rdf:Bag></dc:language>
<dc:type><rdf:Bag>{_items(about.kinds)}</rdf:Bag></dc:type>
<dc:identifier>{_safe(about.identifier)}</dc:identifier>{coverage}
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def information(about: Described) -> bytes:
    """The older dictionary of the same facts, which many readers show."""
    entries = {
        b"Title": text_string(about.title),
        b"Author": text_string(about.author),
        b"Creator": text_string(PRODUCER),
        b"Producer": text_string(PRODUCER),
        b"CreationDate": pdf_date(about.moment),
        b"ModDate": pdf_date(about.moment),
    }
    return b"<<%b>>" % b" ".join(b"/%b %b" % entry for entry in entries.items())


def pdf_date(moment: datetime) -> bytes:
    """A moment in UTC as a PDF string."""
    return moment.strftime("(D:%Y%m%d%H%M%SZ)").encode()


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """An ICC version 2 profile of sRGB (IEC 61966-2-1), computed: primaries adapted to D50, curve in 256 steps."""
    steps = [place / 255 for place in range(256)]
    linear = [step / 12.92 if step <= 0.04045 else ((step + 0.055) / 1.055) ** 2.4 for step in steps]
    curve = b"curv\0\0\0\0" + struct.pack(">I256H", 256, *(round(value * 65535) for value in linear))
    name = b"sRGB IEC61966-2.1"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name + bytes(1 + 4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": description,
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": _xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": _xyz(0.14307, 0.06061, 0.71410),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    return _profile(tags)


def _profile(tags: dict[bytes, bytes]) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, data, places = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for tag, content in tags.items():
        if content not in places:  # the three curves are one
            places[content] = start + len(data)
            data += content + bytes(-len(content) % 4)
        table += tag + struct.pack(">II", places[content], len(content))
    size = start + len(data)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _xyz(0.9642, 1.0, 0.8249)[8:]
    return head.ljust(128, b"\0") + table + data


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _items(values: Iterable[str]) -> str:
    return "".join(f"<rdf:li>{_safe(value)}</rdf:li>" for value in values)


def _safe(text: str) -> str:
    escaped = escape(text)
    for word, disarmed in _DISARMED.items():
        escaped = escaped.replace(word, disarmed)
    return escaped
