# Third-party code, all from system packages (the tree-sitter grammar excepted, see core/syntax). Purpose beside each.
include(FindPkgConfig)
find_package(Threads REQUIRED)

pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)             # chunk and block compression
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)         # frame checksums and content digests
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)           # catalog and user SQL
pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2)          # source snapshots in a private bare repository
find_package(ZLIB REQUIRED)                                          # to check stored source objects
pkg_check_modules(TREE_SITTER REQUIRED IMPORTED_TARGET tree-sitter)  # error-tolerant parsing with exact byte ranges
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)           # files of other trackers
find_package(nlohmann_json REQUIRED)                                 # JSON documents
find_package(CLI11 REQUIRED)                                         # command line of the hindcast program

if(HINDCAST_DESKTOP)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Charts Svg SvgWidgets PrintSupport LinguistTools)  # the window
  find_library(QSCINTILLA_LIBRARY qscintilla2_qt6 REQUIRED)          # the source editor
  find_path(QSCINTILLA_INCLUDE Qsci/qsciscintilla.h PATH_SUFFIXES qt6 x86_64-linux-gnu/qt6 REQUIRED)
endif()
if(HINDCAST_TESTS)
  find_package(GTest REQUIRED)                                       # tests of the core
  include(GoogleTest)
  if(HINDCAST_DESKTOP)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)                   # tests of the window
  endif()
endif()
