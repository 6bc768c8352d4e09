/* SPDX-License-Identifier: MIT */
/*
 * Errors collect in status registers in which a written 1 clears a bit. Between
 * reading and clearing more may come, so only the bits that were read are written:
 * an error is then told exactly once. The logs keep the packet of the first error
 * until its bit is cleared; what they hold without one is left over.
 */
#include "drydock/pci_aer.h"

#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define LOG_DWORDS  4u
#define AER_SIZE    (DD_PCI_AER_HEADER_LOG + 4 * LOG_DWORDS)
#define PREFIX_SIZE (DD_PCI_AER_PREFIX_LOG + 4 * LOG_DWORDS)

/* Bits of the status registers that software clears; the others are reserved. */
#define UNCORRECTABLE_ERRORS                                                  \
    (DD_MASK(DD_PCI_AER_SURPRISE_DOWN_HI, DD_PCI_AER_DATA_LINK_PROTOCOL_LO) | \
     DD_MASK(DD_PCI_AER_TLP_TRANSLATION_EGRESS_BLOCKED_HI, DD_PCI_AER_POISONED_TLP_LO))
#define CORRECTABLE_ERRORS                                               \
    (DD_BITS(DD_PCI_AER_RECEIVER_ERROR) |                                \
     DD_MASK(DD_PCI_AER_REPLAY_NUM_ROLLOVER_HI, DD_PCI_AER_BAD_TLP_LO) | \
     DD_MASK(DD_PCI_AER_HEADER_LOG_OVERFLOW_HI, DD_PCI_AER_REPLAY_TIMER_TIMEOUT_LO))
#define ROOT_MESSAGES DD_MASK(DD_PCI_AER_FATAL_RECEIVED_HI, DD_PCI_AER_CORRECTABLE_RECEIVED_LO)
#define ROOT_REPORTS  DD_MASK(DD_PCI_AER_REPORT_FATAL_HI, DD_PCI_AER_REPORT_CORRECTABLE_LO)

static void read_log(struct pci_cap_reader *reader, unsigned int at, uint32_t *log)
{
    for (unsigned int i = 0; i < LOG_DWORDS; i++) {
        log[i] = dd_pci_cap_read32(reader, at + 4 * i);
    }
}

enum dd_status dd_pci_aer_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_aer *aer)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_aer result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, AER_SIZE);

    if (status != DD_OK) {
        return status;
    }
    result.uncorrectable_status = dd_pci_cap_read32(&reader, DD_PCI_AER_UNCORRECTABLE_STATUS);
    result.uncorrectable_mask = dd_pci_cap_read32(&reader, DD_PCI_AER_UNCORRECTABLE_MASK);
    result.uncorrectable_severity = dd_pci_cap_read32(&reader, DD_PCI_AER_UNCORRECTABLE_SEVERITY);
    result.correctable_status = dd_pci_cap_read32(&reader, DD_PCI_AER_CORRECTABLE_STATUS);
    result.correctable_mask = dd_pci_cap_read32(&reader, DD_PCI_AER_CORRECTABLE_MASK);
    result.control = dd_pci_cap_read32(&reader, DD_PCI_AER_CONTROL);
    read_log(&reader, DD_PCI_AER_HEADER_LOG, result.header_log);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK && DD_GET(result.control, DD_PCI_AER_TLP_PREFIX_LOG_PRESENT) != 0) {
        if (!dd_pci_cap_fits(&reader, PREFIX_SIZE)) {
            return DD_EMALFORMED;
        }
        read_log(&reader, DD_PCI_AER_PREFIX_LOG, result.prefix_log);
        status = dd_pci_cap_close(&reader);
    }
    if (status == DD_OK) {
        *aer = result;
    }
    return status;
}

enum dd_status dd_pci_aer_read_root(const struct dd_pci_access *access,
                                    struct dd_pci_address address, uint16_t offset,
                                    struct dd_pci_aer_root *root)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_aer_root result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_AER_SOURCE + 4);

    if (status != DD_OK) {
        return status;
    }
    result.command = dd_pci_cap_read32(&reader, DD_PCI_AER_ROOT_COMMAND);
    result.status = dd_pci_cap_read32(&reader, DD_PCI_AER_ROOT_STATUS);
    result.source = dd_pci_cap_read32(&reader, DD_PCI_AER_SOURCE);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *root = result;
    }
    return status;
}

uint32_t dd_pci_aer_first_error(const struct dd_pci_aer *aer)
{
    unsigned int pointer = (unsigned int)DD_GET(aer->control, DD_PCI_AER_FIRST_ERROR_POINTER);

    return aer->uncorrectable_status & UINT32_C(1) << pointer;
}

enum dd_status dd_pci_aer_clear(const struct dd_pci_access *access, struct dd_pci_address address,
                                const struct dd_pci_aer *seen)
{
    const struct pci_cap_place place = {access, address, seen->offset};
    enum dd_status status =
        dd_pci_cap_clear(&place, DD_PCI_WIDTH_32, DD_PCI_AER_UNCORRECTABLE_STATUS,
                         (uint32_t)(seen->uncorrectable_status & UNCORRECTABLE_ERRORS));

    if (status != DD_OK) {
        return status;
    }
    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_32, DD_PCI_AER_CORRECTABLE_STATUS,
                            (uint32_t)(seen->correctable_status & CORRECTABLE_ERRORS));
}

enum dd_status dd_pci_aer_clear_root(const struct dd_pci_access *access,
                                     struct dd_pci_address address,
                                     const struct dd_pci_aer_root *seen)
{
    const struct pci_cap_place place = {access, address, seen->offset};

    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_32, DD_PCI_AER_ROOT_STATUS,
                            (uint32_t)(seen->status & ROOT_MESSAGES));
}

enum dd_status dd_pci_aer_set_reports(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint16_t offset,
                                      uint32_t reports)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits bits = {DD_PCI_AER_ROOT_COMMAND, ROOT_REPORTS, reports};

    if ((reports & ~ROOT_REPORTS) != 0) {
        return DD_EARG;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_32, &bits);
}
