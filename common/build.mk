# How any one lab program is built: the same flags for the labs, the
# solutions, the audit's submissions and a learner's own file.

BUILD ?= build
INSTALLED := $(BUILD)/.installed

# On Windows (MSYS2) the lab programs are native, and what forks is built by
# MSYS2's own compiler; elsewhere the MinGW-w64 cross compiler is used and the
# programs run under Wine.
ifeq ($(OS),Windows_NT)
CROSS   ?= $(or $(MINGW_PREFIX),/mingw64)/bin/
HOST_CC ?= /usr/bin/gcc
else
CROSS   ?= x86_64-w64-mingw32-
HOST_CC ?= gcc
endif
CROSS_CC := $(CROSS)gcc
CROSS_AR := $(CROSS)ar

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
  -Wformat=2 -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes \
  -Wcast-qual -Wwrite-strings -Wswitch-enum -Wnull-dereference \
  -Wjump-misses-init
ifneq ($(CI),)
WARNINGS += -Werror
endif

# The empty values let a program define the same macro itself, as many do
# (-municode alone would define UNICODE as 1).
# The three header guards skip the compiler's vector intrinsics, which
# windows.h would pull in and which are most of its cost; code that needs
# _mm256_* cannot be built here.
KIT_DEFINES := -municode -UUNICODE -DUNICODE= -D_UNICODE= -DWIN32_LEAN_AND_MEAN= \
  -D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 \
  -D_X86INTRIN_H_INCLUDED -D_IMMINTRIN_H_INCLUDED -D_X86GPRINTRIN_H_INCLUDED
KIT_CFLAGS  := -std=c17 -O1 $(KIT_DEFINES) -Icommon
# Stripped: Wine copies every section of a program at each start.
KIT_LDFLAGS := -municode -static-libgcc -s
KIT_LDLIBS  := -ladvapi32 -lsynchronization
# An array of a submission's that is written beyond its end shows at once, and
# not only where something else happens to lie behind it (np_guard.c).
GUARDED := -fstack-protector-strong

# windows.h is most of every compile, so it is compiled once. The forced
# include is what lets GCC use it.
PCH       := $(BUILD)/kit/pch/windows_lean.h
PCH_FLAGS := -include $(PCH)

SEAM  := $(BUILD)/kit/seam.o
LIBNP := $(BUILD)/kit/libnp.a
# In the linker's order.
KIT_OBJECTS = $(SEAM) $(LIBNP) $(SEAM_IMPORTS)

# $(call quiet,WHAT,OBJECT): one short line a step; V=1 shows the command.
quiet = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)' &&)

$(PCH).gch: common/build.mk | $(INSTALLED)
	@mkdir -p $(@D)
	@echo '#include <windows.h>' >$(PCH)
	$(call quiet,PCH,windows.h)$(CROSS_CC) $(KIT_CFLAGS) -x c-header $(PCH) -o $@

# ---- the helper library ------------------------------------------------------

NP_SOURCES := $(wildcard common/np_*.c)
NP_OBJECTS := $(NP_SOURCES:common/%.c=$(BUILD)/kit/common/%.o)

$(BUILD)/kit/common/%.o: common/%.c $(PCH).gch
	@mkdir -p $(@D)
	$(call quiet,CC,$<)$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(WARNINGS) -MMD -MP -c $< -o $@

$(LIBNP): $(NP_OBJECTS)
	@rm -f $@
	$(call quiet,AR,$@)$(CROSS_AR) rcs $@ $^

-include $(NP_OBJECTS:.o=.d)

# ---- a submission: a folder with server.c and client.c -----------------------

# $(eval $(call submission,FOLDER,OUTPUT,LAB,JAIL)) makes OUTPUT/server.exe and
# OUTPUT/client.exe from FOLDER, which is only read. Other .c files in the
# folder are linked into both, but server_*.c and client_*.c into that program
# alone. A compiler's error is a result like any other: it ends in
# OUTPUT/server.log, and the missing program tells the runner. JAIL, if given,
# is put before the compiler's command.
#
# A learner's warning is no error, in CI neither.
#
# LAB_NEEDS.LAB, LAB_CFLAGS.LAB and LAB_LDLIBS.LAB are what one lab needs beyond
# the rest (common/sqlite.mk).
submission_sources = $(filter-out $(1)/$(2).c $(1)/$(2)_%.c,$(wildcard $(1)/*.c))

define submission
$(call program,$(1),$(2),$(3),$(4),server,$(call submission_sources,$(1),client))
$(call program,$(1),$(2),$(3),$(4),client,$(call submission_sources,$(1),server))
endef

# $(call program,FOLDER,OUTPUT,LAB,JAIL,NAME,SOURCES): one of the two.
define program
$(2)/$(5).built: private COMPILE = mkdir -p $(2) && rm -f $(2)/$(5).exe && \
  $(if $(V),set -x;) $(4) $(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(GUARDED) $(if $(filter solutions/%,$(1)),$(WARNINGS),$(filter-out -Werror,$(WARNINGS))) -I$(1) $(LAB_CFLAGS.$(3)) \
  $(6) $$(KIT_OBJECTS) $(LAB_LDLIBS.$(3)) $(KIT_LDFLAGS) $(KIT_LDLIBS) \
  -o $(2)/$(5).exe 2>$(2)/$(5).log && touch $(2)/$(5).built || rm -f $(2)/$(5).exe
$(2)/$(5).built: $(6) $(wildcard $(1)/*.h common/*.h) $(KIT_OBJECTS) $(PCH).gch $(LAB_NEEDS.$(3))
	$$(compile)

endef

# Under a target with COMPILE_LATER nothing is compiled yet: the command is
# left in COMPILE.server or COMPILE.client for the runner, which checks what
# does not need that program in the meantime.
compile = $(if $(COMPILE_LATER),$(eval COMPILE.$(basename $(@F)) := $(COMPILE))@:,@$(COMPILE))
