# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
