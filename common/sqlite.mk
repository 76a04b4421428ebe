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

$(SQLITE)/libsqlite3.a: $(SQLITE)/sqlite3.o
	@rm -f $@
	$(call quiet,AR,$@)$(CROSS_AR) rcs $@ $^

LAB_NEEDS.10-ledger  := $(SQLITE_LIB)
LAB_CFLAGS.10-ledger := $(SQLITE_CFLAGS)
LAB_LDLIBS.10-ledger := $(SQLITE_LDLIBS)
