#pragma once

#include "config/config.hpp"
#include "config/document_config.hpp"
#include "config/reader.hpp"

namespace sitrep::config {

Metric read_metric(Reader& in, std::string name);
Rule read_rule(Reader& in);
Exemption read_exemption(Reader& in);
/// `in` is the table [entity.NAME].
model::Entity read_entity(Reader& in, std::string name);
/// Error{config} for a link of an own entity to something that is no entity.
void check_links(const std::vector<model::Entity>& own, const Reader& root);
/// `in` is the table [diff].
std::vector<std::string> read_diff_exclude(Reader& in);
LaunchRules read_launch_rules(Reader in);
/// `in` is the table [redact.NAME].
Redaction read_redaction(Reader& in, std::string name);
/// `in` is the table [publish.NAME].
PublishTarget read_publish_target(Reader& in, std::string name);
/// [launch], [redact.NAME] and [publish.NAME] of the file.
DocumentConfig read_document_config(Reader& in);

}  // namespace sitrep::config
