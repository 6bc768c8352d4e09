/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The post-mortem of guests that died in ways the test made up. */
#include "sim/report/postmortem.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/paged_memory.h"
#include "tests/unit/unit.h"

enum place {
    GDT = 0x10000,
    IDT = 0x11000,
    STACK = 0x30000,
};

static struct sim_image *image;
static struct sim_registers registers;
static struct sim_result result;
static struct sim_delivery_reason delivery;
static struct sim_trace trace;
static struct sim_findings findings;
static struct sim_postmortem postmortem;
static struct sim_postmortem_input input;

static uint64_t at(const char *symbol, uint64_t offset)
{
    uint64_t address = 0;

    ck_assert_msg(sim_image_find_symbol(image, symbol, &address), "no %s", symbol);
    return address + offset;
}

/* The guest of test_backtrace.c, at the call in unwind_middle, called by unwind_start. */
static void open_case(void)
{
    struct sim_error error = {""};

    image = sim_image_open(UNWIND_GUEST, &error);
    ck_assert_msg(image != NULL, "%s", error.text);
    paged_open();
    ck_assert_msg(sim_image_place(image, &paged_memory, 0x100000, &error) == 0, "%s", error.text);
    paged_poke(STACK + 0x28, at("unwind_start", 5));
    paged_poke(GDT + 0x08, 0x00AF9A000000FFFF);
    paged_poke(GDT + 0x10, 0x00CF92000000FFFF);
    paged_cpu.gdt = (struct sim_table){GDT, 0x17};
    registers = (struct sim_registers){
        .rip = at("unwind_middle", 4), .rsp = STACK, .rflags = 0x246, .rax = 0x1122334455667788};
    result = (struct sim_result){.stop = SIM_STOP_FAULT};
    delivery = (struct sim_delivery_reason){.step_count = 0};
    sim_trace_init(&trace);
    input = (struct sim_postmortem_input){.result = &result,
                                          .cpu = &paged_cpu,
                                          .registers = &registers,
                                          .memory = &paged_memory,
                                          .image = image,
                                          .delivery = &delivery,
                                          .trace = &trace,
                                          .findings = &findings};
}

static void close_case(void)
{
    sim_findings_free(&findings);
    sim_image_close(image);
}

static void collect(void)
{
    result.fault.rip = registers.rip;
    paged_cpu.rip = registers.rip;
    paged_cpu.rsp = registers.rsp;
    paged_cpu.rflags = registers.rflags;
    sim_postmortem_collect(&postmortem, &input);
}

static void fault(unsigned int vector, uint32_t error_code, uint64_t address)
{
    result.fault.vector = vector;
    result.fault.has_error_code = sim_vector_has_error_code(vector);
    result.fault.error_code = error_code;
    result.fault.cr2 = address;
    paged_cpu.cr2 = address;
    collect();
}

