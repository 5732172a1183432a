#include "base/csv.hpp"

#include "base/error.hpp"

namespace sitrep {

CsvReader::CsvReader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
}

bool CsvReader::next(CsvRecord& record) {
  record.fields.clear();
  record.line = line_;
  if (at_ >= text_.size()) return false;
  std::string field;
  while (true) {
    if (at_ < text_.size() && text_[at_] == '"' && field.empty()) quoted(field);
    const char c = at_ < text_.size() ? text_[at_++] : '\n';
    if (c == ',' || c == '\n' || c == '\r') {
      record.fields.push_back(std::move(field));
      field.clear();
      if (c == ',') continue;
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      ++line_;
      return true;
    }
    field += c;
  }
}

void CsvReader::quoted(std::string& field) {
  const auto start = line_;
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != '"') {
      field += text_[at_];
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      field += '"';
      ++at_;
    } else {
      ++at_;
      return;
    }
  }
  fail(ErrorKind::data, "{}:{}: a quoted field is not closed", file_, start);
}

}  // namespace sitrep
