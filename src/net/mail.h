// SPDX-License-Identifier: Apache-2.0
// A notice as a mail (RFC 5322, RFC 2047, RFC 3834): plain words in UTF-8, base64 so that no line
// of it can be taken for anything else. Its Message-ID is made of the notice's id, so that a repeat
// is recognised.
#pragma once

#include "net/outbound.h"

namespace entente::net {

struct Letter {
    std::string from;  // is_mail_address()
    std::string to;    // is_mail_address()
    std::string id;    // of the notice
    Instant time;
    std::string text;  // one line
};
Mail mail_of(const Letter& letter);

}  // namespace entente::net
