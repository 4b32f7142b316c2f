"""Any file to a verdict. A verdict is a value: no file makes this raise, however damaged or hostile it is.

The cheap rules come first and need no PDF parser. Only bytes that one of our own keys really signed, and that nobody
else has, are given to pyHanko, so its time and memory are bounded by what we write ourselves.
"""

import io
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal
from urllib.parse import urlsplit

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates.file_metadata import FileMetadata, read_metadata
from certificates.keys import PublicKey, PublicKeys
from certificates.signature_form import Signed, read_signature
from certificates.time_stamp import stamped_at

LARGEST_FILE = 10 * 1024 * 1024

Word = Literal["untouched", "changed", "not_ours", "could_not_check"]
Reason = Literal[
    "all_rules_kept",
    "altered_after_signing",
    "another_credential",
    "no_signature",
    "another_key",
    "outside_key_life",
    "key_compromised",
    "no_number",
    "not_a_pdf",
    "empty",
    "too_large",
]
_WORDS: dict[Reason, Word] = {
    "all_rules_kept": "untouched",
    "altered_after_signing": "changed",
    "another_credential": "changed",  # said by whoever holds the record
    "no_signature": "not_ours",
    "another_key": "not_ours",
    "outside_key_life": "not_ours",
    "key_compromised": "not_ours",
    "no_number": "not_ours",
    "not_a_pdf": "not_ours",
    "empty": "could_not_check",
    "too_large": "could_not_check",
}


@dataclass(frozen=True)
class Verdict:
    """What the file is. Everything after `reason` is read from the file: as signed if "untouched", else as it claims.

    Whether the number stands in the record, and how, is not asked here; nor whether `credential`, the attachment of an
    untouched file, is the one that was issued with it.
    """

    word: Word
    reason: Reason
    number: str | None = None
    version: int | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    title: str | None = None
    issuer: str | None = None
    signed_at: datetime | None = None
    key_id: str | None = None
    credential: str | None = None
    stamped_at: datetime | None = None


def verify(file: bytes, keys: PublicKeys) -> Verdict:
    """Judges the bytes by the issuer's public keys. Never raises."""
    if not file:
        return _verdict("empty")
    if len(file) > LARGEST_FILE:
        return _verdict("too_large")
    if b"%PDF-" not in file[:1024]:
        return _verdict("not_a_pdf")
    metadata = read_metadata(file)
    signed = read_signature(file)
    if signed is None:
        return _without_signature(file, metadata, keys)
    key = keys.signer(signed.certificate.dump())
    if key is None:
        damaged = _claims_to_be_ours(metadata, keys) and not _is_intact(signed)
        return _verdict("altered_after_signing" if damaged else "another_key", metadata)
    return _by_our_key(file, metadata, signed, key)


def _by_our_key(file: bytes, metadata: FileMetadata, signed: Signed, key: PublicKey) -> Verdict:
    if not key.comes_with(signed.certificates) or not _is_intact(signed) or not _stamp_holds(signed):
        return _verdict("altered_after_signing", metadata, key)
    if key.compromised_at is not None:  # whoever has the key may have written this: no parser for it
        return _verdict("key_compromised", metadata, key)
    opinion = _second_opinion(file)
    if opinion is None:
        return _verdict("altered_after_signing", metadata, key)
    if not key.was_in_use_at(opinion.signed_at):
        return _verdict("outside_key_life", metadata, key, opinion.signed_at)
    if metadata.number is None:
        return _verdict("no_number", metadata, key, opinion.signed_at)
    stamp = stamped_at(signed.time_stamp, signed.signature) if signed.time_stamp else None
    kept = _verdict("all_rules_kept", metadata, key, opinion.signed_at)
    return replace(kept, credential=opinion.credential, stamped_at=stamp)


def _without_signature(file: bytes, metadata: FileMetadata, keys: PublicKeys) -> Verdict:
    """No signature that keeps rule 1: a broken one of ours, or none that ever was."""
    key = keys.any_in(file)
    if key or (_claims_to_be_ours(metadata, keys) and b"/ByteRange" in file):
        return _verdict("altered_after_signing", metadata, key)
    return _verdict("another_key" if b"/ByteRange" in file else "no_signature", metadata)


def _claims_to_be_ours(metadata: FileMetadata, keys: PublicKeys) -> bool:
    return metadata.number is not None and metadata.host == urlsplit(keys.issuer_url).netloc


def _verdict(
    reason: Reason,
    metadata: FileMetadata | None = None,
    key: PublicKey | None = None,
    signed_at: datetime | None = None,
) -> Verdict:
    metadata = metadata or FileMetadata()
    return Verdict(
        _WORDS[reason],
        reason,
        metadata.number,
        metadata.version,
        metadata.issued_on,
        metadata.expires_on,
        metadata.title,
        metadata.issuer,
        signed_at,
        key.id if key else None,
    )


def _stamp_holds(signed: Signed) -> bool:
    return signed.time_stamp is None or stamped_at(signed.time_stamp, signed.signature) is not None


def _is_intact(signed: Signed) -> bool:
    """The signature value is the key's, over exactly these bytes."""
    try:
        info = signed.value["signer_infos"][0]
        intact, valid = validate_sig_integrity(info, signed.certificate, "data", signed.digest)
    except Exception:  # a signature that cannot be computed is not valid, whatever stands in its way
        return False
    return bool(intact and valid)


@dataclass(frozen=True)
class _Opinion:
    signed_at: datetime
    credential: str | None


def _second_opinion(file: bytes) -> _Opinion | None:
    """What the file holds, if pyHanko too finds one signature that covers the whole file and forbids any change."""
    try:
        reader = PdfFileReader(io.BytesIO(file), strict=True)
        (signature,) = reader.embedded_signatures
        signature.compute_integrity_info()
        difference = signature.diff_result
        unchanged = isinstance(difference, DiffResult) and difference.modification_level == ModificationLevel.NONE
        whole = signature.coverage == SignatureCoverageLevel.ENTIRE_FILE
        closed = signature.docmdp_level == MDPPerm.NO_CHANGES and signature.summarise_integrity_info()["docmdp_ok"]
        if not (unchanged and whole and closed):
            return None
        return _Opinion(_moment(str(signature.sig_object["/M"])), _attachment(reader))
    except Exception:  # pyHanko raises many kinds for a file that it cannot read
        return None


def _attachment(reader: PdfFileReader) -> str | None:
    """The one embedded file, if there is one."""
    try:
        attachment = reader.root["/Names"]["/EmbeddedFiles"]["/Names"][1]  # after its name
    except KeyError:
        return None
    return str(attachment["/EF"]["/F"].data.decode())


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "D:%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
