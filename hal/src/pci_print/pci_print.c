/* SPDX-License-Identifier: MIT */
/*
 * The capabilities of a function, one after the other as the lists have them.
 * A line is put together in a place on the stack and given away when it is
 * complete; what is behind the IDs is known to the printers of the families.
 */
#include "pci_print.h"

#include "../pci/pci_cap_read.h"

/* Offset of the word that follows ID and pointer in an entry of the first list. */
#define FIRST_WORD 2u

void dd_pci_print_start(struct pci_printing *printing)
{
    const struct dd_pci_capability *capability = &printing->capability;

    dd_text_init(&printing->line, printing->buffer, sizeof printing->buffer);
    if (printing->is_extended) {
        dd_text_format(&printing->line, "\tCapabilities: [%03x v%u] ", capability->offset,
                       capability->version);
    } else {
        dd_text_format(&printing->line, "\tCapabilities: [%02x] ", capability->offset);
    }
}

void dd_pci_print_end(struct pci_printing *printing)
{
    printing->print->emit(printing->print->context, printing->buffer);
    dd_text_init(&printing->line, printing->buffer, sizeof printing->buffer);
}

const char *dd_pci_print_choice(const char *const *texts, size_t count, uint64_t value,
                                const char *otherwise)
{
    return value < count && texts[value] != NULL ? texts[value] : otherwise;
}

/* ---- One capability ---- */

static enum dd_status print_unknown(struct pci_printing *printing)
{
    const struct pci_cap_place place = {printing->print->access, printing->print->address,
                                        printing->capability.offset};
    struct pci_cap_reader reader;
    uint16_t word;
    enum dd_status status = dd_pci_cap_open(&reader, &place, 4);

    if (status != DD_OK) {
        return status;
    }
    word = dd_pci_cap_read16(&reader, FIRST_WORD);
    status = dd_pci_cap_close(&reader);
    if (status == DD_OK) {
        dd_text_format(&printing->line, "Capability ID 0x%x [%04x]", printing->capability.id, word);
        dd_pci_print_end(printing);
    }
    return status;
}

static enum dd_status print_one(struct pci_printing *printing)
{
    const struct pci_printer *printer =
        dd_pci_print_find(printing->is_extended, printing->capability.id);

    if (printer != NULL && printer->print != NULL) {
        return printer->print(printing);
    }
    if (printer == NULL && !printing->is_extended) {
        return print_unknown(printing);
    }
    if (printer != NULL) {
        dd_text_put(&printing->line, printer->text);
    } else {
        dd_text_format(&printing->line, "Extended Capability ID 0x%x", printing->capability.id);
    }
    dd_pci_print_end(printing);
    return DD_OK;
}

static enum dd_pci_visit visit(void *context, const struct dd_pci_capability *capability)
{
    struct pci_printing *printing = context;
    enum dd_status status;

    printing->capability = *capability;
    dd_pci_print_start(printing);
    status = print_one(printing);
    if (status == DD_ENODEV) {
        printing->status = status;
        return DD_PCI_VISIT_STOP;
    }
    if (status != DD_OK) {
        dd_text_put(&printing->line, "<unreadable>");
        dd_pci_print_end(printing);
    }
    return DD_PCI_VISIT_CONTINUE;
}

/* ---- The lists ---- */

/* Offset of the entry after the one visited last; of the first one if none was. */
static enum dd_status find_next(const struct pci_printing *printing, uint16_t *next)
{
    const struct dd_pci_access *access = printing->print->access;
    struct dd_pci_address address = printing->print->address;
    uint32_t entry;
    enum dd_status status;

    if (printing->capability.offset == 0) {
        return dd_pci_cap_read_first(access, address, next);
    }
    status = dd_pci_read32(access, address, printing->capability.offset, &entry);
    if (status == DD_OK) {
        *next = (uint16_t)((printing->is_extended ? DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_NEXT)
                                                  : DD_GET(entry, DD_PCI_CAPABILITY_NEXT)) &
                           ~UINT64_C(3));
    }
    return status;
}

/* Tell where a list is bad. */
static enum dd_status print_bad(struct pci_printing *printing, enum dd_status bad)
{
    const struct dd_pci_print *print = printing->print;
    uint32_t entry;
    enum dd_status status = find_next(printing, &printing->capability.offset);

    if (status == DD_OK) {
        status = dd_pci_read32(print->access, print->address, printing->capability.offset, &entry);
    }
    if (status == DD_OK) {
        printing->capability.version = (uint8_t)DD_GET(entry, DD_PCI_EXTENDED_CAPABILITY_VERSION);
        dd_pci_print_start(printing);
        dd_text_put(&printing->line, bad == DD_ELOOP ? "<chain looped>" : "<chain broken>");
        dd_pci_print_end(printing);
    }
    return status;
}

static enum dd_status print_list(struct pci_printing *printing, bool is_extended)
{
    const struct dd_pci_print *print = printing->print;
    const struct dd_pci_capability_visitor visitor = {visit, printing};
    enum dd_status status;

    printing->is_extended = is_extended;
    printing->capability = (struct dd_pci_capability){.offset = 0};
    if (is_extended) {
        status = dd_pci_walk_extended_capabilities(print->access, print->address, &visitor);
    } else {
        status = dd_pci_walk_capabilities(print->access, print->address, &visitor);
    }
    if (status == DD_OK) {
        return printing->status;
    }
    if (status == DD_ELOOP || status == DD_EMALFORMED) {
        return print_bad(printing, status);
    }
    return status;
}

enum dd_status dd_pci_print_capabilities(const struct dd_pci_print *print)
{
    struct pci_printing printing = {
        .print = print, .express_type = PCI_EXPRESS_TYPE_UNKNOWN, .status = DD_OK};
    enum dd_status status;

    if (print->emit == NULL) {
        return DD_EARG;
    }
    status = print_list(&printing, false);
    if (status == DD_OK && printing.express_type != PCI_EXPRESS_TYPE_UNKNOWN &&
        dd_pci_config_size(print->access, print->address.bus) == DD_PCI_EXTENDED_CONFIG_SIZE) {
        status = print_list(&printing, true);
    }
    return status;
}
