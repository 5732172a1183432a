#include "entity_argument.hpp"

#include "base/text.hpp"

namespace sitrep::cmd {

const model::Entity& entity_argument(const store::Store& store, const std::string& name) {
  if (const auto* entity = store.find_entity(name)) return *entity;
  std::vector<std::string_view> names;
  for (const auto& entity : store.entities()) names.push_back(entity.name);
  fail(ErrorKind::usage, "there is no entity '{}'{}", visible(name), did_you_mean(name, names));
}

}  // namespace sitrep::cmd
