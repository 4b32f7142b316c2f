"""Time stamps over a signature (RFC 3161): asking for one, and telling whether one belongs and holds."""

import hashlib
import secrets
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

LONGEST_TOKEN = 10 * 1024  # bytes; the place for it is kept in every signature that may get one
_GRANTED = {"granted", "granted_with_mods"}


class BadTimeStamp(ValueError):
    """The answer of a time-stamping authority cannot be used; the sentence says why."""


def ask_for_time_stamp(signature: bytes) -> bytes:
    """The request (DER, application/timestamp-query) for a token over this signature value."""
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": _imprint(signature)}
    request = {"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": secrets.randbits(64)}
    return bytes(tsp.TimeStampReq(request).dump())


def read_time_stamp(request: bytes, response: bytes) -> bytes:
    """The token (DER) in the authority's response (application/timestamp-reply). BadTimeStamp if it is no answer to
    the request, does not hold, or is too long for its place."""
    asked = tsp.TimeStampReq.load(request)
    try:
        answer = tsp.TimeStampResp.load(response, strict=True)
        status = answer["status"]["status"].native
    except ValueError as error:
        raise BadTimeStamp("the answer is no time stamp response") from error
    if status not in _GRANTED:
        raise BadTimeStamp(f"the authority refused: {status}")
    token = bytes(answer["time_stamp_token"].dump())
    moment = _moment_if_it_holds(token, asked["message_imprint"]["hashed_message"].native, asked["nonce"].native)
    if moment is None:
        raise BadTimeStamp("the token is not over this signature, or does not verify")
    if len(token) > LONGEST_TOKEN:
        raise BadTimeStamp(f"the token has {len(token)} bytes; {LONGEST_TOKEN} is the most")
    return token


def stamped_at(token: bytes, signature: bytes) -> datetime | None:
    """The moment by which this signature value existed, as the token's authority says; None if the token is about
    something else or does not hold. Whether to trust that authority is for the reader."""
    return _moment_if_it_holds(token, _imprint(signature), None)


def _moment_if_it_holds(token: bytes, imprint: bytes, nonce: int | None) -> datetime | None:
    """Strict: one signer, whose certificate is inside, over a statement about exactly this imprint."""
    try:
        content = cms.ContentInfo.load(token, strict=True)
        if content["content_type"].native != "signed_data":
            return None
        signed = content["content"]
        wrapped = signed["encap_content_info"]["content"]
        statement = wrapped.parsed
        (info,) = signed["signer_infos"]
        (signer,) = [entry.chosen for entry in signed["certificates"] if _made(entry.chosen, info)]
        about = statement["message_imprint"].native
        is_about_it = (about["hash_algorithm"]["algorithm"], about["hashed_message"]) == ("sha256", imprint)
        is_fresh = nonce is None or statement["nonce"].native == nonce
        digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, bytes(wrapped)).digest()
        intact, valid = validate_sig_integrity(info, signer, "tst_info", digest)
        moment: datetime = statement["gen_time"].native
    except Exception:  # asn1crypto and pyHanko raise many kinds for what they cannot read
        return None
    return moment if is_about_it and is_fresh and intact and valid else None


def _made(certificate: core.Asn1Value, info: cms.SignerInfo) -> bool:
    signer = info["sid"].chosen
    if info["sid"].name == "subject_key_identifier":
        return bool(certificate.key_identifier == signer.native)
    named = (certificate.issuer.dump(), certificate.serial_number)
    return bool(named == (signer["issuer"].dump(), signer["serial_number"].native))


def _imprint(signature: bytes) -> bytes:
    return hashlib.sha256(signature).digest()
