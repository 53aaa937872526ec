// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <v2v/error.hpp>

#include <optional>
#include <string>

namespace v2v::test {

/// The error of what must fail.
template <class Body>
Error error_of(Body body) {
  try {
    body();
  } catch (const Error &error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(Code::internal, "nothing was thrown");
}

/// The error as one line; it must have a remedy.
template <class Body>
std::string refusal(Body body) {
  const auto error = error_of(body);
  EXPECT_NE(error.remedy(), "") << error.what();
  return error.what();
}

}  // namespace v2v::test
