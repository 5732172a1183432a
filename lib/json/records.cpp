#include "json/records.hpp"

#include <fmt/format.h>

#include <optional>

#include "json/scanner.hpp"

namespace sitrep::json {
namespace {

// A container on the way to the current token.
struct Level {
  bool object = false;
  bool on_path = false;     // the steps so far lead to it
  bool lists = true;        // what is in it may be records, when the steps end here
  std::string key;          // of the member being read
  std::size_t members = 0;  // members begun
};

// A number as null, in the place of its digits.
void blank(std::string& text, const Scanner& scanner) {
  const std::size_t length = scanner.token().size();
  text.replace(scanner.from(), length, "null" + std::string(length - 4, ' '));
}

/// The text with null for each number out of range.
std::string without_numbers(const std::string& text) {
  std::string readable = text;
  Scanner scanner(text);
  for (auto event = scanner.next(); event != Scanner::Event::done; event = scanner.next()) {
    if (event == Scanner::Event::scalar && scanner.number_out_of_range()) blank(readable, scanner);
  }
  return readable;
}

// Follows a scanner through a page, knows which record each token belongs to, and lists those with numbers out of
// range.
class RecordScan {
 public:
  RecordScan(const std::string& text, std::vector<Path::Step> records, RecordsIn in)
      : original_(text), steps_(std::move(records)), in_(in), scanner_(original_) {
    for (const Path::Step& step : steps_) wildcard_ |= std::holds_alternative<Path::Every>(step);
  }

  std::vector<BadRecord> run() {
    for (;;) {
      const Scanner::Event event = scanner_.next();
      if (event == Scanner::Event::done) return std::move(bad_);
      if (event == Scanner::Event::key) {
        open_.back().key = unescape(scanner_.token());
      } else if (event == Scanner::Event::end_object || event == Scanner::Event::end_array) {
        open_.pop_back();
        if (open_.size() == record_depth_) end_record();
      } else {
        begin_value(event);
      }
    }
  }

 private:
  void begin_value(Scanner::Event event) {
    const bool on_path = leads_here();
    if (!open_.empty()) ++open_.back().members;
    const bool selected = on_path && open_.size() == steps_.size();
    const bool inside = !open_.empty() && open_.size() == steps_.size() + 1 && open_.back().on_path;
    const bool no_list = wildcard_ && event != Scanner::Event::begin_array;
    const bool begins =
        inside ? in_ != RecordsIn::whole && open_.back().lists : selected && (in_ == RecordsIn::whole || no_list);
    if (!record_ && begins) {
      record_ = records_++;
      record_from_ = scanner_.from();
      record_depth_ = open_.size();
    }
    if (event == Scanner::Event::scalar) {
      if (scanner_.number_out_of_range()) note_number();
      if (record_ && open_.size() == record_depth_) end_record();
      return;
    }
    open_.push_back({event == Scanner::Event::begin_object, on_path, !(selected && no_list), {}, 0});
  }

  // The path's steps lead to the value that begins now.
  bool leads_here() const {
    if (open_.empty()) return true;
    const Level& parent = open_.back();
    if (!parent.on_path || open_.size() > steps_.size()) return false;
    const Path::Step& step = steps_[open_.size() - 1];
    if (const auto* key = std::get_if<Path::Key>(&step)) return parent.object && parent.key == key->name;
    if (std::holds_alternative<Path::Every>(step)) return !parent.object;
    const auto* index = std::get_if<Path::Index>(&step);
    return index && !parent.object && index->position >= 0 &&
           static_cast<std::size_t>(index->position) == parent.members;
  }

  void note_number() {
    const std::size_t length = scanner_.token().size();
    if (!record_) {
      const Position position = position_of(original_, scanner_.from());
      throw NumberError(position.line, position.column, "a number outside the records is out of range");
    }
    if (!reason_.empty()) reason_ += ", ";
    reason_ += fmt::format("number {}{} is out of range", scanner_.token().substr(0, 40), length > 40 ? "…" : "");
  }

  void end_record() {
    if (!record_) return;
    if (!reason_.empty()) {
      bad_.push_back({*record_, original_.substr(record_from_, scanner_.to() - record_from_), reason_});
    }
    record_.reset();
    reason_.clear();
    record_depth_ = k_max_depth + 1;
  }

  const std::string& original_;
  const std::vector<Path::Step> steps_;
  RecordsIn in_;
  bool wildcard_ = false;
  Scanner scanner_;
  std::vector<Level> open_;
  std::size_t records_ = 0;  // begun
  std::optional<std::size_t> record_;
  std::size_t record_from_ = 0;
  std::size_t record_depth_ = k_max_depth + 1;
  std::string reason_;
  std::vector<BadRecord> bad_;
};

}  // namespace

Page parse_page(Document& document, std::string_view text, const Path& records, RecordsIn in) {
  try {
    return {document.parse(text), {}};
  } catch (const NumberError&) {
    std::string original(text);
    if (original.starts_with("\xEF\xBB\xBF")) original.erase(0, 3);
    const Value root = document.parse(without_numbers(original));
    return {root, RecordScan(original, records.resolved(root), in).run()};
  }
}

}  // namespace sitrep::json
