#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sees that tidy.py finds what it is there to find: a small tree that passes, and for every rule
the same tree with one fault planted. The words are put together so that tidy passes this file."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TIDY = Path(__file__).resolve().parent / "tidy.py"
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"

CMAKE = """
room(base       INCLUDES                          LINKS sodium)
room(geo        INCLUDES base                     LINKS GeographicLib)  # room(not INCLUDES this)
room(statement  INCLUDES base geo)
room(registry   INCLUDES base statement)
room(view       INCLUDES base registry)
room(check      INCLUDES base view)
room(node       INCLUDES base registry view
                         check)
room(net        INCLUDES base node)
room(cli        INCLUDES base node net            LINKS CLI11::CLI11)
"""

TREE = {
    "CMakeLists.txt": CMAKE,
    "src/base/a.h": SPDX + "#pragma once\n#include <string>\nnamespace entente {}\n",
    "src/base/a.cc": SPDX + '#include "base/a.h"\n\n#include <sodium.h>\n',
    "src/geo/g.h": SPDX + '#pragma once\n#include "base/a.h"\n',
    "src/geo/g.cc": SPDX + '#include "geo/g.h"\n\n#include <GeographicLib/Geodesic.hpp>\n'
                    '// A comment may say system_clock::now and throw.\n'
                    'const char* text = "throw std::rand()";\n',
    "src/registry/r.h": SPDX + "#pragma once\n",
    "src/view/v.cc": SPDX + '#include "registry/r.h"\n',
    "src/cli/main.cc": SPDX + "#include <CLI/CLI.hpp>\n"
                       "auto now() { return std::chrono::system_clock::now(); }\n",
    "tools/x.py": "#!/usr/bin/env python3\n# SPDX-License-Identifier: Apache-2.0\n",
    "README.md": "A readme.\n",
}

def note(word):
    return SPDX + f"// {word}: later\n"


# name, file, its whole text, what the message must say
FAULTS = [
    ("include_upward", "src/geo/g.cc", SPDX + '#include "registry/r.h"\n',
     "room geo may not include registry (it may include: base)"),
    ("include_of_a_sibling", "src/check/c.cc", SPDX + '#include "geo/g.h"\n',
     "room check may not include geo"),
    ("include_in_a_test", "src/geo/g_test.cc", SPDX + '#include "view/v.h"\n',
     "room geo may not include view"),
    ("include_with_spaces", "src/geo/g.cc", SPDX + '  #  include   "registry/r.h"\n',
     "room geo may not include registry"),
    ("include_without_room", "src/geo/g.cc", SPDX + '#include "g.h"\n', "write the room too"),
    ("include_of_nothing", "src/geo/g.cc", SPDX + '#include "base/no.h"\n', "does not exist"),
    ("third_party_in_a_core_header", "src/geo/g.h", SPDX + "#pragma once\n#include <sodium.h>\n",
     "third-party headers stand in .cc files only"),
    ("heavy_header_in_an_edge", "src/cli/c.h", SPDX + "#pragma once\n#include <boost/json.hpp>\n",
     "costs every includer seconds"),
    ("thread_in_core", "src/geo/g.cc", SPDX + "#include <thread>\n", "no threads there"),
    ("file_in_core", "src/geo/g.cc", SPDX + "#include <fstream>\n", "no files and no output"),
    ("sql_in_core", "src/node/n.cc", SPDX + "#include <sqlite3.h>\n", "no SQL there"),
    ("table_upward", "CMakeLists.txt", CMAKE.replace("room(geo        INCLUDES base",
                                                     "room(geo        INCLUDES base view"),
     "includes go downward only"),
    ("table_past_view", "CMakeLists.txt", CMAKE.replace("check      INCLUDES base view",
                                                        "check      INCLUDES base registry view"),
     "only view may"),
    ("folder_that_is_no_room", "src/misc/m.cc", SPDX, "is no room"),
    ("real_clock", "src/net/n.cc", SPDX + "auto t = std::chrono::system_clock::now();\n",
     "take an Instant"),
    ("steady_clock_in_core", "src/geo/g.cc", SPDX + "auto t = std::chrono::steady_clock::now();\n",
     "a clock in a core room"),
    ("rand", "src/cli/c.cc", SPDX + "int i = std::rand();\n", "base/random.h"),
    ("random_device", "src/cli/c.cc", SPDX + "std::random_device d;\n", "base/random.h"),
    ("throw", "src/geo/g.cc", SPDX + "void f() { throw 1; }\n", "return fail"),
    ("catch", "src/geo/g.cc", SPDX + "void f() { try {} catch (...) {} }\n", "Throws: <call>"),
    ("using_namespace", "src/cli/c.cc", SPDX + "using namespace std;\n", "using namespace"),
    ("using_namespace_of_ours", "src/cli/c.cc", SPDX + "using namespace entente::geo;\n",
     "using namespace"),
    ("views", "src/cli/c.cc", SPDX + "auto v = r | std::views::all;\n", "clang 14"),
    ("atomic_shared_ptr", "src/cli/c.cc", SPDX + "std::atomic<std::shared_ptr<int>> p;\n",
     "under a mutex"),
    ("sleep", "src/cli/c_test.cc", SPDX + "void f() { std::this_thread::sleep_for(1s); }\n",
     "a sleep"),
    ("assert", "src/cli/c.cc", SPDX + "void f() { assert(true); }\n", "ASSERT"),
    ("suppression_without_reason", "src/cli/c.cc", SPDX + "int i;  // NO" + "LINT\n",
     "without check and reason"),
    ("suppression_without_why", "src/cli/c.cc", SPDX + "int i;  // NO" + "LINT(bugprone-x)\n",
     "without check and reason"),
    ("note_1", "src/cli/c.cc", note("TO" + "DO"), "a note to self"),
    ("note_2", "src/cli/c.cc", note("FIX" + "ME"), "a note to self"),
    ("note_3", "README.md", "XX" + "X\n", "a note to self"),
    ("machine_path", "README.md", "see /wo" + "rk/main\n", "a path of one machine"),
    ("co_await_outside_net", "src/cli/c.cc", SPDX + "auto x = co_await f(a);\n", "stay in net"),
    ("co_await_of_a_lambda", "src/net/n.cc", SPDX + "auto x = co_await f([a] { return a; });\n",
     "made only of names"),
    ("co_await_of_an_aggregate", "src/net/n.cc", SPDX + "auto x = co_await f(Request{a});\n",
     "made only of names"),
    ("co_await_in_a_condition", "src/net/n.cc", SPDX + "if (co_await f(a)) {\n", "only of names"),
    ("long_line", "src/cli/c.cc", SPDX + "// " + "é" * 98 + "\n", "101 columns"),
    ("long_function", "src/cli/c.cc",
     SPDX + "namespace a {\nint f(int i) {\n" + "    ++i;\n" * 69 + "}\n}\n",
     "c.cc:3: a function of 71 lines"),
    ("long_python_function", "tools/x.py",
     TREE["tools/x.py"] + "def f():\n" + "    f()\n" * 70, "a function of 71 lines"),
    ("long_file", "src/cli/c.cc", SPDX + "int i;\n" * 500, "501 lines"),
    ("long_architecture", "ARCHITECTURE.md", "line\n" * 251, "251 lines; at most 250"),
    ("no_licence_line", "src/cli/c.cc", "int i;\n", "begin with"),
    ("no_licence_line_in_python", "tools/x.py", "import sys\n", "begin with"),
    ("no_pragma_once", "src/geo/g.h", SPDX, "#pragma once"),
    ("dead_header", "src/geo/dead.h", SPDX + "#pragma once\n", "nobody includes this header"),
    ("forbidden_word", "src/cli/c.cc", SPDX + 'const char* t = "the area is clear";\n',
     "no output says clear"),
    ("large_file", "testdata/large.bin", "x" * (1024 * 1024 + 1), "commit the recipe"),
]

