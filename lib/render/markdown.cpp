#include "render/markdown.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <memory>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace sitrep::render {
namespace {

constexpr std::size_t k_max_depth = 48;

struct FreeNode {
  void operator()(cmark_node* node) const noexcept { cmark_node_free(node); }
};
struct FreeParser {
  void operator()(cmark_parser* parser) const noexcept { cmark_parser_free(parser); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const noexcept { cmark_iter_free(iterator); }
};
using NodePointer = std::unique_ptr<cmark_node, FreeNode>;

NodePointer parse(std::string_view markdown) {
  static const bool registered = (cmark_gfm_core_extensions_ensure_registered(), true);
  static_cast<void>(registered);
  const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_VALIDATE_UTF8));
  for (const char* extension : {"table", "strikethrough", "tasklist"})
    cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension(extension));
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  NodePointer root(cmark_parser_finish(parser.get()));
  if (!root) fail(ErrorKind::bug, "cmark gave no document");
  cmark_consolidate_text_nodes(root.get());
  return root;
}

std::string text_of(const char* text) { return text == nullptr ? std::string() : std::string(text); }

std::string without_comments(std::string_view html) {
  std::string kept;
  while (!html.empty()) {
    const auto start = html.find("<!--");
    if (start == std::string_view::npos) break;
    kept.append(html.substr(0, start));
    const auto end = html.find("-->", start + 4);
    html = end == std::string_view::npos ? std::string_view() : html.substr(end + 3);
  }
  kept.append(html);
  return std::string(trim_view(kept));
}

NodeKind core_kind(cmark_node_type type) {
  switch (type) {
    case CMARK_NODE_DOCUMENT:
      return NodeKind::document;
    case CMARK_NODE_BLOCK_QUOTE:
      return NodeKind::quote;
    case CMARK_NODE_LIST:
      return NodeKind::list;
    case CMARK_NODE_ITEM:
      return NodeKind::item;
    case CMARK_NODE_CODE_BLOCK:
      return NodeKind::code_block;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
      return NodeKind::html;
    case CMARK_NODE_HEADING:
      return NodeKind::heading;
    case CMARK_NODE_THEMATIC_BREAK:
      return NodeKind::rule;
    case CMARK_NODE_TEXT:
      return NodeKind::text;
    case CMARK_NODE_SOFTBREAK:
      return NodeKind::soft_break;
    case CMARK_NODE_LINEBREAK:
      return NodeKind::line_break;
    case CMARK_NODE_CODE:
      return NodeKind::code;
    case CMARK_NODE_EMPH:
      return NodeKind::emphasis;
    case CMARK_NODE_STRONG:
      return NodeKind::strong;
    case CMARK_NODE_LINK:
      return NodeKind::link;
    case CMARK_NODE_IMAGE:
      return NodeKind::image;
    default:
      return NodeKind::paragraph;
  }
}

NodeKind kind_of(cmark_node* node) {
  const std::string_view type = cmark_node_get_type_string(node);
  if (type == "table") return NodeKind::table;
  if (type == "table_row" || type == "table_header") return NodeKind::row;
  if (type == "table_cell") return NodeKind::cell;
  if (type == "strikethrough") return NodeKind::strike;
  if (type == "tasklist") return NodeKind::item;
  return core_kind(cmark_node_get_type(node));
}

Align cell_align(cmark_node* cell) {
  cmark_node* table = cmark_node_parent(cmark_node_parent(cell));
  int column = 0;
  for (cmark_node* before = cmark_node_previous(cell); before != nullptr; before = cmark_node_previous(before))
    ++column;
  const std::uint8_t* alignments = cmark_gfm_extensions_get_table_alignments(table);
  if (alignments == nullptr || column >= cmark_gfm_extensions_get_table_columns(table)) return Align::none;
  switch (alignments[column]) {
    case 'l':
      return Align::left;
    case 'c':
      return Align::center;
    case 'r':
      return Align::right;
    default:
      return Align::none;
  }
}

Node convert(cmark_node* from) {
  Node node;
  node.kind = kind_of(from);
  switch (node.kind) {
    case NodeKind::text:
    case NodeKind::code:
    case NodeKind::code_block:
      node.text = text_of(cmark_node_get_literal(from));
      break;
    case NodeKind::html:
      node.text = without_comments(text_of(cmark_node_get_literal(from)));
      break;
    case NodeKind::heading:
      node.level = cmark_node_get_heading_level(from);
      break;
    case NodeKind::list:
      node.ordered = cmark_node_get_list_type(from) == CMARK_ORDERED_LIST;
      node.level = node.ordered ? cmark_node_get_list_start(from) : 0;
      node.tight = cmark_node_get_list_tight(from) != 0;
      break;
    case NodeKind::item:
      if (std::string_view(cmark_node_get_type_string(from)) == "tasklist")
        node.checked = cmark_gfm_extensions_get_tasklist_item_checked(from);
      break;
    case NodeKind::row:
      node.header = cmark_gfm_extensions_get_table_row_is_header(from) != 0;
      break;
    case NodeKind::cell:
      node.align = cell_align(from);
      break;
    case NodeKind::link:
    case NodeKind::image:
      node.url = text_of(cmark_node_get_url(from));
      node.text = text_of(cmark_node_get_title(from));
      break;
    default:
      break;
  }
  return node;
}

bool is_leaf(NodeKind kind) {
  return kind == NodeKind::text || kind == NodeKind::code || kind == NodeKind::code_block || kind == NodeKind::html ||
         kind == NodeKind::soft_break || kind == NodeKind::line_break || kind == NodeKind::rule;
}

}  // namespace

Node parse_markdown(std::string_view markdown) {
  const auto root = parse(markdown);
  const std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(root.get()));
  // An explicit stack of open nodes; below the limit only leaves are kept, as children of the deepest open node.
  std::vector<Node> open;
  std::size_t skipped = 0;
  Node document;
  for (auto event = cmark_iter_next(iterator.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iterator.get())) {
    cmark_node* from = cmark_iter_get_node(iterator.get());
    const bool leaf = is_leaf(kind_of(from));
    if (event == CMARK_EVENT_ENTER) {
      if (leaf) {
        if (!open.empty()) open.back().children.push_back(convert(from));
      } else if (open.size() >= k_max_depth) {
        ++skipped;
      } else {
        open.push_back(convert(from));
      }
      continue;
    }
    if (leaf) continue;
    if (skipped > 0) {
      --skipped;
      continue;
    }
    Node done = std::move(open.back());
    open.pop_back();
    if (open.empty())
      document = std::move(done);
    else
      open.back().children.push_back(std::move(done));
  }
  return document;
}

std::string plain_text(const Node& node) {
  switch (node.kind) {
    case NodeKind::text:
    case NodeKind::code:
    case NodeKind::code_block:
    case NodeKind::html:
      return node.text;
    case NodeKind::soft_break:
    case NodeKind::line_break:
      return " ";
    default:
      break;
  }
  std::string text;
  for (const auto& child : node.children) text += plain_text(child);
  return text;
}

}  // namespace sitrep::render
