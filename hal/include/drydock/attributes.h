/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The compiler extensions the library uses, one name each. gcc and clang.
 */
#ifndef DRYDOCK_ATTRIBUTES_H
#define DRYDOCK_ATTRIBUTES_H

/** The caller must look at the result. */
#define DD_MUST_CHECK __attribute__((warn_unused_result))

/** No padding: the layout is one the processor or a device reads. */
#define DD_PACKED __attribute__((packed))

/** The function does not return. */
#define DD_NORETURN __attribute__((noreturn))

/** Printf-like: parameter @p string is the format, @p first its first argument. */
#define DD_PRINTF(string, first) __attribute__((format(printf, string, first)))

#endif
