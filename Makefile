# Named Pipe Impersonation Labs. `make help` lists what there is.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# Compiling two programs side by side halves the wait; your own -j wins.
ifeq ($(MAKELEVEL)$(filter -j%,$(MAKEFLAGS)),0)
MAKEFLAGS += -j$(or $(shell nproc),2)
endif

include common/build.mk
include common/sqlite.mk
include common/seam/seam.mk
include tests/director/director.mk
include tests/trace/trace.mk
include tests/runner/runner.mk
include tests/grade.mk
include tests/audit/audit.mk
include tests/trace/draw.mk
include tests/conformance/conformance.mk
include tests/bench/bench.mk
include tests/tools/tools.mk
include tests/kit/kit.mk
include slides/slides.mk

.PHONY: all help demo check run clean

help: ## this list
	@tests/tools/help.sh $(MAKEFILE_LIST)

all: solutions ## build the reference solutions

comma := ,
# Says one sentence about a wrong use and ends with make's status 2.
refuse = { printf '%s\n' '$(strip $(1))' >&2; exit 2; }

ifneq ($(LAB)$(SRC),)
ifneq ($(LAB_PROBLEM),)
check: no-lab
else
check: $(if $(PROGRAMS),check-lab,check-copy) ## the kit's own tests; LAB=03 grades labs/03-*
endif
else
check: check-kit
endif

# A lab that needs a library of its own is played only when it is asked for: a
# newcomer does not wait for it.
DEMO_LABS  = $(or $(LAB_NAME),$(foreach lab,$(SOLUTION_LABS),$(if $(LAB_NEEDS.$(lab)),,$(lab))))
DEMO_LATER = $(if $(LAB_NAME),,$(filter-out $(DEMO_LABS),$(SOLUTION_LABS)))
.PHONY: demo-programs no-demo
no-demo: ; @$(call refuse,The demo plays the reference solutions$(comma) which a handout does not have. Start with make check LAB=01.)
demo-programs: $(RUNNER) $(DIRECTOR) \
  $(foreach lab,$(DEMO_LABS),$(addprefix $(BUILD)/programs/solutions/$(lab)/,server.built client.built))
demo: $(if $(LAB),$(if $(LAB_NAME),,no-lab)) $(if $(SOLUTION_LABS),demo-programs,no-demo) ## see the solutions at work (LAB=03: only that lab)
	@$(RUNNER) demo --labs solutions --programs $(BUILD)/programs/solutions $(DEMO_LABS:%=--lab %)
	@$(if $(DEMO_LATER),echo 'Not played here: $(DEMO_LATER). It takes a minute to build (make demo LAB=$(firstword $(subst -, ,$(DEMO_LATER)))).')
	@echo 'Next: read labs/01-echo/README.md, edit server.c there, try make check LAB=01.'

# With LAB= a pair of programs is meant, and SRC= is the folder they are in; SRC=
# alone is one C file, which is built exactly like a lab program.
ifneq ($(LAB),)
run: $(if $(LAB_PROBLEM),no-lab,$(if $(PROGRAMS),run-pair,run-copy)) ## LAB=01: a server and its client; SRC=FILE.c: any C file
else
run: $(if $(SRC),run-file,no-run)
endif

.PHONY: no-lab no-run run-pair run-copy run-file
no-lab: ; @$(call refuse,$(LAB_PROBLEM))

no-run: ; @$(call refuse,Say what to run: LAB=01 for a lab$(comma) SRC=FILE.c for any C file.)

run-pair: $(PROGRAMS)/server.built $(PROGRAMS)/client.built $(RUNNER) $(DIRECTOR)
	@cat $(PROGRAMS)/server.log $(PROGRAMS)/client.log >&2; \
	$(RUNNER) run --pair $(PROGRAMS) -- $(ARGS)

run-copy: | $(INSTALLED)
	@+$(call with_copy,run-pair)

RUN_PROGRAM = $(BUILD)/run/$(basename $(notdir $(SRC))).exe
run-file: run-program
	@$(RUNNER) run --exe '$(RUN_PROGRAM)' -- $(ARGS)

.PHONY: run-program
run-program: $(RUNNER) $(DIRECTOR) $(KIT_OBJECTS) $(PCH).gch
	@tests/tools/check_source.sh "$$SRC" && \
	mkdir -p $(BUILD)/run && rm -f '$(RUN_PROGRAM)' && \
	$(CROSS_CC) $(PCH_FLAGS) $(KIT_CFLAGS) $(GUARDED) $(WARNINGS) -I"$$(dirname "$$SRC")" "$$SRC" \
	  $(KIT_OBJECTS) $(KIT_LDFLAGS) $(KIT_LDLIBS) -o '$(RUN_PROGRAM)'

clean: ## remove everything that was built
	rm -rf $(BUILD)
