/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Status codes: what every fallible function of the library returns.
 *
 * The list is grouped by who is at fault. Values are part of the binary
 * interface: new codes are appended to the list, none is renumbered.
 */
#ifndef DRYDOCK_STATUS_H
#define DRYDOCK_STATUS_H

/* X(name, value, meaning) */
#define DD_STATUS_LIST(X)                                                     \
    X(DD_OK, 0, "success")                                                    \
    /* the caller's argument */                                               \
    X(DD_EARG, 1, "argument out of range")                                    \
    X(DD_EALIGN, 2, "address or length not aligned")                          \
    X(DD_ECANONICAL, 3, "virtual address not canonical")                      \
    X(DD_EWRAP, 4, "range wraps around or leaves the address space")          \
    /* something missing, or there already */                                 \
    X(DD_ENOTMAPPED, 5, "no translation for this address")                    \
    X(DD_EEXIST, 6, "address already mapped")                                 \
    X(DD_EPAGESIZE, 7, "mapped with a page of another size")                  \
    X(DD_ENODEV, 8, "no function responds")                                   \
    X(DD_ENOENT, 9, "not found")                                              \
    /* resources */                                                           \
    X(DD_ENOMEM, 10, "no physical frame available")                           \
    X(DD_EFULL, 11, "table full")                                             \
    /* not in this build or on this machine */                                \
    X(DD_ENOTSUP, 12, "not supported")                                        \
    /* malformed data from hardware or firmware */                            \
    X(DD_EMALFORMED, 13, "reserved or contradictory value")                   \
    X(DD_ELOOP, 14, "list loops or is longer than it can be")                 \
    X(DD_ETIMEOUT, 15, "device did not answer in time")                       \
    /* pages that should be alike */                                          \
    X(DD_EMIXED, 16, "pages with a gap between them or with different flags") \
    /* something there, but not yet */                                        \
    X(DD_ENOTREADY, 17, "device asks to be asked again later")

enum dd_status {
#define X(name, value, meaning) name = (value),
    DD_STATUS_LIST(X)
#undef X
};

/**
 * Name of a status code as it is spelled in C.
 *
 * @param status  any value, also one that is not a status
 * @return a static string, "DD_EUNKNOWN" for a value not in the list; never NULL
 */
const char *dd_status_name(enum dd_status status);

/**
 * Meaning of a status code in a few English words.
 *
 * @param status  any value, also one that is not a status
 * @return a static string, "unknown status" for a value not in the list; never NULL
 */
const char *dd_status_text(enum dd_status status);

#endif
