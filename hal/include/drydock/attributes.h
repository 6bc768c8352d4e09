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

/** Not every file that gets this function calls it. */
#define DD_UNUSED __attribute__((unused))

/** Kept out of its callers: what they do in the usual case then needs fewer registers. */
#define DD_NOINLINE __attribute__((noinline))

/** The function does not return. */
#define DD_NORETURN __attribute__((noreturn))

/** Printf-like: parameter @p string is the format, @p first its first argument. */
#define DD_PRINTF(string, first) __attribute__((format(printf, string, first)))

/** Have memory brought into the caches: it is read soon. Any address may be given. */
#define DD_PREFETCH(address) __builtin_prefetch((const void *)(address))

#endif
