/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Fields of every register of register.h.
 */
#ifndef DRYDOCK_SRC_REGISTER_TABLES_H
#define DRYDOCK_SRC_REGISTER_TABLES_H

#include "drydock/register.h"

struct register_table {
    const struct dd_register_field *fields;
    unsigned int count;
};

extern const struct register_table dd_register_tables[DD_REGISTER_COUNT];

#endif
