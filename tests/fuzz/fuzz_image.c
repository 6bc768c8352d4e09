/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that claims to be an image: opened, looked up in, unwound and booted.
 * The last byte also chooses what the kernel is given.
 */
#include <sys/mman.h>

#include "sim/report/backtrace.h"
#include "sim/boot/boot_protocol.h"
#include "sim/boot/image.h"
#include "sim/boot/image_unwind.h"
#include "tests/fuzz/fuzz.h"

enum {
    PAGE = 4096,
    RAM = 0x400000
};

enum gift {
    GIFT_CMDLINE = 1,
    GIFT_INITRD = 2,
    GIFT_WINDOWS = 4
};

static const struct sim_acpi_ecam windows[] = {{.base = 0xB0000000, .last_bus = 255},
                                               {.base = 0x1000000000, .segment = 1}};
static struct sim_memory memory;

/* Between two pages that nobody may touch. */
static void make_ram(void)
{
    uint8_t *bytes = NULL;

    if (memory.bytes != NULL) {
        return;
    }
    bytes = mmap(NULL, RAM + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fuzz_require(bytes != MAP_FAILED && mprotect(bytes + PAGE, RAM, PROT_READ | PROT_WRITE) == 0,
                 "there is memory for RAM");
    memory = (struct sim_memory){.bytes = bytes + PAGE, .size = RAM};
}

/* The stack is the file itself, repeated: return addresses come from it too. */
static bool read_stack(void *context, uint64_t linear, void *buffer, size_t size)
{
    const struct fuzz_input *file = context;
    uint8_t *to = buffer;

    if (file->left == 0 || linear % PAGE >= PAGE - 64) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        to[i] = file->bytes[(linear + i) % file->left];
    }
    return true;
}

static void look_up(struct sim_image *image, uint64_t address)
{
    char text[64];
    uint64_t start = 0;
    uint64_t end = 0;

    sim_image_name_address(image, address, text, sizeof text);
    sim_image_find_line(image, address, text, sizeof text);
    (void)sim_image_physical(image, address, &start);
    if (sim_image_function_at(image, address, &start, &end)) {
        fuzz_require(start <= address && address < end, "a function contains the address");
    }
}

static void look_up_everywhere(struct sim_image *image)
{
    static const char *const names[] = {"start", "main", "kinit", ""};
    size_t count = 0;
    const struct sim_image_segment *segments = sim_image_segments(image, &count);
    struct sim_image_note note;
    uint64_t address = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (sim_image_find_symbol(image, names[i], &address) ||
            sim_image_find_object(image, names[i], &address)) {
            look_up(image, address);
        }
    }
    fuzz_require(count > 0, "an image has a segment");
    for (size_t i = 0; i < count && i < 4; i++) {
        look_up(image, segments[i].linear);
        look_up(image, segments[i].linear + segments[i].size - 1);
    }
    look_up(image, 0);
    look_up(image, UINT64_MAX);
    (void)sim_image_find_note(image, "Xen", 18, &note);
    (void)sim_image_find_note(image, "GNU", 3, &note);
}

static void unwind(const struct sim_image *image, struct fuzz_input *file)
{
    const struct sim_stack_reader reader = {read_stack, file};
    size_t count = 0;
    const struct sim_image_segment *segments = sim_image_segments(image, &count);
    struct sim_registers registers = {.rip = segments[0].linear + 16, .rsp = 8, .rbp = 64};
    struct sim_backtrace trace;

    (void)sim_image_entry(image, &registers.rip);
    sim_backtrace_collect(&registers, sim_image_width(image), image, &reader, &trace);
    fuzz_require(trace.count >= 1 && trace.count <= SIM_BACKTRACE_FRAMES,
                 "a backtrace has the innermost frame, and no more than there is room for");
}

static void boot(const struct sim_image *image, unsigned int gifts)
{
    static const uint8_t initrd[5000] = {1};
    const struct sim_boot_request request = {
        .cmdline = (gifts & GIFT_CMDLINE) != 0 ? "console=ttyS0 quiet" : NULL,
        .initrd = (gifts & GIFT_INITRD) != 0 ? initrd : NULL,
        .initrd_size = (gifts & GIFT_INITRD) != 0 ? sizeof initrd : 0,
        .initrd_name = "initrd.img",
        .ecam = windows,
        .ecam_count = (gifts & GIFT_WINDOWS) != 0 ? 2 : 0,
    };
    struct sim_boot_entry entry = {.cr3 = 0};
    enum sim_boot_protocol protocol = SIM_BOOT_ENTRY_64;
    struct sim_error error = {""};

    if (sim_boot_find_protocol(image, &protocol, &error) != 0) {
        fuzz_require(strncmp(error.text, "image: ", 7) == 0, "a refusal is a sentence");
    }
    if (sim_boot_prepare(image, &memory, &request, &entry, &error) != 0) {
        fuzz_require(strncmp(error.text, "image: ", 7) == 0, "a refusal is a sentence");
        return;
    }
    fuzz_require(entry.rip < RAM && entry.protocol == protocol, "the entry point is in RAM");
    fuzz_require(madvise(memory.bytes, RAM, MADV_DONTNEED) == 0, "RAM can be cleared");
}

void fuzz_one(const uint8_t *bytes, size_t size)
{
    struct fuzz_input file = {bytes, size};
    struct sim_error error = {""};
    struct sim_image *image = sim_image_open_bytes("image", bytes, size, &error);

    make_ram();
    if (image == NULL) {
        fuzz_require(strncmp(error.text, "image: ", 7) == 0, "a refusal is a sentence");
        return;
    }
    look_up_everywhere(image);
    unwind(image, &file);
    boot(image, bytes[size - 1]);
    if (sim_image_place(image, &memory, 0x1000, &error) == 0) {
        fuzz_require(sim_image_end(image) <= RAM, "a placed image ends in RAM");
        fuzz_require(madvise(memory.bytes, RAM, MADV_DONTNEED) == 0, "RAM can be cleared");
    }
    sim_image_close(image);
}
