// SPDX-License-Identifier: Apache-2.0
// What `serve` is told, by flags or by DIR/entente.toml; a flag wins. The file is read strictly: a
// key that means nothing is refused, because a misspelt limit would be none.
//
//     listen = "127.0.0.1:8700"
//     hosts = ["entente.example.org"]
//     tls_cert = "cert.pem"
//     tls_key = "key.pem"
//     basemap = "sudan.mbtiles"
//     zones = ["tr:2015-11:/srv/border-tr.geojson"]
//     [limits]
//     connections_max = 4096
//     [notices]
//     webhook_to = ["https://hooks.example.org"]
//     smtp = "smtps://mail.example.org"
//     smtp_user = "entente"
//     smtp_password_file = "/etc/entente/smtp"
//     mail_from = "entente@example.org"
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/verbs.h"
#include "net/limits.h"
#include "net/outbound.h"

namespace entente::cli {

struct ServeConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8700;
    std::vector<std::string> hosts;  // further names that browsers may call the node by
    std::string tls_cert;            // both or neither
    std::string tls_key;
    std::string peer_listen;  // for other nodes, instead of the charter's address
    std::string proxy;        // by which they are asked; empty: none
    double poll_every_s = 5;
    std::string basemap;             // an MBTiles file; empty: none
    std::vector<std::string> zones;  // boundaries for live tracks, each PARTY:VERSION:FILE
    unsigned threads = 2;            // of sockets, and as many for what takes long
    net::Limits limits;
    net::OutboundPolicy outbound;  // where notices may be sent
};

Result<ServeConfig> read_config(const ServeArgs& args);
/// `127.0.0.1:8700`, `[::1]:8700` into address and port; port 0 is any that is free.
Result<void> read_listen(std::string_view text, ServeConfig& out);

}  // namespace entente::cli
