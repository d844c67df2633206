# SPDX-License-Identifier: Apache-2.0
"""The words and headers that tidy.py looks for. Each rule names what to write instead."""
import re
from dataclasses import dataclass

SPDX = "SPDX-License-Identifier: Apache-2.0"

# DESIGN 7: no clock, socket, thread, SQL, file or chance in these.
CORE_ROOMS = ("base tlog mirror seal geo index statement registry view check watch intake "
              "evidence node people").split()

BINARY_SUFFIXES = (".png", ".xlsx", ".ods", ".zip", ".gz", ".gpkg", ".woff2")
DOCUMENT_LINES_MAX = {"ARCHITECTURE.md": 250}

# In every text file. The words are put together here so that this file does not hold them.
_LATER = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))
TEXT = [
    (re.compile(rf"\b({_LATER})\b"), "a note to self: do it, or open an issue"),
    (re.compile(r"(?<![\w.~}])/(wo" r"rk|ro" r"ot|home/\w+|tmp/b-\w+)/"),
     "a path of one machine: make it relative to the source, or an argument"),
    (re.compile(r"NO" r"LINT(?!\w*\([\w\-., ]+\)\s*:?\s*\S)"),
     "a suppression without check and reason: `NO" "LINT(check): why`"),
]


@dataclass
class Word:
    pattern: re.Pattern
    message: str
    core_only: bool = False
    rooms_exempt: tuple = ()
    excuse_tests: bool = False
    excuse: re.Pattern = None  # a comment on this line or the one before that allows it, in .cc


def word(pattern, message, **options):
    return Word(re.compile(pattern), message, **options)


# In C++ code, comments and texts left out.
WORDS = [
    word(r"\bsystem_clock::now\b", "the real clock outside cli: take an Instant as an argument",
         rooms_exempt=("cli",)),
    word(r"\b(steady_clock|high_resolution_clock)::now\b|\b(clock_gettime|gettimeofday)\b|"
         r"\bstd::time\s*\(", "a clock in a core room: take an Instant as an argument",
         core_only=True),
    word(r"\bs?rand\s*\(|\brandom_device\b|\bmt19937|\buniform_(int|real)_distribution\b",
         "chance of the standard library: take a Random or an Rng (base/random.h)"),
    word(r"\bthrow\b", "throw in a core room: return fail(Errc, text)", core_only=True),
    word(r"\bcatch\s*\(", "catch in a core room: return Result; only around a third-party call "
         "that throws, with `// Throws: <call>` beside it", core_only=True,
         excuse=re.compile(r"//.*\bThrows: \S")),
    word(r"\busing\s+namespace\s+(::)?std\b(?!::(\w+_)?literals)",
         "using namespace: name what you use, or write an alias"),
    word(r"\busing\s+namespace\s+(?!(::)?std\b)",
         "using namespace: open the namespace, or name what you use", excuse_tests=True),
    word(r"\bstd::(ranges::)?views\b", "std::views does not compile with clang 14: write the loop"),
    word(r"\batomic<\s*std::shared_ptr\b",
         "std::atomic<std::shared_ptr> races in libstdc++ 12: copy it under a mutex"),
    word(r"\bsleep_(for|until)\b|\b(u|nano)sleep\s*\(",
         "a sleep: wait for the event, or pass the time in", rooms_exempt=(None,)),
    word(r"(?<!static_)\bassert\s*\(", "assert vanishes in release builds: ASSERT (base/assert.h)"),
    word(r"\bstd::(cout|cerr|printf|puts)\b|\bf(re)?open\b",
         "files and output in a core room: bytes come in and go out as values", core_only=True),
]

# No output in any language says these (DESIGN 4). Class names such as safety_zone are whole words
# of their own and do not match.
VERDICT_WORDS = re.compile(r"(?<![\w\-/])(clear|cleared|safe|approved)(?![\w\-/])", re.IGNORECASE)

_NAMES = r"[\w:.\->*&]+"
CO_AWAIT = re.compile(rf"(?:[\w:<>&* ]+\s=\s|auto \[[\w, ]+\] = |\w+\s+)?co_await "
                      rf"{_NAMES}(\(({_NAMES}(, {_NAMES})*)?\))?;")

HEADER_PASSES = {"src/base/result.h tl/expected.hpp"}
HEAVY_HEADERS = ("boost/", "s2/", "iostream", "regex", "ranges", "CLI/")

CORE_HEADERS = [
    (re.compile(r"thread|mutex|shared_mutex|condition_variable|future|semaphore|barrier|latch"),
     "no threads there; an edge runs what is handed to it"),
    (re.compile(r"fstream|filesystem|iostream|fcntl\.h|unistd\.h|sys/(?!mman)\w+\.h"),
     "no files and no output there; bytes come in and go out as values"),
    (re.compile(r"random"), "chance comes in as an argument (base/random.h)"),
    (re.compile(r"ctime|time\.h"), "time comes in as an argument (base/time.h)"),
    (re.compile(r"sqlite3\.h|libpq-fe\.h"), "no SQL there; node/ports.h has the Store"),
    (re.compile(r"netdb\.h|poll\.h|arpa/.*|netinet/.*|boost/(asio|beast).*"), "no sockets there"),
]

STANDARD_HEADERS = frozenset("""
algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
cinttypes climits clocale cmath codecvt compare complex concepts condition_variable coroutine
csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque
exception filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd
iostream istream iterator latch limits list locale map memory memory_resource mutex new numbers
numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore set
shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view
syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set
utility valarray variant vector version
""".split())
