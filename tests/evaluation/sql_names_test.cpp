#include "evaluation/sql_names.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("evaluation::sql_names sees identifiers, not literals, comments or parameters") {
  CHECK(evaluation::sql_names(
            "SELECT a.\"B c\" FROM incident_history -- ticket\n WHERE x = 'risk' /* slo */ and t < :to") ==
        std::vector<std::string>{"select", "a", "b c", "from", "incident_history", "where", "x", "and", "t"});
  CHECK(evaluation::sql_names("'unclosed") == std::vector<std::string>{});
  CHECK(evaluation::sql_names("").empty());
}

TEST_CASE("evaluation::sql_tables names what is read from, not columns of the same name") {
  CHECK(
      evaluation::sql_tables("with k as (select program from incident_history) select program from k join workday w") ==
      std::vector<std::string>{"incident_history", "k", "workday"});
}
