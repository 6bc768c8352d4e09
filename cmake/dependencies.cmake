# SPDX-License-Identifier: MIT
# Libraries of the hosted build. ./dev setup installs them on Debian.
find_package(PkgConfig REQUIRED)

function(drydock_require target module minimum why)
  pkg_check_modules(${target} QUIET IMPORTED_TARGET ${module}>=${minimum})
  if(NOT ${target}_FOUND)
    pkg_check_modules(${target}_ANY QUIET ${module})
    if(${target}_ANY_FOUND)
      set(found "${${target}_ANY_VERSION} is installed")
    else()
      set(found "it is not installed")
    endif()
    message(FATAL_ERROR "Drydock needs ${module} ${minimum} or newer (${why}); ${found}. "
                        "Run ./dev setup, or see the package list in ./dev.")
  endif()
endfunction()

drydock_require(UNICORN unicorn 2.1 "older versions of the engine do not translate addresses through the guest's page tables")
drydock_require(LIBPCI libpci 3.5 "the second reader of PCI dumps, and device names")
drydock_require(LIBDW libdw 0.180 "symbols and source lines of guest images")
drydock_require(LIBELF libelf 0.180 "loading guest images")
drydock_require(JANSSON jansson 2.10 "JSON reports and QEMU's monitor protocol")
drydock_require(LIBARCHIVE libarchive 3.3 "archives of /sys/bus/pci/devices")
drydock_require(CAPSTONE capstone 4.0 "disassembly of guest code")
drydock_require(CHECK check 0.15 "unit tests")
