# What the room net puts into the binary: the API's description, and the page. The page is packed
# into one file by `npm run build` in web/ (./run does it); a build without it serves the API alone.
set(ENTENTE_PAGE ${CMAKE_SOURCE_DIR}/build/page.pack CACHE FILEPATH "The page as one file")
if(TARGET net)
    if(NOT EXISTS ${ENTENTE_PAGE})
        file(WRITE ${ENTENTE_PAGE} "")
    endif()
    set(openapi ${CMAKE_SOURCE_DIR}/src/net/openapi.json)
    set_source_files_properties(src/net/embedded.cc PROPERTIES
        COMPILE_DEFINITIONS "ENTENTE_OPENAPI=\"${openapi}\";ENTENTE_PAGE=\"${ENTENTE_PAGE}\""
        OBJECT_DEPENDS "${openapi};${ENTENTE_PAGE}")
endif()
