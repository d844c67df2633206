# SPDX-License-Identifier: Apache-2.0
"""Reads the vault of a data directory without the program: SQLite's module, and libsodium through
ctypes, by what src/seal/vault.h says of the bytes. So a test sees what a node really holds."""
import base64
import ctypes
import ctypes.util
import hashlib
import json
import sqlite3
from dataclasses import dataclass, field

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium"))
UNUSED, SEALED, PURGED = 0, 1, 2
HEAD, COARSE, EXACT = 0, 1, 2


def opened(cipher, text, associated, nonce, key):
    """The plaintext, or None."""
    out = ctypes.create_string_buffer(max(len(text) - 16, 1))
    size = ctypes.c_ulonglong()
    name = f"crypto_aead_{cipher}_ietf_decrypt"
    failed = getattr(SODIUM, name)(out, ctypes.byref(size), None, text,
                                   ctypes.c_ulonglong(len(text)), associated,
                                   ctypes.c_ulonglong(len(associated)), nonce, key)
    return None if failed else out.raw[:size.value]


@dataclass
class Row:
    """One entry's row: of each slot its state, key, ciphertext and body, where they are there."""
    origin: str
    index: int
    leaf: bytes
    wrapped: bytes
    states: tuple
    keys: dict = field(default_factory=dict)
    ciphertexts: dict = field(default_factory=dict)
    bodies: dict = field(default_factory=dict)

    @property
    def head(self):
        return json.loads(self.bodies[HEAD]) if HEAD in self.bodies else {}

    @property
    def open(self):
        return set(self.bodies)


def key_of(directory, role="vault"):
    magic, name, text = (directory / "keys" / role).read_text().split()
    assert (magic, name) == ("entente-key/v1", role)
    return base64.b64decode(text)


def read_row(origin, index, entry, wrapped, texts, key):
    leaf = hashlib.sha256(b"\0" + entry).digest()
    states = tuple(wrapped[1:4])
    row = Row(origin, index, leaf, wrapped, states)
    keys = opened("xchacha20poly1305", wrapped[28:],
                  b"entente/vault/keys/v1\n" + leaf + wrapped[:4], wrapped[4:28], key)
    assert keys is not None, f"{origin} {index}: its keys do not open"
    at = 13
    for slot in range(3):
        if states[slot] == SEALED:
            row.keys[slot], keys = keys[:32], keys[32:]
        length = int.from_bytes(texts[1 + 4 * slot:5 + 4 * slot], "big")
        if length:
            row.ciphertexts[slot] = texts[at:at + length]
        at += length
    assert not keys and at == len(texts)
    for slot, one in row.keys.items():
        body = opened("chacha20poly1305", row.ciphertexts[slot],
                      b"entente/vault/body/v1\n" + leaf + bytes([slot]), bytes(12), one)
        assert body is not None, f"{origin} {index}: slot {slot} does not open"
        row.bodies[slot] = body[32:]  # after its salt
    return row


def rows_of(directory):
    """Every row of a node that is not running."""
    key = key_of(directory)
    with sqlite3.connect(f"file:{directory}/entente.db?mode=ro", uri=True) as db:
        found = db.execute("SELECT entry.origin, entry.idx, bytes, wrapped_keys, ciphertexts "
                           "FROM entry JOIN body USING (origin, idx) "
                           "WHERE length(wrapped_keys) > 0").fetchall()
    db.close()
    return [read_row(*row, key) for row in found]


def files_of(directory):
    """Every file of a node, by name."""
    return {path.relative_to(directory): path.read_bytes()
            for path in sorted(directory.rglob("*")) if path.is_file()}
