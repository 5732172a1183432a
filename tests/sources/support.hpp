#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "config/config.hpp"
#include "model/entity.hpp"

namespace sitrep::test {

/// The configuration of one source `s` written as TOML below [source.s]; presets are off.
inline config::Config config_of(std::string_view source_toml) {
  const std::string toml = "[source.s]\nbase_url = \"http://127.0.0.1:1/api\"\n" + std::string(source_toml);
  return config::parse(
      toml, "sitrep.toml", [](std::string_view) { return std::nullopt; },
      [](const std::string&) { return std::nullopt; });
}

inline config::Stream stream_of(std::string_view stream_toml) {
  return config_of("[[source.s.stream]]\nname = \"things\"\n" + std::string(stream_toml)).sources.at(0).streams.at(0);
}

inline config::Paginator paginator_of(std::string_view inline_table) {
  return stream_of("entity = \"incident\"\npaginator = " + std::string(inline_table)).paginator;
}

inline const model::Entity* entity(std::string_view name) { return model::find_built_in(name); }

/// The message of the Error that `work` throws; "" when it throws none.
template <class Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace sitrep::test
