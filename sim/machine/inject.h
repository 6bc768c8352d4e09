/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * Fault injection: a list of things that go wrong in a machine, made by hand or
 * read from a script, one line a fault. docs/fault-injection.md is the script's
 * manual.
 *
 *     fail FUNCTION N return VALUE      the N-th call returns at once
 *     flip PLACE bit B WHEN             a bit of RAM; PLACE: 0xPHYSICAL, SYMBOL or SYMBOL+OFFSET
 *     drop vector V N                   the N-th interrupt with this vector is lost
 *     drop irq L N                      the N-th request of this interrupt line is lost
 *     delay vector V N by T             … or comes T nanoseconds later
 *     delay irq L N by T
 *     dead "DEVICE" N                   from the N-th access on it reads all ones, writes are lost
 *     vanish SSSS:BB:DD.F N             a PCI function answers N configuration accesses, then none
 *     msi SSSS:BB:DD.F INDEX WHEN       a PCI function sends a message-signalled interrupt
 *
 * WHEN is `at T`, in nanoseconds of virtual time; `call FUNCTION N`, when the N-th call begins; or
 * `event N`, after the N-th event of the trace. Things are counted from 1 and from the moment the
 * list is given to the machine, except times and events: those of the machine. A call begins when
 * the function's first instruction is reached. FUNCTION is a symbol, or the linear address of any
 * instruction: 0x….
 */
#ifndef DRYDOCK_SIM_INJECT_H
#define DRYDOCK_SIM_INJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/util/attributes.h"
#include "sim/util/error.h"
#include "sim/pci/bus/pci_address.h"

struct sim_machine;

/** What goes wrong. The numbers are the codes of SIM_TRACE_FAULT events. */
enum sim_inject_kind {
    SIM_INJECT_FAIL,         /**< traced with a: address of the function, b: value returned */
    SIM_INJECT_FLIP,         /**< a: physical address, b: bit 0..7 of that byte */
    SIM_INJECT_DROP_VECTOR,  /**< a: vector */
    SIM_INJECT_DROP_IRQ,     /**< a: line */
    SIM_INJECT_DELAY_VECTOR, /**< a: vector, b: nanoseconds */
    SIM_INJECT_DELAY_IRQ,    /**< a: line, b: nanoseconds */
    SIM_INJECT_DEAD,         /**< a: port or physical address where the region begins */
    SIM_INJECT_VANISH,       /**< a: segment << 16 | bus << 8 | device << 3 | function */
    SIM_INJECT_MSI,          /**< a: as above, b: index, and SIM_INJECT_NOT_SENT */
};

/** Bit of `b` of a message that the function could not send. */
#define SIM_INJECT_NOT_SENT UINT64_C(0x10000)

/** When a flip or a message happens. */
enum sim_inject_when {
    SIM_INJECT_AT_TIME,
    SIM_INJECT_AT_CALL,
    SIM_INJECT_AT_EVENT,
};

/** Bytes of a name, with its NUL. */
#define SIM_INJECT_NAME 128u

/** One fault. Members that a kind does not name are not looked at. */
struct sim_inject {
    enum sim_inject_kind kind;
    char name[SIM_INJECT_NAME]; /**< FAIL: function. FLIP: symbol; empty: `place` is physical. DEAD:
                                     name of the region */
    uint64_t count;             /**< FAIL, DROP, DELAY, DEAD: which one, from 1. VANISH: accesses
                                     that are still answered */
    uint64_t value;             /**< FAIL: what is returned. DELAY: nanoseconds */
    uint64_t place;             /**< FLIP: physical address, or offset from the symbol */
    unsigned int number; /**< FLIP: bit, 0..63. DROP, DELAY: vector 0..255 or line 0..15. MSI:
                                     index, 0..2047 */
    struct sim_pci_address function; /**< VANISH, MSI: as in the dump */
    enum sim_inject_when when;       /**< FLIP, MSI */
    uint64_t moment;                 /**< FLIP, MSI: time, number of the call from 1, or event */
    char caller[SIM_INJECT_NAME];    /**< FLIP, MSI at a call: the function called */
    unsigned int line;               /**< of the script; 0: none */
};

