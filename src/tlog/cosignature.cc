// SPDX-License-Identifier: Apache-2.0
#include "tlog/cosignature.h"

#include <algorithm>

#include "base/limits.h"

namespace entente::tlog {
namespace {

constexpr std::size_t payload_bytes = 8 + 64;
constexpr std::int64_t seconds_max = 253'402'300'799;  // 9999-12-31T23:59:59Z

std::int64_t seconds_of(Instant time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

const CosignerKey* find(const NoteSignature& line, std::span<const CosignerKey> known) {
    for (const CosignerKey& key : known) {
        if (key.name == line.name && key.id() == line.key_id) return &key;
    }
    return nullptr;
}

bool is_of(const NoteSignature& line, const VerifierKey& log) {
    return line.name == log.name && line.key_id == log.id();
}

// Collects lines of strangers within the limits.
class Strangers {
  public:
    void add(const NoteSignature& line) {
        const std::size_t bytes = line.name.size() + line.signature.size();
        if (std::find(lines_.begin(), lines_.end(), line) != lines_.end()) return;
        if (lines_.size() == limits::stranger_lines_max) return;
        if (bytes > limits::stranger_bytes_max - bytes_) return;
        bytes_ += bytes;
        lines_.push_back(line);
    }
    const std::vector<NoteSignature>& lines() const { return lines_; }

  private:
    std::vector<NoteSignature> lines_;
    std::size_t bytes_ = 0;
};

}  // namespace

std::uint32_t CosignerKey::id() const { return tlog::key_id(name, KeyType::cosigner, key); }

std::string CosignerKey::text() const { return vkey_text(name, KeyType::cosigner, key); }

Result<CosignerKey> CosignerKey::make(std::string_view name, BytesView public_key) {
    TRY(made, named_key(name, public_key));
    return CosignerKey{std::move(made.name), made.key};
}

Result<CosignerKey> CosignerKey::parse(std::string_view vkey) {
    TRY(parsed, parse_vkey(vkey, KeyType::cosigner));
    return CosignerKey{std::move(parsed.name), parsed.key};
}

bool Cosignature::is_of(const CosignerKey& cosigner) const {
    return name == cosigner.name && key_id == cosigner.id();
}

NoteSignature Cosignature::line() const {
    const auto seconds = static_cast<std::uint64_t>(seconds_of(time));
    NoteSignature out{.name = name, .key_id = key_id, .signature = {}};
    for (int shift = 56; shift >= 0; shift -= 8) {
        out.signature += static_cast<char>(seconds >> shift & 255);
    }
    out.signature.append(reinterpret_cast<const char*>(signature.data()), signature.size());
    return out;
}

Result<Cosignature> Cosignature::parse(const NoteSignature& line) {
    const auto bad = [&](const std::string& why) {
        return fail(Errc::malformed, "the cosignature of " + line.name + " " + why);
    };
    if (line.signature.size() != payload_bytes) {
        return bad("has " + std::to_string(payload_bytes) + " bytes behind the key id, not " +
                   std::to_string(line.signature.size()));
    }
    std::uint64_t seconds = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        seconds = seconds << 8 | static_cast<unsigned char>(line.signature[i]);
    }
    if (seconds == 0) return bad("names no time");
    if (seconds > seconds_max) return bad("is dated beyond the year 9999");
    Cosignature out{.name = line.name,
                    .key_id = line.key_id,
                    .time = instant(static_cast<std::int64_t>(seconds) * 1000),
                    .signature = {}};
    std::copy(line.signature.begin() + 8, line.signature.end(), out.signature.begin());
    return out;
}

Bytes cosigned_message(Instant time, std::string_view checkpoint_text) {
    return "cosignature/v1\ntime " + std::to_string(seconds_of(time)) + '\n' +
           std::string(checkpoint_text);
}

Result<void> verify_cosignature(const CosignerKey& cosigner, const Cosignature& cosignature,
                                std::string_view checkpoint_text) {
    if (!cosignature.is_of(cosigner)) {
        return fail(Errc::unknown_key, "this is a cosignature of " + cosignature.name + "+" +
                                           key_id_text(cosignature.key_id) + ", not of " +
                                           cosigner.name + "+" + key_id_text(cosigner.id()));
    }
    const BytesView signature(reinterpret_cast<const char*>(cosignature.signature.data()),
                              cosignature.signature.size());
    if (!verify(cosigner.key, cosigned_message(cosignature.time, checkpoint_text), signature)) {
        return fail(Errc::bad_signature, "the cosignature of " + cosigner.name + "+" +
                                             key_id_text(cosigner.id()) +
                                             " does not fit its time and the checkpoint's text");
    }
    return {};
}

Result<std::vector<Cosignature>> cosignatures_of(const Note& note,
                                                 std::span<const CosignerKey> known) {
    std::vector<Cosignature> out;
    for (const NoteSignature& line : note.signatures) {
        const CosignerKey* const cosigner = find(line, known);
        if (cosigner == nullptr) continue;
        TRY(cosignature, Cosignature::parse(line));
        TRYV(verify_cosignature(*cosigner, cosignature, note.text));
        out.push_back(std::move(cosignature));
    }
    return out;
}

Result<SignedCheckpoint> merge_cosignatures(const SignedCheckpoint& ours, const Note& theirs,
                                            const VerifierKey& log,
                                            std::span<const CosignerKey> known) {
    if (ours.note.text != theirs.text) {
        return fail(Errc::refused,
                    "the two notes are not over the same checkpoint; cosignatures of one say "
                    "nothing of the other");
    }
    TRY(all, cosignatures_of(ours.note, known));
    TRY(more, cosignatures_of(theirs, known));
    all.insert(all.end(), more.begin(), more.end());
    SignedCheckpoint out = without_cosignatures(ours, log);
    for (const CosignerKey& cosigner : known) {
        const Cosignature* earliest = nullptr;
        for (const Cosignature& each : all) {
            if (!each.is_of(cosigner)) continue;
            if (earliest == nullptr || each.time < earliest->time) earliest = &each;
        }
        if (earliest == nullptr) continue;
        if (out.note.signatures.size() == limits::note_signatures_max) break;
        out.note.signatures.push_back(earliest->line());
    }
    Strangers strangers;
    for (const Note* note : {&ours.note, &theirs}) {
        for (const NoteSignature& line : note->signatures) {
            if (!is_of(line, log) && find(line, known) == nullptr) strangers.add(line);
        }
    }
    for (const NoteSignature& line : strangers.lines()) {
        if (out.note.signatures.size() == limits::note_signatures_max) break;
        out.note.signatures.push_back(line);
    }
    return out;
}

SignedCheckpoint without_cosignatures(const SignedCheckpoint& head, const VerifierKey& log) {
    SignedCheckpoint out{head.checkpoint, {.text = head.note.text, .signatures = {}}};
    for (const NoteSignature& line : head.note.signatures) {
        // Ed25519 gives one signature a text; a log that makes several has said nothing more.
        if (is_of(line, log) && out.note.signatures.empty()) out.note.signatures.push_back(line);
    }
    return out;
}

CosignerSecret::CosignerSecret(CosignerKey key, const SecretKey& secret)
    : key_(std::move(key)), secret_(secret) {}

Result<CosignerSecret> CosignerSecret::generate(std::string_view name, const Random& random) {
    SecretKey secret = SecretKey::generate(random);
    TRY(key, CosignerKey::make(name, secret.public_key().view()));
    return CosignerSecret(std::move(key), secret);
}

Result<CosignerSecret> CosignerSecret::parse(std::string_view text) {
    TRY(parsed, parse_private_key(text, KeyType::cosigner));
    TRY(key, CosignerKey::make(parsed.name, parsed.secret.public_key().view()));
    return CosignerSecret(std::move(key), parsed.secret);
}

std::string CosignerSecret::text() const {
    return private_key_text(key_.name, KeyType::cosigner, secret_);
}

Result<NoteSignature> CosignerSecret::sign(Instant time, std::string_view checkpoint_text) const {
    const std::int64_t seconds = seconds_of(time);
    if (seconds < 1 || seconds > seconds_max) {
        return fail(Errc::refused,
                    "this clock cannot be: cosignatures have times from 1970 to "
                    "9999. Set the clock of this machine");
    }
    Cosignature out{
        .name = key_.name, .key_id = key_.id(), .time = instant(seconds * 1000), .signature = {}};
    const Bytes raw = secret_.sign(cosigned_message(time, checkpoint_text));
    std::copy(raw.begin(), raw.end(), out.signature.begin());
    return out.line();
}

}  // namespace entente::tlog
