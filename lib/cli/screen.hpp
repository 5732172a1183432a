#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/spool.hpp"

namespace sitrep::cli {

/// Standard output on its way to the reader: written at once, or gathered so that a long text on a terminal can be
/// shown in a pager. Notes on standard error stay behind the output that they are about.
class Screen {
 public:
  struct Terminal {
    std::ostream* out;
    std::ostream* err;
    int width, height;
  };
  /// No pager: nothing is gathered.
  Screen(Terminal terminal, std::string pager);

  std::ostream& out();
  void note(std::string text);
  /// Shows what was gathered, in the pager when it is longer than the terminal, then the notes.
  void show();
  /// The same without a pager.
  void write();
  /// Nothing is gathered any more.
  void live();

 private:
  void write_notes();
  Terminal terminal_;
  std::string pager_;
  std::unique_ptr<Spool> gathered_;
  std::vector<std::string> notes_;
};

}  // namespace sitrep::cli
