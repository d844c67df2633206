// SPDX-License-Identifier: Apache-2.0
// Files that the build puts into the binary: the API's description, and the page in one pack. The
// assembler reads them (.incbin), so that the compiler need not.
#include "net/assets.h"
#include "net/openapi.h"

#define EMBED(NAME, PATH)                                                  \
    __asm__(".section .rodata." #NAME                                      \
            ",\"a\",@progbits\n"                                           \
            ".global " #NAME "_begin\n.global " #NAME "_end\n" #NAME       \
            "_begin:\n"                                                    \
            ".incbin \"" PATH "\"\n" #NAME "_end:\n.byte 0\n.previous\n"); \
    extern "C" const char NAME##_begin[];                                  \
    extern "C" const char NAME##_end[]

EMBED(entente_openapi, ENTENTE_OPENAPI);
EMBED(entente_page, ENTENTE_PAGE);

namespace entente::net {

std::string_view openapi_json() {
    return {entente_openapi_begin,
            static_cast<std::size_t>(entente_openapi_end - entente_openapi_begin)};
}

std::string_view page_pack() {
    return {entente_page_begin, static_cast<std::size_t>(entente_page_end - entente_page_begin)};
}

}  // namespace entente::net