ALLOWED = [
    ("catch_with_reason", "src/geo/g2.cc", SPDX + "void f() {\n    try {\n"
     "    } catch (...) {  // Throws: GeographicLib::Geodesic.\n    }\n}\n"),
    ("using_namespace_of_ours_in_a_test", "src/cli/c_test.cc",
     SPDX + "using namespace entente::geo;\n"),
    ("literals", "src/cli/c.cc", SPDX + "using namespace std::chrono_literals;\n"),
    ("suppression_with_reason", "src/cli/c.cc", SPDX + "int i;  // NO" + "LINT(bugprone-x): why\n"),
    ("co_await_of_a_pair", "src/net/n.cc", SPDX + "auto [error, size] = co_await f(a, b.c);\n"),
    ("co_await_of_names", "src/net/n.cc", SPDX + "auto x = co_await f(a, b.c);\n"),
    ("words_inside_words", "src/cli/c.cc",
     SPDX + 'const char* t = "safety_zone clearance fail-safe";\n'),
    ("long_namespace_of_short_functions", "src/cli/c.cc",
     SPDX + "namespace a {\nstruct S {\n" + "    int f() {\n        return 1;\n    }\n" * 40 +
     "};\n}\n"),
    ("long_table", "src/cli/c.cc", SPDX + "const int t[] = {\n" + "    f(1),\n" * 200 + "};\n"),
    ("apostrophe_between_digits", "src/cli/c.cc",
     SPDX + "int i = 10'000;\nint f() {\n    return 1'0;\n}\n"),
]


def run_tidy(changes):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**TREE, **changes}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, str(TIDY), "--root", folder],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class TidyTest(unittest.TestCase):
    def test_clean_tree_passes(self):
        code, out = run_tidy({})
        self.assertEqual(code, 0, out)
        self.assertIn("0 faults", out)

    def test_each_planted_fault_is_found(self):
        for name, path, text, message in FAULTS:
            with self.subTest(name):
                code, out = run_tidy({path: text})
                self.assertEqual(code, 1, out)
                self.assertIn(message, out)

    def test_what_is_allowed_passes(self):
        for name, path, text in ALLOWED:
            with self.subTest(name):
                code, out = run_tidy({path: text})
                self.assertEqual(code, 0, out)

    def test_a_header_of_tests_is_test_code(self):
        header = {"src/geo/oracle.h": SPDX + "#pragma once\n#include <fstream>\n"}
        user = SPDX + '#include "geo/oracle.h"\n'
        code, out = run_tidy({**header, "src/geo/g_test.cc": user})
        self.assertEqual(code, 0, out)
        code, out = run_tidy({**header, "src/geo/g_test.cc": user, "src/geo/h.cc": user})
        self.assertIn("no files and no output", out)
        self.assertEqual(code, 1, out)

    def test_a_tree_without_a_table_fails(self):
        code, out = run_tidy({"CMakeLists.txt": "project(x)\n"})
        self.assertEqual(code, 1, out)


if __name__ == "__main__":
    unittest.main()
