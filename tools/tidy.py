#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of STYLE.md that no compiler checks. An ordinary test (`ctest -R tidy`).

It reads the include table from the room() lines of CMakeLists.txt, so that the table that is built
is the table that is enforced. It does not format and does not judge names (clang-tidy does).
Each message says where, what, and what to do instead. tools/tidy_test.py plants one fault of each
kind and sees that it is found.

    python3 tools/tidy.py [--root FOLDER]
"""
import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

import tidy_rules as rules

LINES_MAX = 500
COLUMNS_MAX = 100
FUNCTION_LINES_MAX = 70
BYTES_MAX = 1024 * 1024


class Room:
    def __init__(self, name, includes, above):
        self.name = name
        self.includes = includes
        self.above = above  # rooms named earlier in the table
        self.core = name in rules.CORE_ROOMS


def read_rooms(cmake_lists):
    """The include table, in order: name -> Room."""
    text = re.sub(r"#.*", "", cmake_lists)
    rooms = {}
    for match in re.finditer(r"\broom\(\s*(\w+)\s+INCLUDES\b([^)]*)\)", text):
        name, rest = match.groups()
        rooms[name] = Room(name, rest.split("LINKS")[0].split(), list(rooms))
    return rooms


def blank(text):
    """The same number of lines, with nothing on them."""
    return "\n" * text.count("\n")


CPP_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\ ]{0,16})\((?P<raw>.*?)\)(?P=tag)"'
    r"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.DOTALL)


def split_cpp(text):
    """(code without comments and literals, literals only); both keep their line numbers."""
    code, literals, last = [], [], 0
    for match in CPP_TOKEN.finditer(text):
        before = text[last:match.start()]
        code.append(before)
        literals.append(blank(before))
        token = match.group(0)
        if token.startswith(("//", "/*")):
            code.append(blank(token) or " ")
            literals.append(blank(token))
        else:
            code.append('""' + blank(token))
            literals.append(token + " ")
        last = match.end()
    code.append(text[last:])
    return "".join(code), "".join(literals)


class File:
    def __init__(self, root, path):
        self.path = path.as_posix()
        self.name = path.name
        self.suffix = path.suffix
        self.bytes = (root / path).read_bytes()
        self.text = self.bytes.decode("utf-8", "replace")
        self.lines = self.text.split("\n")
        if self.lines and self.lines[-1] == "":
            self.lines.pop()
        self.is_cpp = self.suffix in (".h", ".cc")
        # Git's hooks of habit: ./run and ./test have no suffix.
        self.is_script = self.suffix in (".py", ".sh") or self.text.startswith("#!")
        self.is_code = self.is_cpp or self.is_script or self.suffix == ".cmake" or \
            self.name == "CMakeLists.txt"
        parts = path.parts
        self.room = parts[1] if len(parts) > 2 and parts[0] == "src" else None
        self.is_test = self.path.endswith(("_test.cc", "_fuzz.cc")) or "/tests/" in self.path
        self.code, self.literals = split_cpp(self.text) if self.is_cpp else ("", "")

    def own_includes(self):
        """The project's headers that this file includes, except itself."""
        headers = re.findall(r'#\s*include\s*"([^"]+)"', self.text) if self.is_cpp else []
        return [header for header in headers if "src/" + header != self.path]


