#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "templating/tree.hpp"

namespace sitrep::templating {

/// Collects what is assigned and read where while a template is parsed; resolve() then gives every assignment its slot
/// and every name the slots it may mean.
class ScopeBuilder {
 public:
  enum class Opens { scope, unit, isolated_unit };

  /// Opens a scope. A unit has a frame of its own; an isolated one (a block) doesn't see the variables around it.
  void open(Opens what);
  void close();
  bool at_top() const { return current_ == 0; }  ///< of the template itself

  /// Declares a variable of the innermost scope; the number is the slot once `resolve` has run through *slot.
  void declare(std::string_view name, std::uint32_t* slot);
  void declare(Target& target) { declare(target.name, &target.slot); }
  /// Like declare; *used tells whether a name came to mean it.
  void declare_implicit(std::string_view name, std::uint32_t* slot, bool* used);
  void read(NameExpr& name);
  /// Until the matching call with false, `loop` means that of the scope around the innermost.
  void hide_loop(bool hidden);

  void want_range(SlotRange* own);                       ///< of the innermost scope
  void want_subtree(SlotRange* subtree);                 ///< of the innermost scope and those inside it
  void want_visible(std::vector<VisibleName>* visible);  ///< all names seen from here
  void want_slot_count(std::uint32_t* count);            ///< of the innermost unit

  void resolve(Tree& tree);

  ScopeBuilder();

 private:
  struct Variable {
    std::string name;
    bool* used;
  };
  struct Scope {
    std::size_t parent;
    std::size_t unit;
    Opens opens;
    bool hides_loop = false;
    std::vector<Variable> variables;
    std::uint32_t first_slot = 0;
  };
  struct Slot {
    std::size_t scope, variable;
    std::uint32_t* slot;
  };
  struct Read {
    NameExpr* name;
    std::size_t scope;
    bool loop_hidden;
  };
  struct Range {
    std::size_t scope, end_scope;  // end: one past the last scope inside
    SlotRange* range;
    bool subtree;
  };
  struct Visible {
    std::size_t scope;
    std::vector<VisibleName>* names;
  };

  std::vector<SlotReference> slots_of(std::string_view name, std::size_t scope, bool loop_hidden) const;
  std::size_t add_variable(std::string_view name, bool* used);
  void give_slots();

  std::deque<Scope> scopes_;
  std::vector<std::uint32_t> unit_sizes_;
  std::size_t current_ = 0;
  std::vector<Slot> slots_;
  std::vector<Read> reads_;
  std::vector<Range> ranges_;
  std::vector<Visible> visibles_;
  std::vector<std::pair<std::size_t, std::uint32_t*>> counts_;
};

}  // namespace sitrep::templating
