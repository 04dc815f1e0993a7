"""Private fields: AES-256-GCM with a key id in front, bound to table and column; blind indexes under another key."""

import base64
import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from zhiyuan.domain.foundation.text import clean_text


class SealBroken(Exception):
    """The stored text was changed, moved from another column, or its key is missing."""


@cache
def _ring(keys: str) -> dict[str, AESGCM]:
    """Key id → cipher, newest first, from `id:secret,id:secret`."""
    pairs = (entry.strip().partition(":") for entry in keys.split(","))
    return {name: AESGCM(hashlib.sha256(secret.encode()).digest()) for name, _colon, secret in pairs}


def seal(text: str, place: str) -> str:
    """Encrypt for one place (`table.column`): `key id.base64(nonce + ciphertext)`."""
    ring = _ring(settings.SEALING_KEYS)
    key_id = next(iter(ring))
    nonce = os.urandom(12)
    sealed = ring[key_id].encrypt(nonce, text.encode(), f"{key_id}:{place}".encode())
    return f"{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, place: str) -> str:
    key_id, _dot, body = sealed.partition(".")
    cipher = _ring(settings.SEALING_KEYS).get(key_id)
    if cipher is None:
        raise SealBroken(f"No key with id {key_id} is configured in ZHIYUAN_SEALING_KEYS.")
    try:
        raw = base64.b64decode(body, validate=True)
        return cipher.decrypt(raw[:12], raw[12:], f"{key_id}:{place}".encode()).decode()
    except (InvalidTag, ValueError) as error:  # ValueError: what is stored there was never sealed
        raise SealBroken(f"A value in {place} does not open with its key.") from error


def seal_bytes(content: bytes, place: str) -> bytes:
    """The same for a file: `key id.nonce + ciphertext`, bound to its place."""
    ring = _ring(settings.SEALING_KEYS)
    key_id = next(iter(ring))
    nonce = os.urandom(12)
    return key_id.encode() + b"." + nonce + ring[key_id].encrypt(nonce, content, f"{key_id}:{place}".encode())


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    key_id, _dot, body = sealed.partition(b".")
    cipher = _ring(settings.SEALING_KEYS).get(key_id.decode("ascii", "replace"))
    if cipher is None:
        raise SealBroken("A file's key is not configured in ZHIYUAN_SEALING_KEYS.")
    try:
        return cipher.decrypt(body[:12], body[12:], key_id + b":" + place.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(f"The file {place} does not open with its key.") from error


def blind_index(value: str, purpose: str) -> str:
    """A keyed hash that finds equal values of one purpose and tells nothing else (HMAC-SHA-256, hex)."""
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text that the database only ever sees sealed. It can't be filtered on; keep a blind index beside it for that."""

    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        return seal(clean_text(value), self.place()) if value else value

    def from_db_value(self, value: str | None, _expression: Any, _connection: BaseDatabaseWrapper) -> str | None:
        return unseal(value, self.place()) if value else value
