/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port that can only be written is not read.
 * expect: dd_port_wo8.* not compatible with any
 */
#include "drydock/port.h"

void refused(struct dd_port_wo8 command);

void refused(struct dd_port_wo8 command)
{
    DD_PORT_WRITE(command, 1);
    /* begin wrong */
    (void)DD_PORT_READ(command);
    /* end wrong */
}
