#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "json/fields.hpp"
#include "json/records.hpp"
#include "model/rows.hpp"
#include "sources/convert.hpp"
#include "sources/field_watch.hpp"
#include "sources/mapping.hpp"
#include "store/content_hash.hpp"

namespace sitrep::sources {

/// A record that is not stored.
struct Reject {
  std::string reason;
  std::string raw;                   ///< JSON as received
  std::string where;                 ///< "record 17", "record 17, updates 2"
  std::optional<std::size_t> child;  ///< of a child table: its position among Mapping::children
};

/// What a page gave.
struct Extraction {
  explicit Extraction(const Mapping& mapping);

  model::RowBatch rows;
  std::vector<model::RowBatch> children;  ///< by Mapping::children
  std::vector<Reject> rejects;
  std::int64_t records = 0;                ///< received, before expand, rejected and skipped ones included
  std::int64_t skipped = 0;                ///< that skip_when says are none of the stream's
  std::optional<UnixTime> newest, oldest;  ///< largest and smallest cursor of the page
  std::vector<std::string> removed;        ///< ids of records that deleted_when says are gone
  std::vector<std::string> parents;        ///< what child streams need of the records: see Extractor::collect
  Hash128 ids;                             ///< of the rows' ids in order: pages that are alike
  /// Values that did not fit their columns, by column and reason.
  std::map<std::pair<std::string, std::string>, std::int64_t> odd;
};

/// Turns pages into rows by a stream's mapping. Pure but for its buffers, which it keeps from page to page.
class Extractor {
 public:
  /// Borrows both.
  Extractor(const config::Stream& stream, const Mapping& mapping);

  /// The records of a page, valid as long as its document. Error{data} when they are not where data_selector says; the
  /// message lists the keys that are there.
  std::vector<json::Member> records_of(const json::Page& page) const;
  /// Their rows.
  Extraction extract(const json::Page& page, const std::vector<json::Member>& records);
  Extraction extract(const json::Page& page) { return extract(page, records_of(page)); }
  /// How json::parse_page is to look for records.
  json::RecordsIn records_in() const;
  /// What `^.` leads to from a record that was not expanded: JSON of an object; empty: nothing.
  void set_group(std::string_view json);
  /// What $now is.
  void set_now(UnixTime now) { now_ = now; }
  /// Keeps these top-level members of each record for child streams ("*": all).
  void collect(std::vector<std::string> keys) { collected_ = std::move(keys); }
  /// Hashes rows, as the store does where they come without: it has more to do than who makes them while it writes a
  /// stream for the first time, and less when it finds most of them unchanged.
  void hash_rows(bool wanted);
  /// The fields that records are known to have, and what was seen; borrowed, may be null.
  void watch(FieldWatch* fields) { fields_ = fields; }
  const json::Path& data_selector() const { return selector_; }

 private:
  /// A record, what it was expanded from, its place in its list and its name in a map.
  struct Frame {
    static constexpr std::size_t k_most = 4;  ///< element of a child table, record, and what `expand` left behind
    std::array<std::optional<json::Value>, k_most> chain;
    std::size_t index = 0;
    std::string_view key;
    std::optional<json::Value> find(const Origin& origin) const;
    std::vector<json::Value> find_all(const Origin& origin) const;
    Frame inside(const json::Value& element, std::size_t element_index) const;
  };

  /// frame.find(), in one step where the path starts at a member of the record that was read last.
  std::optional<json::Value> find(const Origin& origin, const Frame& frame) const;
  void hash(Extraction& out);
  bool fits_contract(const json::Value& record, Extraction& out);
  void keep_for_children(const json::Value& record, Extraction& out) const;
  bool is_deleted(const json::Value& record) const;
  bool is_skipped(const json::Value& record) const;
  std::optional<UnixTime> cursor_of(const Frame& frame, Extraction& out) const;
  void expand(const Frame& record, Extraction& out);
  void record_row(const Frame& frame, Extraction& out);
  void child_rows(const MappedColumn& column, const Frame& frame, const std::string& parent_id, Extraction& out);
  /// Puts one row; false, with the reason in why_, when the record is to be rejected.
  bool row(const Mapping& mapping, const Frame& frame, const std::string* parent_id, model::RowBatch& rows,
           Extraction& out);
  bool cell(const MappedColumn& column, const Frame& frame, model::RowBatch& rows, Extraction& out);
  static void append_original(std::string& out, const MappedColumn& column, const Frame& frame,
                              const std::optional<json::Value>& found);
  bool make_id(const Mapping& mapping, const Frame& frame, const std::string* parent_id);
  bool make_child_id(const Frame& frame, const std::string& parent_id);
  bool make_parts(const MappedColumn& column, const Frame& frame);
  bool key_part(const KeyPart& part, const Frame& frame, std::string& out);
  void reject(Extraction& out, const json::Value& record, std::string reason, std::optional<std::size_t> child,
              std::string_view place) const;

  const config::Stream& stream_;
  const Mapping& mapping_;
  json::Path selector_;
  std::optional<json::Path> expand_, deleted_, skip_;
  UnixTime now_{};
  json::Document group_document_;
  std::optional<json::Value> group_;
  std::vector<std::string> collected_;
  FieldWatch* fields_ = nullptr;
  json::Fields record_;   // what the mapping's columns are found in: a record, or an element of it (expand)
  json::Fields outside_;  // a record that is to be expanded
  Converter converter_;
  std::vector<std::optional<store::ContentHasher>> hashers_;  // of the stream's rows, then its child tables'; or empty
  Hasher ids_;
  std::string id_, extra_, odd_, why_, part_, text_;  // of the row in hand; kept for their room
  std::size_t place_ = 0;                             // of the record in hand, from 1
};

}  // namespace sitrep::sources
