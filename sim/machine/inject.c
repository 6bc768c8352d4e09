/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of faults. What can be checked without a machine is checked when a fault
 * is added, so that a list is either right or refused with the reason.
 */
#include "sim/machine/inject.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LAST_BIT = 63,
    LAST_VECTOR = 255,
    LAST_IRQ = 15,
    LAST_MESSAGE = 2047, /* [PCI 3.0] 6.8.2.3: an MSI-X table has at most 2048 entries */
    LAST_DEVICE = 31,
    LAST_FUNCTION = 7
};

static bool is_counted(enum sim_inject_kind kind)
{
    return kind != SIM_INJECT_FLIP && kind != SIM_INJECT_VANISH && kind != SIM_INJECT_MSI;
}

static unsigned int last_number(enum sim_inject_kind kind)
{
    switch (kind) {
    case SIM_INJECT_FLIP:
        return LAST_BIT;
    case SIM_INJECT_DROP_VECTOR:
    case SIM_INJECT_DELAY_VECTOR:
        return LAST_VECTOR;
    case SIM_INJECT_DROP_IRQ:
    case SIM_INJECT_DELAY_IRQ:
        return LAST_IRQ;
    case SIM_INJECT_MSI:
        return LAST_MESSAGE;
    default:
        return UINT32_MAX;
    }
}

static const char *number_name(enum sim_inject_kind kind)
{
    switch (kind) {
    case SIM_INJECT_FLIP:
        return "bit";
    case SIM_INJECT_DROP_VECTOR:
    case SIM_INJECT_DELAY_VECTOR:
        return "vector";
    case SIM_INJECT_MSI:
        return "message";
    default:
        return "line";
    }
}

static bool has_moment(enum sim_inject_kind kind)
{
    return kind == SIM_INJECT_FLIP || kind == SIM_INJECT_MSI;
}

static int check_names(const struct sim_inject *fault, struct sim_error *error)
{
    bool named = fault->kind == SIM_INJECT_FAIL || fault->kind == SIM_INJECT_DEAD;
    bool called = has_moment(fault->kind) && fault->when == SIM_INJECT_AT_CALL;

    if ((named && fault->name[0] == '\0') || (called && fault->caller[0] == '\0')) {
        return sim_error_set(error, "a name is empty");
    }
    return 0;
}

static int check_numbers(const struct sim_inject *fault, struct sim_error *error)
{
    if (is_counted(fault->kind) && fault->count == 0) {
        return sim_error_set(error, "counting begins at 1, not 0");
    }
    if (has_moment(fault->kind) && fault->when != SIM_INJECT_AT_TIME && fault->moment == 0) {
        return sim_error_set(error, "counting begins at 1, not 0");
    }
    if (fault->number > last_number(fault->kind)) {
        return sim_error_set(error, "%s %u: the last is %u", number_name(fault->kind),
                             fault->number, last_number(fault->kind));
    }
    if (fault->function.device > LAST_DEVICE || fault->function.function > LAST_FUNCTION) {
        return sim_error_set(error, "%s is no PCI address: devices end at 1f, functions at 7",
                             sim_pci_address_text(fault->function, SIM_PCI_SEGMENTS_SHOWN).text);
    }
    return 0;
}

int sim_injection_add(struct sim_injection *injection, const struct sim_inject *fault,
                      struct sim_error *error)
{
    if (injection->count == SIM_INJECT_MAX) {
        return sim_error_set(error, "more than %u faults", SIM_INJECT_MAX);
    }
    if ((unsigned int)fault->kind > SIM_INJECT_MSI ||
        (has_moment(fault->kind) && (unsigned int)fault->when > SIM_INJECT_AT_EVENT)) {
        return sim_error_set(error, "no such kind of fault");
    }
    if (check_names(fault, error) != 0 || check_numbers(fault, error) != 0) {
        return -1;
    }
    injection->faults[injection->count++] = *fault;
    return 0;
}

void sim_injection_place(const struct sim_injection *injection, size_t index, char *text,
                         size_t size)
{
    if (injection->script[0] != '\0') {
        (void)snprintf(text, size, "%s:%u", injection->script, injection->faults[index].line);
    } else {
        (void)snprintf(text, size, "fault %zu", index + 1);
    }
}
