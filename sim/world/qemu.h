/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Boot a kernel image in QEMU and keep what came out.
 */
#ifndef DRYDOCK_SIM_QEMU_H
#define DRYDOCK_SIM_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"

/** What the image ends QEMU with: KPROTOCOL_EXIT_SUCCESS and _FAILURE through isa-debug-exit. */
#define SIM_QEMU_STATUS_SUCCESS 33
#define SIM_QEMU_STATUS_FAILURE 35

struct sim_qemu_options {
    const char *image; /**< ELF file with a PVH entry */
    const char
        *machine_arguments;   /**< file with the arguments for machine and devices: separated by
                                        white space, comments from '#' to the end of the line */
    const char *command_line; /**< for the kernel; see kernel/main.c */
    unsigned int seconds;     /**< most the run may take, then QEMU is killed */
};

/** How a run ended. */
enum sim_qemu_end {
    SIM_QEMU_NOT_INSTALLED, /**< there is no qemu-system-x86_64; nothing else is filled in */
    SIM_QEMU_EXITED,        /**< see status */
    SIM_QEMU_SIGNALED,      /**< by the signal in status */
    SIM_QEMU_TIMED_OUT,     /**< it was killed */
};

/** A PCI function as QEMU's monitor lists it. */
struct sim_qemu_function {
    struct sim_pci_address address; /**< segment 0 */
    uint16_t vendor;
    uint16_t device;
};

/** Everything here was said by the guest or by QEMU: it may be wrong, but is whole and in bounds. */
struct sim_qemu_outcome {
    enum sim_qemu_end end;
    int status; /**< exit status or signal number */
    char *
        console; /**< what the kernel printed, NUL bytes replaced by '?'; never NULL after success */
    char *messages; /**< what QEMU itself printed; likewise */
    bool held;      /**< the kernel said @hold, and the functions are what QEMU listed then */
    struct sim_qemu_function *functions; /**< in order of their addresses */
    size_t function_count;
};

/**
 * Boot an image and wait for its end. When it says @hold the monitor is asked for its PCI functions and
 * the kernel then gets its byte.
 *
 * @param[out] outcome  to be freed with sim_qemu_outcome_free(); untouched on failure
 * @param[out] error    on failure: a file cannot be read, QEMU cannot be started or its monitor
 *                      does not answer
 * @return 0 or -1. A kernel that fails, hangs or resets the machine is no failure of this function.
 */
SIM_MUST_CHECK int sim_qemu_run(const struct sim_qemu_options *options,
                                struct sim_qemu_outcome *outcome, struct sim_error *error);

/** Free what is in an outcome; the struct is zeroed. */
void sim_qemu_outcome_free(struct sim_qemu_outcome *outcome);

/** Whether the kernel ended with success: nothing else counts, a reset (status 0) least of all. */
bool sim_qemu_succeeded(const struct sim_qemu_outcome *outcome);

/** How a run ended, in words. */
struct sim_qemu_text {
    char text[256];
};

/** Say how a run ended: "the kernel reported failure", "killed after the time limit"… */
struct sim_qemu_text sim_qemu_describe(const struct sim_qemu_outcome *outcome);

/**
 * Compare every PCI report on the console with the monitor's list: address, vendor and device of each
 * function.
 *
 * @param outcome      of a run that held
 * @param[out] error   the first difference, or what is malformed or missing
 * @return how many reports there are if all say what the monitor says; -1 if not, or if there is none
 */
SIM_MUST_CHECK int sim_qemu_compare_pci(const struct sim_qemu_outcome *outcome,
                                        struct sim_error *error);

#endif
