/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel describes functions in the order of its scan; lspci's is that of the
 * addresses. So its lines are taken apart, sorted, and printed.
 */
#include "sim/pci/report/pci_description.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/protocol.h"
#include "sim/pci/bus/pci_reach.h"
#include "sim/pci/report/pci_report.h"
#include "sim/pci/bus/pci_topology.h"

/* A function's lines: a place in the kernel's output. */
struct described {
    struct sim_pci_address address;
    const char *start; /* of the line that names it */
};

struct description {
    char *text; /* what the kernel printed */
    size_t size;
    struct described *functions;
    size_t count;
};

/* The text of a line after its tag and address, NULL if it has another tag. */
static const char *read_line(const char *line, const char *tag, struct sim_pci_address *address)
{
    size_t length = strlen(tag);
    const char *rest = strncmp(line, tag, length) == 0 && line[length] == ' '
                           ? sim_pci_report_address(line + length, address)
                           : NULL;

    return rest != NULL && *rest == ' ' ? rest + 1 : NULL;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n' ? 1 : 0);
}

/* Find where each function begins. */
static int index_functions(struct description *description, struct sim_error *error)
{
    struct sim_pci_address address;

    for (const char *line = description->text; *line != '\0'; line = next_line(line)) {
        const char *text = read_line(line, KPROTOCOL_LINE, &address);
        struct described *larger;

        if (text == NULL || strcspn(text, "\r\n") != 0) {
            continue;
        }
        larger = reallocarray(description->functions, description->count + 1, sizeof *larger);
        if (larger == NULL) {
            return sim_error_set(error, "no memory for what the kernel describes");
        }
        description->functions = larger;
        larger[description->count++] = (struct described){address, line};
    }
    return 0;
}

static int compare_described(const void *left, const void *right)
{
    return sim_pci_address_compare(((const struct described *)left)->address,
                                   ((const struct described *)right)->address);
}

static void print_function(const struct described *function, enum sim_pci_segments segments,
                           FILE *out)
{
    struct sim_pci_address address;

    (void)fprintf(out, "%s\n", sim_pci_address_text(function->address, segments).text);
    for (const char *line = next_line(function->start); *line != '\0'; line = next_line(line)) {
        const char *text = read_line(line, KPROTOCOL_LINE, &address);

        if (text == NULL || strcspn(text, "\r\n") == 0) {
            break;
        }
        (void)fprintf(out, "%.*s\n", (int)strcspn(text, "\r\n"), text);
    }
    (void)fputs("\n", out);
}

static void print_troubles(const char *dump, const struct description *description,
                           enum sim_pci_segments segments, FILE *remarks)
{
    struct sim_pci_address address;

    for (const char *line = description->text; *line != '\0'; line = next_line(line)) {
        const char *text = read_line(line, KPROTOCOL_TROUBLE, &address);

        if (text != NULL) {
            (void)fprintf(remarks, "%s: note: %s: the library reports %.*s\n", dump,
                          sim_pci_address_text(address, segments).text, (int)strcspn(text, "\r\n"),
                          text);
        }
    }
}

static void print_unreachable(const char *dump, const struct sim_pci_topology *topology,
                              FILE *remarks)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    if (file == NULL) {
        return;
    }
    (void)sim_pci_reach_print(topology, file);
    if (fclose(file) == 0) {
        for (const char *line = text; *line != '\0'; line = next_line(line)) {
            (void)fprintf(remarks, "%s: %.*s\n", dump, (int)strcspn(line, "\n"), line);
        }
    }
    free(text);
}

/* Have the kernel describe the buses; its output is in the description. */
static int run(struct sim_pci_topology *topology, struct sim_pci_kernel *kernel,
               struct description *description, struct sim_error *error)
{
    FILE *lines = open_memstream(&description->text, &description->size);
    int result;

    if (lines == NULL) {
        return sim_error_set(error, "no memory for what the kernel describes");
    }
    result = sim_pci_guest_describe(topology, kernel, lines, error);
    if (fclose(lines) != 0 && result == 0) {
        result = sim_error_set(error, "no memory for what the kernel describes");
    }
    return result == 0 ? index_functions(description, error) : -1;
}

int sim_pci_describe(const struct sim_dump *dump, struct sim_pci_kernel *kernel, FILE *out,
                     FILE *remarks, struct sim_error *error)
{
    struct sim_pci_topology topology;
    struct description description = {.text = NULL};
    enum sim_pci_segments segments;
    int result = sim_pci_topology_init(&topology, dump, error);

    if (result != 0) {
        return -1;
    }
    segments = sim_pci_topology_segments(&topology);
    sim_pci_reach_judge(&topology);
    result = run(&topology, kernel, &description, error);
    if (result == 0 && description.count > 0) {
        qsort(description.functions, description.count, sizeof *description.functions,
              compare_described);
        for (size_t i = 0; i < description.count; i++) {
            print_function(&description.functions[i], segments, out);
        }
        print_troubles(dump->path, &description, segments, remarks);
    }
    if (result == 0) {
        print_unreachable(dump->path, &topology, remarks);
    }
    free(description.functions);
    free(description.text);
    sim_pci_topology_free(&topology);
    return result;
}
