# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of the claims; compiled for the host and into the kernel image.
set(DRYDOCK_CLAIM_SOURCES
  ${CMAKE_CURRENT_LIST_DIR}/claim.c
  ${CMAKE_CURRENT_LIST_DIR}/base_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/world_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/descriptor_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/exception_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_bench.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/paging_range_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_device_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_machine.c
  ${CMAKE_CURRENT_LIST_DIR}/pci_script_claims.c
  ${CMAKE_CURRENT_LIST_DIR}/tables.c
  ${CMAKE_CURRENT_LIST_DIR}/uart_claims.c
)

# What raise.h declares: instructions where a processor runs them.
if(DRYDOCK_FREESTANDING)
  list(APPEND DRYDOCK_CLAIM_SOURCES ${CMAKE_CURRENT_LIST_DIR}/x86_64/raise.S)
else()
  list(APPEND DRYDOCK_CLAIM_SOURCES ${CMAKE_CURRENT_LIST_DIR}/host/raise.c)
endif()
