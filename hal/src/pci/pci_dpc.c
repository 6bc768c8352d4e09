/* SPDX-License-Identifier: MIT */
/*
 * A contained port takes its link down, and keeps it down until its trigger bit is
 * cleared. Clearing that before the link is down has no defined result. And a root
 * port may still have accesses under way that it has to answer for the device that is
 * cut off: clearing before it has is forbidden.
 */
#include "drydock/pci_dpc.h"

#include "drydock/pci_cap.h"
#include "drydock/pci_express_regs.h"
#include "pci_cap_change.h"
#include "pci_cap_read.h"

#define HEADER_DWORDS     4u
#define PREFIX_DWORDS     4u
#define LINK_MILLISECONDS 1000u
#define BUSY_MILLISECONDS 1000u

#define CONTAINED (DD_BITS(DD_PCI_DPC_TRIGGER_STATUS) | DD_BITS(DD_PCI_DPC_INTERRUPT_STATUS))
#define PIO_ERRORS                                                                                \
    (DD_MASK(DD_PCI_DPC_RP_PIO_STATUS_CONFIG_TIMEOUT_HI, DD_PCI_DPC_RP_PIO_STATUS_CONFIG_UR_LO) | \
     DD_MASK(DD_PCI_DPC_RP_PIO_STATUS_IO_TIMEOUT_HI, DD_PCI_DPC_RP_PIO_STATUS_IO_UR_LO) |         \
     DD_MASK(DD_PCI_DPC_RP_PIO_STATUS_MEMORY_TIMEOUT_HI, DD_PCI_DPC_RP_PIO_STATUS_MEMORY_UR_LO))

enum dd_status dd_pci_dpc_read(const struct dd_pci_access *access, struct dd_pci_address address,
                               uint16_t offset, struct dd_pci_dpc *dpc)
{
    const struct pci_cap_place place = {access, address, offset};
    struct dd_pci_dpc result = {.offset = offset};
    struct pci_cap_reader reader;
    enum dd_status status = dd_pci_cap_open(&reader, &place, DD_PCI_DPC_ERROR_SOURCE + 2);

    if (status != DD_OK) {
        return status;
    }
    result.capability = dd_pci_cap_read16(&reader, DD_PCI_DPC_CAPABILITY);
    result.control = dd_pci_cap_read16(&reader, DD_PCI_DPC_CONTROL);
    result.status = dd_pci_cap_read16(&reader, DD_PCI_DPC_STATUS);
    result.source = dd_pci_cap_read16(&reader, DD_PCI_DPC_ERROR_SOURCE);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *dpc = result;
    }
    return status;
}

unsigned int dd_pci_dpc_log_dwords(const struct dd_pci_dpc *dpc)
{
    return (unsigned int)(DD_GET(dpc->capability, DD_PCI_DPC_RP_PIO_LOG_SIZE) |
                          DD_GET(dpc->capability, DD_PCI_DPC_RP_PIO_LOG_SIZE_4) << 4);
}

/* The logs, as far as there are dwords of them. */
static void read_logs(struct pci_cap_reader *reader, unsigned int dwords,
                      struct dd_pci_dpc_pio *pio)
{
    for (unsigned int i = 0; i < HEADER_DWORDS && i < dwords; i++) {
        pio->header_log[i] = dd_pci_cap_read32(reader, DD_PCI_DPC_RP_PIO_HEADER_LOG + 4 * i);
    }
    if (dwords > HEADER_DWORDS) {
        pio->implementation_log = dd_pci_cap_read32(reader, DD_PCI_DPC_RP_PIO_IMPLEMENTATION_LOG);
    }
    for (unsigned int i = 0; i < PREFIX_DWORDS && HEADER_DWORDS + 1 + i < dwords; i++) {
        pio->prefix_log[i] = dd_pci_cap_read32(reader, DD_PCI_DPC_RP_PIO_PREFIX_LOG + 4 * i);
    }
}

enum dd_status dd_pci_dpc_read_pio(const struct dd_pci_access *access,
                                   struct dd_pci_address address, const struct dd_pci_dpc *dpc,
                                   struct dd_pci_dpc_pio *pio)
{
    const struct pci_cap_place place = {access, address, dpc->offset};
    const unsigned int dwords_max = HEADER_DWORDS + 1 + PREFIX_DWORDS;
    unsigned int dwords = dd_pci_dpc_log_dwords(dpc);
    struct dd_pci_dpc_pio result = {.offset = dpc->offset};
    struct pci_cap_reader reader;
    enum dd_status status;

