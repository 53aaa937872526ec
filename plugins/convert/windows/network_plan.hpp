// SPDX-FileCopyrightText: the v2v authors
// SPDX-License-Identifier: MIT
//
// Which settings each network card is to have in the guest: those that the user gave for its MAC address,
// else those that the guest's old adapter had. Pure functions.
#pragma once

#include <v2v/values.hpp>
#include <v2v/windows/first_boot.hpp>
#include <v2v/windows/network_settings.hpp>

#include <vector>

namespace v2v::convert_windows {

/// An adapter with nothing but DHCP needs nothing, and gets no card.
std::vector<windows::FirstBoot::Card> plan_cards(
    const std::vector<windows::MatchedAdapter> &adapters, const std::vector<StaticAddress> &wanted);

}  // namespace v2v::convert_windows
