// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

// As in statement/charter.cc: two ways of compiling toml++ do not fit into one program.
#define TOML_EXCEPTIONS 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <map>
#include <thread>

#include "cli/data_dir.h"

namespace entente::cli {
namespace {

constexpr std::uint64_t config_bytes_max = 64 * 1024;

/// One key of the file: takes its value, or says what it should be.
using Take = std::function<Result<void>(const toml::node& value)>;
using Keys = std::map<std::string_view, Take>;

Take text_of(std::string& out) {
    return [&out](const toml::node& value) -> Result<void> {
        if (!value.is_string()) return fail(Errc::malformed, "expected a text");
        out = value.as_string()->get();
        return {};
    };
}

/// The first line of the file that is named.
Take first_line_of(std::string& out) {
    return [&out](const toml::node& value) -> Result<void> {
        std::string path;
        TRYV(text_of(path)(value));
        constexpr std::uint64_t secret_bytes_max = 4096;
        TRY(file, read_file(path, secret_bytes_max));
        out = file.substr(0, file.find_first_of("\r\n"));
        return {};
    };
}

Take texts_of(std::vector<std::string>& out) {
    return [&out](const toml::node& value) -> Result<void> {
        const toml::array* list = value.as_array();
        if (list == nullptr) return fail(Errc::malformed, "expected a list of texts");
        for (const toml::node& one : *list) TRYV(text_of(out.emplace_back())(one));
        return {};
    };
}

template <class Number>
Take number_of(Number& out, double low, double high) {
    return [&out, low, high](const toml::node& value) -> Result<void> {
        const auto number = value.value<double>();
        if (!value.is_number() || !number || !(*number >= low && *number <= high)) {
            return fail(Errc::malformed, fmt::format("expected a number from {} to {}", low, high));
        }
        out = static_cast<Number>(*number);
        return {};
    };
}

Take seconds_of(std::chrono::seconds& out) {
    return [&out](const toml::node& value) -> Result<void> {
        double seconds = 0;
        TRYV(number_of(seconds, 1, 86'400)(value));
        out = std::chrono::seconds(static_cast<std::int64_t>(seconds));
        return {};
    };
}

Take millis_of(Duration& out) {
    return [&out](const toml::node& value) -> Result<void> {
        double ms = 0;
        TRYV(number_of(ms, 10, 86'400'000)(value));
        out = Duration(static_cast<std::int64_t>(ms));
        return {};
    };
}

Result<void> take_all(const toml::table& table, const std::string& prefix, const Keys& keys) {
    for (const auto& [key, value] : table) {
        const auto found = keys.find(key.str());
        const std::string where = prefix + std::string(key.str());
        if (found == keys.end()) {
            return fail(Errc::malformed, fmt::format("line {}: `{}` means nothing here",
                                                     value.source().begin.line, where));
        }
        auto taken = found->second(value);
        if (!taken) {
            return fail(Errc::malformed, fmt::format("line {}: {}: {}", value.source().begin.line,
                                                     where, taken.error().detail));
        }
    }
    return {};
}

Take table_of(const char* prefix, const Keys& keys) {
    return [prefix, &keys](const toml::node& value) -> Result<void> {
        const toml::table* table = value.as_table();
        if (table == nullptr) return fail(Errc::malformed, "expected a table");
        return take_all(*table, prefix, keys);
    };
}

Result<void> read_file_into(std::string_view text, ServeConfig& out) {
    const toml::parse_result root = toml::parse(text);
    if (!root) {
        return fail(Errc::malformed, fmt::format("line {}: {}", root.error().source().begin.line,
                                                 root.error().description()));
    }
    net::Limits& limits = out.limits;
    const Keys limit_keys = {
        {"connections_max", number_of(limits.connections_max, 16, 1'000'000)},
        {"requests_per_second_max", number_of(limits.requests_per_second_max, 1, 1e9)},
        {"anonymous_per_second_max", number_of(limits.anonymous_per_second_max, 1, 1e9)},
        {"plan_area_km2_max", number_of(limits.plan_area_km2_max, 1, 1e9)},
        {"idle_max", seconds_of(limits.idle_max)},
        {"header_max", seconds_of(limits.header_max)},
        {"body_max", seconds_of(limits.body_max)},
        {"write_max", seconds_of(limits.write_max)},
        {"stop_max", seconds_of(limits.stop_max)},
    };
    net::OutboundPolicy& outbound = out.outbound;
    const Keys notice_keys = {
        {"webhook_to", texts_of(outbound.webhook_to)},
        {"smtp", text_of(outbound.smtp)},
        {"smtp_user", text_of(outbound.smtp_user)},
        {"smtp_password_file", first_line_of(outbound.smtp_password)},
        {"mail_from", text_of(outbound.mail_from)},
        {"mail_to", texts_of(outbound.mail_to)},
        {"authorities", text_of(outbound.authorities)},
        {"attempts_max", number_of(outbound.attempts_max, 1, 1000)},
        {"retry_min_ms", millis_of(outbound.retry_min)},
        {"retry_max_ms", millis_of(outbound.retry_max)},
        {"total_max_ms", millis_of(outbound.total_max)},
    };
    const Keys keys = {
        {"listen",
         [&](const toml::node& value) -> Result<void> {
             if (!value.is_string()) return fail(Errc::malformed, "expected a text");
             return read_listen(value.as_string()->get(), out);
         }},
        {"hosts", texts_of(out.hosts)},
        {"zones", texts_of(out.zones)},
        {"tls_cert", text_of(out.tls_cert)},
        {"tls_key", text_of(out.tls_key)},
        {"basemap", text_of(out.basemap)},
        {"peer_listen", text_of(out.peer_listen)},
        {"proxy", text_of(out.proxy)},
        {"poll_every_s", number_of(out.poll_every_s, 0.05, 3600)},
        {"threads", number_of(out.threads, 1, 256)},
        {"limits", table_of("limits.", limit_keys)},
        {"notices", table_of("notices.", notice_keys)},
    };
    return take_all(root.table(), "", keys);
}

}  // namespace

Result<void> read_listen(std::string_view text, ServeConfig& out) {
    const std::size_t colon = text.rfind(':');
    std::uint16_t port = 0;
    bool good = colon != std::string_view::npos && colon + 1 < text.size();
    if (good) {
        const char* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
        good = error == std::errc() && stop == end;
    }
    std::string_view address = text.substr(0, good ? colon : 0);
    if (address.starts_with('[') && address.ends_with(']')) {
        address = address.substr(1, address.size() - 2);
    }
    if (!good || address.empty()) {
        return fail(Errc::malformed, fmt::format("listen: expected ADDRESS:PORT, for example "
                                                 "127.0.0.1:8700 or [::1]:8700, got {}",
                                                 text));
    }
    out.address = address;
    out.port = port;
    return {};
}

Result<ServeConfig> read_config(const ServeArgs& args) {
    ServeConfig out;
    out.threads = std::max(2u, std::thread::hardware_concurrency());
    const DataDir dir{args.common.data};
    const auto file = read_file(dir.config(), config_bytes_max);
    if (file) {
        if (auto read = read_file_into(*file, out); !read) return at(dir.config(), read.error());
    } else if (file.error().code != Errc::not_found) {
        return tl::unexpected(file.error());
    }
    if (!args.listen.empty()) {
        auto listen = read_listen(args.listen, out);
        if (!listen) return fail(Errc::malformed, "--" + listen.error().detail);
    }
    for (const std::string& host : args.hosts) out.hosts.push_back(host);
    for (const std::string& zone : args.zones) out.zones.push_back(zone);
    if (!args.tls_cert.empty()) out.tls_cert = args.tls_cert;
    if (!args.tls_key.empty()) out.tls_key = args.tls_key;
    if (!args.basemap.empty()) out.basemap = args.basemap;
    if (!args.peer_listen.empty()) out.peer_listen = args.peer_listen;
    net::OutboundPolicy& outbound = out.outbound;
    for (const std::string& one : args.webhook_to) outbound.webhook_to.push_back(one);
    if (!args.smtp.empty()) outbound.smtp = args.smtp;
    if (!args.mail_from.empty()) outbound.mail_from = args.mail_from;
    for (const std::string& one : args.mail_to) outbound.mail_to.push_back(one);
    TRYV(outbound.check());
    if (out.tls_cert.empty() != out.tls_key.empty()) {
        return fail(Errc::malformed,
                    "TLS takes both a certificate (tls_cert) and its key (tls_key)");
    }
    return out;
}

}  // namespace entente::cli