class Tidy:
    def __init__(self, root):
        self.root = root
        self.faults = []
        self.rooms = read_rooms((root / "CMakeLists.txt").read_text(encoding="utf-8"))
        self.files = [File(root, path) for path in list_files(root)]
        self.mark_test_headers()

    def mark_test_headers(self):
        """A header that only tests include is test code itself."""
        includers = {}
        for file in self.files:
            for header in file.own_includes():
                includers.setdefault("src/" + header, []).append(file)
        changed = True
        while changed:
            changed = False
            for file in self.files:
                users = includers.get(file.path, [])
                if file.suffix == ".h" and not file.is_test and users and all(
                        user.is_test for user in users):
                    file.is_test = changed = True

    def fault(self, file, line, message):
        self.faults.append(f"{file.path}:{line}: {message}")

    def run(self):
        self.check_table()
        for file in self.files:
            self.check_file(file)
        self.check_dead_headers()
        return self.faults

    def check_table(self):
        table = File(self.root, Path("CMakeLists.txt"))
        for room in self.rooms.values():
            for other in room.includes:
                if other not in room.above:
                    self.fault(table, 1, f"room {room.name} includes {other}, which is not above "
                               "it in the table; includes go downward only (DESIGN 7)")
            below_node = room.core and room.name != "node"
            if below_node and "registry" in room.includes and room.name != "view":
                self.fault(table, 1, f"room {room.name} includes registry; below node only view "
                           "may, because it is the only door out of the registry")

    def check_file(self, file):
        if len(file.bytes) > BYTES_MAX:
            self.fault(file, 1, f"{len(file.bytes)} bytes; at most {BYTES_MAX}: commit the recipe "
                       "that makes it, not the data")
        if file.suffix in rules.BINARY_SUFFIXES or file.path.startswith("testdata/"):
            return
        self.check_text(file)
        if file.is_code:
            self.check_size(file)
        if file.is_cpp:
            self.check_cpp(file)
        if file.suffix == ".py":
            self.check_python(file)

    def check_text(self, file):
        """What no text file of the project may hold."""
        for number, line in enumerate(file.lines, 1):
            for pattern, message in rules.TEXT:
                if pattern.search(line):
                    self.fault(file, number, message)
        limit = rules.DOCUMENT_LINES_MAX.get(file.path)
        if limit and len(file.lines) > limit:
            self.fault(file, limit, f"{len(file.lines)} lines; at most {limit}: say less")

    def check_size(self, file):
        for number, line in enumerate(file.lines, 1):
            if len(line) > COLUMNS_MAX:
                self.fault(file, number, f"{len(line)} columns; at most {COLUMNS_MAX}")
            if "\t" in line and not file.is_script:
                self.fault(file, number, "a tab; indent with spaces")
            if line != line.rstrip():
                self.fault(file, number, "white space at the end of the line")
        if len(file.lines) > LINES_MAX:
            self.fault(file, LINES_MAX, f"{len(file.lines)} lines; at most {LINES_MAX}: it is "
                       "two things, so make it two files")
        first = file.lines[0] if file.is_cpp else "\n".join(file.lines[:2])
        if (file.is_cpp or file.is_script) and rules.SPDX not in first:
            self.fault(file, 1, f"begin with `{'//' if file.is_cpp else '#'} {rules.SPDX}`")

    def check_cpp(self, file):
        if file.suffix == ".h" and "#pragma once" not in file.text:
            self.fault(file, 1, "a header without `#pragma once`")
        if file.room and file.room not in self.rooms:
            self.fault(file, 1, f"folder src/{file.room} is no room: name it in CMakeLists.txt")
        elif file.room:
            self.check_includes(file)
        self.check_words(file)
        self.check_co_await(file)
        for start, length in cpp_functions(file.code):
            if length > FUNCTION_LINES_MAX:
                self.fault(file, start, f"a function of {length} lines; at most "
                           f"{FUNCTION_LINES_MAX}: name its parts")

    def check_includes(self, file):
        room = self.rooms[file.room]
        for number, line in enumerate(file.lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if not match:
                continue
            kind, header = match.groups()
            if kind == '"':
                self.check_own_include(file, room, number, header)
            else:
                self.check_foreign_include(file, room, number, header)

    def check_own_include(self, file, room, number, header):
        other = header.split("/")[0]
        if "/" not in header:
            self.fault(file, number, f'write the room too: #include "{room.name}/{header}"')
        elif other in self.rooms and other != room.name and other not in room.includes:
            may = " ".join(room.includes) or "nothing"
            self.fault(file, number, f"room {room.name} may not include {other} (it may include: "
                       f"{may}); the table is in CMakeLists.txt")
        elif not (self.root / "src" / header).is_file():
            self.fault(file, number, f"src/{header} does not exist; foreign headers go in <>")

    def check_foreign_include(self, file, room, number, header):
        standard = header in rules.STANDARD_HEADERS
        if file.suffix == ".h" and not file.is_test:
            if room.core and not standard and file.path + " " + header not in rules.HEADER_PASSES:
                self.fault(file, number, f"<{header}> in a header of a core room: third-party "
                           "headers stand in .cc files only")
            elif header.startswith(rules.HEAVY_HEADERS):
                self.fault(file, number, f"<{header}> in a header costs every includer seconds: "
                           "put it into one .cc file")
        if room.core and not file.is_test:
            for pattern, message in rules.CORE_HEADERS:
                if pattern.fullmatch(header):
                    self.fault(file, number, f"<{header}> in a core room: {message}")

    def check_words(self, file):
        core = file.room in rules.CORE_ROOMS and not file.is_test
        code = file.code.split("\n")
        for number, line in enumerate(code, 1):
            for rule in rules.WORDS:
                if not rule.pattern.search(line) or file.room in rule.rooms_exempt:
                    continue
                if (rule.core_only and not core) or (rule.excuse_tests and file.is_test):
                    continue
                near = "\n".join(file.lines[max(0, number - 2):number])
                if rule.excuse and file.suffix == ".cc" and rule.excuse.search(near):
                    continue
                self.fault(file, number, rule.message)
        if file.room and not file.is_test:
            for number, line in enumerate(file.literals.split("\n"), 1):
                match = rules.VERDICT_WORDS.search(line)
                if match:
                    self.fault(file, number, f"'{match.group(0)}' in a text: no output says clear, "
                               "safe or approved; say what is registered, as of when")

    def check_co_await(self, file):
        for number, line in enumerate(file.code.split("\n"), 1):
            if "co_await" not in line:
                continue
            if file.room != "net":
                self.fault(file, number, "co_await outside net: coroutines stay in net")
            elif not rules.CO_AWAIT.fullmatch(line.strip()):
                self.fault(file, number, "the operand of co_await is made only of names (g++ 12.2 "
                           "frees temporaries twice): `auto x = co_await f(a, b);`")

    def check_python(self, file):
        try:
            tree = ast.parse(file.text)
        except SyntaxError as error:
            self.fault(file, error.lineno or 1, f"does not parse: {error.msg}")
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    self.fault(file, node.lineno, f"a function of {length} lines; at most "
                               f"{FUNCTION_LINES_MAX}: name its parts")

    def check_dead_headers(self):
        included = {"src/" + h for file in self.files for h in file.own_includes()}
        for file in self.files:
            if file.room and file.suffix == ".h" and file.path not in included:
                self.fault(file, 1, "nobody includes this header: use it or remove it")


def cpp_functions(code):
    """(first line, number of lines) of each function body, by counting braces. A brace opens a
    function if it stands in a namespace or class and what is before it holds a parameter list."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m.group(0)), code, flags=re.M)
    stack, found, begin, depth = [], [], 0, None
    for match in re.finditer(r"[{};]", code):
        at, sign = match.start(), match.group(0)
        if sign == "{":
            stack.append(at)
            head = code[begin:at]
            if depth is None and opens_function(head):
                depth = len(stack)
                start = begin + len(head) - len(head.lstrip())
        elif sign == "}" and stack:
            if len(stack) == depth:
                found.append((code.count("\n", 0, start) + 1, code.count("\n", start, at) + 1))
                depth = None
            stack.pop()
        begin = at + 1
    return found


def opens_function(head):
    head = re.sub(r"\b(template|requires)\s*<[^{}]*?>", "", head)
    head = re.sub(r"\[\[.*?\]\]|\balignas\s*\([^)]*\)", "", head, flags=re.DOTALL)
    if re.search(r"\b(namespace|enum|class|struct|union)\b[^()]*$", head):
        return False
    return "(" in head and not re.search(r"(?<![=!<>])=\s*$", head)


def list_files(root):
    """What git tracks or would track; without git, every file outside build and hidden folders."""
    try:
        out = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
                              "--exclude-standard"], capture_output=True, check=True).stdout
        top = subprocess.run(["git", "-C", str(root), "rev-parse", "--show-toplevel"],
                             capture_output=True, check=True, text=True).stdout.strip()
        if Path(top).resolve() != root.resolve():
            raise FileNotFoundError("the folder is inside another repository")
        paths = {Path(p) for p in out.decode().split("\0") if p}
    except (OSError, subprocess.CalledProcessError):
        skip = ("build", "node_modules")
        paths = {p.relative_to(root) for p in root.rglob("*")}
        paths = {p for p in paths if p.parts[0] not in skip and not p.parts[0].startswith(".")
                 and "__pycache__" not in p.parts}
    return sorted(p for p in paths if (root / p).is_file() and not (root / p).is_symlink())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    tidy = Tidy(parser.parse_args().root)
    faults = tidy.run()
    for fault in faults:
        print(fault)
    print(f"tidy: {len(tidy.files)} files, {len(tidy.rooms)} rooms, {len(faults)} faults")
    return 1 if faults or not tidy.rooms else 0


if __name__ == "__main__":
    sys.exit(main())
