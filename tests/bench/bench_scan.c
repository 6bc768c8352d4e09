/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enumeration of one machine in memory by the library and by libpci's generic scan, which
 * is what `lspci` does where no operating system lists the functions. Both call the
 * same read function, so the difference is how often, and what is done around it.
 */
#include <pci/pci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drydock/pci_cache.h"
#include "drydock/pci_cap.h"
#include "drydock/pci_header.h"
#include "drydock/pci_scan.h"
#include "tests/bench/bench.h"

enum {
    TURNS = 40,
    SCANS = 100, /* in a turn */
    SPACE = 256,
    PORTS = 8, /* root ports, and downstream ports of the switch behind the first */
};

/* ---- The machine: 8 root ports, behind one a switch with 8 disks, behind the others cards ---- */

struct bus_memory {
    uint8_t *functions[65536]; /* by bus << 8 | device << 3 | function; NULL: nobody */
    unsigned int count;
    unsigned int reads;
    unsigned int absent;   /* of functions that are not there */
    unsigned int identity; /* of the Vendor ID and the header type of those that are */
};

static struct bus_memory memory;

static uint8_t *add(unsigned int bus, unsigned int device, unsigned int function)
{
    uint8_t *bytes = calloc(1, SPACE);

    if (bytes == NULL) {
        abort();
    }
    bytes[0] = 0x86;
    bytes[1] = 0x80;
    memory.functions[bus << 8 | device << 3 | function] = bytes;
    memory.count++;
    return bytes;
}

/* A PCI Express port: [PCIe 6] 7.5.3.2, type 4 of a root port, 5 upstream, 6 downstream. */
static void add_port(unsigned int bus, unsigned int device, unsigned int type, uint8_t secondary,
                     uint8_t subordinate)
{
    uint8_t *bytes = add(bus, device, 0);

    bytes[0x06] = 0x10;
    bytes[0x0E] = 0x01;
    bytes[0x18] = (uint8_t)bus;
    bytes[0x19] = secondary;
    bytes[0x1A] = subordinate;
    bytes[0x34] = 0x40;
    bytes[0x40] = 0x10;
    bytes[0x42] = (uint8_t)(type << 4 | 2);
}

/* A network card of two functions. */
static void add_card(unsigned int bus)
{
    add(bus, 0, 0)[0x0E] = 0x80;
    add(bus, 0, 1)[0x0E] = 0x80;
}

static void build(void)
{
    (void)add(0, 0, 0);
    add_port(0, 1, 4, 1, 10);
    add_port(1, 0, 5, 2, 10);
    for (unsigned int i = 0; i < PORTS; i++) {
        add_port(2, i, 6, (uint8_t)(3 + i), (uint8_t)(3 + i));
        (void)add(3 + i, 0, 0); /* a disk */
    }
    for (unsigned int i = 1; i < PORTS; i++) {
        add_port(0, 1 + i, 4, (uint8_t)(10 + i), (uint8_t)(10 + i));
        add_card(10 + i);
    }
    add(0, 0x1F, 0)[0x0E] = 0x80;
    add(0, 0x1F, 2)[0x0E] = 0x80;
    add(0, 0x1F, 3)[0x0E] = 0x80;
}

static uint32_t read_memory(unsigned int function, unsigned int offset, unsigned int width)
{
    uint32_t value = UINT32_MAX;
    const uint8_t *bytes = memory.functions[function];

    memory.reads++;
    if (bytes == NULL) {
        memory.absent++;
        return value;
    }
    memory.identity += offset == 0x00 || offset == 0x0E ? 1 : 0;
    if (offset + width <= SPACE) {
        value = 0;
        memcpy(&value, bytes + offset, width);
    }
    return value;
}

/* ---- The library ---- */

static uint32_t library_read(const struct dd_pci_access *access, struct dd_pci_address address,
                             uint16_t offset, enum dd_pci_width width)
{
    (void)access;
    return read_memory((unsigned int)address.bus << 8 | (unsigned int)address.device << 3 |
                           address.function,
                       offset, width);
}

static enum dd_pci_visit count_function(void *context, const struct dd_pci_function *function)
{
    unsigned int *count = context;

    (void)function;
    ++*count;
    return DD_PCI_VISIT_CONTINUE;
}

static const struct dd_pci_ops library_ops = {library_read, NULL};
static const struct dd_pci_access library_access = {
    .ops = &library_ops, .size = SPACE, .last_bus = 255};

static unsigned int scan_library(void)
{
    unsigned int count = 0;
    const struct dd_pci_visitor visitor = {count_function, &count};
    const uint8_t root = 0;

    return dd_pci_scan(&library_access, &root, 1, &visitor) == DD_OK ? count : 0;
}

