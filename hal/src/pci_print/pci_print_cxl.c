/* SPDX-License-Identifier: MIT */
/*
 * Compute Express Link in words. A DVSEC shorter than what is printed of it gets no
 * lines.
 */
#include "pci_print_cxl.h"

#include "drydock/pci_cxl.h"

#include "../pci/pci_cap_read.h"

#define FLAG DD_PCI_PRINT_FLAG

/* Values of DD_PCI_CXL_CACHE_UNIT. Spec: [CXL 3.0] 8.1.3.7. */
#define CACHE_NOT_REPORTED 0u
#define CACHE_64K          1u
#define CACHE_1M           2u

#define BLOCK_VENDOR       0xFFu
#define FUNCTION_MAP_FIRST 0x0Cu
#define FUNCTION_MAP_BYTES 4u
#define FUNCTION_MAPS      8u

/* A DVSEC that ends early was told by its first line already. */
static enum dd_status unless_short(enum dd_status status)
{
    return status == DD_EMALFORMED ? DD_OK : status;
}

/* ---- Devices ---- */

static void print_device_state(struct pci_printing *printing,
                               const struct dd_pci_cxl_device *device)
{
    struct dd_text *line = &printing->line;

    dd_text_format(
        line, "\t\tCXLCap:\tCache%c IO%c Mem%c Mem HW Init%c HDMCount %lu Viral%c",
        FLAG(device->capability, DD_PCI_CXL_CACHE), FLAG(device->capability, DD_PCI_CXL_IO),
        FLAG(device->capability, DD_PCI_CXL_MEM), FLAG(device->capability, DD_PCI_CXL_MEM_HW_INIT),
        (unsigned long)DD_GET(device->capability, DD_PCI_CXL_HDM_COUNT),
        FLAG(device->capability, DD_PCI_CXL_VIRAL));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tCXLCtl:\tCache%c IO%c Mem%c Cache SF Cov %lu Cache SF Gran %lu ",
                   FLAG(device->control, DD_PCI_CXL_CACHE_ENABLE),
                   FLAG(device->control, DD_PCI_CXL_IO_ENABLE),
                   FLAG(device->control, DD_PCI_CXL_MEM_ENABLE),
                   (unsigned long)DD_GET(device->control, DD_PCI_CXL_CACHE_COVERAGE),
                   (unsigned long)DD_GET(device->control, DD_PCI_CXL_CACHE_GRANULARITY));
    dd_text_format(line, "Cache Clean%c Viral%c",
                   FLAG(device->control, DD_PCI_CXL_CACHE_CLEAN_EVICTION),
                   FLAG(device->control, DD_PCI_CXL_VIRAL_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tCXLSta:\tViral%c", FLAG(device->status, DD_PCI_CXL_VIRAL_STATUS));
    dd_pci_print_end(printing);
    dd_text_format(line, "\t\tCXLSta2:\tResetComplete%c ResetError%c PMComplete%c",
                   FLAG(device->status_2, DD_PCI_CXL_RESET_COMPLETE),
                   FLAG(device->status_2, DD_PCI_CXL_RESET_ERROR),
                   FLAG(device->status_2, DD_PCI_CXL_PM_INIT_COMPLETE));
    dd_pci_print_end(printing);
}

static void print_cache(struct pci_printing *printing, uint16_t capability_2)
{
    uint64_t unit = DD_GET(capability_2, DD_PCI_CXL_CACHE_UNIT);
    unsigned long size = (unsigned long)DD_GET(capability_2, DD_PCI_CXL_CACHE_SIZE);

    if (unit == CACHE_NOT_REPORTED) {
        dd_text_put(&printing->line, "\t\tCache Size Not Reported");
    } else if (unit == CACHE_64K || unit == CACHE_1M) {
        dd_text_format(&printing->line, "\t\tCache Size: %08lx",
                       size << (unit == CACHE_64K ? 16 : 20));
    } else {
        dd_text_format(&printing->line, "\t\tCache Size: %lu of unknown unit size (%lu)", size,
                       (unsigned long)unit);
    }
    dd_pci_print_end(printing);
}

static void print_range(struct pci_printing *printing, unsigned int number,
                        const struct dd_pci_cxl_range *range)
{
    static const char *const media[] = {"Volatile", "Non-volatile", "CDAT"};
    static const char *const classes[] = {"DRAM", "Storage", "CDAT"};
    static const uint16_t interleaves[] = {0, 256, 4096, 512, 1024, 2048};
    uint64_t interleave = DD_GET(range->size_low, DD_PCI_CXL_RANGE_1_INTERLEAVE);
    /* lspci takes the reserved bits of the base for bits of an address. */
    uint64_t base = (uint64_t)range->base_high << 32 | range->base_low;
    uint64_t last = base + dd_pci_cxl_range_size(range) - 1;

    dd_text_format(&printing->line, "\t\tRange%u: %016lx-%016lx", number, (unsigned long)base,
                   (unsigned long)last);
    dd_pci_print_end(printing);
    dd_text_format(
        &printing->line, "\t\t\tValid%c Active%c Type=%s Class=%s interleave=%u timeout=%lus",
        FLAG(range->size_low, DD_PCI_CXL_RANGE_1_VALID),
        FLAG(range->size_low, DD_PCI_CXL_RANGE_1_ACTIVE),
        DD_PCI_PRINT_CHOICE(media, DD_GET(range->size_low, DD_PCI_CXL_RANGE_1_MEDIA), "<?>"),
        DD_PCI_PRINT_CHOICE(classes, DD_GET(range->size_low, DD_PCI_CXL_RANGE_1_CLASS), "<?>"),
        interleave < sizeof interleaves / sizeof interleaves[0] ? interleaves[interleave] : 0,
        1ul << 2 * DD_GET(range->size_low, DD_PCI_CXL_RANGE_1_TIMEOUT));
    dd_pci_print_end(printing);
}

static enum dd_status print_device(struct pci_printing *printing)
{
    struct dd_pci_cxl_device device;
    enum dd_status status = dd_pci_cxl_read_device(
        printing->print->access, printing->print->address, printing->capability.offset, &device);

    if (status != DD_OK) {
        return unless_short(status);
    }
    print_device_state(printing, &device);
    print_cache(printing, device.capability_2);
    for (unsigned int i = 0; i < DD_PCI_CXL_RANGES; i++) {
        print_range(printing, i + 1, &device.ranges[i]);
    }
    return DD_OK;
}

/* ---- Functions that are not of CXL ---- */

static enum dd_status print_function_map(struct pci_printing *printing,
                                         const struct dd_pci_dvsec *dvsec)
{
    const struct pci_cap_place place = {printing->print->access, printing->print->address,
                                        printing->capability.offset};
    uint64_t length = DD_GET(dvsec->header_1, DD_PCI_DVSEC_LENGTH);

    for (unsigned int i = 0;
         i < FUNCTION_MAPS && FUNCTION_MAP_FIRST + (i + 1) * FUNCTION_MAP_BYTES <= length; i++) {
        struct pci_cap_reader reader;
        unsigned int at = FUNCTION_MAP_FIRST + i * FUNCTION_MAP_BYTES;
        enum dd_status status = dd_pci_cap_open(&reader, &place, at + FUNCTION_MAP_BYTES);

        if (status != DD_OK) {
            return unless_short(status);
        }
        /* lspci prints the lower half of each register. */
        dd_text_format(&printing->line, "\t\tFuncMap %u: %08x", i, dd_pci_cap_read16(&reader, at));
        status = dd_pci_cap_close(&reader);
        if (status != DD_OK) {
            return status;
        }
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

/* ---- Ports ---- */

static enum dd_status print_port(struct pci_printing *printing)
{
    struct dd_pci_cxl_port port;
    enum dd_status status = dd_pci_cxl_read_port(printing->print->access, printing->print->address,
                                                 printing->capability.offset, &port);

    if (status != DD_OK) {
        return unless_short(status);
    }
    /* lspci looks at two reserved bits instead of DD_PCI_CXL_PORT_PM_INIT_COMPLETE. */
    dd_text_format(&printing->line, "\t\tCXLPortSta:\tPMComplete%c",
                   (port.status & 0xAu) != 0 ? '+' : '-');
    dd_pci_print_end(printing);
    dd_text_format(&printing->line,
                   "\t\tCXLPortCtl:\tUnmaskSBR%c UnmaskLinkDisable%c AltMem%c AltBME%c "
                   "ViralEnable%c",
                   FLAG(port.control, DD_PCI_CXL_PORT_UNMASK_RESET),
                   FLAG(port.control, DD_PCI_CXL_PORT_UNMASK_LINK_DISABLE),
                   FLAG(port.control, DD_PCI_CXL_PORT_ALTERNATE_MEMORY),
                   FLAG(port.control, DD_PCI_CXL_PORT_ALTERNATE_BUS_MASTER),
                   FLAG(port.control, DD_PCI_CXL_PORT_VIRAL_ENABLE));
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tAlternateBus:\t%02x-%02x", port.bus_base, port.bus_limit);
    dd_pci_print_end(printing);
    dd_text_format(&printing->line, "\t\tAlternateBus:\t%04x-%04x", port.memory_base,
                   port.memory_limit);
    dd_pci_print_end(printing);
    return DD_OK;
}

/* ---- Global persistent flush ---- */

static void print_gpf_time(struct pci_printing *printing, const char *name, uint16_t time)
{
    static const struct {
        uint8_t factor;
        const char *unit;
    } scales[] = {{1, "us"},  {10, "us"},  {100, "us"}, {1, "ms"},
                  {10, "ms"}, {100, "ms"}, {1, "s"},    {10, "<?>"}};
    uint64_t scale = DD_GET(time, DD_PCI_CXL_GPF_SCALE);
    unsigned long value = (unsigned long)DD_GET(time, DD_PCI_CXL_GPF_TIME);

    if (scale >= sizeof scales / sizeof scales[0]) {
        dd_text_format(&printing->line, "\t\tReserved time scale encoding %lx",
                       (unsigned long)scale);
        dd_pci_print_end(printing);
        dd_text_format(&printing->line, "\t\t%s: %lu<?>", name, value);
    } else {
        dd_text_format(&printing->line, "\t\t%s: %lu%s", name, value * scales[scale].factor,
                       scales[scale].unit);
    }
    dd_pci_print_end(printing);
}

static enum dd_status print_gpf(struct pci_printing *printing, uint16_t id)
{
    struct dd_pci_cxl_gpf gpf;
    enum dd_status status = dd_pci_cxl_read_gpf(printing->print->access, printing->print->address,
                                                printing->capability.offset, &gpf);

    if (status != DD_OK) {
        return unless_short(status);
    }
    if (id == DD_PCI_CXL_ID_GPF_PORT) {
        print_gpf_time(printing, "GPF Phase 1 Timeout", gpf.phase_1);
        print_gpf_time(printing, "GPF Phase 2 Timeout", gpf.phase_2);
    } else {
        print_gpf_time(printing, "GPF Phase 2 Duration", gpf.phase_2);
        dd_text_format(&printing->line, "\t\tGPF Phase 2 Power: %umW", gpf.power);
        dd_pci_print_end(printing);
    }
    return DD_OK;
}

/* ---- Register locator ---- */

static void print_block(struct pci_printing *printing, unsigned int number,
                        const struct dd_pci_cxl_block *block)
{
    static const char *const kinds[] = {NULL, "component registers", "BAR virtualization",
                                        "CXL device registers", "CPMU registers"};
    uint64_t id = DD_GET(block->low, DD_PCI_CXL_BLOCK_ID);

    dd_text_format(&printing->line, "\t\tBlock%u: BIR: bar%lu, ID: %s, offset: %08x%08x", number,
                   (unsigned long)DD_GET(block->low, DD_PCI_CXL_BLOCK_BIR),
                   id == BLOCK_VENDOR ? "vendor-specific" : DD_PCI_PRINT_CHOICE(kinds, id, "<?>"),
                   block->high, (uint32_t)(block->low & DD_BITS(DD_PCI_CXL_BLOCK_OFFSET_31_16)));
    dd_pci_print_end(printing);
}

static enum dd_status print_locator(struct pci_printing *printing)
{
    for (unsigned int i = 0;; i++) {
        struct dd_pci_cxl_block block;
        enum dd_status status =
            dd_pci_cxl_read_block(printing->print->access, printing->print->address,
                                  printing->capability.offset, i, &block);

        if (status != DD_OK) {
            return status == DD_ENOENT ? DD_OK : unless_short(status);
        }
        /* ID 0 is an empty entry. */
        if (DD_GET(block.low, DD_PCI_CXL_BLOCK_ID) != 0) {
            print_block(printing, i + 1, &block);
        }
    }
}

/* ---- All of them ---- */

enum dd_status dd_pci_print_cxl(struct pci_printing *printing, const struct dd_pci_dvsec *dvsec)
{
    switch (dvsec->header_2) {
    case DD_PCI_CXL_ID_DEVICE:
        /* Revision 0 is that of CXL 1.1, with fewer registers. */
        return DD_GET(dvsec->header_1, DD_PCI_DVSEC_REVISION) == 0 ? DD_OK : print_device(printing);
    case DD_PCI_CXL_ID_FUNCTION_MAP:
        return print_function_map(printing, dvsec);
    case DD_PCI_CXL_ID_PORT:
        return print_port(printing);
    case DD_PCI_CXL_ID_GPF_PORT:
    case DD_PCI_CXL_ID_GPF_DEVICE:
        return print_gpf(printing, dvsec->header_2);
    case DD_PCI_CXL_ID_FLEX_BUS:
        return dd_pci_print_cxl_flex_bus(printing);
    case DD_PCI_CXL_ID_LOCATOR:
        return print_locator(printing);
    case DD_PCI_CXL_ID_MULTIPLE_LOGICAL_DEVICE:
        return DD_OK;
    default:
        dd_text_format(&printing->line, "\t\tUnknown ID %04x", dvsec->header_2);
        dd_pci_print_end(printing);
        return DD_OK;
    }
}
