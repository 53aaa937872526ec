// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// The toolkit http serves others; it keeps no connection, takes the environment's proxies, does not
// show the certificate, and takes the 500 of a SOAP fault for a server that is to be asked again.
#include "https.hpp"

#include <v2v/text/characters.hpp>
#include <v2v/text/printable.hpp>

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace v2v::input_vpx {
namespace {

constexpr long connect_seconds = 30;
constexpr long answer_seconds = 120;
constexpr long hurried_seconds = 5;
constexpr std::size_t largest_answer = std::size_t{64} << 20;

std::size_t take_body(char *data, std::size_t one, std::size_t count, void *context) {
  auto &body = static_cast<Https::Answer *>(context)->body;
  if (body.size() + one * count > largest_answer) return 0;  // curl then fails
  body.append(data, one * count);
  return one * count;
}

std::size_t take_header(char *data, std::size_t one, std::size_t count, void *context) {
  constexpr std::string_view name = "set-cookie:";
  std::string_view line(data, one * count);
  if (text::lower(line.substr(0, name.size())) == name) {
    line.remove_prefix(name.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    static_cast<Https::Answer *>(context)->cookies.emplace_back(
        line.substr(0, line.find_first_of(";\r\n")));
  }
  return one * count;
}

int stop_if_cancelled(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()> *>(context))() ? 1 : 0;
}

/// SHA-1 of a certificate in PEM, "ab:cd:…"; empty if it is none.
std::string sha1_of(const std::string &pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha1(), digest.data(), &size) != 1)
    return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{}{:02x}", i ? ":" : "", digest[i]);
  return text;
}

}  // namespace

struct Https::Curl {
  CURL *handle = nullptr;
  curl_slist *headers = nullptr;
  std::array<char, CURL_ERROR_SIZE> reason{};

  ~Curl() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(handle);
  }
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle, option, value);
  }
};

Https::Https(VpxUri uri, std::string ca_file, std::function<bool()> cancelled)
    : uri_(std::move(uri)),
      ca_file_(std::move(ca_file)),
      cancelled_(std::move(cancelled)),
      curl_(std::make_unique<Curl>()),
      seconds_(answer_seconds) {
  curl_->handle = curl_easy_init();
  if (!curl_->handle) throw Error(Code::io, "cannot connect: no memory", uri_.server());
}

Https::~Https() = default;

void Https::hurry() {
  seconds_ = hurried_seconds;
  cancelled_ = [] { return false; };
}

Https::Answer Https::post(const std::string &path, const std::string &body,
                          const std::vector<std::string> &headers) {
  curl_easy_reset(curl_->handle);
  const auto url = fmt::format("https://{}{}", uri_.server(), path);
  curl_->set(CURLOPT_URL, url.c_str());
  curl_->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_->set(CURLOPT_POSTFIELDS, body.c_str());
  return perform(headers);
}

Https::Answer Https::head(const std::string &url, const std::vector<std::string> &headers) {
  curl_easy_reset(curl_->handle);
  curl_->set(CURLOPT_URL, url.c_str());
  curl_->set(CURLOPT_NOBODY, 1L);
  return perform(headers);
}

Https::Answer Https::perform(const std::vector<std::string> &headers) {
  curl_slist_free_all(curl_->headers);
  curl_->headers = nullptr;
  for (const auto &header : headers)
    curl_->headers = curl_slist_append(curl_->headers, header.c_str());
  Answer answer;
  curl_->set(CURLOPT_HTTPHEADER, curl_->headers);
  curl_->set(CURLOPT_ERRORBUFFER, curl_->reason.data());
  curl_->set(CURLOPT_NOSIGNAL, 1L);
  curl_->set(CURLOPT_PROTOCOLS_STR, "https");
  curl_->set(CURLOPT_PROXY, "");
  curl_->set(CURLOPT_CONNECTTIMEOUT, std::min(connect_seconds, seconds_));
  curl_->set(CURLOPT_TIMEOUT, seconds_);
  curl_->set(CURLOPT_WRITEFUNCTION, take_body);
  curl_->set(CURLOPT_WRITEDATA, &answer);
  curl_->set(CURLOPT_HEADERFUNCTION, take_header);
  curl_->set(CURLOPT_HEADERDATA, &answer);
  curl_->set(CURLOPT_NOPROGRESS, 0L);
  curl_->set(CURLOPT_XFERINFOFUNCTION, stop_if_cancelled);
  curl_->set(CURLOPT_XFERINFODATA, &cancelled_);
  curl_->set(CURLOPT_CERTINFO, 1L);
  if (!uri_.verify) {
    curl_->set(CURLOPT_SSL_VERIFYPEER, 0L);
    curl_->set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!ca_file_.empty()) curl_->set(CURLOPT_CAINFO, ca_file_.c_str());
  curl_->reason[0] = '\0';
  if (const auto code = curl_easy_perform(curl_->handle); code != CURLE_OK) fail(code);
  curl_easy_getinfo(curl_->handle, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_off_t length = -1;
  curl_easy_getinfo(curl_->handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  answer.length = length;
  remember_certificate();
  return answer;
}

void Https::remember_certificate() {
  curl_certinfo *info = nullptr;
  if (!thumbprint_.empty() ||
      curl_easy_getinfo(curl_->handle, CURLINFO_CERTINFO, &info) != CURLE_OK || !info ||
      info->num_of_certs < 1)
    return;
  constexpr std::string_view mark = "Cert:";
  for (const auto *entry = info->certinfo[0]; entry; entry = entry->next)
    if (const std::string_view text = entry->data; text.substr(0, mark.size()) == mark)
      thumbprint_ = sha1_of(std::string(text.substr(mark.size())));
}

void Https::fail(int code) const {
  std::string reason = curl_->reason.data();
  if (reason.empty()) reason = curl_easy_strerror(static_cast<CURLcode>(code));
  reason = text::printable(reason);
  const auto server = uri_.server();
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      throw Error(Code::cancelled, "the conversion was cancelled");
    case CURLE_PEER_FAILED_VERIFICATION:
      throw Error(Code::access, fmt::format("the server's certificate is not trusted ({})", reason),
                  server,
                  "give the certificate of its authority with -io cafile=FILE (a vCenter offers it "
                  "on its start page), or, if you trust the network, add ?no_verify=1 to the URI");
    case CURLE_SSL_CACERT_BADFILE:
      throw Error(Code::access, fmt::format("no certificates can be read ({})", reason),
                  ca_file_.empty() ? "the system's authorities" : ca_file_,
                  "check -io cafile=FILE, or install the package ca-certificates");
    case CURLE_SSL_CONNECT_ERROR:
      throw Error(Code::io, fmt::format("no TLS connection ({})", reason), server,
                  "see whether a vCenter or an ESXi host answers on this port");
    case CURLE_COULDNT_RESOLVE_HOST:
      throw Error(Code::not_found, "no address is known for the server's name", server,
                  "check the name in -ic");
    case CURLE_COULDNT_CONNECT:
      throw Error(Code::io, fmt::format("it cannot be reached ({})", reason), server,
                  "check name and port in -ic, and whether a firewall is in between");
    case CURLE_WRITE_ERROR:
      throw Error(Code::unsupported,
                  fmt::format("it answers with more than {} bytes", largest_answer), server,
                  "see whether it is a vCenter or an ESXi host");
    default:
      throw Error(Code::io, fmt::format("the connection broke ({})", reason), server,
                  "see whether the server is up");
  }
}

}  // namespace v2v::input_vpx
