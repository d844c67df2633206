# Checks of the source itself, and the tests that run the finished program.
if(ENTENTE_TESTS)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/cli/tests/*_test.py)
    if(EXISTS ${CMAKE_SOURCE_DIR}/tools/tidy.py)
        add_test(NAME tidy COMMAND Python3::Interpreter tools/tidy.py
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    endif()
    if(TARGET entente)
        foreach(script ${scripts})
            get_filename_component(stem ${script} NAME_WE)
            add_test(NAME cli.${stem} COMMAND Python3::Interpreter ${script}
                WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
            set_tests_properties(cli.${stem} PROPERTIES LABELS cli
                ENVIRONMENT "ENTENTE=$<TARGET_FILE:entente>")
        endforeach()
    endif()
endif()
