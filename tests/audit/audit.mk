# The audit: wrong submissions that must be rejected, right ones that must not.

AUDIT := $(BUILD)/audit
AUDIT_LABS = $(if $(LAB_NAME),$(LAB_NAME),$(SOLUTION_LABS))

# The folders are laid out by one make and compiled by the next, which sees
# them. What a patch did not touch is taken from the reference's own build.
AUDIT_DIRS := $(patsubst %/src,%,$(wildcard $(AUDIT)/*/wrong/*/src $(AUDIT)/*/right/*/src))
ifneq ($(filter audit-programs,$(MAKECMDGOALS)),)
$(foreach dir,$(AUDIT_DIRS),$(eval $(call submission,$(dir)/src,$(dir),$(word 1,$(subst /, ,$(dir:$(AUDIT)/%=%))))))
endif

.PHONY: audit audit-sources audit-programs
audit: $(RUNNER) $(DIRECTOR) solutions starters-built ## prove the grader: every wrong submission rejected, no right one
	@tests/audit/sources.sh $(AUDIT) $(AUDIT_LABS)
	@+$(MAKE) --no-print-directory audit-programs
	@$(RUNNER) audit $(AUDIT)/list.tsv --results $(AUDIT)/results $(if $(REPEAT),--repeat $(REPEAT)) $(AUDIT_OPTIONS)

audit-programs: $(foreach dir,$(AUDIT_DIRS),$(dir)/server.built $(dir)/client.built)
