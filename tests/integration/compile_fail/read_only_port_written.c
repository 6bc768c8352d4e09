/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port that can only be read is not written.
 * expect: dd_port_ro32.* not compatible with any
 */
#include "drydock/port.h"

uint32_t refused(struct dd_port_ro32 status);

uint32_t refused(struct dd_port_ro32 status)
{
    uint32_t value = DD_PORT_READ(status);
    /* begin wrong */
    DD_PORT_WRITE(status, value);
    /* end wrong */
    return value;
}
