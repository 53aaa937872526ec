// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// What the parts of one conversion work with: what is asked for, the plugins, and the process they run
// in. Lives as long as the conversion.
#pragma once

#include <core/convert/conversion.hpp>
#include <core/convert/plugin_host.hpp>
#include <core/plugin/catalog.hpp>

namespace v2v::core {

struct ConversionContext {
  const ConversionSettings &settings;
  PluginCatalog &plugins;
  PluginEnvironment environment;

  Reporter &say() const { return environment.reporter; }
};

}  // namespace v2v::core
