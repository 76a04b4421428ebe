# SQLite for Windows programs. Lab 10 alone needs it: nothing but lab 10's
# programs may have $(SQLITE_LIB) among their prerequisites.
#
# First build: about 20 MB to fetch, 3 s for the amalgamation, 15 s to compile.

SQLITE := $(BUILD)/kit/sqlite

ifeq ($(OS),Windows_NT)
# MSYS2's package, mingw-w64-x86_64-sqlite3. Not tried: nobody here has a
# Windows machine.
SQLITE_LIB    :=
SQLITE_CFLAGS :=
SQLITE_LDLIBS := -lsqlite3
else
SQLITE_LIB    := $(SQLITE)/libsqlite3.a
SQLITE_CFLAGS := -isystem $(SQLITE)
SQLITE_LDLIBS := $(SQLITE_LIB)
endif

# Serialized (THREADSAFE=1), so that a submission may use any number of
# threads. Double quotes are for names alone: "text" is an error and not a
# string. The code is not ours, so our warnings are not for it.
SQLITE_OPTIONS := -DSQLITE_THREADSAFE=1 -DSQLITE_DQS=0 \
  -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_DEFAULT_MEMSTATUS=0

$(SQLITE)/sqlite3.c: | $(INSTALLED)
	$(call quiet,FETCH,SQLite)HOST_CC='$(HOST_CC)' common/sqlite.sh $(@D)

$(SQLITE)/sqlite3.o: $(SQLITE)/sqlite3.c common/sqlite.mk
	$(call quiet,CC,$<)$(CROSS_CC) -O1 -w $(SQLITE_OPTIONS) -c $< -o $@

# SQLite keeps the addresses of Windows' functions in a table, and so names the
# functions themselves. The seam (common/seam) defines their import pointers,
# which the import library would then define a second time. Each name becomes
# that of a jump through the pointer.
$(SQLITE)/jumps: $(SQLITE)/sqlite3.o
	@$(CROSS)nm $< | awk '$$1 == "U" && $$2 ~ /^[A-Z]/ { print $$2, "jump_" $$2 }' >$@

$(SQLITE)/jumps.o: $(SQLITE)/jumps
	@awk '{ printf ".globl %s\n%s: jmp *__imp_%s(%%rip)\n", $$2, $$2, $$1 }' $< >$@.s
	@$(CROSS_CC) -c $@.s -o $@

$(SQLITE)/libsqlite3.a: $(SQLITE)/sqlite3.o $(SQLITE)/jumps.o
	@rm -f $@
	@$(CROSS)objcopy --redefine-syms=$(SQLITE)/jumps $< $(SQLITE)/sqlite3_jumps.o
	$(call quiet,AR,$@)$(CROSS_AR) rcs $@ $(SQLITE)/sqlite3_jumps.o $(SQLITE)/jumps.o

LAB_NEEDS.10-ledger  := $(SQLITE_LIB)
LAB_CFLAGS.10-ledger := $(SQLITE_CFLAGS)
LAB_LDLIBS.10-ledger := $(SQLITE_LDLIBS)
