#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sitrep::render {

enum class NodeKind {
  document,
  paragraph,
  heading,
  list,
  item,
  quote,
  code_block,
  rule,
  table,
  row,
  cell,  // blocks
  text,
  soft_break,
  line_break,
  code,
  emphasis,
  strong,
  strike,
  link,
  image,
  html,  // in a line
};
enum class Align { none, left, center, right };

/// One node of a Markdown document (CommonMark 0.29 with GFM's tables, strikethrough and task lists). What a member
/// means depends on the kind; the others keep their default.
struct Node {
  NodeKind kind = NodeKind::document;
  std::string text;             ///< text, code, code_block, html: the literal; link, image: its title
  std::string url;              ///< link, image: as written; safe_url() decides whether it may be used
  int level = 0;                ///< heading: 1..6; list: the first number
  bool ordered = false;         ///< list
  bool tight = false;           ///< list: items without blank lines between them
  bool header = false;          ///< row: of the table's head
  std::optional<bool> checked;  ///< item of a task list
  Align align = Align::none;    ///< cell
  std::vector<Node> children;
};

/// Parses Markdown. Never fails: any text is Markdown. Nesting below 48 levels is flattened, so that walking the tree
/// by recursion is safe. Raw HTML comes as NodeKind::html without its comments (generated blocks of documents are
/// comments); printers escape it.
Node parse_markdown(std::string_view markdown);

/// The plain text of a node and what it holds, breaks as blanks.
std::string plain_text(const Node& node);

}  // namespace sitrep::render
