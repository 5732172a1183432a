#include "docs/generated.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "docs/front_matter.hpp"
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
  if (brace == std::string_view::npos || hash == std::string_view::npos || hash < brace)
    refuse("it has no arguments or no sha256");
  block.name = trim_view(call.substr(0, brace));
  block.arguments_json = trim_view(call.substr(brace, hash - brace));
  block.hash = trim_view(call.substr(hash + 8));
  if (!is_name(block.name)) refuse("its name is not one");
  try {
    json::Document document;
    if (!document.parse(block.arguments_json).is_object()) refuse("its arguments are not a JSON object");
  } catch (const json::SyntaxError& error) {
    refuse(error.what());
  }
}

/// Calls the macro of that name in documents/blocks.md.
Value generate(const templating::Environment& environment, Run* run, CallArguments& arguments) {
  if (run == nullptr) fail(ErrorKind::user_code, "generated needs the store: it works in documents");
  const auto name = arguments.text(0);
  if (!is_name(name)) fail(ErrorKind::user_code, "generated: '{}' is not the name of a block", visible(name));
  Dict given;
  for (const auto& [key, value] : arguments.named_rest()) given.set(key, value);
  auto context = context_of(*run);
  context.set("arguments", given);
  const auto call =
      fmt::format("{{% from '{}' import {} with context %}}{{{{ {}(**arguments) }}}}", k_blocks_template, name, name);
  // Figures become their text forms here: the hash is over what stands in the file.
  render::Page page;
  page.markdown = environment.compile(std::string(k_blocks_template), call).render(Value(context));
  page.figures = run->figures().all();
  return Value::markup(write_block(name, json_of(given), trim_view(render::to_markdown(page))));
}

}  // namespace

bool Block::edited() const { return content_hash(content) != hash; }

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

void add_document_functions(templating::Environment& environment, Run* run) {
  environment.add_function(
      Function("generated", "name, **arguments",
               "a block of a document that `doc refresh` can write again: a macro of documents/blocks.md",
               [&environment, run](CallArguments& arguments) { return generate(environment, run, arguments); }));
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
