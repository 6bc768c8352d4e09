/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers: [PCIe 6] 7.9.24; objects: 6.30.1. */
#include "tests/claims/pci_mailbox.h"

struct pci_mailbox pci_mailbox;

static bool is_ready(void)
{
    return !pci_mailbox.going && pci_mailbox.answer_taken < pci_mailbox.answer_count;
}

/* Discovery, vendor 1, type 0: the kinds are 0001:00 and 8086:42. Others come back inverted. */
static void make_answer(void)
{
    bool is_discovery = (pci_mailbox.sent[0] & 0xFFFFFF) == 0x000001;

    pci_mailbox.answer_count = pci_mailbox.sent_count;
    pci_mailbox.answer_taken = 0;
    pci_mailbox.answer[0] = pci_mailbox.sent[0] ^ (pci_mailbox.sends_other_type ? 0x10000u : 0u);
    pci_mailbox.answer[1] =
        pci_mailbox.answer_length != 0 ? pci_mailbox.answer_length : pci_mailbox.sent_count;
    for (uint32_t i = 2; i < pci_mailbox.sent_count; i++) {
        pci_mailbox.answer[i] = ~pci_mailbox.sent[i];
    }
    if (is_discovery) {
        pci_mailbox.answer[2] = pci_mailbox.sent[2] == 0 ? 0x01000001 : 0x00428086;
    }
    pci_mailbox.sent_count = 0;
}

static uint32_t read_status(void)
{
    bool is_busy = pci_mailbox.is_busy || pci_mailbox.going;
    bool is_error = pci_mailbox.is_in_error && pci_mailbox.answer_count != 0;

    return (is_busy ? 1u : 0u) | (is_error ? 4u : 0u) |
           (is_ready() && !is_error ? 0x80000000u : 0u);
}

static uint32_t mailbox_read(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, enum dd_pci_width width)
{
    (void)access;
    if (pci_mailbox.accesses_left == 0 || address.device != 0 || address.function != 0) {
        return UINT32_MAX;
    }
    pci_mailbox.accesses_left--;
    switch (offset) {
    case 0x00:
        return 0x12348086;
    case PCI_MAILBOX_AT + 0x0C:
        return read_status();
    case PCI_MAILBOX_AT + 0x14:
        return is_ready() ? pci_mailbox.answer[pci_mailbox.answer_taken] : 0;
    default:
        (void)width;
        return 0;
    }
}

static void control(uint32_t value)
{
    if ((value & 1) != 0) {
        pci_mailbox.aborts++;
        pci_mailbox.is_in_error = false;
        pci_mailbox.going = false;
        pci_mailbox.sent_count = 0;
        pci_mailbox.answer_count = 0;
        pci_mailbox.answer_taken = 0;
    }
    if ((value & 0x80000000) != 0) {
        pci_mailbox.going = pci_mailbox.busy_for != 0;
        make_answer();
    }
}

static void mailbox_write(const struct dd_pci_access *access, struct dd_pci_address address,
                          uint16_t offset, enum dd_pci_width width, uint32_t value)
{
    (void)access;
    (void)address;
    (void)width;
    if (pci_mailbox.accesses_left == 0) {
        return;
    }
    pci_mailbox.accesses_left--;
    if (offset == PCI_MAILBOX_AT + 0x08) {
        control(value);
    } else if (offset == PCI_MAILBOX_AT + 0x10 && pci_mailbox.sent_count < PCI_MAILBOX_DWORDS) {
        pci_mailbox.sent[pci_mailbox.sent_count++] = value;
    } else if (offset == PCI_MAILBOX_AT + 0x14 && is_ready()) {
        pci_mailbox.answer_taken++;
    }
}

static void mailbox_wait(void *context, uint32_t microseconds)
{
    (void)context;
    pci_mailbox.waited += microseconds;
    if (pci_mailbox.busy_for != 0) {
        pci_mailbox.busy_for--;
    }
    pci_mailbox.going = pci_mailbox.going && pci_mailbox.busy_for != 0;
}

const struct dd_delay pci_mailbox_delay = {mailbox_wait, 0};

struct dd_pci_access pci_mailbox_open(void)
{
    static const struct dd_pci_ops ops = {mailbox_read, mailbox_write};
    static const struct pci_mailbox empty = {.accesses_left = UINT32_MAX};

    pci_mailbox = empty;
    return (struct dd_pci_access){.ops = &ops, .size = 4096, .last_bus = 255};
}
