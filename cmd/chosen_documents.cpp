#include "chosen_documents.hpp"

#include "input_file.hpp"

namespace sitrep::cmd {

std::vector<docs::DocumentFile> chosen_documents(cli::Context& ctx, const std::vector<std::string>& names) {
  if (names.empty()) return docs::document_files(ctx.workspace_folder());
  for (const auto& name : names) check_input(ctx.world().working_folder / name);
  std::vector<docs::DocumentFile> files;
  for (const auto& name : names)
    files.push_back(docs::document_file((ctx.world().working_folder / name).lexically_normal(), name));
  return files;
}

}  // namespace sitrep::cmd
