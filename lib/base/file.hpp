#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace sitrep {

enum class Overwrite { no, yes };
enum class Privacy { shared, owner_only };  // shared: the old file's mode, else 0666 less the umask; or always 0600

/// The whole file. Error{store} names the path and the system's reason; `max_bytes` bounds what is read.
std::string read_file(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{1} << 30);

/// Writes a temporary neighbour, syncs it, renames it over `path`: readers see the old bytes or the new ones, never a
/// part. A symbolic link is followed, so that the link stays and its target changes; devices and pipes are written in
/// place. Error{store}; Overwrite::no refuses an existing file.
void write_file(const std::filesystem::path& path, std::string_view text, Overwrite overwrite = Overwrite::yes,
                Privacy privacy = Privacy::shared);

/// A file's new bytes in a temporary neighbour, until they take its place: for many files that are replaced together,
/// where a flush of the disk for each of them would take most of the time. One that is never put in place leaves
/// nothing behind.
class StagedFile {
 public:
  /// Writes the neighbour and holds it open. Symbolic links and modes as in write_file, and its Error{store}.
  StagedFile(const std::filesystem::path& path, std::string_view text, Privacy privacy = Privacy::shared);
  StagedFile(StagedFile&& other) noexcept;
  StagedFile& operator=(StagedFile&&) = delete;
  ~StagedFile();

  /// Brings the bytes to the disk and closes the neighbour; what goes wrong is told by put_in_place().
  void sync() noexcept;
  /// Renames it over the file, synced first if it is not yet. Once. Error{store}; then the old bytes stand.
  void put_in_place();

 private:
  void drop() noexcept;
  std::filesystem::path target_, temporary_;
  int fd_ = -1;
  int sync_error_ = 0;  ///< errno; 0: none
};

/// sync() for each of them, several at once.
void sync_files(std::span<StagedFile> files);

/// Creates the folder and its parents; the last one 0700.
void make_private_folder(const std::filesystem::path& path);

/// A path for messages: control bytes and invalid UTF-8 visible.
std::string display(const std::filesystem::path& path);

}  // namespace sitrep
