# Named Pipe Impersonation Labs. `make help` lists what there is.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules
# Compiling two programs side by side halves the wait; your own -j wins.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
endif

include common/build.mk
include common/seam/seam.mk
include tests/director/director.mk
include tests/runner/runner.mk
include tests/grade.mk
include tests/audit/audit.mk
-include tests/conformance/conformance.mk
-include tests/trace/trace.mk
-include tests/bench/bench.mk
include tests/tools/tools.mk
include slides/slides.mk

.PHONY: all help demo check run clean

help: ## this list
	@tests/tools/help.sh $(MAKEFILE_LIST)

all: solutions ## build the reference solutions

# Says one sentence about a wrong use and ends with make's status 2.
refuse = { printf '%s\n' '$(strip $(1))' >&2; exit 2; }

ifneq ($(LAB)$(SRC),)
ifneq ($(LAB_PROBLEM),)
check: ; @$(call refuse,$(LAB_PROBLEM))
else
check: $(if $(PROGRAMS),check-lab,check-copy) ## the kit's own tests; LAB=03 grades labs/03-*, SRC=DIR any folder
endif
else
check: check-kit
endif

demo: $(RUNNER) $(DIRECTOR) solutions ## see the solutions at work, lab after lab (LAB=03: only that one)
	@$(RUNNER) demo --labs solutions --programs $(BUILD)/programs/solutions $(if $(LAB_NAME),--lab $(LAB_NAME))

clean: ## remove everything that was built
	rm -rf $(BUILD)
