#pragma once

#include <toml++/toml.h>

#include "config/config.hpp"

namespace sitrep::config {

/// Lays `over` (the user's source) on `base` (its preset): scalars and lists replace, tables merge, streams merge by
/// name. Nodes are moved, so that each keeps the file and line it was written at.
void lay_over(toml::table& base, toml::table&& over);

/// Replaces ${NAME} in the strings of a node by the environment's values. What is not set stays as written and is
/// listed in `unset`.
void expand_environment(toml::node& node, const Environment& environment,
                        std::vector<std::pair<std::string, Location>>& unset);

}  // namespace sitrep::config
