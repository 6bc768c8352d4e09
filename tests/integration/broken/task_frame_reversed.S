/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first stack of a task has its registers where the return address belongs: the switch to it
 * returns to data.
 */
        .include "kernel.inc"

        function broken
        call    switch_to_task
        end_function broken

        function switch_to_task
        mov     $task_frame, %eax
        mov     %rax, %rsp
        pop     %rbp
        pop     %rbx
        ret
        end_function switch_to_task

        function task
        jmp     survived
        end_function task

        .data
task_frame:
        .quad   task, 0, ABSENT - 16
