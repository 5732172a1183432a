#include "docs/generated.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "docs/engine.hpp"
#include "docs/front_matter.hpp"
#include "docs/redaction.hpp"
#include "docs/value_json.hpp"
#include "json/value.hpp"
#include "render/page.hpp"
#include "templating/json_value.hpp"

namespace sitrep::docs {
namespace {

using templating::CallArguments;
using templating::Dict;
using templating::Function;
using templating::Value;

constexpr std::string_view k_begin = "<!-- sitrep:begin ";
constexpr std::string_view k_end = "<!-- sitrep:end -->";
constexpr std::size_t k_hash_digits = 16;

/// Line ends and blanks at line ends don't count: editors change them by themselves.
std::string content_hash(std::string_view content) {
  std::string plain;
  for (auto line : split_views(content, '\n')) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
    plain += line;
    plain += '\n';
  }
  while (plain.ends_with("\n\n")) plain.pop_back();
  return sha256_hex(plain).substr(0, k_hash_digits);
}

/// No "--" and no ">", which would end the comment.
std::string comment_safe(std::string_view json) {
  return replace_all(replace_all(json, "--", "-\\u002d"), ">", "\\u003e");
}

std::string json_of(const Value& value) {
  json::Writer writer;
  write_value(writer, value);
  return writer.take();
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// `name {"…":…} sha256=…` between the marks of the opening comment.
void read_call(std::string_view call, Block& block, const std::string& file) {
  const auto brace = call.find('{'), hash = call.rfind(" sha256=");
  const auto refuse = [&](std::string_view why) {
    fail(ErrorKind::data,
         "{}:{}: a generated block's comment can't be read ({}); restore it or delete the block's two comments", file,
         block.line, why);
  };
  if (brace == std::string_view::npos || (hash != std::string_view::npos && hash < brace))
    refuse("it has no arguments");
  block.name = trim_view(call.substr(0, brace));
  block.arguments_json = trim_view(call.substr(brace, hash == std::string_view::npos ? hash : hash - brace));
  if (hash != std::string_view::npos) block.hash = trim_view(call.substr(hash + 8));
  if (!is_name(block.name)) refuse("its name is not one");
  try {
    json::Document document;
    if (!document.parse(block.arguments_json).is_object()) refuse("its arguments are not a JSON object");
  } catch (const json::SyntaxError& error) {
    refuse(error.what());
  }
}

/// The file that holds a macro: the workspace's own blocks come before the shipped ones.
std::string_view file_of_block(const Catalog& catalog, const std::string& name) {
  const auto own = catalog.file(k_own_blocks_template);
  const bool there = own && (own->source.body.find(" macro " + name + "(") != std::string::npos ||
                             own->source.body.find(" macro " + name + " (") != std::string::npos);
  return there ? k_own_blocks_template : k_blocks_template;
}

Dict dict_of(const templating::Named& named) {
  Dict dict;
  for (const auto& [key, value] : named) dict.set(key, value);
  return dict;
}

std::string line_ends_as(std::string_view document, std::string block) {
  return document.find("-->\r\n") == std::string_view::npos ? block : replace_all(block, "\n", "\r\n");
}

}  // namespace

bool Block::edited() const { return hash.empty() ? !content.empty() : content_hash(content) != hash; }

std::string BlockWriter::content(const std::string& name, const Dict& arguments) {
  if (!is_name(name)) fail(ErrorKind::user_code, "generated: '{}' is not the name of a block", visible(name));
  auto [found, is_new] = calls_.try_emplace(name);
  if (is_new) {
    const auto file = file_of_block(*catalog_, name);
    const auto call =
        fmt::format("{{% from '{}' import {} with context %}}{{{{ {}(**arguments) }}}}", file, name, name);
    found->second = environment_->compile(std::string(file), call);
  }
  auto context = context_of(*run_);
  context.set("arguments", arguments);
  // Figures become their text forms here: the hash is over what stands in the file.
  const auto before = run_->figures().all().size();
  run_->notes().start_anew();
  render::Page page;
  page.markdown = without_empty_runs(found->second->render(Value(context)));
  page.figures = run_->figures().all();
  run_->figures().keep(before);
  auto written = run_->notes().below(render::to_markdown(page), run_->inputs().calendar);
  // Before the hash: what is hidden is no edit.
  if (const auto* redactor = run_->inputs().redactor) written = redactor->text(written);
  return std::string(trim_view(written));
}

std::string BlockWriter::block(const std::string& name, const Dict& arguments) {
  return write_block(name, json_of(arguments), content(name, arguments));
}

std::string BlockWriter::again(const Block& block, std::string_view document) {
  const auto [found, is_new] = written_.try_emplace(block.name + block.arguments_json);
  if (is_new)
    found->second = write_block(block.name, block.arguments_json,
                                content(block.name, templating::from_json_text(block.arguments_json).dict()));
  return line_ends_as(document.substr(block.begin, block.end - block.begin), found->second);
}

std::vector<Block> find_blocks(std::string_view document, const std::string& file) {
  std::vector<Block> blocks;
  std::size_t at = 0;
  while ((at = document.find(k_begin, at)) != std::string_view::npos) {
    Block block;
    block.begin = at;
    block.line = 1 + static_cast<std::size_t>(
                         std::count(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    const auto close = document.find("-->", at), end = document.find(k_end, at),
               next = document.find(k_begin, at + k_begin.size());
    if (close == std::string_view::npos || end == std::string_view::npos || end < close || next < end)
      fail(ErrorKind::data, "{}:{}: the generated block is not closed; add the line {}", file, block.line, k_end);
    read_call(document.substr(at + k_begin.size(), close - at - k_begin.size()), block, file);
    auto content = document.substr(close + 3, end - close - 3);
    if (content.starts_with("\r\n"))
      content.remove_prefix(2);
    else if (content.starts_with('\n'))
      content.remove_prefix(1);
    while (content.ends_with('\n') || content.ends_with('\r')) content.remove_suffix(1);
    block.content = content;
    block.end = at = end + k_end.size();
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string write_block(std::string_view name, std::string_view arguments_json, std::string_view content) {
  // What a record brought in must not close the block.
  auto body = replace_all(content, "<!-- sitrep:", "<\\!-- sitrep:");
  while (body.ends_with('\n')) body.pop_back();
  return fmt::format("{}{} {} sha256={} -->\n{}\n{}", k_begin, name, comment_safe(arguments_json), content_hash(body),
                     body, k_end);
}

void add_document_functions(templating::Environment& environment, BlockWriter* writer) {
  environment.add_function(Function(
      "generated", "name, **arguments",
      "a block of a document that `doc refresh` can write again: a macro of documents/blocks.md or own-blocks.md",
      [writer](CallArguments& arguments) -> Value {
        if (writer == nullptr) fail(ErrorKind::user_code, "generated needs the store: it works in documents");
        return Value::markup(writer->block(arguments.text(0), dict_of(arguments.named_rest())));
      }));
  environment.add_function(Function("front_matter", "**fields",
                                    "the YAML front matter of a document, between --- lines",
                                    [](CallArguments& arguments) -> Value {
                                      std::vector<Field> fields;
                                      for (const auto& [name, value] : arguments.named_rest()) {
                                        Field field{name, {}, value.is_list(), 0};
                                        if (value.is_list())
                                          for (const auto& item : value.list())
                                            field.values.push_back(templating::to_text(item));
                                        else if (!value.is_none())
                                          field.values.push_back(templating::to_text(value));
                                        fields.push_back(std::move(field));
                                      }
                                      return Value::markup(write_front_matter(fields));
                                    }));
}

}  // namespace sitrep::docs
