// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "tlog/key.h"

namespace entente::tlog {
namespace {

// The example of Go's note package, which C2SP signed-note generalises.
constexpr char go_vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char go_key[] =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
constexpr char go_text[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char go_line[] =
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJ"
    "nAM=\n";

std::string go_note() { return std::string(go_text) + "\n" + go_line; }

LogKey key_named(const char* name, std::uint64_t seed) {
    Rng rng(seed);
    return LogKey::generate(name, rng.bytes()).value();
}

NoteSignature signature_of(const LogKey& key, std::string_view text) {
    return {key.verifier().name, key.verifier().id(), key.sign(text)};
}

TEST(Note, OpensTheExampleOfGo) {
    const VerifierKey key = VerifierKey::parse(go_vkey).value();
    EXPECT_EQ(key.text(), go_vkey);
    EXPECT_EQ(key.id(), 0xc74f20a3u);
    const Note note = parse_note(go_note()).value();
    EXPECT_EQ(note.text, go_text);
    EXPECT_EQ(format_note(note), go_note());
    EXPECT_EQ(open_note(note, {&key, 1}).value(), std::vector{key});
}

TEST(Note, SignsTheExampleOfGo) {
    const LogKey key = LogKey::parse(go_key).value();
    EXPECT_EQ(key.text(), go_key);
    EXPECT_EQ(key.verifier().text(), go_vkey);
    const Note note{.text = go_text, .signatures = {signature_of(key, go_text)}};
    EXPECT_EQ(format_note(note), go_note());
}

// C2SP signed-note's example holds an empty line in its text.
TEST(Note, SplitsAtTheLastEmptyLine) {
    const std::string text =
        "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\n"
        "\u00e8d \u00e8 subito sera.\n";
    const std::string line =
        "\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC"
        "+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    const Note note = parse_note(text + "\n" + line).value();
    EXPECT_EQ(note.text, text);
    ASSERT_EQ(note.signatures.size(), 1u);
    EXPECT_EQ(note.signatures[0].name, "quasimodo.example/salvatore");
    EXPECT_EQ(note.signatures[0].key_id, 0x367ba04bu);
    EXPECT_EQ(note.signatures[0].signature.size(), 64u);
    EXPECT_EQ(format_note(note), text + "\n" + line);
}

TEST(Note, RefusesMalformedNotes) {
    const std::string text = go_text;
    const std::string line = go_line;
    struct Row {
        const char* what;
        std::string note;
    };
    const Row rows[] = {
        {"empty", ""},
        {"newline", "\n"},
        {"no signature", text + "\n"},
        {"text only", text},
        {"no empty line", text + line},
        {"no text", "\n" + line},
        {"no final newline", text + "\n" + line.substr(0, line.size() - 1)},
        {"two empty lines at the end", text + "\n" + line + "\n"},
        {"text behind the signatures", text + "\n" + line + "more\n"},
        {"hyphen for dash", text + "\n- PeterNeumann x08go/ZJkuBS\n"},
        {"en dash", text + "\n\u2013 PeterNeumann x08go/ZJkuBS\n"},
        {"no space behind the dash", text + "\n\u2014PeterNeumann x08go/ZJkuBS\n"},
        {"two spaces", text + "\n\u2014 PeterNeumann  x08go/ZJkuBS\n"},
        {"no name", text + "\n\u2014  x08go/ZJkuBS\n"},
        {"no signature bytes", text + "\n\u2014 PeterNeumann\n"},
        {"plus in the name", text + "\n\u2014 Peter+Neumann x08go/ZJkuBS\n"},
        {"no-break space in the name", text + "\n\u2014 Peter\u00a0Neumann x08go/ZJkuBS\n"},
        {"thin space in the name", text + "\n\u2014 Peter\u2009Neumann x08go/ZJkuBS\n"},
        {"ideographic space in the name", text + "\n\u2014 Peter\u3000Neumann x08go/ZJkuBS\n"},
        {"key id only", text + "\n\u2014 PeterNeumann x08gow==\n"},
        {"bad base64", text + "\n\u2014 PeterNeumann x08go/ZJkuB!\n"},
        {"base64 without padding", text + "\n\u2014 PeterNeumann x08go/ZJkuBSaA\n"},
        {"base64 with stray bits", text + "\n\u2014 PeterNeumann x08go/ZJkuB=\n"},
        {"space at the end", text + "\n\u2014 PeterNeumann x08go/ZJkuBS \n"},
        {"tab in the text", "a\tb\n\n" + line},
        {"carriage return", text + "\r\n" + line},
        {"zero byte", std::string("a\0b\n\n", 5) + line},
        {"bad UTF-8 in the text", "a\xFF\n\n" + line},
        {"overlong UTF-8", "a\xC0\xAF\n\n" + line},
        {"surrogate", "a\xED\xA0\x80\n\n" + line},
    };
    for (const Row& row : rows) {
        const auto note = parse_note(row.note);
        ASSERT_FALSE(note) << row.what;
        EXPECT_EQ(note.error().code, Errc::malformed) << row.what;
    }
}

TEST(Note, MeetsItsLimitsFirst) {
    const LogKey key = key_named("log", 1);
    Note note{.text = "t\n", .signatures = {}};
    for (std::size_t i = 0; i < limits::note_signatures_max; ++i) {
        note.signatures.push_back({"other" + std::to_string(i), 7, "sig"});
    }
    note.signatures[99] = signature_of(key, note.text);
    const Note parsed = parse_note(format_note(note)).value();
    EXPECT_TRUE(open_note(parsed, {&key.verifier(), 1}));
    note.signatures.push_back({"one-more", 7, "sig"});
    EXPECT_EQ(parse_note(format_note(note)).error().code, Errc::too_large);
    const std::string big(limits::note_bytes_max, 'a');
    EXPECT_EQ(parse_note(big + "\n\n" + go_line).error().code, Errc::too_large);
}

TEST(Note, IgnoresUnknownKeysAndRejectsBadKnownOnes) {
    const LogKey a = key_named("a", 1);
    const LogKey b = key_named("b", 2);
    const LogKey other_a = key_named("a", 3);  // same name, other key and id
    const std::vector<VerifierKey> known = {a.verifier(), b.verifier()};
    const std::string text = "text\n";
    const auto open = [&](std::vector<NoteSignature> lines) {
        return open_note({.text = text, .signatures = std::move(lines)}, known);
    };
    const NoteSignature good_a = signature_of(a, text);
    const NoteSignature good_b = signature_of(b, text);
    const NoteSignature unknown = signature_of(other_a, text);
    NoteSignature bad_b = good_b;
    bad_b.signature[10] = static_cast<char>(bad_b.signature[10] ^ 1);
    NoteSignature short_b = good_b;
    short_b.signature.pop_back();

    EXPECT_EQ(open({good_a, unknown}).value(), std::vector{a.verifier()});
    EXPECT_EQ(open({unknown, good_b, good_a, good_a}).value(), known);
    EXPECT_EQ(open({unknown}).error().code, Errc::unknown_key);
    EXPECT_EQ(open({}).error().code, Errc::unknown_key);
    EXPECT_EQ(open({good_a, bad_b}).error().code, Errc::bad_signature);
    EXPECT_EQ(open({good_a, good_b, bad_b}).error().code, Errc::bad_signature);
    EXPECT_EQ(open({good_a, short_b}).error().code, Errc::bad_signature);
    NoteSignature same_id = unknown;
    same_id.key_id = good_a.key_id;
    EXPECT_EQ(open({good_b, same_id}).error().code, Errc::bad_signature);
}

TEST(VerifierKey, RefusesMalformedTexts) {
    const char* const rows[] = {
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX",  // other key
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  // other id
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  // upper case
        "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    for (const char* row : rows) EXPECT_FALSE(VerifierKey::parse(row)) << row;
    EXPECT_EQ(
        VerifierKey::parse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .error()
            .code,
        Errc::unknown_key);
    EXPECT_EQ(VerifierKey::parse(std::string(1000, 'a')).error().code, Errc::too_large);
}

TEST(VerifierKey, NamesAreBounded) {
    EXPECT_TRUE(is_key_name("entente-0123456789abcdef/un"));
    EXPECT_TRUE(is_key_name(std::string(255, 'a')));
    EXPECT_FALSE(is_key_name(std::string(256, 'a')));
    for (const char* bad : {"", "a b", "a+b", "a\nb", "a\u0085b", "a\u2028b", "\xFF", "a\tb"}) {
        EXPECT_FALSE(is_key_name(bad)) << bad;
    }
}

TEST(LogKey, RoundTripsAndRefusesMangledTexts) {
    const LogKey key = key_named("entente-x/un", 5);
    const std::string text = key.text();
    EXPECT_EQ(LogKey::parse(text).value().text(), text);
    EXPECT_EQ(LogKey::parse(text).value().verifier(), key.verifier());
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string cut = text;
        cut.erase(i, 1);
        EXPECT_FALSE(LogKey::parse(cut)) << i;
        std::string changed = text;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        const auto parsed = LogKey::parse(changed);
        ASSERT_FALSE(parsed) << i;
        // A key must not leak into an error, of which logs and reports are made.
        EXPECT_EQ(parsed.error().detail.find(text.substr(text.size() - 20, 10)), std::string::npos);
    }
    Rng rng(1);
    EXPECT_FALSE(LogKey::generate("a b", rng.bytes()));
}

}  // namespace
}  // namespace entente::tlog
