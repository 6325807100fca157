from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persona.errors import StoreError
from persona.store.crypto import (
    DataKey,
    new_key,
    parse_master_key,
    read_or_create_master_key,
)


@given(st.text(), st.text())
def test_what_is_sealed_opens_again(text: str, context: str) -> None:
    context = context.encode(errors="replace").decode()
    text = text.encode(errors="replace").decode()
    key = DataKey(new_key())
    assert key.open(key.seal(text, context=context), context=context) == text


def test_sealed_text_cannot_be_read_or_recognised() -> None:
    key = DataKey(new_key())
    first, second = (key.seal("green tea", context="items:1") for _ in range(2))
    assert b"green" not in first
    assert first != second


@pytest.mark.parametrize("position", [0, 1, 15, -1])
def test_changed_bytes_do_not_open(position: int) -> None:
    key = DataKey(new_key())
    sealed = bytearray(key.seal("green tea", context="items:1"))
    sealed[position] ^= 1
    with pytest.raises(StoreError):
        key.open(bytes(sealed), context="items:1")


def test_a_value_moved_to_another_row_does_not_open() -> None:
    key = DataKey(new_key())
    with pytest.raises(StoreError):
        key.open(key.seal("green tea", context="items:1"), context="items:2")


def test_another_key_does_not_open() -> None:
    sealed = DataKey(new_key()).seal("green tea", context="items:1")
    with pytest.raises(StoreError):
        DataKey(new_key()).open(sealed, context="items:1")


def test_fingerprints_find_equal_values_of_one_slot_under_one_key() -> None:
    key, other = DataKey(new_key()), DataKey(new_key())
    fingerprint = key.fingerprint("tea", context="items:a")
    assert fingerprint == key.fingerprint("tea", context="items:a")
    assert fingerprint != key.fingerprint("tea", context="items:b")
    assert fingerprint != key.fingerprint("teas", context="items:a")
    assert fingerprint != other.fingerprint("tea", context="items:a")


def test_a_data_key_never_shows_itself() -> None:
    key = DataKey(b"k" * 32)
    assert "kkkk" not in repr(key)


def test_the_master_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    key = read_or_create_master_key(path, may_create=True)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_create_master_key(path, may_create=False) == key


def test_a_lost_master_key_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        read_or_create_master_key(tmp_path / "master.key", may_create=False)
    assert not (tmp_path / "master.key").exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_master_key_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    read_or_create_master_key(path, may_create=True)
    path.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        read_or_create_master_key(path, may_create=False)


@pytest.mark.parametrize("text", ["", "short", "not base64!", base64.b64encode(b"x" * 31).decode()])
def test_a_malformed_master_key_names_its_source(text: str) -> None:
    with pytest.raises(StoreError, match="RAPPORT_MASTER_KEY"):
        parse_master_key(text, source="RAPPORT_MASTER_KEY")
