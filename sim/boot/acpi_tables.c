/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table starts with a header of 36 bytes; all its bytes add up to 0 because of
 * the one at offset 9. Fields are appended in the order of the specification, so
 * the functions below read like its tables. Tables are written before those that
 * point to them.
 */
#include "sim/boot/acpi_tables.h"

#include <string.h>

#define LOCAL_APIC 0xFEE00000u
#define IO_APIC    0xFEC00000u

enum {
    HEADER_CHECKSUM = 9,
    ALIGNMENT = 16,
    MAX_TABLES = 4, /* that RSDT and XSDT point to */
    SCI = 9,
    PM1_EVENT = 0x600, /* see devices/acpi_pm.h */
    PM1_CONTROL = 0x604,
    PM_TIMER = 0x608,
    RESET_PORT = 0xCF9,
};

/* Bytes are appended at `end`. */
struct writer {
    uint8_t *ram;
    uint64_t table; /* where the current table begins */
    uint64_t end;
};

static void put(struct writer *writer, unsigned int width, uint64_t value)
{
    for (unsigned int i = 0; i < width; i++) {
        writer->ram[writer->end++] = (uint8_t)(value >> 8 * i);
    }
}

static void put_text(struct writer *writer, const char *text)
{
    memcpy(writer->ram + writer->end, text, strlen(text));
    writer->end += strlen(text);
}

static void put_zeros(struct writer *writer, size_t count)
{
    memset(writer->ram + writer->end, 0, count);
    writer->end += count;
}

/* Generic address structure, in the space of I/O ports. [ACPI 6.5] table 5.1. */
static void put_port(struct writer *writer, uint64_t port, unsigned int bits, unsigned int access)
{
    put(writer, 1, 1); /* system I/O */
    put(writer, 1, bits);
    put(writer, 1, 0); /* bit offset */
    put(writer, 1, access);
    put(writer, 8, port);
}

static uint8_t complement(const uint8_t *bytes, size_t size)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < size; i++) {
        sum = (uint8_t)(sum + bytes[i]);
    }
    return (uint8_t)-sum;
}

