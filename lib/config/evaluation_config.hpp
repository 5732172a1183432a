#pragma once

#include "config/config.hpp"
#include "config/reader.hpp"

namespace sitrep::config {

Metric read_metric(Reader& in, std::string name);
Rule read_rule(Reader& in);
Exemption read_exemption(Reader& in);
/// `in` is the table [entity.NAME].
model::Entity read_entity(Reader& in, std::string name);
LaunchPolicy read_launch_policy(Reader in);

}  // namespace sitrep::config
