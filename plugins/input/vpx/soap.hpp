// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// SOAP 1.1 messages of the vSphere API: requests as text, and answers that are results or faults.
// What goes into a request is escaped here; an answer is not trusted to be one. Pure functions.
#pragma once

#include <v2v/error.hpp>

#include <pugixml.hpp>

#include <memory>
#include <string>

namespace v2v::input_vpx::soap {

/// <name>text</name>, escaped.
/// @throws Error(usage) if XML cannot hold the text
std::string element(const std::string &name, const std::string &text);
/// <name type="TYPE">ID</name>
std::string reference(const std::string &name, const std::string &type, const std::string &id);
/// A whole request: `method` of the object `id`.
/// @param arguments  XML
std::string envelope(const std::string &method, const std::string &type, const std::string &id,
                     const std::string &arguments);

/// The answer as XML, if it is no fault.
/// @throws Error(access) for a login that failed, rights that are missing and a session that is over;
///         Error(io) for other faults, with the server's own words; Error(unsupported) if the server
///         speaks something else
std::shared_ptr<pugi::xml_document> checked(long status, const std::string &body,
                                            const std::string &method, const std::string &server);

/// The xsi:type of an element, whatever the prefix is.
std::string type_of(pugi::xml_node node);

/// The first result in an answer; a null node if there is none.
pugi::xml_node result(const pugi::xml_document &answer);

}  // namespace v2v::input_vpx::soap
