/* SPDX-FileCopyrightText: the v2v authors
 * SPDX-License-Identifier: MIT
 *
 * What most plugins in C need: reporting errors, making texts, counting arrays. Any thread. */
#ifndef MANIFEST_HELP_H
#define MANIFEST_HELP_H

#include <v2v/plugin.h>

#include <stddef.h>

/* Tells the host what failed, and answers the status to return. `object` and `remedy` may be null.
 */
v2v_status fail(const v2v_host *host, v2v_status code, const char *object, const char *remedy,
                const char *what);
/* The same after a failed system call; errno says why. */
v2v_status fail_errno(const v2v_host *host, const char *object, const char *what);
v2v_status out_of_memory(const v2v_host *host);

/* sprintf into memory that the caller frees; null if there is none. */
__attribute__((format(printf, 1, 2))) char *format(const char *template, ...);

/* A guest's name as a file name, to be freed: it comes from outside and may hold anything. */
char *file_name(const char *guest);

/* Elements of an array that ends with a null pointer; 0 for a null array. */
#define COUNT(array) count_pointers((const void *const *)(array))
size_t count_pointers(const void *const *array);

#endif
