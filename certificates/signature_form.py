"""The form of our signatures: which bytes vary from one to the next, which never do, and how to read one strictly."""

import hashlib
import re
from dataclasses import dataclass

from asn1crypto import cms, core, x509

_LONGEST_HOLE = 64 * 1024
_BYTE_RANGE = re.compile(rb"/ByteRange \[0 (\d{10}) (\d{10}) (\d{10})\]")
_TIME_STAMP = cms.CMSAttributeType("signature_time_stamp_token").dump()
_SIGNED_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2"}


class SignatureForm:
    """A CMS SignedData (RFC 5652) of which only message digest and signature value differ from one to the next."""

    def __init__(self, der: bytes) -> None:
        signed_data = cms.ContentInfo.load(der)["content"]
        info = signed_data["signer_infos"][0]
        parts = ("version", "digest_algorithms", "encap_content_info", "certificates")
        self._head = b"".join(signed_data[part].dump() for part in parts)
        self._info_head = b"".join(info[part].dump() for part in ("version", "sid", "digest_algorithm"))
        self._algorithm = info["signature_algorithm"].dump()
        attributes = info["signed_attrs"].untag().contents
        self.digest: bytes = _message_digest(info)
        self._before, self._after = attributes.split(self.digest)
        self._type = cms.ContentType("signed_data").dump()

    def signed_attributes(self, digest: bytes) -> bytes:
        """What is really signed: the attributes, tagged as a set."""
        return _tlv(0x31, self._before + digest + self._after)

    def filled(self, digest: bytes, signature: bytes, time_stamp: bytes = b"") -> bytes:
        """The whole value; with a time stamp (DER) over the signature as its one unsigned attribute."""
        attributes = _tlv(0xA0, self._before + digest + self._after)
        unsigned = _tlv(0xA1, _tlv(0x30, _TIME_STAMP + _tlv(0x31, time_stamp))) if time_stamp else b""
        info = _tlv(0x30, self._info_head + attributes + self._algorithm + _tlv(0x04, signature) + unsigned)
        signed_data = _tlv(0x30, self._head + _tlv(0x31, info))
        return _tlv(0x30, self._type + _tlv(0xA0, signed_data))


@dataclass(frozen=True)
class Signed:
    """The one signature of a file, taken apart without a PDF parser."""

    value: cms.SignedData
    certificate: x509.Certificate
    certificates: tuple[bytes, ...]
    digest: bytes
    signature: bytes
    time_stamp: bytes | None


def read_signature(file: bytes) -> Signed | None:
    """The signature, if there is one revision and one signature, over everything but its own digits."""
    if file.count(b"%%EOF") != 1 or file.count(b"startxref") != 1 or file.count(b"/ByteRange") != 1:
        return None
    found = _BYTE_RANGE.search(file)
    if not found:
        return None
    hole, resume, rest = map(int, found.groups())
    if resume + rest != len(file) or not 2 < resume - hole - 2 <= 2 * _LONGEST_HOLE:
        return None
    if not file[:hole].endswith(b"/Contents") or file[hole : hole + 1] + file[resume - 1 : resume] != b"<>":
        return None
    value = _signature_value(file[hole + 1 : resume - 1])
    digest = hashlib.sha256(file[:hole])
    digest.update(file[resume:])
    return _taken_apart(value, digest.digest()) if value else None


def _signature_value(digits: bytes) -> bytes | None:
    """The DER in the hole: lower-case digits, and after its own length nothing but zeros."""
    if len(digits) % 2 or not re.fullmatch(rb"[0-9a-f]+", digits):
        return None
    data = bytes.fromhex(digits.decode("ascii"))
    length = _der_length(data)
    if length is None or length > len(data) or any(data[length:]):
        return None
    return data[:length]


def _der_length(data: bytes) -> int | None:
    """Of the first element with its head; shortest form only."""
    if len(data) < 2 or data[0] != 0x30:
        return None
    if data[1] < 128:
        return 2 + data[1]
    count = data[1] & 127
    length = int.from_bytes(data[2 : 2 + count], "big")
    shortest = 1 <= count <= 3 and length >= 128 and data[2] != 0
    return 2 + count + length if shortest else None


def _taken_apart(der: bytes, digest: bytes) -> Signed | None:
    """Strict: exactly what we write, in the one form that DER allows, so that no bit of it can be another."""
    try:
        value = cms.ContentInfo.load(der, strict=True)["content"]
        infos, certificates = value["signer_infos"], value["certificates"]
        if len(infos) != 1 or not _has_our_form(value, infos[0]):
            return None
        serial = infos[0]["sid"].chosen
        found = [entry.chosen for entry in certificates if _is_meant(entry.chosen, serial)]
        form = SignatureForm(der)
        signature, time_stamp = infos[0]["signature"].native, _time_stamp(infos[0])
        if len(found) != 1 or form.filled(form.digest, signature, time_stamp) != der:
            return None
        others = tuple(entry.chosen.dump() for entry in certificates)
        return Signed(value, found[0], others, digest, signature, time_stamp or None)
    except Exception:  # asn1crypto raises many kinds for what it cannot read
        return None


def _has_our_form(value: cms.SignedData, info: cms.SignerInfo) -> bool:
    algorithms = [entry["algorithm"].native for entry in value["digest_algorithms"]]
    content = value["encap_content_info"]
    attributes = [entry["type"].native for entry in info["signed_attrs"]]
    return (
        value["version"].native == "v1"
        and info["version"].native == "v1"
        and algorithms == [info["digest_algorithm"]["algorithm"].native] == ["sha256"]
        and all(entry["parameters"].native is None for entry in [*value["digest_algorithms"], info["digest_algorithm"]])
        and info["signature_algorithm"]["parameters"].native is None
        and content["content_type"].native == "data"
        and isinstance(content["content"], core.Void)
        and len(attributes) == len(_SIGNED_ATTRIBUTES)
        and set(attributes) == _SIGNED_ATTRIBUTES
        and info["sid"].name == "issuer_and_serial_number"
    )


def _is_meant(certificate: x509.Certificate, signer: cms.IssuerAndSerialNumber) -> bool:
    named = (certificate.issuer.dump(), certificate.serial_number)
    return bool(named == (signer["issuer"].dump(), signer["serial_number"].native))


def _message_digest(info: cms.SignerInfo) -> bytes:
    found = next(entry for entry in info["signed_attrs"] if entry["type"].native == "message_digest")
    digest: bytes = found["values"][0].native
    return digest


def _time_stamp(info: cms.SignerInfo) -> bytes:
    """The token that stands first among the unsigned attributes, if there are any."""
    unsigned = info["unsigned_attrs"]
    return b"" if isinstance(unsigned, core.Void) else bytes(unsigned[0]["values"][0].dump())


def _tlv(tag: int, content: bytes) -> bytes:
    """One DER element."""
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content
