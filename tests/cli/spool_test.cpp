#include "cli/spool.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "base/error.hpp"

using namespace sitrep;

TEST_CASE("cli::Spool gives back what was written, in memory and beyond it, and takes more after a look") {
  cli::Spool spool;
  CHECK(spool.view().empty());
  spool << "head " << 1 << '\n';
  CHECK(spool.view() == "head 1\n");
  std::string expected = "head 1\n";
  const std::string block(300'000, 'x');
  for (int i = 0; i < 10; ++i) {
    spool << block << '\n';
    expected += block + "\n";
  }
  CHECK((spool.view() == expected));
  spool << "tail";
  CHECK((spool.view() == expected + "tail"));
}

TEST_CASE("cli::Spool says why when there is no room") {
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{2'000'000, 2'000'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    cli::Spool spool;
    for (int i = 0; i < 5; ++i) spool << std::string(1'000'000, 'x');
    const bool bad = !spool;
    try {
      spool.view();
    } catch (const Error& e) {
      ::_exit(bad && std::string(e.what()).find("cannot keep the output until it is whole: File too large") == 0 ? 0
                                                                                                                 : 1);
    }
    ::_exit(2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}
