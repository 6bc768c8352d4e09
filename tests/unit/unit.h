/* SPDX-License-Identifier: GPL-2.0-or-later */
/**
 * @file
 * What every unit test shares: main() is in unit.c and runs the suite the test provides.
 */
#ifndef DRYDOCK_TESTS_UNIT_H
#define DRYDOCK_TESTS_UNIT_H

#include <check.h>

/** The suite of this program; each test_NAME.c defines it. */
Suite *unit_suite(void);

#endif
