/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drydock-bench-tables: the library's page tables alone. A program of its own,
 * because instructions cost nothing here, while drydock-bench has the machine
 * behind the seam.
 */
#include "tests/bench/bench.h"

int main(void)
{
    bench_paging();
    return 0;
}
