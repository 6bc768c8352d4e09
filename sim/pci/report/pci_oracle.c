/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libpci in a child process. Its errors call exit(), its memory and files are
 * not all given back, and it looks names up in files and databases of the
 * system: all that stays in the child, which answers through a pipe with the
 * same report lines as the guest. On failure the child's last words are a line
 * of text and its status is not 0.
 */
#include "sim/pci/report/pci_oracle.h"

#include <errno.h>
#include <pci/pci.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drydock/pci_regs.h"
#include "kernel/protocol.h"
#include "sim/pci/dump/dump_open.h"
#include "sim/pci/report/pci_dump_report.h"

/** More than the longest dump needs: SIM_DUMP_MAX_BYTES hold 5000 functions with full lists. */
#define MAX_ANSWER (512u << 20)

/** libpci looks names up in files and databases of the system: it may hang, but not for ever. */
#define ANSWER_SECONDS 60

/* What a child does: writes its answer to a file. */
struct question {
    void (*answer)(FILE *file, const void *about);
    const void *about;
};

/* The file of the child's answer; libpci's callbacks have no parameter to pass it in. */
static FILE *answer_file;

SIM_NORETURN static void refuse(char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vfprintf(answer_file, format, arguments);
    va_end(arguments);
    (void)fflush(answer_file);
    _exit(1);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the signature is libpci's */
static void ignore(char *format, ...)
{
    (void)format;
}

SIM_NORETURN static void be_child(int output, const struct question *question)
{
    answer_file = fdopen(output, "w");
    if (answer_file == NULL) {
        _exit(2);
    }
    (void)alarm(ANSWER_SECONDS);
    question->answer(answer_file, question->about);
    _exit(fflush(answer_file) == 0 ? 0 : 2);
}

/* Everything that comes through a pipe, as a string; NULL if there is no memory. */
static char *read_all(int input)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    char buffer[65536];
    ssize_t got = 0;

    if (stream == NULL) {
        return NULL;
    }
    do {
        got = read(input, buffer, sizeof buffer);
        if (got > 0 && length + (size_t)got <= MAX_ANSWER) {
            (void)fwrite(buffer, 1, (size_t)got, stream);
            (void)fflush(stream);
        }
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static int wait_for(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* Ask in a child. The answer is to be freed; NULL with *error set if it failed. */
static char *ask_child(const struct question *question, struct sim_error *error)
{
    int ends[2];
    pid_t child;
    char *text;
    int status;

    if (pipe(ends) != 0) {
        (void)sim_error_set(error, "libpci: no pipe: %s", strerror(errno));
        return NULL;
    }
    child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        be_child(ends[1], question);
    }
    (void)close(ends[1]);
    if (child < 0) {
        (void)sim_error_set(error, "libpci: no child process: %s", strerror(errno));
        (void)close(ends[0]);
        return NULL;
    }
    text = read_all(ends[0]);
    (void)close(ends[0]);
    status = wait_for(child);
    if (text == NULL) {
        (void)sim_error_set(error, "libpci: no memory for its answer");
        return NULL;
    }
    if (status != 0) {
        if (WIFSIGNALED(status)) {
            (void)sim_error_set(error, "libpci: died of signal %d", WTERMSIG(status));
        } else {
            (void)sim_error_set(error, "libpci: %s", text);
        }
        free(text);
        return NULL;
    }
    return text;
}

static struct pci_access *open_libpci(void)
{
    struct pci_access *access = pci_alloc();

    access->error = refuse;
    access->warning = ignore;
    access->debug = ignore;
    return access;
}

/*
 * libpci follows pointers out of a list's part of configuration space, into the
 * header; the entries before such a pointer are all that counts.
 */
static void print_lists(FILE *file, struct sim_pci_address address, struct pci_dev *device)
{
    bool first_goes_on = true;
    bool extended_goes_on = false;

    (void)pci_fill_info(device, PCI_FILL_CAPS | PCI_FILL_EXT_CAPS);
    for (const struct pci_cap *next = device->first_cap; next != NULL; next = next->next) {
        struct sim_pci_capability capability = {.id = next->id, .offset = (uint16_t)next->addr};

        if (next->type == PCI_CAP_NORMAL) {
            first_goes_on = first_goes_on && next->addr >= DD_PCI_CAPABILITIES_FIRST;
            extended_goes_on = extended_goes_on || (first_goes_on && next->id == PCI_CAP_ID_EXP);
        } else {
            extended_goes_on = extended_goes_on && next->addr >= DD_PCI_EXTENDED_CAPABILITIES_FIRST;
            capability.list = SIM_PCI_LIST_EXTENDED;
            capability.version = (uint8_t)(pci_read_byte(device, (int)next->addr + 2) & 0xf);
        }
        if (capability.list == SIM_PCI_LIST_FIRST ? first_goes_on : extended_goes_on) {
            sim_pci_print_capability(file, address, &capability);
        }
    }
}

/* Print what libpci says about a function; whether it has its header at all. */
static bool print_device(FILE *file, struct pci_dev *device, const struct sim_dump *dump)
{
    struct sim_pci_address address = {(uint32_t)device->domain, device->bus, device->dev,
                                      device->func};
    const struct sim_dump_function *function =
        sim_dump_find(dump, address.segment, address.bus, address.device, address.function);
    uint8_t bytes[SIM_PCI_REPORT_BYTES];

    if (function == NULL || pci_read_block(device, 0, bytes, sizeof bytes) == 0) {
        return false;
    }
    sim_pci_print_function(file, address, bytes);
    if ((bytes[PCI_HEADER_TYPE] & 0x7f) <= PCI_HEADER_TYPE_BRIDGE) {
        print_lists(file, address, device);
    } else {
        sim_pci_print_dump_lists(file, function);
    }
    return true;
}

static void answer_dump(FILE *file, const void *about)
{
    static char parameter[] = "dump.name";
    const struct sim_dump *dump = about;
    struct pci_access *access = open_libpci();
    size_t count = 0;

    access->method = PCI_ACCESS_DUMP;
    (void)pci_set_param(access, parameter, dump->path);
    pci_init(access);
    pci_scan_bus(access);
    for (struct pci_dev *device = access->devices; device != NULL; device = device->next) {
        count += print_device(file, device, dump);
    }
    (void)fprintf(file, KPROTOCOL_END " pci %zu\n", count);
}

int sim_pci_oracle_ask(const struct sim_dump *dump, struct sim_pci_report *report,
                       struct sim_error *error)
{
    const struct question question = {answer_dump, dump};
    struct sim_pci_report read = {.count = 0};
    char *text = ask_child(&question, error);

    if (text == NULL) {
        return -1;
    }
    if (sim_pci_report_read(&read, text, error) != 0) {
        sim_pci_report_free(&read);
        free(text);
        return -1;
    }
    free(text);
    *report = read;
    return 0;
}

int sim_pci_oracle_ask_again(const struct sim_dump *dump, struct sim_pci_report *report,
                             struct sim_error *error)
{
    struct sim_dump again = *dump;
    char path[] = "/proc/self/fd/2147483647";
    int descriptor = memfd_create("dump", 0);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    int result = 0;

    if (file == NULL) {
        if (descriptor >= 0) {
            (void)close(descriptor);
        }
        return sim_error_set(error, "libpci: no file for it: %s", strerror(errno));
    }
    sim_dump_write(dump, file);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    again.path = path;
    result = fflush(file) == 0 ? sim_pci_oracle_ask(&again, report, error)
                               : sim_error_set(error, "libpci: no memory for what it should read");
    (void)fclose(file);
    return result;
}

static void answer_names(FILE *file, const void *about)
{
    const struct sim_pci_report *report = about;
    struct pci_access *access = open_libpci();

    for (size_t i = 0; i < report->count; i++) {
        const uint8_t *bytes = report->functions[i].bytes;
        int class_code = bytes[0x0a] | bytes[0x0b] << 8;
        int vendor = bytes[0x00] | bytes[0x01] << 8;
        int device = bytes[0x02] | bytes[0x03] << 8;
        char class_name[128];
        char device_name[256];

        (void)fprintf(
            file, "%s: %s\n",
            pci_lookup_name(access, class_name, sizeof class_name, PCI_LOOKUP_CLASS, class_code),
            pci_lookup_name(access, device_name, sizeof device_name,
                            PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE, vendor, device));
    }
}

char *sim_pci_oracle_names(const struct sim_pci_report *report, struct sim_error *error)
{
    const struct question question = {answer_names, report};

    return ask_child(&question, error);
}
