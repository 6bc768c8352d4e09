/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unit tests of hal/src/pci/pci_class.c. The oracle is libpci's list, pci.ids: it has the same numbers,
 * apart from those named here, and names in words of its own that share at least one with ours.
 */
#include "drydock/pci_class.h"

#include <ctype.h>
#include <pci/pci.h>
#include <stdbool.h>
#include <string.h>

#include "tests/unit/unit.h"

/* No numbers in place of names, and no names from elsewhere: that leaks. */
#define NO_NUMBERS (PCI_LOOKUP_NO_NUMBERS | PCI_LOOKUP_NO_HWDB)

static struct pci_access *libpci;

/* NOLINTNEXTLINE(readability-non-const-parameter): the signature is libpci's */
static void ignore(char *message, ...)
{
    (void)message;
}

/* Names are looked up without pci_init(), which would look for a machine's devices. */
static void setup(void)
{
    libpci = pci_alloc();
    libpci->debug = ignore;
}

static void teardown(void)
{
    pci_cleanup(libpci);
}

/* ---- libpci's names; "" where it has none ---- */

static const char *their_subclass(unsigned int class_code)
{
    static char name[256];
    const char *found =
        pci_lookup_name(libpci, name, sizeof name, PCI_LOOKUP_CLASS | NO_NUMBERS, (int)class_code);

    /* Of an unknown subclass it gives the base class, with the number after it. */
    return found == NULL || found[strlen(found) - 1] == ']' ? "" : found;
}

static const char *their_base(unsigned int base)
{
    static char name[256];
    const char *found = pci_lookup_name(libpci, name, sizeof name, PCI_LOOKUP_CLASS | NO_NUMBERS,
                                        (int)(base << 8 | 0x7F));

    if (found == NULL) {
        return "";
    }
    *strrchr(name, '[') = '\0';
    return name;
}

static const char *their_interface(unsigned int class_code, unsigned int interface)
{
    static char name[256];
    const char *found = pci_lookup_name(libpci, name, sizeof name, PCI_LOOKUP_PROGIF | NO_NUMBERS,
                                        (int)class_code, (int)interface);

    return found == NULL ? "" : found;
}

/* ---- Comparing ---- */

/* The next word of a text in small letters; false if there is none. */
static bool next_word(const char **text, char *word, size_t size)
{
    size_t length = 0;

    while (**text != '\0' && !isalnum((unsigned char)**text)) {
        (*text)++;
    }
    for (; isalnum((unsigned char)**text) && length + 1 < size; (*text)++) {
        word[length++] = (char)tolower((unsigned char)**text);
    }
    word[length] = '\0';
    return length > 0;
}

