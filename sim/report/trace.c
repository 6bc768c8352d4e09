/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events are hashed as numbers, not as text, so that the hash of a run does not
 * change with the wording. FNV-1a is enough: it tells runs that differ apart
 * from runs that do not, and nobody attacks it.
 */
#include "sim/report/trace.h"

#include <inttypes.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/report/finding.h"
#include "sim/machine/inject.h"
#include "sim/machine/machine.h"

#define FNV_OFFSET UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME  UINT64_C(0x100000001B3)

static const char cut_line[] = "trace cut: the limit of its size is reached\n";

void sim_trace_init(struct sim_trace *trace)
{
    *trace = (struct sim_trace){.hash = FNV_OFFSET};
}

/* Lowest byte first, whatever the host's order. */
static uint64_t hash_number(uint64_t hash, uint64_t number, unsigned int bytes)
{
    for (unsigned int i = 0; i < bytes; i++) {
        hash = (hash ^ ((number >> (8 * i)) & 0xFF)) * FNV_PRIME;
    }
    return hash;
}

static uint64_t hash_event(uint64_t hash, const struct sim_trace_event *event)
{
    hash = hash_number(hash, event->time, 8);
    hash = hash_number(hash, event->rip, 8);
    hash = hash_number(hash, event->kind, 4);
    hash = hash_number(hash, event->code, 4);
    hash = hash_number(hash, event->a, 8);
    return hash_number(hash, event->b, 8);
}

/* Room for the line that says that it was cut is kept from the beginning. */
static void write_line(struct sim_trace *trace, const struct sim_trace_event *event)
{
    char text[160];
    size_t length = 0;
    int written = 0;

    sim_trace_describe(event, text, sizeof text);
    length = strlen(text) + 1;
    if (trace->file_left < length + sizeof cut_line - 1) {
        if (trace->file_left >= sizeof cut_line - 1) {
            (void)fputs(cut_line, trace->file);
        }
        trace->file_left = 0;
        return;
    }
    written = fprintf(trace->file, "%s\n", text);
    trace->file_left = written < 0 ? 0 : trace->file_left - length;
}

void sim_trace_add(struct sim_trace *trace, const struct sim_trace_event *event)
{
    trace->last[trace->count % SIM_TRACE_KEPT] = *event;
    trace->count++;
    trace->hash = hash_event(trace->hash, event);
    if (trace->file != NULL && trace->file_left != 0) {
        write_line(trace, event);
    }
}