    if (DD_GET(dpc->capability, DD_PCI_DPC_RP_EXTENSIONS) == 0) {
        return DD_ENOENT;
    }
    dwords = dwords < dwords_max ? dwords : dwords_max;
    status = dd_pci_cap_open(&reader, &place, DD_PCI_DPC_RP_PIO_HEADER_LOG + 4 * dwords);
    if (status != DD_OK) {
        return status;
    }
    result.status = dd_pci_cap_read32(&reader, DD_PCI_DPC_RP_PIO_STATUS);
    result.mask = dd_pci_cap_read32(&reader, DD_PCI_DPC_RP_PIO_MASK);
    result.severity = dd_pci_cap_read32(&reader, DD_PCI_DPC_RP_PIO_SEVERITY);
    result.syserror = dd_pci_cap_read32(&reader, DD_PCI_DPC_RP_PIO_SYSERROR);
    result.exception = dd_pci_cap_read32(&reader, DD_PCI_DPC_RP_PIO_EXCEPTION);
    read_logs(&reader, dwords, &result);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        *pio = result;
    }
    return status;
}

enum dd_status dd_pci_dpc_clear_pio(const struct dd_pci_access *access,
                                    struct dd_pci_address address,
                                    const struct dd_pci_dpc_pio *seen)
{
    const struct pci_cap_place place = {access, address, seen->offset};

    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_32, DD_PCI_DPC_RP_PIO_STATUS,
                            (uint32_t)(seen->status & PIO_ERRORS));
}

enum dd_status dd_pci_dpc_set_trigger(const struct dd_pci_access *access,
                                      struct dd_pci_address address, uint16_t offset,
                                      enum dd_pci_dpc_trigger trigger)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits bits = {
        DD_PCI_DPC_CONTROL,
        DD_BITS(DD_PCI_DPC_TRIGGER_ENABLE),
        (uint16_t)DD_SET(0, DD_PCI_DPC_TRIGGER_ENABLE, trigger),
    };

    if ((unsigned int)trigger > DD_PCI_DPC_TRIGGER_NON_FATAL) {
        return DD_EARG;
    }
    return dd_pci_cap_change(&place, DD_PCI_WIDTH_16, &bits);
}

/* A port that does not tell about its link has a bit that reads 0: [PCIe 6] 7.5.3.8. */
static enum dd_status await_link_down(const struct pci_cap_place *dpc, const struct dd_delay *delay)
{
    const struct pci_cap_bits down = {DD_PCI_EXPRESS_LINK_STATUS,
                                      (uint16_t)DD_BITS(DD_PCI_EXPRESS_DLL_ACTIVE), 0};
    struct pci_cap_place express = {.access = dpc->access, .address = dpc->address};
    enum dd_status status = dd_pci_find_capability(
        dpc->access, dpc->address, DD_PCI_CAPABILITY_ID_PCI_EXPRESS, &express.offset);

    return status == DD_OK
               ? dd_pci_cap_await(&express, DD_PCI_WIDTH_16, &down, LINK_MILLISECONDS, delay)
               : status;
}

enum dd_status dd_pci_dpc_release(const struct dd_pci_access *access, struct dd_pci_address address,
                                  uint16_t offset, const struct dd_delay *delay)
{
    const struct pci_cap_place place = {access, address, offset};
    const struct pci_cap_bits idle = {DD_PCI_DPC_STATUS, DD_BITS(DD_PCI_DPC_RP_BUSY), 0};
    uint16_t value;
    enum dd_status status = dd_pci_cap_fetch16(&place, DD_PCI_DPC_STATUS, &value);

    if (status != DD_OK || DD_GET(value, DD_PCI_DPC_TRIGGER_STATUS) == 0) {
        return status;
    }
    status = await_link_down(&place, delay);
    if (status == DD_OK) {
        status = dd_pci_cap_await(&place, DD_PCI_WIDTH_16, &idle, BUSY_MILLISECONDS, delay);
    }
    if (status != DD_OK) {
        return status;
    }
    return dd_pci_cap_clear(&place, DD_PCI_WIDTH_16, DD_PCI_DPC_STATUS,
                            (uint16_t)(value & CONTAINED));
}
