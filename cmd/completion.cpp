#include "cli/completion.hpp"
#include "cli/context.hpp"
#include "commands.hpp"

#include <ostream>

namespace sitrep::cmd {
namespace {

struct Options {
  std::string shell;
};

int run(const Options& options, cli::Context& ctx) {
  const cli::Command& root = *ctx.command().parent();
  cli::Globals unused;
  const auto globals = cli::global_options(unused);
  const auto write = options.shell == "bash"  ? cli::bash_completion
                     : options.shell == "zsh" ? cli::zsh_completion
                                              : cli::fish_completion;
  ctx.out() << write(root, globals);
  return 0;
}

}  // namespace

void add_completion(cli::Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("completion", "Print a completion script for a shell");
  command.positional("SHELL", options->shell, "The shell").choices({"bash", "zsh", "fish"});
  command.description(
      "A package installs the scripts where the shells look for them. By hand:\n"
      "\n"
      "  bash  sitrep completion bash > ~/.local/share/bash-completion/completions/sitrep\n"
      "  zsh   sitrep completion zsh > a folder of $fpath, as _sitrep\n"
      "  fish  sitrep completion fish > ~/.config/fish/completions/sitrep.fish");
  command.example("sitrep completion bash", "The script for bash");
  command.example("sitrep completion zsh -o _sitrep", "The script for zsh, in a file");
  command.run([options](cli::Context& ctx) { return run(*options, ctx); });
}

}  // namespace sitrep::cmd
