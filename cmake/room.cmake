# room(NAME INCLUDES rooms... LINKS libraries... [TESTS libraries...] [FUZZED sources...]): the
# library of src/NAME, its tests (*_test.cc, one program, which may link what stands under TESTS as
# well), and its fuzzers (*_fuzz.cc, one program each; with ENTENTE_FUZZ the library has the sources
# under FUZZED alone, where some are named: clang 14 cannot compile the coroutines of net).
# A room without sources is skipped, so that the table can name a room before its first line.
# With ENTENTE_ROOMS only the rooms it lists are built; ENTENTE_TEST_PREFIX goes before the name of
# each of their tests (./test runs two builds as one set of tests).
set(ENTENTE_ROOMS "" CACHE STRING "Build only these rooms (empty: all)")
set(ENTENTE_TEST_PREFIX "" CACHE STRING "Goes before the name of each test")
function(room NAME)
    if(ENTENTE_ROOMS AND NOT NAME IN_LIST ENTENTE_ROOMS)
        return()
    endif()
    cmake_parse_arguments(R "" "" "INCLUDES;LINKS;TESTS;FUZZED" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS src/${NAME}/*.cc)
    set(tests ${sources})
    set(fuzzers ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cc$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
    list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|/main)\\.cc$")
    if(ENTENTE_FUZZ AND R_FUZZED)
        list(TRANSFORM R_FUZZED PREPEND src/${NAME}/ OUTPUT_VARIABLE sources)
    endif()
    set(links ${R_LINKS})
    foreach(other ${R_INCLUDES})
        if(TARGET ${other})
            list(APPEND links ${other})
        endif()
    endforeach()
    if(sources)
        add_library(${NAME} STATIC ${sources})
        target_compile_options(${NAME} PRIVATE ${ENTENTE_WARNINGS})
        target_include_directories(${NAME} PUBLIC src)
        target_link_libraries(${NAME} PUBLIC ${links})
    endif()
    if(tests AND ENTENTE_TESTS)
        add_executable(${NAME}_test ${tests})
        target_compile_options(${NAME}_test PRIVATE ${ENTENTE_WARNINGS})
        target_include_directories(${NAME}_test PRIVATE src)
        if(sources)
            target_link_libraries(${NAME}_test PRIVATE ${NAME})
        endif()
        target_link_libraries(${NAME}_test PRIVATE ${links} ${R_TESTS}
            GTest::gtest_main)
        gtest_discover_tests(${NAME}_test TEST_PREFIX ${ENTENTE_TEST_PREFIX}${NAME}.
            DISCOVERY_MODE PRE_TEST NO_PRETTY_VALUES  # each parameter has a name of its own
            WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} PROPERTIES LABELS ${NAME})
    endif()
    foreach(file ${fuzzers})
        fuzzer(${NAME} ${file})
    endforeach()
endfunction()

# fuzzer(ROOM file): under clang a libFuzzer program; otherwise the same code replays its corpus
# (testdata/corpus/<stem>) as an ordinary test, so that what a fuzzer once found stays found.
function(fuzzer ROOM FILE)
    get_filename_component(stem ${FILE} NAME_WE)
    if(ENTENTE_FUZZ)
        add_executable(${stem} ${FILE})
        target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
    elseif(ENTENTE_TESTS)
        add_executable(${stem} ${FILE} ${CMAKE_SOURCE_DIR}/tools/corpus_main.cc)
        add_test(NAME ${ENTENTE_TEST_PREFIX}corpus.${stem}
            COMMAND ${stem} ${CMAKE_SOURCE_DIR}/testdata/corpus/${stem})
    else()
        return()
    endif()
    target_link_libraries(${stem} PRIVATE ${ROOM})
    target_compile_options(${stem} PRIVATE ${ENTENTE_WARNINGS})
endfunction()

function(program NAME)
    cmake_parse_arguments(P "" "ROOM;MAIN" "" ${ARGN})
    if(TARGET ${P_ROOM} AND EXISTS ${CMAKE_SOURCE_DIR}/${P_MAIN} AND NOT ENTENTE_FUZZ)
        add_executable(${NAME} ${P_MAIN})
        target_compile_options(${NAME} PRIVATE ${ENTENTE_WARNINGS})
        target_link_libraries(${NAME} PRIVATE ${P_ROOM})
    endif()
endfunction()