/* What is printed to a file; freed by the next call. */
static const char *printed(void)
{
    static char *text;
    size_t size = 0;
    FILE *file = NULL;

    free(text);
    file = open_memstream(&text, &size);
    sim_postmortem_print(file, &postmortem);
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

static void check_prints(const char *part)
{
    const char *text = printed();

    ck_assert_msg(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

/* At most 100 columns of printable ASCII a line. */
static void check_paper(void)
{
    size_t column = 0;

    for (const char *text = printed(); *text != '\0'; text++) {
        if (*text == '\n') {
            column = 0;
            continue;
        }
        ck_assert_msg(*text >= ' ' && *text <= '~', "character %d", *text);
        column++;
        ck_assert_msg(column <= 100, "column 101 in \"%.101s\"", text - 100);
    }
}

START_TEST(a_page_fault_is_told_from_the_title_to_the_registers)
{
    char address[64];

    fault(14, 0x2, 0xFFFF900000001008);
    ck_assert_str_eq(postmortem.title, "UNHANDLED #PF: write to 0xffff900000001008 by the "
                                       "supervisor: the PML4E is not present");
    check_prints("supervisor: the PML4E is not present\n  at ");
    check_prints("unwind_middle+0x4 (unwind.S:");
    check_prints("  address     0xffff900000001008\n  error code  0x2\n");
    check_prints("     write to 0xffff900000001008 by the supervisor; 4-level paging, CR3 0x1000\n"
                 "  -> PML4E[288]  0x1900 = 0x0000000000000000  not present\n"
                 "     = the PML4E is not present\n");
    check_prints("subq $0x28, %rsp\n  -> 0x");
    check_prints("<unwind_leaf>\n");
    check_prints("  RAX 1122334455667788  RBX 0000000000000000  ");
    check_prints("  RFLAGS 0000000000000246  PF ZF IF\n");
    check_prints("  CR0    0000000080010001  PE WP PG\n");
    check_prints("  EFER   0000000000000d00  LME LMA NXE\n");
    check_prints("  GDT    0000000000010000  limit 0x0017\n");
    (void)snprintf(address, sizeof address, "  #1   0x%llx unwind_start+0x5 (unwind.S:",
                   (unsigned long long)at("unwind_start", 5));
    check_prints(address);
    check_paper();
}
END_TEST

/* [SDM 3A] 3.4.4: FS and GS have a base in 64-bit mode; SWAPGS exchanges GS's with another. */
START_TEST(the_bases_of_fs_and_gs_are_told_if_they_are_known)
{
    static const struct sim_postmortem_bases bases = {0x1111, 0x2222, 0x3333};
    json_t *json = NULL;

    fault(14, 0x2, 0xFFFF900000001008);
    ck_assert(!postmortem.has_bases);
    input.bases = &bases;
    fault(14, 0x2, 0xFFFF900000001008);
    check_prints("  FS base 0000000000001111  GS base 0000000000002222  KERNEL_GS_BASE "
                 "0000000000003333\n");
    json = sim_postmortem_json(&postmortem);
    ck_assert_str_eq(
        json_string_value(json_object_get(json_object_get(json, "registers"), "kernel_gs_base")),
        "0x3333");
    json_decref(json);
}
END_TEST

START_TEST(the_listing_ends_with_the_function)
{
    fault(14, 0x2, 0xFFFF900000001008);
    ck_assert_uint_eq(postmortem.listing.count, 4); /* sub, call, add, ret */
    ck_assert_uint_eq(postmortem.listing.marked, 1);
    ck_assert_str_eq(postmortem.listing.lines[3].text, "retq");
    ck_assert_str_eq(postmortem.target[1], "unwind_leaf");
    ck_assert_str_eq(postmortem.target[2], "");
}
END_TEST

static void add_step(unsigned int vector, const char *text)
{
    struct sim_delivery_step *step = &delivery.steps[delivery.step_count++];

    step->exception = (struct sim_exception){.vector = vector};
    (void)snprintf(step->text, sizeof step->text, "%s", text);
}

START_TEST(a_triple_fault_tells_every_step_with_its_gate_and_its_walk)
{
    paged_cpu.idt = (struct sim_table){IDT, 0xFFF};
    paged_poke(IDT + 14 * 16, 0x00028E0000100000);
    paged_poke(IDT + 8 * 16, 0x00028E0100080000);
    add_step(14, "IDT[14]: selector 0x10 is a data segment");
    add_step(8, "push to the stack: page fault, error code 0x2");
    delivery.steps[1].memory_failed = true;
    delivery.steps[1].access =
        (struct sim_access){0x3FFFFFD0, SIM_ACCESS_WRITE, SIM_MODE_IMPLICIT_SUPERVISOR};
    fault(14, 0x0, 0x40000000);
    ck_assert_str_eq(postmortem.title,
                     "TRIPLE FAULT after #PF: read of 0x40000000 by the supervisor: the PDPTE is "
                     "not present; IDT[14]: selector 0x10 is a data segment");
    check_prints("\nWhy it was not delivered\n"
                 "  1. #PF: IDT[14]: selector 0x10 is a data segment\n"
                 "     IDT[14]: interrupt gate to 0x10:0x20000, DPL 0\n"
                 "     selector 0x10 = 0x00cf92000000ffff: writable data segment, DPL 0\n"
                 "  2. #DF: push to the stack: page fault, error code 0x2\n"
                 "     IDT[8]: interrupt gate to 0x8:0x20000, DPL 0, IST 1\n"
                 "     selector 0x8 = 0x00af9a000000ffff: 64-bit code segment, DPL 0\n"
                 "     write to 0x3fffffd0 by the processor itself; 4-level paging, CR3 0x1000\n");
    check_prints("  -> PDE[511]    0x3ff8 = 0x0000000000000000  not present\n"
                 "     = the PDE is not present\n");
    check_paper();
}
END_TEST

START_TEST(a_fault_whose_first_step_failed_is_no_triple_fault)
{
    add_step(6, "IDT limit 0: no gate for vector 6");
    fault(6, 0, 0);
    ck_assert_str_eq(postmortem.title,
                     "UNHANDLED #UD: invalid opcode; IDT limit 0: no gate for vector 6");
    ck_assert_uint_eq(postmortem.step_count, 1);
}
END_TEST

struct stop_case {
    enum sim_stop stop;
    uint64_t rflags;
    const char *title, *name;
};

static const struct stop_case stops[] = {
    {SIM_STOP_HALTED, 0x2, "HALTED FOR EVER: HLT with interrupts off (RFLAGS.IF 0)", "halted"},
    {SIM_STOP_HALTED, 0x202,
     "HALTED FOR EVER: HLT with interrupts on, but no device has one coming", "halted"},
    {SIM_STOP_BUDGET, 0x2, "OUT OF BUDGET: the guest does not come to an end", "budget"},
    {SIM_STOP_ENGINE, 0x2, "CANNOT GO ON: because", "engine"},
    {SIM_STOP_EXITED, 0x2, "exited with status 7", "exited"},
    {SIM_STOP_RETURNED, 0x2, "returned 0x7", "returned"},
};

START_TEST(every_way_to_end_has_its_title_and_its_reason)
{
    const struct stop_case *expected = &stops[_i];
    json_t *json = NULL;

    result = (struct sim_result){.stop = expected->stop, .value = 7};
    (void)snprintf(result.fault.reason, sizeof result.fault.reason, "because");
    registers.rflags = expected->rflags;
    collect();
    ck_assert_str_eq(postmortem.title, expected->title);
    check_prints(expected->stop == SIM_STOP_ENGINE ? "CANNOT GO ON: because\n"
                                                   : "  reason      because\n");
    json = sim_postmortem_json(&postmortem);
    ck_assert_str_eq(json_string_value(json_object_get(json, "stop")), expected->name);
    ck_assert_ptr_null(json_object_get(json, "fault"));
    json_decref(json);
}
END_TEST

struct note_case {
    unsigned int vector;
    uint32_t error_code;
    uint64_t address;
    const char *note;
};

/* RSP is 0x30000. */
static const struct note_case notes[] = {
    {14, 0, 24, "A null pointer, with an offset of 24 bytes."},
    {14, 2, 0x4002FFF8, NULL},
    {14, 0, 0x5000,
     "The tables allow this access now: the fault came from a cached translation, or they have "
     "changed since."},
    {13, 0x10, 0, "selector 0x10 = 0x00cf92000000ffff: writable data segment, DPL 0"},
    {13, 0x28, 0, "selector 0x28 is outside the GDT, whose limit is 0x17"},
    {13, 0x72, 0, "IDT[14] is all zeros"},
    {11, 0x1A, 0, "IDT[3]: trap gate to 0x0:0x0, DPL 3, not present"},
    {12, 0, 0, NULL},
};

START_TEST(what_else_can_be_said_is_a_note)
{
    const struct note_case *expected = &notes[_i];

    paged_cpu.idt = (struct sim_table){IDT, 0xFFF};
    paged_poke(IDT + 3 * 16, 0x00006F0000000000);
    paged_set_entry(0, 0);
    fault(expected->vector, expected->error_code, expected->address);
    if (expected->note == NULL) {
        ck_assert_uint_eq(postmortem.notes.count, 0);
    } else {
        ck_assert_uint_ge(postmortem.notes.count, 1);
        ck_assert_str_eq(postmortem.notes.text[0], expected->note);
    }
}
END_TEST

START_TEST(a_fault_beside_the_stack_pointer_is_a_stack_that_ran_out)
{
    registers.rsp = 0x40000010;
    fault(14, 0x2, 0x40000008);
    ck_assert_uint_eq(postmortem.notes.count, 1);
    ck_assert_str_eq(postmortem.notes.text[0],
                     "The address lies within a page of RSP (0x40000010): the stack has run out, "
                     "or was never mapped.");
    check_prints("Backtrace\n  #0 ");
}
END_TEST

START_TEST(a_jump_to_nowhere_points_to_the_caller)
{
    registers.rip = 0x40000000;
    paged_poke(STACK, at("unwind_middle", 9));
    paged_poke(STACK + 8 + 0x28, at("unwind_start", 5));
    fault(14, 0x10, 0x40000000);
    ck_assert_str_eq(postmortem.notes.text[0], "The processor was led to this address: look at the "
                                               "call, jump or return before it.");
    ck_assert_str_eq(postmortem.walk.title,
                     "fetch from 0x40000000 by the supervisor; 4-level paging, CR3 0x1000");
    check_prints("     0x40000000 cannot be read\n");
    ck_assert_uint_eq(postmortem.frame_count, 3);
    ck_assert_str_eq(postmortem.frames[1].symbol, "unwind_middle+0x9");
    check_prints(", guessed\n");
}
END_TEST

/* Without NXE and SMEP the error code of a fetch is that of a read. [SDM 3A] 4.7. */
START_TEST(a_fetch_is_known_by_its_address_where_the_error_code_does_not_say)
{
    paged_cpu.efer = 0x500;
    registers.rip = 0x40000000;
    fault(14, 0, 0x40000000);
    ck_assert_str_eq(postmortem.walk.title,
                     "fetch from 0x40000000 by the supervisor; 4-level paging, CR3 0x1000");
}
END_TEST

static void place_code(const uint8_t *bytes, size_t size)
{
    input.image = NULL;
    registers.rip = 0x8000;
    memcpy(paged_memory.bytes + 0x8000, bytes, size);
}

START_TEST(a_general_protection_fault_names_the_operand_that_is_not_canonical)
{
    static const uint8_t load[] = {0x48, 0x8B, 0x03}; /* mov (%rbx), %rax */

    place_code(load, sizeof load);
    registers.rbx = 0x8000000000000000;
    fault(13, 0, 0);
    ck_assert_uint_eq(postmortem.notes.count, 1);
    ck_assert_str_eq(postmortem.notes.text[0],
                     "Its operand at 0x8000000000000000 is not canonical.");
}
END_TEST

START_TEST(a_general_protection_fault_names_the_operand_that_is_not_aligned)
{
    static const uint8_t store[] = {0x0F, 0x29, 0x44, 0x24, 0x10}; /* movaps %xmm0, 16(%rsp) */

    place_code(store, sizeof store);
    registers.rsp = STACK + 8;
    fault(13, 0, 0);
    ck_assert_str_eq(postmortem.notes.text[0],
                     "Its operand at 0x30018 is not aligned to 16 bytes; neither was the stack "
                     "when the function was called.");
    registers.rsp = STACK;
    fault(13, 0, 0);
    ck_assert_uint_eq(postmortem.notes.count, 0);
}
END_TEST

START_TEST(the_machine_may_know_the_cause)
{
    input.cause = "MOV CR4: bit 15 is reserved";
    fault(13, 0, 0);
    ck_assert_str_eq(postmortem.notes.text[0], "MOV CR4: bit 15 is reserved");
}
END_TEST

START_TEST(the_last_32_events_are_printed_oldest_first)
{
    for (uint64_t time = 1; time <= 40; time++) {
        struct sim_trace_event event = {
            .time = time, .rip = at("unwind_leaf", 0), .kind = SIM_TRACE_HALT};

        sim_trace_add(&trace, &event);
    }
    collect();
    ck_assert_uint_eq(postmortem.event_count, 32);
    ck_assert_uint_eq(postmortem.events[0].time, 9);
    ck_assert_uint_eq(postmortem.events[31].time, 40);
    check_prints("Last events (32 of 40, nanoseconds of virtual time)\n           9  halt at 0x");
    check_prints(" unwind_leaf\n          10  halt");
}
END_TEST

START_TEST(the_last_findings_are_repeated_wrapped_and_counted)
{
    for (unsigned int i = 0; i < 20; i++) {
        sim_finding_add(&findings, SIM_FINDING_TLB, at("unwind_leaf", 0),
                        "number %u, which is about a page that was mapped somewhere else before "
                        "anybody thought of flushing it",
                        i);
    }
    sim_finding_add(&findings, SIM_FINDING_TLB, at("unwind_leaf", 0), "%s", "seen");
    sim_finding_add(&findings, SIM_FINDING_TLB, at("unwind_leaf", 0), "%s", "seen");
    collect();
    check_prints("Findings (12 of 21)\n  * TLB: number 9, which");
    check_prints("seen; at 0x");
    check_prints(", 2 times\n");
    check_paper();
}
END_TEST

START_TEST(flushes_without_need_are_counted_below_the_findings)
{
    json_t *json = NULL;

    collect();
    ck_assert_ptr_null(strstr(printed(), "TLB flushes"));
    input.unneeded_flushes = 3;
    collect();
    check_prints("\nTLB flushes that invalidated nothing that had changed: 3\n");
    check_paper();
    json = sim_postmortem_json(&postmortem);
    ck_assert_int_eq(
        json_integer_value(json_object_get(json_object_get(json, "findings"), "unneeded_flushes")),
        3);
    json_decref(json);
}
END_TEST

START_TEST(nothing_from_the_guest_reaches_a_terminal_unfiltered)
{
    sim_finding_add(&findings, SIM_FINDING_DEVICE, 0, "%s", "\033[31mred\n\x80");
    (void)snprintf(result.fault.reason, sizeof result.fault.reason, "\033[2J");
    collect();
    check_prints("device: ?[31mred??");
    check_prints("  reason      ?[2J\n");
    check_paper();
}
END_TEST

START_TEST(a_recursion_is_printed_once_with_its_depth)
{
    registers.rip = at("unwind_framed", 9);
    registers.rbp = STACK;
    for (uint64_t i = 0; i < 10; i++) {
        paged_poke(STACK + 16 * i, i == 9 ? 0 : STACK + 16 * (i + 1));
        paged_poke(STACK + 16 * i + 8, at("unwind_framed", 9));
    }
    collect();
    check_prints("), 11 times\n\nRegisters\n");
}
END_TEST

/* The call is the last instruction of unwind_no_return: it returns to the next function. */
START_TEST(a_caller_is_named_by_its_call_and_not_by_where_it_returns)
{
    registers.rip = 0x40000000;
    paged_poke(STACK, at("unwind_no_return", 9));
    collect();
    ck_assert_str_eq(postmortem.frames[1].symbol, "unwind_no_return+0x9");
}
END_TEST

static void check_member(const json_t *object, const char *key, const char *value)
{
    ck_assert_msg(json_is_string(json_object_get(object, key)), "%s is no string", key);
    ck_assert_str_eq(json_string_value(json_object_get(object, key)), value);
}

START_TEST(the_json_has_the_documented_keys)
{
    static const char *const keys[] = {"title",     "stop",     "reason",   "notes", "at",
                                       "fault",     "walk",     "delivery", "code",  "registers",
                                       "backtrace", "findings", "events"};
    struct sim_system system = {.dr = {1, 2, 3, 4}, .dr6 = 5, .dr7 = 6};
    struct sim_trace_event event = {.kind = SIM_TRACE_NMI};
    json_t *json = NULL;
    json_t *part = NULL;

    input.system = &system;
    sim_trace_add(&trace, &event);
    sim_finding_add(&findings, SIM_FINDING_BUS, 1, "wide");
    add_step(14, "no gate");
    fault(14, 0x2, 0xFFFF900000001008);
    json = sim_postmortem_json(&postmortem);
    ck_assert_uint_eq(json_object_size(json), sizeof keys / sizeof keys[0]);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        ck_assert_msg(json_object_get(json, keys[i]) != NULL, "%s", keys[i]);
    }
    check_member(json, "stop", "fault");
    part = json_object_get(json, "fault");
    check_member(part, "name", "#PF");
    check_member(part, "error_code", "0x2");
    check_member(part, "address", "0xffff900000001008");
    part = json_object_get(json, "registers");
    check_member(part, "rax", "0x1122334455667788");
    check_member(part, "cr2", "0xffff900000001008");
    check_member(part, "dr3", "0x4");
    check_member(part, "dr7", "0x6");
    check_member(json_object_get(part, "gdt"), "limit", "0x17");
    part = json_object_get(json, "walk");
    check_member(part, "verdict", "the PML4E is not present");
    ck_assert(json_is_true(
        json_object_get(json_array_get(json_object_get(part, "entries"), 0), "decided")));
    part = json_array_get(json_object_get(json, "code"), 1);
    check_member(part, "target", "unwind_leaf");
    ck_assert(json_is_true(json_object_get(part, "current")));
    part = json_array_get(json_object_get(json_object_get(json, "backtrace"), "frames"), 1);
    check_member(part, "symbol", "unwind_start+0x5");
    check_member(part, "found_by", "cfi");
    part = json_array_get(json_object_get(json_object_get(json, "findings"), "list"), 0);
    check_member(part, "kind", "bus");
    check_member(json_array_get(json_object_get(json, "delivery"), 0), "text", "no gate");
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(json, "events"), "count")),
                     1);
    json_decref(json);
}
END_TEST

