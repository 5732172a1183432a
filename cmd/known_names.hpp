#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"

namespace sitrep::cmd {

/// For a list that came out empty: Error{usage} with "did you mean" when one of the asked names is none of the stored
/// records' names or aliases, so that a typing error does not read as "there is nothing". A store without such records
/// knows no names and refuses none. `entity` is "service" or "program".
void refuse_unknown_names(cli::Context& ctx, std::string_view entity, const std::vector<std::string>& asked);

}  // namespace sitrep::cmd
