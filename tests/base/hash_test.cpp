#include "base/hash.hpp"

#include <doctest/doctest.h>

using namespace sitrep;

TEST_CASE("sha256_hex gives the digests of FIPS 180-4's examples") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("Hasher over pieces equals hash128 of the whole") {
  Hasher hasher;
  hasher.add("hello ");
  hasher.add("world");
  CHECK(hasher.digest() == hash128("hello world"));
  hasher.reset();
  hasher.add("hello world");
  CHECK(hasher.digest() == hash128("hello world"));
  CHECK_FALSE(hash128("a") == hash128("b"));
}