/** Most faults of a list. */
#define SIM_INJECT_MAX 64u

/** A list of faults. All zero: none, and made in the program, not read from a script. */
struct sim_injection {
    char script[256]; /**< for sentences; empty: "fault" and its number are named instead */
    struct sim_inject faults[SIM_INJECT_MAX];
    size_t count;
};

/**
 * Add a fault.
 *
 * @param[out] error  the list is full, or a member is outside its range
 * @return 0, or -1 with the list unchanged
 */
SIM_MUST_CHECK int sim_injection_add(struct sim_injection *injection,
                                     const struct sim_inject *fault, struct sim_error *error);

/**
 * Read a script from memory and make it the whole list.
 *
 * Words are separated by blanks; "double quotes" hold a word with blanks together; # begins a
 * comment; lines may end in CR LF. Numbers are decimal or 0x hexadecimal; only VALUE may be
 * negative.
 *
 * @param name        for sentences: the path
 * @param text        @p size bytes, need not end in NUL
 * @param[out] error  "NAME:LINE: …" of the first line that is wrong
 * @return 0, or -1 with the list unchanged
 */
SIM_MUST_CHECK int sim_injection_parse(struct sim_injection *injection, const char *name,
                                       const char *text, size_t size, struct sim_error *error);

/** The same for a file. @p error may also be "PATH: …": it cannot be read. */
SIM_MUST_CHECK int sim_injection_read(struct sim_injection *injection, const char *path,
                                      struct sim_error *error);

/**
 * Where a fault stands: "FILE:3", or "fault 1" if it was not read from a script.
 *
 * @param index  below injection->count
 */
void sim_injection_place(const struct sim_injection *injection, size_t index, char *text,
                         size_t size);

/**
 * Let these things, and no others, go wrong from now on. The list is copied and all counts begin
 * at 0. A snapshot keeps the counts; going back to one that was taken with another list lets the
 * present one begin again.
 *
 * @param injection   names are looked up in the machine's image, devices and PCI functions as they
 *                    are now; NULL or empty: nothing goes wrong
 * @param[out] error  "PLACE: …": there is no such function, symbol, device or PCI function, or a
 *                    flip is not in RAM; or the machine is running, or there is no memory
 * @return 0, or -1 with the machine unchanged
 */
SIM_MUST_CHECK int sim_machine_inject(struct sim_machine *machine,
                                      const struct sim_injection *injection,
                                      struct sim_error *error);

/** What became of a fault. */
struct sim_inject_outcome {
    bool happened;
    uint64_t seen; /**< calls, interrupts or accesses counted so far; 0 for times and events */
};

/** What became of fault @p index of the list given to sim_machine_inject; zero beyond its end. */
struct sim_inject_outcome sim_machine_inject_outcome(const struct sim_machine *machine,
                                                     size_t index);

/** The machine's PCI functions, as far as faults concern them. All zero: there are none. */
struct sim_inject_pci {
    void *self;
    bool (*exists)(const void *self, struct sim_pci_address address);

    /** Send a message-signalled interrupt. Returns whether it was sent. */
    bool (*raise)(void *self, struct sim_pci_address address, unsigned int index);
};

/** Tell the machine who has its PCI functions; copied. */
void sim_machine_set_pci(struct sim_machine *machine, const struct sim_inject_pci *pci);

/**
 * For the host bridge: a configuration access has reached a function. Returns whether it still
 * answers this one.
 */
bool sim_machine_pci_answers(struct sim_machine *machine, struct sim_pci_address address);

struct sim_line;

/**
 * For the wiring of a board: an interrupt line changes its level, and passes it on unless that is
 * to go wrong.
 *
 * @param irq  0..15
 * @param to   where the line ends; the same in every call for a line
 */
void sim_machine_drive_irq(struct sim_machine *machine, unsigned int irq, const struct sim_line *to,
                           bool level);

#endif
