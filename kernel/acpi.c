/* SPDX-License-Identifier: MIT */
/*
 * From the root pointer (RSDP) to the table MCFG.
 *
 * The RSDP names a table of tables: the XSDT with 64-bit addresses since ACPI
 * 2.0, the RSDT with 32-bit ones before. Every table starts with the same
 * header, and all its bytes add up to 0. Firmware wrote all this, so no address
 * and no length is believed before it is checked; lengths are capped, so each
 * loop ends.
 */
#include "kernel/acpi.h"

#include <stdbool.h>
#include <stddef.h>

#include "drydock/attributes.h"
#include "drydock/pci_mcfg.h"
#include "kernel/memory.h"
#include "kernel/physical.h"

enum {
    MAX_TABLE = 1 << 16, /* one may name thousands as large as itself, and each is summed */
    RSDP_1_SIZE = 20,
    REVISION_WITH_XSDT = 2
};

/** Spec: [ACPI 6.5] table 5.3. The first 20 bytes are all there is in revision 0. */
struct DD_PACKED rsdp {
    char signature[8];
    uint8_t checksum; /* of the first 20 bytes */
    char oem[6];
    uint8_t revision;
    uint32_t rsdt;
    uint32_t length;
    uint64_t xsdt;
    uint8_t extended_checksum; /* of all bytes */
    uint8_t reserved[3];
};

/** Spec: [ACPI 6.5] table 5.4. */
struct DD_PACKED header {
    char signature[4];
    uint32_t length; /* header included */
    uint8_t revision;
    uint8_t checksum;
    char oem[6];
    char oem_table[8];
    uint32_t oem_revision;
    uint32_t creator;
    uint32_t creator_revision;
};

_Static_assert(sizeof(struct rsdp) == 36, "[ACPI 6.5] table 5.3");
_Static_assert(sizeof(struct header) == 36, "[ACPI 6.5] table 5.4");

static bool adds_up(const void *table, uint32_t length)
{
    const uint8_t *bytes = table;
    uint8_t sum = 0;

    for (uint32_t i = 0; i < length; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    return sum == 0;
}

/* The table at a physical address, whole and checked, or NULL. */
static const struct header *find_table(uint64_t address, const char *signature)
{
    const struct header *table = kphysical_memory(address, sizeof *table);

    if (table == NULL || memcmp(table->signature, signature, sizeof table->signature) != 0 ||
        table->length < sizeof *table || table->length > MAX_TABLE ||
        kphysical_memory(address, table->length) == NULL || !adds_up(table, table->length)) {
        return NULL;
    }
    return table;
}

static const struct rsdp *find_rsdp(uint64_t address)
{
    const struct rsdp *rsdp = kphysical_memory(address, sizeof *rsdp);

    if (rsdp == NULL || memcmp(rsdp->signature, "RSD PTR ", sizeof rsdp->signature) != 0 ||
        !adds_up(rsdp, RSDP_1_SIZE)) {
        return NULL;
    }
    if (rsdp->revision >= REVISION_WITH_XSDT && !adds_up(rsdp, sizeof *rsdp)) {
        return NULL;
    }
    return rsdp;
}

/* Go through the addresses in a table of tables, each of `width` bytes, until one is an MCFG. */
static const struct header *find_mcfg(const struct header *tables, size_t width)
{
    const uint8_t *entry = (const uint8_t *)(tables + 1);
    size_t count = (tables->length - sizeof *tables) / width;

    for (; count != 0; count--, entry += width) {
        const struct header *mcfg;
        uint64_t address = 0;

        memcpy(&address, entry, width);
        mcfg = find_table(address, "MCFG");
        if (mcfg != NULL) {
            return mcfg;
        }
    }
    return NULL;
}

static const struct header *find_mcfg_of(const struct rsdp *rsdp)
{
    const struct header *tables;

    if (rsdp->revision >= REVISION_WITH_XSDT) {
        tables = find_table(rsdp->xsdt, "XSDT");
        return tables != NULL ? find_mcfg(tables, sizeof rsdp->xsdt) : NULL;
    }
    tables = find_table(rsdp->rsdt, "RSDT");
    return tables != NULL ? find_mcfg(tables, sizeof rsdp->rsdt) : NULL;
}

uint32_t kacpi_find_ecam(uint64_t rsdp_address, struct kecam *windows, uint32_t max)
{
    const struct rsdp *rsdp = find_rsdp(rsdp_address);
    const struct header *mcfg = rsdp != NULL ? find_mcfg_of(rsdp) : NULL;
    size_t count;
    uint32_t stored = 0;

    if (mcfg == NULL || dd_pci_mcfg_check(mcfg, mcfg->length, &count) != DD_OK) {
        return 0;
    }
    for (size_t i = 0; i < count && stored < max; i++) {
        struct dd_pci_mcfg_window window;

        if (dd_pci_mcfg_read(mcfg, i, &window) == DD_OK) {
            windows[stored++] = (struct kecam){.base = window.base.raw,
                                               .segment = window.segment,
                                               .first_bus = window.first_bus,
                                               .last_bus = window.last_bus};
        }
    }
    return stored;
}