/* [ACPI 6.5] table 5.4. */
static void begin_table(struct writer *writer, const char *signature, unsigned int revision)
{
    writer->end = (writer->end + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
    writer->table = writer->end;
    put_text(writer, signature);
    put(writer, 4, 0); /* length, see end_table */
    put(writer, 1, revision);
    put(writer, 1, 0); /* checksum, see end_table */
    put_text(writer, "DRYDCK");
    put_text(writer, "SIMULATE");
    put(writer, 4, 1); /* OEM revision */
    put_text(writer, "DRYD");
    put(writer, 4, 1); /* creator's revision */
}

/* Fills in length and checksum; returns where the table is. */
static uint64_t end_table(struct writer *writer)
{
    uint8_t *table = writer->ram + writer->table;
    uint32_t length = (uint32_t)(writer->end - writer->table);

    memcpy(table + 4, &length, sizeof length);
    table[HEADER_CHECKSUM] = complement(table, length);
    return writer->table;
}

/* Firmware's part of the waking from sleep, which nobody does here. [ACPI 6.5] table 5.13. */
static void write_facs(struct writer *writer, uint64_t address)
{
    writer->end = address;
    put_text(writer, "FACS");
    put(writer, 4, SIM_ACPI_FACS_SIZE);
    put_zeros(writer, 24); /* hardware signature, waking vectors, global lock, flags */
    put(writer, 1, 2);     /* version */
    put_zeros(writer, 31);
}

/* In AML: Name (_S5, Package () { 0, 0, 0, 0 }), the SLP_TYP of power-off. [ACPI 6.5] 7.4.2.6. */
static uint64_t write_dsdt(struct writer *writer)
{
    begin_table(writer, "DSDT", 2); /* 2: integers of 64 bits */
    put(writer, 1, 0x08);           /* NameOp */
    put_text(writer, "_S5_");
    put(writer, 1, 0x12); /* PackageOp */
    put(writer, 1, 6);    /* bytes from here */
    put(writer, 1, 4);    /* elements, each ZeroOp */
    put_zeros(writer, 4);
    return end_table(writer);
}

/* The 32-bit addresses and lengths of the register blocks. */
static void put_fadt_blocks(struct writer *writer)
{
    put(writer, 4, PM1_EVENT);
    put(writer, 4, 0); /* no PM1b */
    put(writer, 4, PM1_CONTROL);
    put(writer, 4, 0);
    put(writer, 4, 0); /* no PM2 */
    put(writer, 4, PM_TIMER);
    put(writer, 4, 0); /* no general-purpose events */
    put(writer, 4, 0);
    put(writer, 1, 4); /* PM1_EVT_LEN */
    put(writer, 1, 2); /* PM1_CNT_LEN */
    put(writer, 1, 0);
    put(writer, 1, 4); /* PM_TMR_LEN */
    put_zeros(writer, 3);
}

static void put_fadt_extended_blocks(struct writer *writer)
{
    put_port(writer, PM1_EVENT, 32, 2);
    put_zeros(writer, 12);
    put_port(writer, PM1_CONTROL, 16, 2);
    put_zeros(writer, 12);
    put_zeros(writer, 12);
    put_port(writer, PM_TIMER, 32, 3);
    put_zeros(writer, 24);
}

/*
 * [ACPI 6.5] table 5.9. Flags: WBINVD, PROC_C1, PWR_BUTTON, SLP_BUTTON and FIX_RTC (which say that
 * there is none of these), TMR_VAL_EXT, RESET_REG_SUP.
 */
static uint64_t write_fadt(struct writer *writer, uint64_t facs, uint64_t dsdt)
{
    begin_table(writer, "FACP", 6);
    put(writer, 4, facs);
    put(writer, 4, dsdt);
    put(writer, 1, 0); /* reserved */
    put(writer, 1, 1); /* a desktop */
    put(writer, 2, SCI);
    put_zeros(writer, 8); /* no SMI command port: ACPI is always on */
    put_fadt_blocks(writer);
    put(writer, 1, 0);      /* CST_CNT */
    put(writer, 2, 0xFFFF); /* P_LVL2_LAT: not supported */
    put(writer, 2, 0xFFFF); /* P_LVL3_LAT: not supported */
    put_zeros(writer, 8);   /* cache flushing, duty cycle, alarms */
    put(writer, 1, 0x32);   /* where CMOS has the century */
    put(writer, 2, 0x0003); /* IAPC_BOOT_ARCH: devices of old, and an i8042 */
    put(writer, 1, 0);      /* reserved */
    put(writer, 4, 0x575);
    put_port(writer, RESET_PORT, 8, 1);
    put(writer, 1, 0x06); /* the value that resets */
    put_zeros(writer, 2); /* boot flags of Arm */
    put(writer, 1, 5);    /* minor version */
    put(writer, 8, 0);    /* X_FIRMWARE_CTRL: the 32-bit one is valid */
    put(writer, 8, dsdt);
    put_fadt_extended_blocks(writer);
    put_zeros(writer, 24); /* sleep control and status: hardware-reduced only */
    put_zeros(writer, 8);  /* no hypervisor */
    return end_table(writer);
}

/* [ACPI 6.5] 5.2.12.2, 5.2.12.3, 5.2.12.5, 5.2.12.7. */
static uint64_t write_madt(struct writer *writer)
{
    begin_table(writer, "APIC", 6);
    put(writer, 4, LOCAL_APIC);
    put(writer, 4, 1); /* PCAT_COMPAT: the 8259 pair exists */

    put(writer, 2, 0x0800); /* a local APIC: type 0, 8 bytes */
    put(writer, 1, 0);      /* processor UID */
    put(writer, 1, 0);      /* APIC ID */
    put(writer, 4, 1);      /* enabled */

    put(writer, 2, 0x0C01); /* an I/O APIC: type 1, 12 bytes */
    put(writer, 1, 0);      /* ID */
    put(writer, 1, 0);
    put(writer, 4, IO_APIC);
    put(writer, 4, 0); /* its first global interrupt */

    put(writer, 2, 0x0A02); /* an override: type 2, 10 bytes */
    put(writer, 1, 0);      /* ISA */
    put(writer, 1, 0);      /* its interrupt 0 */
    put(writer, 4, 2);      /* is global interrupt 2 */
    put(writer, 2, 0);      /* edge-triggered, active high, as the bus says */

    put(writer, 2, 0x0A02);
    put(writer, 1, 0);
    put(writer, 1, SCI);
    put(writer, 4, SCI);
    put(writer, 2, 0xD); /* level-triggered, active high */

    put(writer, 2, 0x0604); /* NMI of a local APIC: type 4, 6 bytes */
    put(writer, 1, 0xFF);   /* all processors */
    put(writer, 2, 0);
    put(writer, 1, 1); /* LINT1 */
    return end_table(writer);
}

/* [PCIFW 3.2] tables 4-2, 4-3. */
static uint64_t write_mcfg(struct writer *writer, const struct sim_acpi_ecam *ecam, size_t count)
{
    begin_table(writer, "MCFG", 1);
    put_zeros(writer, 8);
    for (size_t i = 0; i < count; i++) {
        put(writer, 8, ecam[i].base);
        put(writer, 2, ecam[i].segment);
        put(writer, 1, ecam[i].first_bus);
        put(writer, 1, ecam[i].last_bus);
        put_zeros(writer, 4);
    }
    return end_table(writer);
}

/* A table of tables: RSDT with addresses of 4 bytes, XSDT with 8. [ACPI 6.5] 5.2.7, 5.2.8. */
static uint64_t write_list(struct writer *writer, const char *signature, unsigned int width,
                           const uint64_t tables[MAX_TABLES])
{
    begin_table(writer, signature, 1);
    for (size_t i = 0; i < MAX_TABLES && tables[i] != 0; i++) {
        put(writer, width, tables[i]);
    }
    return end_table(writer);
}

/* [ACPI 6.5] table 5.3. */
static void write_rsdp(struct writer *writer, uint64_t address, uint64_t rsdt, uint64_t xsdt)
{
    uint8_t *rsdp = writer->ram + address;

    writer->end = address;
    put_text(writer, "RSD PTR ");
    put(writer, 1, 0); /* checksum of the first 20 bytes */
    put_text(writer, "DRYDCK");
    put(writer, 1, 2); /* revision */
    put(writer, 4, rsdt);
    put(writer, 4, SIM_ACPI_RSDP_SIZE);
    put(writer, 8, xsdt);
    put(writer, 1, 0); /* checksum of all bytes */
    put_zeros(writer, 3);
    rsdp[8] = complement(rsdp, 20);
    rsdp[32] = complement(rsdp, SIM_ACPI_RSDP_SIZE);
}

void sim_acpi_write(const struct sim_memory *memory, const struct sim_acpi_places *places,
                    const struct sim_acpi_ecam *ecam, size_t count)
{
    struct writer writer = {.ram = memory->bytes};
    uint64_t tables[MAX_TABLES] = {0};
    uint64_t dsdt = 0;
    uint64_t rsdt = 0;
    uint64_t xsdt = 0;

    write_facs(&writer, places->facs);
    writer.end = places->tables;
    dsdt = write_dsdt(&writer);
    tables[0] = write_fadt(&writer, places->facs, dsdt);
    tables[1] = write_madt(&writer);
    if (count > 0) {
        tables[2] = write_mcfg(&writer, ecam, count);
    }
    rsdt = write_list(&writer, "RSDT", 4, tables);
    xsdt = write_list(&writer, "XSDT", 8, tables);
    write_rsdp(&writer, places->rsdp, rsdt, xsdt);
}
