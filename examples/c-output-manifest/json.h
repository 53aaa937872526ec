/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * The manifest as JSON. */
#ifndef MANIFEST_JSON_H
#define MANIFEST_JSON_H

#include <v2v/plugin.h>

#include <stdio.h>

/* Writes the whole document. Whether writing worked is for the caller to ask the stream.
 * `labels` ends with a null pointer. */
void json_manifest(FILE *file, const v2v_metadata *metadata, const char *const *labels);

#endif
