#include "cli/screen.hpp"

#include <utility>

#include "cli/pager.hpp"

namespace sitrep::cli {

Screen::Screen(Terminal terminal, std::string pager) : terminal_(terminal), pager_(std::move(pager)) {}

std::ostream& Screen::out() {
  if (pager_.empty()) return *terminal_.out;
  if (!gathered_) gathered_ = std::make_unique<Spool>();
  return *gathered_;
}

void Screen::note(std::string text) {
  notes_.push_back(std::move(text));
  if (gathered_) return;
  terminal_.out->flush();
  write_notes();
}

void Screen::write_notes() {
  for (const auto& text : std::exchange(notes_, {})) *terminal_.err << text << '\n';
}

void Screen::show() {
  if (gathered_ && is_long(gathered_->view(), terminal_.width, terminal_.height)) {
    terminal_.out->flush();
    if (show_in_pager(pager_, gathered_->view())) gathered_.reset();
  }
  write();
}

void Screen::write() {
  if (const auto gathered = std::exchange(gathered_, nullptr)) *terminal_.out << gathered->view();
  terminal_.out->flush();
  write_notes();
}

void Screen::live() {
  write();
  pager_.clear();
}

}  // namespace sitrep::cli
