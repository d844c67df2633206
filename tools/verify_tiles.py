#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Re-verify an exported log (a C2SP tlog-tiles directory) without any code of entente's.

    tools/verify_tiles.py OUTDIR VKEY [--origin ORIGIN]

Needs Python 3.8 and, for the signature, the openssl program (1.1.1 or newer). Every entry is hashed
anew, every tile and every older partial tile in the directory is compared with what the entries
give, and the root with the signed checkpoint. Exit status 0: all holds. 1: the first file and entry
at fault are named. 2: wrong use. The origin is the key's name unless it is given.
"""
import argparse
import base64
import hashlib
import os
import subprocess
import sys
import tempfile

WIDTH = 256
SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")  # RFC 8410 section 4


class Bad(Exception):
    """What is wrong, beginning with the file at fault."""


def sha256(data):
    return hashlib.sha256(data).digest()


def tree_hash(hashes):
    """MTH of RFC 6962 section 2.1, over leaf hashes."""
    if not hashes:
        return sha256(b"")
    layer = list(hashes)
    while len(layer) > 1:
        # Pairing from the left and promoting an odd last one is the recursive definition, unrolled:
        # each split at a power of two falls on a pair boundary.
        above = [sha256(b"\x01" + layer[i] + layer[i + 1]) for i in range(0, len(layer) - 1, 2)]
        if len(layer) % 2:
            above.append(layer[-1])
        layer = above
    return layer[0]


def strict_base64(text, where):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Bad(f"{where}: not base64: {text[:60]!r}") from error
    if base64.b64encode(data).decode() != text:
        raise Bad(f"{where}: base64 in a second spelling: {text[:60]!r}")
    return data


def parse_vkey(vkey):
    """(name, key id, public key) of an Ed25519 verifier key."""
    parts = vkey.split("+", 2)
    if len(parts) != 3:
        raise ValueError("a verifier key is name+hhhhhhhh+base64")
    name, key_id, key = parts[0], bytes.fromhex(parts[1]), base64.b64decode(parts[2])
    if len(key) != 33 or key[0] != 1:
        raise ValueError("only Ed25519 verifier keys (type 0x01) are understood")
    if sha256(name.encode() + b"\n" + key)[:4] != key_id:
        raise ValueError("the verifier key's id does not fit its name and key")
    return name, key_id, key[1:]


def signature_holds(public_key, text, signature):
    with tempfile.TemporaryDirectory() as folder:
        def put(name, data):
            path = os.path.join(folder, name)
            with open(path, "wb") as out:
                out.write(data)
            return path
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin",
                   "-inkey", put("key", SPKI_ED25519 + public_key),
                   "-in", put("text", text), "-sigfile", put("signature", signature)]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode == 0


def signature_of(lines, name, key_id):
    """The signature bytes of the first line by this key."""
    for line in lines:
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\u2014":
            raise Bad(f"checkpoint: not a signature line: {line[:60]!r}")
        payload = strict_base64(words[2], "checkpoint")
        if words[1] == name and payload[:4] == key_id:
            return payload[4:]
    raise Bad(f"checkpoint: no signature by {name}+{key_id.hex()}")


def read_checkpoint(data, vkey, origin):
    """(size, root) once the signature holds."""
    name, key_id, public_key = vkey
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Bad("checkpoint: not UTF-8") from error
    text, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise Bad("checkpoint: no signatures behind an empty line, or no newline at the end")
    text += "\n"
    signature = signature_of(rest[:-1].split("\n"), name, key_id)
    if not signature_holds(public_key, text.encode(), signature):
        raise Bad("checkpoint: the signature does not fit the text")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or "" in lines:
        raise Bad("checkpoint: fewer than three lines, or an empty one")
    if lines[0] != origin:
        raise Bad(f"checkpoint: of {lines[0]}, not of {origin}")
    if not (lines[1].isascii() and lines[1].isdigit()) or str(int(lines[1])) != lines[1]:
        raise Bad(f"checkpoint: not a tree size: {lines[1]!r}")
    root = strict_base64(lines[2], "checkpoint")
    if len(root) != 32:
        raise Bad(f"checkpoint: a root has 32 bytes, not {len(root)}")
    return int(lines[1]), root


def tile_path(level, index, width):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/" + "/".join(groups) + (f".p/{width}" if width < WIDTH else "")


def tiles(level, count):
    """(path, first, width) of each tile that holds `count` hashes or entries."""
    for first in range(0, count, WIDTH):
        width = min(WIDTH, count - first)
        yield tile_path(level, first // WIDTH, width), first, width


def split_bundle(path, data, first, width):
    entries, position = [], 0
    for i in range(width):
        end = position + 2 + int.from_bytes(data[position:position + 2], "big")
        if position + 2 > len(data) or end > len(data):
            raise Bad(f"{path}: entry {first + i} reaches beyond the file's {len(data)} bytes")
        entries.append(data[position + 2:end])
        position = end
    if position != len(data):
        raise Bad(f"{path}: {len(data) - position} bytes beyond the last of {width} entries")
    return entries


class Export:
    def __init__(self, folder):
        self.folder = folder
        self.expected = {"checkpoint"}
        self.bundles = []  # bytes of each
        self.leaves = []

    def read(self, path):
        self.expected.add(path)
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                return file.read()
        except OSError as error:
            raise Bad(f"{path}: {error.strerror}") from error

    def read_entries(self, size):
        for path, first, width in tiles("entries", size):
            data = self.read(path)
            entries = split_bundle(path, data, first, width)
            self.leaves += [sha256(b"\0" + entry) for entry in entries]
            self.bundles.append((data, entries))

    def blame(self, size):
        """The entries do not lead to the signed root: the first that its tile disowns."""
        for path, first, width in tiles(0, size):
            data = self.read(path)
            for i in range(width):
                if data[32 * i:32 * i + 32] == self.leaves[first + i]:
                    continue
                bundle = tile_path("entries", first // WIDTH, width)
                raise Bad(f"{bundle}: entry {first + i} does not hash to {path}[{i}], and the "
                          "entries do not lead to the signed root")
        raise Bad(f"checkpoint: its root is not that of the {size} entries, which agree with "
                  "their tiles")

    def check_hashes(self, size):
        """All hash tiles against the entries; gives the hashes of each level."""
        levels, hashes = [], self.leaves
        while hashes:
            levels.append(hashes)
            for path, first, width in tiles(len(levels) - 1, len(hashes)):
                compare(path, self.read(path), b"".join(hashes[first:first + width]))
            full = len(hashes) // WIDTH
            hashes = [tree_hash(hashes[WIDTH * i:WIDTH * (i + 1)]) for i in range(full)]
        return levels

    def check_others(self, levels):
        """What else lies below tile/: partial tiles of earlier sizes must agree, too."""
        older = {}
        for level, hashes in enumerate(levels):
            for path, first, width in tiles(level, len(hashes)):
                older[path.split(".p/")[0]] = b"".join(hashes[first:first + width]), 32 * width
        for number, (data, entries) in enumerate(self.bundles):
            older[tile_path("entries", number, WIDTH)] = data, entries
        top = os.path.join(self.folder, "tile")
        for folder, _, names in sorted(os.walk(top)):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), self.folder)
                if path not in self.expected:
                    self.check_older(path, older)

    def check_older(self, path, older):
        full, gap, digits = path.partition(".p/")
        if not gap or full not in older or not digits.isdigit() or str(int(digits)) != digits:
            raise Bad(f"{path}: not a tile of this tree")
        width, (data, extent) = int(digits), older[full]
        if isinstance(extent, list):
            reach, length = len(extent), sum(2 + len(entry) for entry in extent[:width])
        else:
            reach, length = extent // 32, 32 * width
        if not 0 < width < reach:
            raise Bad(f"{path}: not a tile of this tree")
        compare(path, self.read(path), data[:length])


def compare(path, got, want):
    if len(got) != len(want):
        raise Bad(f"{path}: has {len(got)} bytes, not {len(want)}")
    if got != want:
        first = next(i for i, (a, b) in enumerate(zip(got, want)) if a != b)
        where = f"[{first // 32}]" if "entries" not in path else f" byte {first}"
        raise Bad(f"{path}{where}: does not agree with the entries, which are the signed ones")


def verify(folder, vkey, origin):
    export = Export(folder)
    size, root = read_checkpoint(export.read("checkpoint"), vkey, origin)
    export.read_entries(size)
    if tree_hash(export.leaves) != root:
        export.blame(size)
    export.check_others(export.check_hashes(size))
    return f"{origin} {size} {base64.b64encode(root).decode()}"


def main():
    parser = argparse.ArgumentParser(
        description="Re-verify an exported log without any code of entente's.",
        epilog="example: tools/verify_tiles.py exported 'entente-x/un+c74f20a3+ARpc...'")
    parser.add_argument("outdir")
    parser.add_argument("vkey")
    parser.add_argument("--origin", help="default: the key's name")
    args = parser.parse_args()
    try:
        vkey = parse_vkey(args.vkey)
    except ValueError as error:
        parser.error(str(error))
    try:
        print("ok:", verify(args.outdir, vkey, args.origin or vkey[0]))
    except Bad as bad:
        print(bad)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
