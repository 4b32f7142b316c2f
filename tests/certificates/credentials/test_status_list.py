"""The status list: one bit for each credential, read by a decoder that is not the writer."""

from __future__ import annotations

import base64
import gzip
import json
import random

import pytest
from hypothesis import given, settings, strategies as st

from certificates import STATUS_LIST_BITS, STATUS_LIST_CAPACITY, credential_json, draw_index
from certificates.credentials.status_list import decode_bits, encode_bits, is_set
from tests.certificates.badges import DID, LIST, list_with

LAST = STATUS_LIST_BITS - 1


def bits_of(encoded: str) -> str:
    """As the standard says, bit by bit: a character 0 or 1 for each index."""
    packed = base64.urlsafe_b64decode(encoded.removeprefix("u") + "==")
    return "".join(f"{byte:08b}" for byte in gzip.decompress(packed))


def test_the_list_has_the_published_form() -> None:
    document = list_with()
    assert list(document)[-1] == "proof"
    assert {name: document[name] for name in ("id", "type", "issuer", "validFrom")} == {
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-11-14T09:30:00Z",
    }
    assert "validUntil" not in document
    assert {name: value for name, value in document["credentialSubject"].items() if name != "encodedList"} == {
        "id": f"{LIST}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
    }


def test_a_fresh_list_has_131072_bits_and_none_is_set() -> None:
    assert bits_of(encode_bits([])) == "0" * 131_072


@pytest.mark.parametrize("index", [0, 1, 7, 8, 94_567, LAST])
def test_index_0_is_the_most_significant_bit_of_the_first_byte(index: int) -> None:
    assert bits_of(encode_bits([index])).index("1") == index
    assert bits_of(encode_bits([index])).count("1") == 1


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, LAST), max_size=300))
def test_the_bits_that_were_set_come_back_and_no_other(revoked: set[int]) -> None:
    bits = decode_bits(encode_bits(revoked))
    assert {index for index in range(STATUS_LIST_BITS) if is_set(bits, index)} == revoked


def test_the_same_bits_are_the_same_text_in_any_order() -> None:
    assert encode_bits([3, 1, 2]) == encode_bits([1, 2, 3, 3])


def test_13000_bits_fit_in_13_kilobytes() -> None:
    revoked = random.Random(1).sample(range(STATUS_LIST_BITS), 13_000)
    assert len(credential_json(list_with(*revoked))) < 13 * 1024


@pytest.mark.parametrize("index", [-1, STATUS_LIST_BITS])
def test_an_index_outside_of_the_list_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="no index"):
        encode_bits([index])


def test_a_bit_that_is_not_there_says_nothing() -> None:
    bits = decode_bits(encode_bits([]))
    for index in (-1, STATUS_LIST_BITS):
        with pytest.raises(IndexError):
            is_set(bits, index)


def packed(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data)).decode().rstrip("=")


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        encode_bits([])[1:],
        "z" + encode_bits([])[1:],
        encode_bits([])[:-9],
        "u!!!!",
        "uAAAA",
        packed(bytes(STATUS_LIST_BITS // 8 - 1)),
        packed(bytes(40 * 1024 * 1024)),
        "u" + "A" * 100_000,
    ],
    ids=range(10),
)
def test_what_is_no_list_or_a_short_one_is_refused(encoded: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_bits(encoded)


def test_an_index_is_never_given_out_twice_and_says_nothing_about_its_turn() -> None:
    taken = set(range(STATUS_LIST_BITS)) - {5, 70_000}
    assert {draw_index(taken) for _ in range(30)} == {5, 70_000}
    drawn = [draw_index(()) for _ in range(60)]
    assert drawn != sorted(drawn)
    assert all(0 <= index <= LAST for index in drawn)


def test_half_of_a_list_is_given_out() -> None:
    assert STATUS_LIST_CAPACITY == 65_536


def test_nothing_personal_and_no_number_is_in_the_list() -> None:
    text = json.dumps({name: value for name, value in list_with(94_567).items() if name != "proof"})
    assert "7KQ2" not in text
    assert ".org/verify" not in text
    assert "@example" not in text