START_TEST(the_printed_json_can_be_read_again)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    json_t *json = NULL;

    fault(14, 0x2, 0xFFFF900000001008);
    ck_assert_int_eq(sim_postmortem_print_json(file, &postmortem), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(text[size - 1], '\n');
    json = json_loads(text, 0, NULL);
    check_member(json, "title", postmortem.title);
    json_decref(json);
    free(text);
}
END_TEST

START_TEST(with_nothing_but_a_processor_there_still_is_a_post_mortem)
{
    json_t *json = NULL;

    input.image = NULL;
    input.delivery = NULL;
    input.trace = NULL;
    input.findings = NULL;
    paged_cpu.cr3 = 0x8000000000;
    fault(14, 0x2, 0x1234);
    check_prints("cannot be read\n");
    check_prints("     = CR3 names a table at 0x8000000000, where there is no RAM\n");
    check_paper();
    json = sim_postmortem_json(&postmortem);
    ck_assert_ptr_nonnull(json);
    json_decref(json);
}
END_TEST

/* Any state at all, in each paging mode: printable, narrow, and valid JSON. */
START_TEST(a_state_of_noise_is_survived)
{
    uint64_t noise = 0x9E3779B97F4A7C15u * (uint64_t)(_i + 1);
    uint64_t *words[] = {&registers.rip,      &registers.rsp,
                         &registers.rbp,      &registers.rbx,
                         &paged_cpu.cr4,      &paged_cpu.cr0,
                         &paged_cpu.efer,     &paged_cpu.idt.base,
                         &paged_cpu.gdt.base, &delivery.steps[0].access.linear};
    json_t *json = NULL;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        noise = noise * 6364136223846793005u + 1442695040888963407u;
        *words[i] = noise >> (noise % 5 * 13);
    }
    paged_cpu.code = (enum sim_width)(noise % 3);
    paged_cpu.idt.limit = UINT32_MAX;
    paged_cpu.gdt.limit = UINT32_MAX;
    add_step((unsigned int)(noise >> 40), "noise");
    delivery.steps[0].memory_failed = true;
    fault((unsigned int)(noise >> 20) % 32, (uint32_t)(noise >> 32), noise);
    check_paper();
    json = sim_postmortem_json(&postmortem);
    ck_assert_ptr_nonnull(json);
    ck_assert_uint_ge(json_object_size(json), 11);
    json_decref(json);
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("postmortem");
    TCase *faults = tcase_create("faults");
    TCase *noted = tcase_create("notes");
    TCase *rest = tcase_create("rest");
    TCase *json = tcase_create("JSON");

    tcase_add_checked_fixture(faults, open_case, close_case);
    tcase_add_test(faults, a_page_fault_is_told_from_the_title_to_the_registers);
    tcase_add_test(faults, the_listing_ends_with_the_function);
    tcase_add_test(faults, the_bases_of_fs_and_gs_are_told_if_they_are_known);
    tcase_add_test(faults, a_triple_fault_tells_every_step_with_its_gate_and_its_walk);
    tcase_add_test(faults, a_fault_whose_first_step_failed_is_no_triple_fault);
    tcase_add_loop_test(faults, every_way_to_end_has_its_title_and_its_reason, 0,
                        (int)(sizeof stops / sizeof stops[0]));
    suite_add_tcase(suite, faults);

    tcase_add_checked_fixture(noted, open_case, close_case);
    tcase_add_loop_test(noted, what_else_can_be_said_is_a_note, 0,
                        (int)(sizeof notes / sizeof notes[0]));
    tcase_add_test(noted, a_fault_beside_the_stack_pointer_is_a_stack_that_ran_out);
    tcase_add_test(noted, a_jump_to_nowhere_points_to_the_caller);
    tcase_add_test(noted, a_fetch_is_known_by_its_address_where_the_error_code_does_not_say);
    tcase_add_test(noted, a_general_protection_fault_names_the_operand_that_is_not_canonical);
    tcase_add_test(noted, a_general_protection_fault_names_the_operand_that_is_not_aligned);
    tcase_add_test(noted, the_machine_may_know_the_cause);
    suite_add_tcase(suite, noted);

    tcase_add_checked_fixture(rest, open_case, close_case);
    tcase_add_test(rest, the_last_32_events_are_printed_oldest_first);
    tcase_add_test(rest, the_last_findings_are_repeated_wrapped_and_counted);
    tcase_add_test(rest, flushes_without_need_are_counted_below_the_findings);
    tcase_add_test(rest, nothing_from_the_guest_reaches_a_terminal_unfiltered);
    tcase_add_test(rest, a_recursion_is_printed_once_with_its_depth);
    tcase_add_test(rest, a_caller_is_named_by_its_call_and_not_by_where_it_returns);
    tcase_add_test(rest, with_nothing_but_a_processor_there_still_is_a_post_mortem);
    tcase_add_loop_test(rest, a_state_of_noise_is_survived, 0, 300);
    suite_add_tcase(suite, rest);

    tcase_add_checked_fixture(json, open_case, close_case);
    tcase_add_test(json, the_json_has_the_documented_keys);
    tcase_add_test(json, the_printed_json_can_be_read_again);
    suite_add_tcase(suite, json);
    return suite;
}
