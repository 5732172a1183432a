#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace sitrep::test {

/// A fresh self-signed certificate, its own authority, as two PEM files.
struct Certificate {
  std::filesystem::path cert, key;
};

/// `names` in OpenSSL's spelling: "IP:127.0.0.1" or "DNS:api.example". `valid_days` below zero: it has expired.
inline Certificate make_certificate(const std::filesystem::path& folder, const std::string& stem,
                                    const std::string& names, long valid_days = 1) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), &X509_free);
  if (!key || !cert) throw std::runtime_error("libcrypto gives no key");
  X509_set_version(cert.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3 * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), valid_days * 86'400);
  X509_set_pubkey(cert.get(), key.get());
  auto* name = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(stem.c_str()), -1, -1, 0);
  X509_set_issuer_name(cert.get(), name);
  const auto extend = [&](int kind, const char* value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value), &X509_EXTENSION_free);
    if (!extension || X509_add_ext(cert.get(), extension.get(), -1) != 1) throw std::runtime_error("no extension");
  };
  extend(NID_basic_constraints, "critical,CA:TRUE");
  extend(NID_subject_alt_name, names.c_str());
  if (X509_sign(cert.get(), key.get(), EVP_sha256()) == 0) throw std::runtime_error("libcrypto does not sign");

  Certificate files{folder / (stem + ".pem"), folder / (stem + ".key")};
  const auto write = [](const std::filesystem::path& path, auto&& put) {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> file(std::fopen(path.c_str(), "w"), &std::fclose);
    if (!file || put(file.get()) != 1) throw std::runtime_error("cannot write " + path.native());
  };
  write(files.cert, [&](std::FILE* out) { return PEM_write_X509(out, cert.get()); });
  write(files.key,
        [&](std::FILE* out) { return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return files;
}

}  // namespace sitrep::test
