#include "store/service_name_view.hpp"

namespace sitrep::store {

std::string service_name_view() {
  return R"sql(
SELECT name, service, team, owner, program, tier FROM (
  -- the other columns are those of the row of min(): SQLite's rule for bare columns beside one min()
  SELECT n.name, n.service, n.team, n.owner, n.program, n.tier, min(n.place) FROM (
    SELECT lower(s.name) AS name, s.name AS service, s.team, s.owner,
           coalesce((SELECT p.name FROM program p WHERE p.id = s.program AND p.source = s.source),
                    (SELECT min(p.name) FROM program p WHERE p.id = s.program), s.program) AS program, s.tier,
           '0' || s.name || char(1) || s.source || char(1) || s.id AS place FROM service s WHERE s.name IS NOT NULL
    UNION ALL
    SELECT lower(a.value), s.name, s.team, s.owner,
           coalesce((SELECT p.name FROM program p WHERE p.id = s.program AND p.source = s.source),
                    (SELECT min(p.name) FROM program p WHERE p.id = s.program), s.program), s.tier,
           '1' || s.name || char(1) || s.source || char(1) || s.id
    FROM service s, json_each(s.aliases) a WHERE s.name IS NOT NULL AND s.aliases IS NOT NULL) n
  GROUP BY n.name))sql";
}

}  // namespace sitrep::store