static bool has_word(const char *text, const char *wanted)
{
    char word[64];

    while (next_word(&text, word, sizeof word)) {
        if (strcmp(word, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether two names share a word that says something. */
static bool are_related(const char *one, const char *other)
{
    char word[64];

    while (next_word(&one, word, sizeof word)) {
        if (strcmp(word, "controller") != 0 && strcmp(word, "device") != 0 &&
            has_word(other, word)) {
            return true;
        }
    }
    return false;
}

/* Numbers that only one of the two lists has. */
static bool is_listed(const unsigned int *list, size_t count, unsigned int number)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == number) {
            return true;
        }
    }
    return false;
}

#define IS_LISTED(list, number) is_listed(list, sizeof(list) / sizeof((list)[0]), number)

static void compare(unsigned int number, const char *ours, const char *theirs, bool may_differ)
{
    if (may_differ) {
        ck_assert_msg((ours == NULL) != (theirs[0] == '\0'), "%06x is an exception for nothing",
                      number);
    } else if (ours == NULL || theirs[0] == '\0') {
        ck_assert_msg(ours == NULL && theirs[0] == '\0', "%06x: ours \"%s\", theirs \"%s\"", number,
                      ours == NULL ? "" : ours, theirs);
    } else {
        ck_assert_msg(are_related(ours, theirs), "%06x: ours \"%s\", theirs \"%s\"", number, ours,
                      theirs);
    }
}

START_TEST(base_classes_are_those_of_pci_ids)
{
    static const unsigned int exceptions[] = {
        0x40}; /* theirs: a co-processor, of no specification */

    for (unsigned int base = 0; base < 0x100; base++) {
        compare(base, dd_pci_base_class_name((uint8_t)base), their_base(base),
                IS_LISTED(exceptions, base));
    }
}
END_TEST

START_TEST(subclasses_are_those_of_pci_ids)
{
    static const unsigned int exceptions[] = {
        0x0005, 0x0899,                                 /* theirs, of no specification */
        0x060B, 0x0807, 0x0B80, 0x0C0A, 0x0D40, 0x0D41, /* ours, of [PCI Code and ID] */
        0x0F80, 0x1300,
    };

    for (unsigned int number = 0; number < 0x10000; number++) {
        const char *ours = dd_pci_subclass_name((uint8_t)(number >> 8), (uint8_t)number);
        const char *theirs = their_subclass(number);

        if (ours != NULL || theirs[0] != '\0') {
            compare(number, ours, theirs, IS_LISTED(exceptions, number));
        }
    }
}
END_TEST

/* All programming interfaces of a subclass. */
static void compare_interfaces(unsigned int subclass)
{
    static const unsigned int exceptions[] = {
        0x010000, 0x010011, 0x010012, 0x010013, 0x010021, /* ours: SCSI */
        0x010700, 0x010800, 0x010803,                     /* ours: SAS and NVM */
        0x020000, 0x020001,                               /* ours: Ethernet */
        0x040300, 0x040380,                               /* ours: HD audio */
        0x060B00, 0x060B01,                               /* ours: Advanced Switching */
        0x089901,                                         /* theirs: timing card */
        0x0D0100, 0x0D0110,                               /* ours: consumer IR and UWB */
    };

    for (unsigned int i = 0; i < 0x100; i++) {
        const char *ours =
            dd_pci_interface_name((uint8_t)(subclass >> 8), (uint8_t)subclass, (uint8_t)i);
        unsigned int number = subclass << 8 | i;

        /* Of an IDE controller libpci names every combination of five bits. */
        if (ours != NULL || (subclass != 0x0101 && *their_interface(subclass, i) != '\0')) {
            compare(number, ours, their_interface(subclass, i), IS_LISTED(exceptions, number));
        }
    }
}

START_TEST(programming_interfaces_are_those_of_pci_ids)
{
    for (unsigned int subclass = 0; subclass < 0x10000; subclass++) {
        if (dd_pci_subclass_name((uint8_t)(subclass >> 8), (uint8_t)subclass) != NULL ||
            *their_subclass(subclass) != '\0') {
            compare_interfaces(subclass);
        }
    }
}
END_TEST

/* [PCI Code and ID] 1.2, 1.7, 1.13, 1.9 */
START_TEST(numbers_have_the_names_of_the_specification)
{
    ck_assert_uint_eq(DD_PCI_BASE_CLASS_STORAGE, 0x01);
    ck_assert_uint_eq(DD_PCI_BASE_CLASS_UNASSIGNED, 0xFF);
    ck_assert_uint_eq(DD_PCI_SUBCLASS_BRIDGE_PCI, 0x0604);
    ck_assert_uint_eq(DD_PCI_SUBCLASS_SYSTEM_EVENT_COLLECTOR, 0x0807);
    ck_assert_uint_eq(DD_PCI_INTERFACE_STORAGE_NVM_EXPRESS, 0x010802);
    ck_assert_uint_eq(DD_PCI_INTERFACE_SERIAL_USB_XHCI, 0x0C0330);
    ck_assert_str_eq(dd_pci_base_class_name(0x06), "bridge device");
    ck_assert_str_eq(dd_pci_subclass_name(0x06, 0x04), "PCI-to-PCI bridge");
    ck_assert_str_eq(dd_pci_interface_name(0x06, 0x04, 0x01), "subtractive decode");
    ck_assert_ptr_null(dd_pci_interface_name(0x06, 0x00, 0x00));
    ck_assert_ptr_null(dd_pci_subclass_name(0x06, 0x7F));
    ck_assert_ptr_null(dd_pci_base_class_name(0x14));
}
END_TEST

Suite *unit_suite(void)
{
    Suite *suite = suite_create("pci_class");
    TCase *cases = tcase_create("class codes");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, base_classes_are_those_of_pci_ids);
    tcase_add_test(cases, subclasses_are_those_of_pci_ids);
    tcase_add_test(cases, programming_interfaces_are_those_of_pci_ids);
    tcase_add_test(cases, numbers_have_the_names_of_the_specification);
    suite_add_tcase(suite, cases);
    return suite;
}
