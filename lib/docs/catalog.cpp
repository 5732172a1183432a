#include "docs/catalog.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/embedded_file.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace sitrep::docs {

std::span<const EmbeddedFile> built_in_templates();  // templates/, embedded by CMake

namespace {

namespace fs = std::filesystem;
using Kind = config::TemplateHeader::Kind;

constexpr std::size_t k_max_bytes = std::size_t{4} << 20;
constexpr int k_max_files = 5000;

/// Names are paths below one folder; "..", absolute paths, backslashes and hidden files are not among them.
bool is_inside(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos ||
      name.find('\0') != std::string_view::npos)
    return false;
  const auto parts = split_views(name, '/');
  return std::none_of(parts.begin(), parts.end(),
                      [](std::string_view part) { return part.empty() || part.front() == '.'; });
}

TemplateFile make(std::string name, TemplateFile::Origin origin, std::string shown_as, std::string text) {
  auto source = config::parse_template(text, shown_as);
  return {std::move(name), origin, std::move(shown_as), std::move(text), std::move(source)};
}

std::vector<std::string> candidates(std::string_view name, std::optional<Kind> kind) {
  std::vector<std::string> names;
  if (!kind || *kind == Kind::report) names.push_back(fmt::format("reports/{}.md", name));
  if (!kind || *kind == Kind::document) names.push_back(fmt::format("documents/{}.md", name));
  names.emplace_back(name);
  names.push_back(fmt::format("{}.md", name));
  return names;
}

/// The template that a body extends: the text of {% extends "…" %} where it starts with that.
std::optional<std::string> parent_of(std::string_view body) {
  auto rest = trim_view(body);
  if (!rest.starts_with("{%")) return std::nullopt;
  rest = trim_view(rest.substr(rest.starts_with("{%-") ? 3 : 2));
  if (!rest.starts_with("extends")) return std::nullopt;
  rest = trim_view(rest.substr(7));
  if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return std::nullopt;
  const auto end = rest.find(rest.front(), 1);
  return end == std::string_view::npos ? std::nullopt : std::optional(std::string(rest.substr(1, end - 1)));
}

fs::path upstream_file(const fs::path& folder, std::string_view name) { return folder / ".upstream" / fs::path(name); }

std::string_view folder_of(Kind kind) { return kind == Kind::report ? "reports/" : "documents/"; }

}  // namespace

std::string short_name(std::string_view name) {
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
  if (name.ends_with(".md")) name.remove_suffix(3);
  return std::string(name);
}

Catalog::Catalog(std::optional<fs::path> folder) : folder_(std::move(folder)) {}

std::optional<TemplateFile> Catalog::built_in(std::string_view name) const {
  for (const auto& file : built_in_templates())
    if (file.name == name)
      return make(std::string(name), TemplateFile::Origin::built_in, fmt::format("built-in {}", name),
                  std::string(file.text));
  return std::nullopt;
}

std::optional<TemplateFile> Catalog::file(std::string_view name) const { return file(name, 0); }

TemplateFile Catalog::with_inherited(TemplateFile one, int depth) const {
  constexpr int k_deepest = 8;
  const auto parent = parent_of(one.source.body);
  if (!parent || depth >= k_deepest) return one;  // a circle is told when it is rendered
  if (const auto base = file(*parent, depth + 1)) one.source.header.inherit(base->source.header);
  return one;
}

std::optional<std::string> Catalog::copied_from(std::string_view name) const {
  std::error_code error;
  if (!folder_ || !is_inside(name)) return std::nullopt;
  const auto kept = upstream_file(*folder_, name);
  if (!fs::is_regular_file(kept, error)) return std::nullopt;
  return read_file(kept, k_max_bytes);
}

bool Catalog::changed_upstream(std::string_view name) const {
  const auto kept = copied_from(name);
  const auto now = built_in(name);
  return kept && now && *kept != now->text;
}

void Catalog::keep_upstream(std::string_view name) const {
  const auto now = built_in(name);
  if (!folder_ || !now || !is_inside(name)) return;
  const auto kept = upstream_file(*folder_, name);
  std::error_code error;
  fs::create_directories(kept.parent_path(), error);
  if (error) fail(ErrorKind::store, "{}: {}", display(kept.parent_path()), error.message());
  write_file(kept, now->text);
}

std::optional<TemplateFile> Catalog::file(std::string_view name, int depth) const {
  constexpr std::string_view k_built_in = "built-in/";
  if (name.starts_with(k_built_in)) return built_in(name.substr(k_built_in.size()));
  if (!is_inside(name)) return std::nullopt;
  if (folder_) {
    const auto path = *folder_ / fs::path(name);
    std::error_code error;
    // A symbolic link may lead out of the folder: what it resolves to decides.
    const auto real = fs::canonical(path, error), root = error ? fs::path() : fs::canonical(*folder_, error);
    if (!error && fs::is_regular_file(real, error)) {
      const auto inside = real.lexically_relative(root);
      if (inside.empty() || *inside.begin() == "..")
        fail(ErrorKind::user_code,
             "{}: a template must not lead out of the templates folder; copy the file instead of linking it",
             display(path));
      return with_inherited(make(std::string(name), TemplateFile::Origin::workspace, fmt::format("templates/{}", name),
                                 read_file(path, k_max_bytes)),
                            depth);
    }
  }
  return built_in(name);
}

TemplateFile Catalog::find(std::string_view name, std::optional<Kind> kind) const {
  for (const auto& candidate : candidates(name, kind))
    if (auto found = file(candidate)) return std::move(*found);
  std::vector<std::string> known;
  for (const auto& full : names())
    if (!kind || full.starts_with(folder_of(*kind))) known.push_back(kind ? short_name(full) : full);
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto what = !kind ? "template" : *kind == Kind::report ? "report" : "document type";
  fail(ErrorKind::usage, "no {} named '{}'{}; known: {}", what, visible(name), did_you_mean(name, views),
       join(known, ", "));
}

std::vector<std::string> Catalog::names() const {
  std::set<std::string> names;
  for (const auto& file : built_in_templates()) names.emplace(file.name);
  std::error_code error;
  if (folder_ && fs::is_directory(*folder_, error)) {
    int seen = 0;
    for (fs::recursive_directory_iterator at(*folder_, fs::directory_options::skip_permission_denied, error), end;
         !error && at != end && ++seen <= k_max_files; at.increment(error)) {
      const auto name = at->path().lexically_relative(*folder_).generic_string();
      std::error_code ignored;
      if (at->path().extension() == ".md" && is_inside(name) && at->is_regular_file(ignored)) names.insert(name);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace sitrep::docs
