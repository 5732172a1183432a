# Turns FILES into a C++ source: `std::span<const EmbeddedFile> FUNCTION()` in NAMESPACE. Run by sitrep_embed().
set(text "#include \"base/embedded_file.hpp\"\n#include <array>\nnamespace ${NAMESPACE} {\n")
set(entries "")
set(count 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  file(READ ${file} body HEX)
  string(LENGTH "${body}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," body "${body}")
  string(APPEND text "static constexpr char k_file_${count}[] = {${body}'\\0'};\n")
  string(APPEND entries "  {\"${name}\", {k_file_${count}, ${bytes}}},\n")
  math(EXPR count "${count} + 1")
endforeach()
string(APPEND text "std::span<const EmbeddedFile> ${FUNCTION}();\n"
                   "std::span<const EmbeddedFile> ${FUNCTION}() {\n"
                   "  static constexpr std::array<EmbeddedFile, ${count}> k_files{{\n${entries}  }};\n  return k_files;\n}\n}\n")
file(WRITE ${OUTPUT} "${text}")
