# The audit: wrong submissions that must be rejected, right ones that must not.

AUDIT := $(BUILD)/audit
AUDIT_LABS = $(if $(LAB_NAME),$(LAB_NAME),$(SOLUTION_LABS))

# The folders are laid out by one make and compiled by the next, which reads
# their list. What a patch did not touch is taken from the reference's own build.
ifneq ($(filter audit-programs,$(MAKECMDGOALS)),)
AUDIT_DIRS := $(shell awk '$$2 == "wrong" || $$2 == "right" { print $$4 }' $(AUDIT)/list.tsv)
$(foreach dir,$(AUDIT_DIRS),$(eval $(call submission,$(dir)/src,$(dir),$(word 1,$(subst /, ,$(dir:$(AUDIT)/%=%))))))
endif

.PHONY: audit audit-short audit-sample audit-matrix audit-soak audit-programs
audit: audit-soak ## prove the grader, by wrong and right submissions

# The short form: a wrong submission meets only the check that must reject it.
audit-short audit-sample: AUDIT_OPTIONS := --short
audit-short: audit-matrix ## every wrong submission, by the check that must reject it

# For make check: of the wrong submissions the first for each check, and three
# right ones a lab.
audit-sample: AUDIT_EXTENT := sample
audit-sample: audit-matrix

audit-matrix: $(RUNNER) $(DIRECTOR) solutions starters-built
	@tests/audit/sources.sh $(or $(AUDIT_EXTENT),all) $(AUDIT) $(AUDIT_LABS)
	@+$(MAKE) --no-print-directory audit-programs
	@$(RUNNER) audit $(AUDIT)/list.tsv --results $(AUDIT)/results $(AUDIT_OPTIONS)

audit-programs: $(foreach dir,$(AUDIT_DIRS),$(dir)/server.built $(dir)/client.built)

# Each reference again and again, on a busy machine: it must never fail.
REPEAT_SOAK := $(or $(REPEAT),20)
audit-soak: audit-matrix
	@echo && echo 'Each reference $(REPEAT_SOAK) times, with every core busy:'
	@tests/audit/under_load.sh $(RUNNER) grade --results $(AUDIT)/soak --repeat $(REPEAT_SOAK) \
	  $(foreach lab,$(AUDIT_LABS),--lab $(firstword $(subst -, ,$(lab))) --programs $(BUILD)/programs/solutions/$(lab))
