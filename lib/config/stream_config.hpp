#pragma once

#include "config/reader.hpp"
#include "config/source.hpp"

namespace sitrep::config {

/// One [[source.NAME.stream]]. `own` are the entities of [entity.NAME].
Stream read_stream(Reader& in, const std::vector<model::Entity>& own);

/// One [source.NAME], its preset already merged in.
Source read_source(Reader& in, std::string name, const std::vector<model::Entity>& own);

}  // namespace sitrep::config
