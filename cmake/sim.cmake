# What only the tests of the simulation are built with (src/sim).
if(TARGET sim_test)
    # Between the core and libsodium stands something that remembers signatures
    # (src/sim/remember.cc).
    target_link_options(sim_test PRIVATE
        LINKER:--wrap=crypto_sign_verify_detached,--wrap=crypto_core_ed25519_is_valid_point)

    # The sources that ask base/breaks.h, compiled once more, with rules that can be broken. As
    # objects of this program they come before the rooms' libraries, which keep none.
    add_library(sim_breaks OBJECT
        src/check/answer.cc
        src/check/presence.cc
        src/mirror/mirror.cc
        src/mirror/pull.cc
        src/node/calling.cc
        src/node/compose.cc
        src/node/exchange_entries.cc
        src/node/exchange_heads.cc
        src/node/exchange_say.cc
        src/node/node.cc
        src/node/noticing.cc
        src/node/replying.cc
        src/node/urgent.cc
        src/registry/ended_legs.cc
        src/registry/registry.cc
        src/store/commit.cc
        src/view/airspace.cc
        src/view/message.cc
        src/view/presence.cc)
    target_include_directories(sim_breaks PRIVATE src)
    target_compile_definitions(sim_breaks PRIVATE ENTENTE_SIM_BREAKS)
    target_compile_definitions(sim PRIVATE ENTENTE_SIM_BREAKS)
    target_compile_options(sim_breaks PRIVATE ${ENTENTE_WARNINGS})
    target_sources(sim_test PRIVATE $<TARGET_OBJECTS:sim_breaks>)
endif()