void sim_trace_end(struct sim_trace *trace)
{
    if (trace->file != NULL) {
        (void)fprintf(trace->file, "%" PRIu64 " events, hash 0x%016" PRIx64 "\n", trace->count,
                      trace->hash);
    }
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void describe_exception(const struct sim_trace_event *event, char *text, size_t size)
{
    char code[32] = "";
    char address[40] = "";

    if (sim_vector_has_error_code(event->code)) {
        (void)snprintf(code, sizeof code, ", error code 0x%" PRIx64, event->a);
    }
    if (event->code == 14) {
        (void)snprintf(address, sizeof address, ", CR2 0x%" PRIx64, event->b);
    }
    (void)snprintf(text, size, "%s%s%s", sim_vector_name(event->code), code, address);
}

static void describe_table(const struct sim_trace_event *event, char *text, size_t size)
{
    static const char *const names[] = {[SIM_TRACE_GDT] = "GDT",
                                        [SIM_TRACE_IDT] = "IDT",
                                        [SIM_TRACE_LDT] = "LDT",
                                        [SIM_TRACE_TSS] = "TSS"};
    const char *name = event->code < sizeof names / sizeof names[0] ? names[event->code] : "table";

    (void)snprintf(text, size, "%s <- 0x%" PRIx64, name, event->a);
}

/* Ports and memory-mapped registers. */
static void describe_access(const struct sim_trace_event *event, char *text, size_t size)
{
    bool port = event->kind == SIM_TRACE_IN || event->kind == SIM_TRACE_OUT;
    bool writes = event->kind == SIM_TRACE_OUT || event->kind == SIM_TRACE_MMIO_WRITE;
    uint64_t place = port ? event->code : event->a;
    uint64_t value = port ? event->a : event->b;
    uint64_t width = port ? event->b : event->code;
    const char *verb = writes ? "write" : "read";

    if (port) {
        verb = writes ? "out" : "in";
    }
    (void)snprintf(text, size, "%s 0x%" PRIx64 " %s 0x%" PRIx64 " (%" PRIu64 " byte%s)", verb,
                   place, writes ? "<-" : "->", value, width, plural(width));
}

/* A PCI function as it is packed into `a`. */
static struct sim_pci_address_text function_text(uint64_t packed)
{
    return sim_pci_address_text((struct sim_pci_address){(uint32_t)(packed >> 16),
                                                         (uint8_t)(packed >> 8), packed >> 3 & 31,
                                                         packed & 7},
                                SIM_PCI_SEGMENTS_SHOWN);
}

static void describe_fault(const struct sim_trace_event *event, char *text, size_t size)
{
    uint64_t a = event->a;
    uint64_t b = event->b;
    int used = snprintf(text, size, "injected: ");

    text += used;
    size -= (size_t)used;
    switch ((enum sim_inject_kind)event->code) {
    case SIM_INJECT_FAIL:
        (void)snprintf(text, size, "function 0x%" PRIx64 " returns 0x%" PRIx64, a, b);
        return;
    case SIM_INJECT_FLIP:
        (void)snprintf(text, size, "bit %" PRIu64 " of 0x%" PRIx64 " flips", b, a);
        return;
    case SIM_INJECT_DROP_VECTOR:
        (void)snprintf(text, size, "interrupt, vector 0x%" PRIx64 ", is lost", a);
        return;
    case SIM_INJECT_DROP_IRQ:
        (void)snprintf(text, size, "IRQ %" PRIu64 " is lost", a);
        return;
    case SIM_INJECT_DELAY_VECTOR:
        (void)snprintf(text, size, "interrupt, vector 0x%" PRIx64 ", is %" PRIu64 " ns late", a, b);
        return;
    case SIM_INJECT_DELAY_IRQ:
        (void)snprintf(text, size, "IRQ %" PRIu64 " is %" PRIu64 " ns late", a, b);
        return;
    case SIM_INJECT_DEAD:
        (void)snprintf(text, size, "the device at 0x%" PRIx64 " is dead", a);
        return;
    case SIM_INJECT_VANISH:
        (void)snprintf(text, size, "PCI %s vanishes", function_text(a).text);
        return;
    case SIM_INJECT_MSI:
        (void)snprintf(text, size, "PCI %s %s message %" PRIu64, function_text(a).text,
                       (b & SIM_INJECT_NOT_SENT) != 0 ? "cannot send" : "sends", b & 0xFFFF);
        return;
    }
    (void)snprintf(text, size, "fault %" PRIu32, event->code);
}

static void describe_what(const struct sim_trace_event *event, char *text, size_t size)
{
    switch (event->kind) {
    case SIM_TRACE_EXCEPTION:
        describe_exception(event, text, size);
        return;
    case SIM_TRACE_INTERRUPT:
        (void)snprintf(text, size, "interrupt, vector 0x%" PRIx32, event->code);
        return;
    case SIM_TRACE_NMI:
        (void)snprintf(text, size, "NMI");
        return;
    case SIM_TRACE_SYSCALL:
        (void)snprintf(text, size, "system call");
        return;
    case SIM_TRACE_CONTROL_REGISTER:
        (void)snprintf(text, size, "CR%" PRIu32 " <- 0x%" PRIx64, event->code, event->a);
        return;
    case SIM_TRACE_MSR:
        (void)snprintf(text, size, "MSR 0x%" PRIx32 " <- 0x%" PRIx64, event->code, event->a);
        return;
    case SIM_TRACE_TABLE:
        describe_table(event, text, size);
        return;
    case SIM_TRACE_FLUSH:
        (void)snprintf(text, size, "flush 0x%" PRIx64 ", PCID %" PRIu64, event->a, event->b);
        return;
    case SIM_TRACE_IN:
    case SIM_TRACE_OUT:
    case SIM_TRACE_MMIO_READ:
    case SIM_TRACE_MMIO_WRITE:
        describe_access(event, text, size);
        return;
    case SIM_TRACE_HALT:
        (void)snprintf(text, size, "halt");
        return;
    case SIM_TRACE_FINDING:
        (void)snprintf(text, size, "finding: %s",
                       sim_finding_kind_name((enum sim_finding_kind)event->code));
        return;
    case SIM_TRACE_FAULT:
        describe_fault(event, text, size);
        return;
    case SIM_TRACE_RESET:
        (void)snprintf(text, size, "reset");
        return;
    }
    (void)snprintf(text, size, "event %u", (unsigned int)event->kind);
}

void sim_trace_describe(const struct sim_trace_event *event, char *text, size_t size)
{
    char what[112];

    describe_what(event, what, sizeof what);
    (void)snprintf(text, size, "%10" PRIu64 "  %s at 0x%" PRIx64, event->time, what, event->rip);
}
