/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * The compiler extensions the simulator uses, one name each. gcc and clang.
 */
#ifndef DRYDOCK_SIM_ATTRIBUTES_H
#define DRYDOCK_SIM_ATTRIBUTES_H

/** The caller must look at the result. */
#define SIM_MUST_CHECK __attribute__((warn_unused_result))

/** Printf-like: parameter @p string is the format, @p first its first argument. */
#define SIM_PRINTF(string, first) __attribute__((format(printf, string, first)))

/** The function does not come back. */
#define SIM_NORETURN __attribute__((noreturn))

#endif