/* ---- libpci ---- */

/* The first members of libpci's table of an access method; its layout is stable in libpci.so.3. */
struct methods {
    const char *name;
    const char *help;
    void (*config)(struct pci_access *access);
    int (*detect)(struct pci_access *access);
    void (*init)(struct pci_access *access);
    void (*cleanup)(struct pci_access *access);
    void (*scan)(struct pci_access *access);
    void (*fill_info)(struct pci_dev *device, unsigned int flags);
    int (*read)(struct pci_dev *device, int position, uint8_t *buffer, int length);
    int (*write)(struct pci_dev *device, int position, uint8_t *buffer, int length);
    void *others[4];
};

static int libpci_read(struct pci_dev *device, int position, uint8_t *buffer, int length)
{
    uint32_t value = read_memory((unsigned int)device->bus << 8 | (unsigned int)device->dev << 3 |
                                     (unsigned int)device->func,
                                 (unsigned int)position, (unsigned int)length);

    memcpy(buffer, &value, (size_t)length);
    return 1;
}

/* Borrow the generic scan from a method that has no scan of its own. */
static struct pci_access *open_libpci(struct methods *methods)
{
    static char name[] = "mmio-conf1";
    static char addresses[] = "mmio-conf1.addrs";
    static char ports[] = "0x0/0x4";
    static char path[] = "devmem.path";
    static char file[] = "/dev/zero";
    struct pci_access *access = pci_alloc();
    int method = pci_lookup_method(name);

    if (method < 0) {
        pci_cleanup(access);
        return NULL;
    }
    access->method = (unsigned int)method;
    pci_set_param(access, addresses, ports);
    pci_set_param(access, path, file);
    pci_init(access);
    memcpy(methods, access->methods, sizeof *methods);
    methods->read = libpci_read;
    access->methods = (struct pci_methods *)methods;
    return access;
}

static unsigned int scan_libpci(struct pci_access *access)
{
    unsigned int count = 0;

    pci_scan_bus(access);
    while (access->devices != NULL) {
        struct pci_dev *next = access->devices->next;

        pci_free_dev(access->devices);
        access->devices = next;
        count++;
    }
    return count;
}

/* ---- The report ---- */

static void report_counts(const char *who, unsigned int found)
{
    printf("  %-46s %10u reads, %u functions\n", who, memory.reads, found);
    memory.reads = 0;
    memory.absent = 0;
    memory.identity = 0;
}

/* Every register of every function, through the cache. */
static enum dd_pci_visit dump(void *context, const struct dd_pci_function *function)
{
    const struct dd_pci_access *access = context;
    struct dd_pci_header header;
    uint16_t offset;

    (void)!dd_pci_read_header(access, function->address, &header);
    (void)!dd_pci_find_capability(access, function->address, 0xFE, &offset);
    return DD_PCI_VISIT_CONTINUE;
}

static void count_reads(void)
{
    static struct dd_pci_cache cache;
    const struct dd_pci_visitor visitor = {dump, &cache.access};
    const uint8_t root = 0;
    const unsigned int found = scan_library();

    printf("  %-46s %10.2f reads of each function, %u of nobody\n", "presence and type",
           (double)memory.identity / found, memory.absent);
    report_counts("the library's scan, bridges followed", found);
    dd_pci_cache_init(&cache, &library_access);
    (void)!dd_pci_scan(&cache.access, &root, 1, &visitor);
    report_counts("scan, headers and lists through a cache", found);
}

void bench_scan(void)
{
    struct methods methods;
    struct pci_access *libpci;
    double seconds[2] = {0, 0};
    double base;

    printf("\nenumeration of a machine in memory\n");
    build();
    count_reads();
    libpci = open_libpci(&methods);
    if (libpci == NULL) {
        printf("  this libpci has no method whose scan could be borrowed\n");
        return;
    }
    report_counts("libpci's generic scan", scan_libpci(libpci));
    for (int turn = 0; turn < TURNS; turn++) { /* other programs disturb both alike */
        double before = bench_seconds();
        double between;

        for (int i = 0; i < SCANS; i++) {
            (void)scan_libpci(libpci);
        }
        between = bench_seconds();
        for (int i = 0; i < SCANS; i++) {
            (void)scan_library();
        }
        seconds[0] += between - before;
        seconds[1] += bench_seconds() - between;
    }
    base = bench_report("libpci's generic scan", seconds[0], TURNS * SCANS, 0);
    (void)bench_report("the library's", seconds[1], TURNS * SCANS, base);
    pci_cleanup(libpci);
    for (unsigned int i = 0; i < 65536; i++) {
        free(memory.functions[i]);
    }
}
