"""Sealing: nothing a person said can be read in the database files.

Every person has one data key per scope and epoch. It seals their text (AES-256-GCM), and keys the
fingerprints by which equal values are found without opening them. Data keys are kept wrapped by
the operator's master key, in a file apart from the data; destroying one makes everything sealed
with it unreadable, in every copy.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from persona.errors import SealError, StoreError

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


@dataclass(frozen=True, slots=True)
class DataKey:
    """Seals one person's text in one scope and epoch."""

    secret: bytes

    def seal(self, text: str, *, context: str) -> bytes:
        """Return `text` sealed; `context` (table and row) must be given again to open it."""
        return encrypt(self.secret, text.encode(), context.encode())

    def open(self, sealed: bytes, *, context: str) -> str:
        """Return the text that was sealed.

        Raises `SealError` when the key is another one, or the data was changed or moved.
        """
        return decrypt(self.secret, sealed, context.encode()).decode()

    def fingerprint(self, value: str, *, context: str) -> bytes:
        """Return a keyed hash by which equal values in the same `context` are found."""
        return keyed_hash(self.secret, f"{context}\0{value}", purpose="fingerprint")

    def __repr__(self) -> str:
        return "DataKey(...)"


def new_key() -> bytes:
    """Return a random key of `KEY_BYTES` bytes."""
    return os.urandom(KEY_BYTES)


def keyed_hash(key: bytes, value: str, *, purpose: str) -> bytes:
    """Return a hash of `value` that nobody can make, or try values on, without `key`."""
    derived = hmac.digest(key, purpose.encode(), hashlib.sha256)
    return hmac.digest(derived, value.encode(), hashlib.sha256)


def encrypt(key: bytes, plain: bytes, associated: bytes) -> bytes:
    """Return format byte, nonce and AES-GCM ciphertext of `plain`."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, associated)


def decrypt(key: bytes, sealed: object, associated: bytes) -> bytes:
    """Return what `encrypt` sealed. Raises `SealError` when it cannot be opened.

    SQLite may give back anything, if somebody wrote it by hand.
    """
    if not isinstance(sealed, bytes) or sealed[:1] != _FORMAT:
        raise SealError("Sealed data has an unknown format.")
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, associated)
    except (InvalidTag, ValueError) as error:
        raise SealError("Sealed data cannot be opened with this key.") from error


def parse_master_key(text: str, *, source: str) -> bytes:
    """Return the master key written as base64 in `text`.

    Raises `StoreError` naming `source` when it is not base64 of 32 bytes.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"{source} must hold {KEY_BYTES} random bytes in base64; "
            "`openssl rand -base64 32` makes some."
        )
    return key


def read_or_create_master_key(path: Path, *, may_create: bool) -> bytes:
    """Return the master key in the file `path`, creating the file (mode 0600) if it may be.

    Raises `StoreError` when the file is missing though keys exist that it must open, cannot be
    read, or may be read by other users.
    """
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        if not may_create:
            raise StoreError(
                f"The master key {path} is missing. Put the file back, or give the key in "
                "RAPPORT_MASTER_KEY; without it nothing that is kept can be opened."
            ) from None
        return _create_master_key(path)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The master key {path} cannot be read: {error}.") from error
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise StoreError(f"The master key {path} can be read by other users: chmod 600 {path}")
    return parse_master_key(text, source=str(path))


def _create_master_key(path: Path) -> bytes:
    key = new_key()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(key).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"The master key {path} cannot be written: {error}.") from error
    return key
