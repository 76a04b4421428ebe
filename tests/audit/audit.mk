# The audit: wrong submissions that must be rejected, right ones that must not.

AUDIT := $(BUILD)/audit
AUDIT_LABS = $(if $(LAB_NAME),$(LAB_NAME),$(SOLUTION_LABS))

# The folders are laid out by one make and compiled by the next, which sees
# them. What a patch did not touch is taken from the reference's own build.
AUDIT_DIRS := $(patsubst %/src,%,$(wildcard $(AUDIT)/*/wrong/*/src $(AUDIT)/*/right/*/src))
ifneq ($(filter audit-programs,$(MAKECMDGOALS)),)
$(foreach dir,$(AUDIT_DIRS),$(eval $(call submission,$(dir)/src,$(dir),$(word 1,$(subst /, ,$(dir:$(AUDIT)/%=%))))))
endif

.PHONY: audit audit-short audit-matrix audit-soak audit-programs
audit: audit-soak ## prove the grader, by wrong and right submissions

# The short form, for make check: a wrong submission meets only the check that
# must reject it.
audit-short: AUDIT_OPTIONS := --short
audit-short: audit-matrix

audit-matrix: $(RUNNER) $(DIRECTOR) solutions starters-built
	@tests/audit/sources.sh $(AUDIT) $(AUDIT_LABS)
	@+$(MAKE) --no-print-directory audit-programs
	@$(RUNNER) audit $(AUDIT)/list.tsv --results $(AUDIT)/results $(AUDIT_OPTIONS)

audit-programs: $(foreach dir,$(AUDIT_DIRS),$(dir)/server.built $(dir)/client.built)

# Each reference again and again, on a busy machine: it must never fail.
REPEAT_SOAK := $(or $(REPEAT),20)
audit-soak: audit-matrix
	@echo && echo 'Each reference $(REPEAT_SOAK) times, with every core busy:'
	@tests/audit/under_load.sh $(RUNNER) grade --results $(AUDIT)/soak --repeat $(REPEAT_SOAK) \
	  $(foreach lab,$(AUDIT_LABS),--lab $(firstword $(subst -, ,$(lab))) --programs $(BUILD)/programs/solutions/$(lab))
