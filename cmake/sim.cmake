# What only the simulation is built with (src/sim): between the core and libsodium stands something
# that remembers signatures (src/sim/remember.cc).
if(TARGET sim_test)
    target_link_options(sim_test PRIVATE
        LINKER:--wrap=crypto_sign_verify_detached,--wrap=crypto_core_ed25519_is_valid_point)
endif()
