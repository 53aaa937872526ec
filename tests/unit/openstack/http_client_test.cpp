// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <v2v/http/client.hpp>

#include <optional>

#include "http_server.hpp"

namespace v2v::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

std::optional<Error> error_of(const std::function<void()> &body) {
  try {
    body();
    return std::nullopt;
  } catch (const Error &error) {
    return error;
  }
}

http::Hooks quick() {
  http::Hooks hooks;
  hooks.pauses = {1ms, 1ms};
  return hooks;
}

class HttpClient : public testing::Test {
 protected:
  HttpServer server_{[this](const HttpRequest &request) {
    last_ = request;
    return HttpAnswer{200, "answer", {"X-Thing:  a b "}};
  }};
  HttpRequest last_;
  http::Client client_{http::Tls(), quick()};
};

TEST_F(HttpClient, SendsWhatItIsGiven) {
  http::Request request{"PATCH", server_.url() + "/a?b=c", {{"X-One", "two"}}, "the body"};
  const auto answer = client_.send(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "answer");
  EXPECT_EQ(answer.header("x-thing"), "a b");
  EXPECT_EQ(last_.method, "PATCH");
  EXPECT_EQ(last_.query, "b=c");
  EXPECT_EQ(last_.headers.at("x-one"), "two");
  EXPECT_EQ(last_.body, "the body");
}

TEST_F(HttpClient, AsksAgainWhatABusyServerOrABrokenConnectionLost) {
  server_.fail_next({"GET", "/a", 503});
  server_.fail_next({"GET", "/a", 0});
  EXPECT_EQ(client_.send({"GET", server_.url() + "/a"}).status, 200);
  EXPECT_EQ(server_.requests().size(), 3u);
}

TEST_F(HttpClient, GivesUpWithTheLastAnswer) {
  for (int i = 0; i < 3; ++i) server_.fail_next({"GET", "/a", 502});
  EXPECT_EQ(client_.send({"GET", server_.url() + "/a"}).status, 502);
  for (int i = 0; i < 3; ++i) server_.fail_next({"GET", "/a", 0});
  const auto error = error_of([&] { client_.send({"GET", server_.url() + "/a?token=secret"}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::io);
  EXPECT_THAT(error->what(), HasSubstr(server_.url() + "/a"));
  EXPECT_THAT(error->what(), Not(HasSubstr("secret")));
}

TEST_F(HttpClient, DoesNotAskAgainWhatIsRefused) {
  for (const int status : {400, 401, 403, 404, 409, 413}) {
    server_.fail_next({"GET", "/a", status});
    EXPECT_EQ(client_.send({"GET", server_.url() + "/a"}).status, status);
  }
  EXPECT_EQ(server_.requests().size(), 6u);
}

TEST_F(HttpClient, DoesNotFollowARedirection) {
  server_.fail_next({"GET", "/a", 302, false, 0, "Location: " + server_.url() + "/b"});
  EXPECT_EQ(client_.send({"GET", server_.url() + "/a"}).status, 302);
  EXPECT_EQ(server_.count("GET /b"), 0u);
}

TEST_F(HttpClient, NothingListens) {
  const auto error = error_of([&] { client_.send({"GET", "http://127.0.0.1:1/"}); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::io);
  EXPECT_THAT(error->remedy(), HasSubstr("up and reachable"));
}

TEST_F(HttpClient, RefusesOtherProtocolsAndLineEndsInHeaders) {
  EXPECT_EQ(error_of([&] { client_.send({"GET", "file:///etc/passwd"}); })->code(), Code::usage);
  EXPECT_EQ(error_of([&] {
              client_.send({"GET", server_.url(), {{"X", "a\r\nY: b"}}});
            })->code(),
            Code::usage);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(HttpClient, AnAnswerWithoutEndIsCutOff) {
  server_.fail_next({"GET", "/a", 200, false, 0, {}, std::string(20u << 20, 'x')});
  EXPECT_THAT(error_of([&] {
                client_.send({"GET", server_.url() + "/a"});
              })->what(),
              HasSubstr("longer than 16 MiB"));
}

TEST_F(HttpClient, UploadsInPiecesAndTellsHowFar) {
  const std::uint64_t size = (5u << 20) + 7;
  std::uint64_t told = 0, made = 0;
  auto hooks = quick();
  hooks.progress = [&](std::uint64_t sent) { told = sent; };
  const http::Upload body{
      size, [&](char *buffer, std::size_t room) {
        const auto count = std::min<std::uint64_t>({room, 100'000, size - made});
        for (std::size_t i = 0; i < count; ++i)
          buffer[i] = static_cast<char>('a' + (made + i) % 23);
        made += count;
        return static_cast<std::size_t>(count);
      }};
  const auto answer = http::Client({}, hooks).upload({"PUT", server_.url() + "/a"}, body);
  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(last_.body.size(), size);
  bool right = true;
  for (std::size_t i = 0; i < size; ++i)
    right = right && last_.body[i] == static_cast<char>('a' + i % 23);
  EXPECT_TRUE(right);
  EXPECT_EQ(told, size);
}

http::Upload letters(std::uint64_t size) {
  return {size, [](char *buffer, std::size_t room) {
            std::fill_n(buffer, room, 'a');
            return room;
          }};
}

TEST_F(HttpClient, AnUploadThatIsRefusedIsNotSent) {
  server_.fail_next({"PUT", "/a", 413});
  std::size_t asked = 0;
  const http::Upload body{std::uint64_t{1} << 40, [&](char *, std::size_t room) {
                            ++asked;
                            return room;
                          }};
  EXPECT_EQ(client_.upload({"PUT", server_.url() + "/a"}, body).status, 413);
  EXPECT_EQ(asked, 0u);
}

TEST_F(HttpClient, AnUploadThatIsCutOffFailsAndIsNotRepeated) {
  server_.fail_next({"PUT", "/a", 0, false, 300'000});
  const auto error = error_of([&] {
    client_.upload({"PUT", server_.url() + "/a"}, letters(50u << 20));
  });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::io);
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(HttpClient, WhatTheReaderThrowsLeavesTheUpload) {
  const http::Upload body{1000, [](char *, std::size_t) -> std::size_t {
                            throw Error(Code::corrupt, "the disk is damaged");
                          }};
  EXPECT_EQ(error_of([&] {
              client_.upload({"PUT", server_.url() + "/a"}, body);
            })->code(),
            Code::corrupt);
}

TEST_F(HttpClient, CancellationEndsAnUploadAndAPause) {
  int left = 3;
  http::Hooks hooks;
  hooks.check_cancelled = [&] {
    if (--left < 0) throw Error(Code::cancelled, "stop");
  };
  const http::Client client({}, hooks);
  EXPECT_EQ(error_of([&] {
              client.upload({"PUT", server_.url() + "/a"}, letters(std::uint64_t{1} << 40));
            })->code(),
            Code::cancelled);
  hooks.pauses = {1h};
  left = 3;
  EXPECT_EQ(error_of([&] {
              http::Client({}, hooks).send({"GET", "http://127.0.0.1:1/"});
            })->code(),
            Code::cancelled);
}

TEST(HttpUrl, IsShownWithoutWhatIsSecret) {
  EXPECT_EQ(http::printable_url("https://user:pass@host:1/a/b?c=d"), "https://host:1/a/b");
  EXPECT_EQ(http::printable_url("https://host/a@b"), "https://host/a@b");
}

}  // namespace
}  // namespace v2v::test
