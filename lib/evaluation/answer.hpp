#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "store/query.hpp"
#include "store/store.hpp"

namespace sitrep::evaluation {

/// What a definition's parameters are bound to.
struct Moment {
  Interval span;
  UnixTime now{};
};

/// The rows of a definition. A built-in one runs on the store's connection, where workday and runway are; one of
/// sitrep.toml is SQL by a user and runs in the box. The text of a cell is a view until the next step.
class Answer {
 public:
  /// `box` is used for definitions of sitrep.toml and made on first use; it must outlive the answer.
  Answer(store::Store& store, std::unique_ptr<store::QueryBox>& box, const config::Metric& metric, const Moment& moment,
         const Calendar& calendar);

  int columns() const;
  std::string column_name(int column) const;
  bool step();
  bool is_null(int column) const { return model::is_null(cell(column)); }
  std::optional<double> real(int column) const;    ///< nullopt for NULL and for text that is no number
  std::string text(int column) const;              ///< "" for NULL
  void read(int column, std::string& text) const;  ///< the same, into what has room already

 private:
  model::Cell cell(int column) const;
  std::string from_date_, to_date_;  // bound by reference
  std::optional<store::Statement> statement_;
  std::optional<store::Query> query_;
};

}  // namespace sitrep::evaluation
