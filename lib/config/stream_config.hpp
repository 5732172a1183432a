#pragma once

#include "config/reader.hpp"
#include "config/source.hpp"

namespace sitrep::config {

/// One [[source.NAME.stream]]. `own` are the entities of [entity.NAME].
Stream read_stream(Reader& in, const std::vector<model::Entity>& own);

/// One [source.NAME], its preset already merged in.
Source read_source(Reader& in, std::string name, const std::vector<model::Entity>& own);

/// { path, equals }; nullopt without the key.
std::optional<std::pair<std::string, std::string>> read_condition(Reader& in, std::string_view key);

}  // namespace sitrep::config
