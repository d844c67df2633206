# Checks of the source itself, and the tests that run the finished program. A build of some rooms
# only (ENTENTE_ROOMS) leaves them to the whole build.
if(ENTENTE_TESTS AND NOT ENTENTE_ROOMS)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    add_test(NAME ${ENTENTE_TEST_PREFIX}tidy
        COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/tidy.py)
    add_test(NAME ${ENTENTE_TEST_PREFIX}tidy_test
        COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/tools/tidy_test.py)
    set_tests_properties(${ENTENTE_TEST_PREFIX}tidy ${ENTENTE_TEST_PREFIX}tidy_test
        PROPERTIES LABELS tidy)
    file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cli/tests/*_test.py)
    if(TARGET entente)
        list(APPEND scripts ${CMAKE_SOURCE_DIR}/tools/example_test.py)
        # Programs that scripts run: the double loop of dw2_real_data_test.py, what watch says of
        # tracks for real_tracks_test.py, and which volumes touch for geozones_test.py.
        foreach(helper dw2_brute track_times zone_touches)
            add_executable(${helper} ${CMAKE_SOURCE_DIR}/src/cli/tests/${helper}.cc)
            target_link_libraries(${helper} PRIVATE cli)
            target_compile_options(${helper} PRIVATE ${ENTENTE_WARNINGS})
        endforeach()
        foreach(script ${scripts})
            get_filename_component(stem ${script} NAME_WE)
            set(name ${ENTENTE_TEST_PREFIX}cli.${stem})
            add_test(NAME ${name} COMMAND Python3::Interpreter ${script}
                WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
            set(programs ENTENTE=$<TARGET_FILE:entente> ENTENTE_BRUTE=$<TARGET_FILE:dw2_brute>
                ENTENTE_TRACK_TIMES=$<TARGET_FILE:track_times>
                ENTENTE_ZONE_TOUCHES=$<TARGET_FILE:zone_touches>)
            set_tests_properties(${name} PROPERTIES LABELS cli SKIP_RETURN_CODE 77
                ENVIRONMENT "${programs}")
        endforeach()
        # Each tells a story and fails where one sentence of it does not hold.
        file(GLOB cases CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/examples/cases/*)
        foreach(story ${CMAKE_SOURCE_DIR}/examples/four-parties
                ${CMAKE_SOURCE_DIR}/examples/november-2015 ${cases})
            get_filename_component(stem ${story} NAME)
            string(REPLACE "-" "_" stem ${stem})
            set(name ${ENTENTE_TEST_PREFIX}cli.${stem})
            add_test(NAME ${name} COMMAND ${story})
            set_tests_properties(${name} PROPERTIES LABELS cli
                ENVIRONMENT "ENTENTE=$<TARGET_FILE:entente>")
        endforeach()
    endif()
    # The page: its texts and types, its plain modules, and itself in Chromium against a real node.
    # ./test has fetched its packages; without them these fail rather than pass unseen.
    set(web ${CMAKE_SOURCE_DIR}/web)
    foreach(script check test)
        add_test(NAME ${ENTENTE_TEST_PREFIX}web.${script} COMMAND npm run --silent ${script}
            WORKING_DIRECTORY ${web})
    endforeach()
    if(TARGET entente)
        add_test(NAME ${ENTENTE_TEST_PREFIX}web.e2e COMMAND npm run --silent e2e
            WORKING_DIRECTORY ${web})
        set_tests_properties(${ENTENTE_TEST_PREFIX}web.e2e PROPERTIES PROCESSORS 2
            ENVIRONMENT "ENTENTE_BINARY=$<TARGET_FILE:entente>")
    endif()
    set_property(TEST ${ENTENTE_TEST_PREFIX}web.check ${ENTENTE_TEST_PREFIX}web.test
        PROPERTY LABELS web)
endif()
