// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Messages to and from a vSphere server.
#include "../../refusal.hpp"

#include <soap.hpp>

namespace v2v::test {
namespace {

using namespace input_vpx;
using ::testing::HasSubstr;
using ::testing::Not;

std::string answer(const std::string &body) {
  return "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"e\" xmlns:xsi=\"x\"><s:Body>" + body +
         "</s:Body></s:Envelope>";
}
std::string fault(const std::string &detail, const std::string &words = "words") {
  return answer("<s:Fault><faultcode>ServerFaultCode</faultcode><faultstring>" + words +
                "</faultstring><detail>" + detail + "</detail></s:Fault>");
}
Error refused(long status, const std::string &body) {
  return error_of([&] { soap::checked(status, body, "Login", "vc"); });
}

TEST(SoapTest, WhatIsSentIsEscaped) {
  const auto text =
      soap::envelope("Login", "SessionManager", "a\"&b", soap::element("password", "p<&>\"' ä"));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(text.c_str()));
  const auto login = document.first_child().first_child().first_child();
  EXPECT_STREQ(login.name(), "Login");
  EXPECT_STREQ(login.attribute("xmlns").value(), "urn:vim25");
  EXPECT_STREQ(login.child("_this").text().get(), "a\"&b");
  EXPECT_STREQ(login.child("password").text().get(), "p<&>\"' ä");
}

TEST(SoapTest, WhatXmlCannotHoldIsRefusedWithoutRepeatingIt) {
  const auto text = refusal([] { soap::element("password", "secret\x01"); });
  EXPECT_THAT(text, HasSubstr("the password for the server"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(SoapTest, AResultIsFound) {
  const auto document = soap::checked(
      200, answer("<LoginResponse xmlns=\"urn:vim25\"><returnval>k</returnval></LoginResponse>"),
      "Login", "vc");
  EXPECT_STREQ(soap::result(*document).text().get(), "k");
  const auto nothing =
      soap::checked(200, answer("<LoginResponse xmlns=\"urn:vim25\"/>"), "Login", "vc");
  EXPECT_FALSE(soap::result(*nothing));
}

TEST(SoapTest, FaultsHaveTheirOwnMessages) {
  // By its type, whatever the prefix; and by the element's name, where there is no type.
  for (const auto *detail : {"<InvalidLoginFault xsi:type=\"InvalidLogin\"/>",
                             "<Fault xmlns:XMLSchema-instance=\"x\" "
                             "XMLSchema-instance:type=\"InvalidLogin\"/>",
                             "<InvalidLoginFault/>"}) {
    const auto error = refused(500, fault(detail));
    EXPECT_EQ(error.code(), Code::access) << detail;
    EXPECT_THAT(error.what(), HasSubstr("wrong user or password"));
    EXPECT_THAT(error.remedy(), HasSubstr("-ip"));
  }
  EXPECT_THAT(refused(500, fault("<NoPermissionFault xsi:type=\"NoPermission\"/>")).remedy(),
              HasSubstr("Datastore.Browse"));
  EXPECT_EQ(refused(500, fault("<x xsi:type=\"NotAuthenticated\"/>")).code(), Code::access);
  const auto other = refused(500, fault("<x xsi:type=\"SystemError\"/>", "a\033[31mb"));
  EXPECT_EQ(other.code(), Code::io);
  EXPECT_THAT(other.what(), HasSubstr("Login with SystemError: a?[31mb"));
}

TEST(SoapTest, OtherServersAreNotTakenForAVCenter) {
  EXPECT_EQ(refused(404, "<html>not found</html>").code(), Code::unsupported);
  EXPECT_THAT(refused(200, "hello").remedy(), HasSubstr("-ic"));
  EXPECT_EQ(refused(200, answer("<OtherResponse/>")).code(), Code::unsupported);
  EXPECT_THAT(refused(503, "").what(), HasSubstr("503"));
}

}  // namespace
}  // namespace v2v::test
